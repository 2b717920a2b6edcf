internal import ClinicDomain
internal import Guidance

extension Call {
  mutating func go(to dialogue: DialogueID) {
    place = Place(dialogue: dialogue, step: line[dialogue]!.start)
  }

  private mutating func go(to step: StepID) { place = Place(dialogue: place!.dialogue, step: step) }

  /// On to a step of the dialogue in hand.
  mutating func goOn(to step: StepID) -> CallStep {
    go(to: step)
    return walk()
  }

  /// From where the call stands to the next thing that needs the caller or the back end.
  mutating func walk() -> CallStep {
    for _ in 0..<DialogueLimits.stepsBetweenQuestions {
      guard let place, let step = line[place.dialogue]?[place.step] else { break }
      guard countVisit(place) else { return toPerson() }
      if let next = take(step) { return next }
    }
    return finish(.person)
  }

  private mutating func countVisit(_ place: Place) -> Bool {
    visits[place, default: 0] += 1
    return visits[place]! <= DialogueLimits.visits
  }

  /// `nil` when nothing has to be waited for.
  private mutating func take(_ step: Step) -> CallStep? {
    switch step.kind {
    case .say(let emergency, let next):
      hear(step.text, "\(place!.dialogue).\(step.id)")
      if step.isGreeting { hearOfLanguages() }
      go(to: next)
      return emergency == nil ? nil : say(stoppedBy: .none, .emergencyWords)
    case .menu(let menu):
      if let list = menu.list { return offer(list, at: step) }
      return ask(step)
    case .field: return ask(step)
    case .request(let request): return self.request(request, step)
    case .guide(let guide, _): return play(guide)
    case .branch(let condition, let then, let otherwise): go(to: holds(condition) ? then : otherwise)
    case .dialogue(let dialogue, let start, let next): return call(dialogue, start, comingBackTo: next)
    case .back:
      guard let back = returns.popLast() else { return finish(.person) }
      place = back
    case .language(let language): return speak(language)
    case .end(let result):
      // On a waiting list nobody has a date yet.
      if result == .ok, memory.appointment == nil, owesOnDuty { return askOnDuty() }
      hear(step.text, "\(place!.dialogue).\(step.id)")
      return end(result)
    }
    return nil
  }

  private mutating func call(_ dialogue: DialogueID, _ start: StepID?, comingBackTo next: StepID?) -> CallStep? {
    if dialogue == .person || dialogue == .callback, owesOnDuty { return askOnDuty() }
    if let next {
      guard returns.count < DialogueLimits.depth else { return finish(.person) }
      returns.append(Place(dialogue: place!.dialogue, step: next))
    } else {
      returns = []
    }
    if dialogue == .survey { memory.surveyed = place?.dialogue }
    go(to: dialogue)
    if let start { go(to: start) }
    return nil
  }

  /// The next of the list, or what follows when it has no more.
  private mutating func offer(_ list: Menu.Listing, at step: Step) -> CallStep? {
    switch list.of {
    case .slots:
      guard memory.slots.indices.contains(memory.offered) else { break }
      memory.slot = memory.slots[memory.offered]
      return ask(step)
    case .appointments:
      guard memory.appointments.indices.contains(memory.offered) else { break }
      memory.appointment = memory.appointments[memory.offered]
      memory.service = memory.appointment?.slot.service
      return ask(step)
    }
    go(to: list.exhausted)
    return nil
  }

  private func holds(_ condition: Condition) -> Bool {
    switch condition {
    case .isIdentified: memory.isIdentified
    case .isStaffed: isStaffed
    case .isSurveying: line.isSurveying
    case .isFromAbroad: memory.start?.caller?.isMexican == false
    }
  }

  /// Whether a person answered when the call began: a call lasts a quarter of an hour at most.
  var isStaffed: Bool { memory.start.map { line.isStaffed(on: $0.today, at: $0.time) } ?? false }

  // MARK: - Ways out that are the same everywhere

  /// To a person, or to the truth about when one answers. From there itself, the end.
  mutating func toPerson() -> CallStep {
    if owesOnDuty { return askOnDuty() }
    keepRecord()
    guard place?.dialogue != .person else { return isStaffed ? finish(.person) : farewell() }
    returns = []
    pending = []
    go(to: .person)
    return walk()
  }

  mutating func farewell(_ result: CallResult = .person) -> CallStep {
    pending = []
    hear(line.texts[.farewell], "linea.\(CommonTexts.Name.farewell.rawValue)")
    return end(result)
  }

  /// 9: which language; then back to where it was pressed. Not from within the choice itself, which 9 ends.
  mutating func toLanguages() -> CallStep {
    guard let place, place.dialogue != .languages, returns.count < DialogueLimits.depth else { return repeatQuestion() }
    returns.append(place)
    go(to: .languages)
    return walk()
  }

  /// Goes on in a language, where the caller was; without prompts in it that is announced, and a person answers.
  mutating func speak(_ chosen: Language) -> CallStep {
    guard line.isComplete(in: chosen) else { return handOver(for: chosen) }
    if chosen != language { effects.append(.useLanguage(chosen)) }
    language = chosen
    if place?.dialogue == .languages { place = returns.popLast() ?? place }
    // A guide is heard in one language: it begins anew.
    keepRecord()
    return walk()
  }

  /// To a person for a language without prompts; where none answers now that is said, and then the truth about when one does.
  mutating func handOver(for chosen: Language) -> CallStep {
    if isStaffed {
      keepRecord()
      announce(.personForLanguage, in: chosen)
      return end(.person)
    }
    if owesOnDuty { return askOnDuty() }
    keepRecord()
    returns = []
    pending = []
    announce(.nobodyForLanguage, in: chosen)
    go(to: .person)
    return walk()
  }

  /// In the language itself where there is that one recording, else in the language of the call: never the dialogue in Spanish without a word.
  private mutating func announce(_ name: CommonTexts.Name, in chosen: Language) {
    if let prompt = recorded(name, in: chosen) ?? common(name) { pending.append(prompt) }
  }

  /// One common text in a language that may have no other.
  private func recorded(_ name: CommonTexts.Name, in language: Language) -> Prompt? {
    let text = line.texts[name]
    guard text[language] != nil else { return nil }
    return Prompt(language, text.ids(named: "linea.\(name.rawValue)", in: language).map { .text($0) })
  }

  /// With the greeting: that 9 is another language, to who speaks one in its own words; for all of whose language nobody wrote any, in the call's.
  private mutating func hearOfLanguages() {
    let others = line.languages.map(\.language).filter { $0 != language }
    let own = others.compactMap { recorded(.otherLanguage, in: $0) }
    pending += own
    if own.count < others.count, let ours = common(.otherLanguage) { pending.append(ours) }
  }

  /// Says what is still to be heard, and ends.
  mutating func end(_ result: CallResult) -> CallStep {
    pending.isEmpty ? finish(result) : say(stoppedBy: KeySet("09*"), .lastWords(result))
  }

  mutating func say(stoppedBy keys: KeySet, _ doing: Doing) -> CallStep {
    defer { pending = [] }
    self.doing = doing
    return .say(pending, stoppedBy: keys)
  }
}
