internal import ClinicDomain
internal import Guidance
package import IVRDialogue

extension PhoneLine {
  /// The line after one slip of a hand that edits it: a way that leads elsewhere, an option too few, a text without its value.
  package func mutated(_ random: inout SeededGenerator) -> PhoneLine {
    var line = self
    let index = random.below(dialogues.count)
    switch random.below(26) {
    case 0: line.dialogues[index].start = random.pick(dialogues[index].steps.map(\.id))
    case 1: line.dialogues[index].isEntry.toggle()
    case 2: line.languages[random.below(languages.count)].coverage = random.pick(LanguageEntry.Coverage.allCases)
    case 3: line.texts.entries.remove(at: random.below(texts.entries.count))
    case 4: line.attention = []
    case 5 where guides.count > 1: line.guides.remove(at: random.below(guides.count))
    case 6: line.askBeforeGuide(&random)
    case 7: line.makeUrgentWait(&random)
    default:
      let step = random.below(dialogues[index].steps.count)
      line.dialogues[index].steps[step].mutate(&random, in: dialogues[index], of: self)
    }
    return line
  }
}

extension PhoneLine {
  /// An option that leads to a guide asks for a number first, or the server: for who edits it, a small change.
  package mutating func askBeforeGuide(_ random: inout SeededGenerator) {
    let places = dialogues.indices.flatMap { dialogue in
      dialogues[dialogue].steps.filter { if case .guide = $0.kind { true } else { false } }.map { (dialogue, $0.id) }
    }
    let models = dialogues.flatMap(\.steps).filter { step in
      switch step.kind {
      case .field(let field): field.kind == .nss
      case .request(let request): request.kind == .find && request.service != nil
      default: false
      }
    }
    guard !places.isEmpty, !models.isEmpty else { return }
    let (dialogue, guide) = random.pick(places)
    var asked = random.pick(models)
    asked.id = StepID("antes_de_\(guide)")
    switch asked.kind {
    case .field(let field): asked.kind = .field(Field(field.kind, next: guide, dontKnow: guide, example: field.example))
    case .request(var request):
      for way in request.ways.indices { request.ways[way].next = guide }
      asked.kind = .request(request)
    default: return
    }
    for step in dialogues[dialogue].steps.indices {
      guard case .menu(var menu) = dialogues[dialogue].steps[step].kind else { continue }
      for option in menu.options.indices where menu.options[option].action == .go(guide) { menu.options[option].action = .go(asked.id) }
      dialogues[dialogue].steps[step].kind = .menu(menu)
    }
    dialogues[dialogue].steps.append(asked)
  }

  /// "No puedo esperar" leads somewhere else.
  package mutating func makeUrgentWait(_ random: inout SeededGenerator) {
    let places = dialogues.indices.flatMap { dialogue in
      dialogues[dialogue].steps.indices.flatMap { step -> [(Int, Int, Int)] in
        guard case .menu(let menu) = dialogues[dialogue].steps[step].kind else { return [] }
        return menu.options.indices.filter { menu.options[$0].saysCannotWait }.map { (dialogue, step, $0) }
      }
    }
    guard !places.isEmpty else { return }
    let (dialogue, step, option) = random.pick(places)
    guard case .menu(var menu) = dialogues[dialogue].steps[step].kind else { return }
    menu.options[option].action = .go(random.pick(dialogues[dialogue].steps.map(\.id)))
    dialogues[dialogue].steps[step].kind = .menu(menu)
  }
}

extension Step {
  fileprivate mutating func mutate(_ random: inout SeededGenerator, in dialogue: Dialogue, of line: PhoneLine) {
    let ids = dialogue.steps.map(\.id)
    switch random.below(10) {
    case 0: isGreeting.toggle()
    case 1: text = Spoken()
    case 2: text = text.without(random.pick(SpokenValue.allCases))
    case 3: text = text.with(random.pick(SpokenValue.allCases))
    case 4: kind = Self.anyKind(&random, ids, line)
    default: mutateKind(&random, ids, line)
    }
  }

  private static func anyKind(_ random: inout SeededGenerator, _ ids: [StepID], _ line: PhoneLine) -> Kind {
    switch random.below(7) {
    case 0: .end(random.pick([.ok, .person, .emergency]))
    case 1: .back
    case 2: .dialogue(random.pick(line.dialogues).id, at: nil, next: random.chance(1, in: 2) ? random.pick(ids) : nil)
    case 3: .say(emergency: random.pick([nil, nil, .call911]), next: random.pick(ids))
    case 4: .branch(random.pick(Condition.allCases), then: random.pick(ids), otherwise: random.pick(ids))
    case 5: .guide(random.pick(line.guides).guide.id, date: random.pick(ids))
    default: .language(random.pick(line.languages).language)
    }
  }

  private mutating func mutateKind(_ random: inout SeededGenerator, _ ids: [StepID], _ line: PhoneLine) {
    switch kind {
    case .say(let emergency, let next):
      kind = random.chance(1, in: 3) ? .say(emergency: emergency == nil ? .call911 : nil, next: next) : .say(emergency: emergency, next: random.pick(ids))
    case .menu(var menu):
      menu.mutate(&random, ids)
      kind = .menu(menu)
    case .field(var field):
      switch random.below(3) {
      case 0: field.kind = random.pick(FieldKind.allCases)
      case 1: field.next = random.pick(ids)
      default: field.dontKnow = random.pick(ids)
      }
      kind = .field(field)
    case .request(var request):
      switch random.below(6) {
      case 0 where !request.ways.isEmpty: request.ways.remove(at: random.below(request.ways.count))
      case 1: request.service = nil
      case 2: request.fromAskedDate.toggle()
      case 3: request.kind = random.pick(RequestKind.allCases)
      default: if !request.ways.isEmpty { request.ways[random.below(request.ways.count)].next = random.pick(ids) }
      }
      kind = .request(request)
    case .guide(let guide, _): kind = .guide(random.chance(1, in: 2) ? random.pick(line.guides).guide.id : guide, date: random.pick(ids))
    case .branch(let condition, let then, let otherwise):
      switch random.below(3) {
      case 0: kind = .branch(random.pick(Condition.allCases), then: then, otherwise: otherwise)
      case 1: kind = .branch(condition, then: random.pick(ids), otherwise: otherwise)
      default: kind = .branch(condition, then: then, otherwise: random.pick(ids))
      }
    case .dialogue(let id, let start, let next):
      switch random.below(4) {
      case 0: kind = .dialogue(random.pick(line.dialogues).id, at: nil, next: next)
      case 1: kind = .dialogue(id, at: line[id].map { random.pick($0.steps).id }, next: next)
      case 2: kind = .dialogue(id, at: start, next: next == nil ? random.pick(ids) : nil)
      default: kind = .dialogue(id, at: nil, next: next.map { _ in random.pick(ids) })
      }
    case .back: kind = .end(.ok)
    case .language: kind = .language(random.pick(line.languages).language)
    case .end(let result): kind = .end(result == .ok ? .person : .ok)
    }
  }
}

extension Menu {
  fileprivate mutating func mutate(_ random: inout SeededGenerator, _ ids: [StepID]) {
    switch random.below(7) {
    case 0: dontKnow = dontKnow == nil ? random.pick(ids) : nil
    case 1 where !options.isEmpty: options.remove(at: random.below(options.count))
    case 2 where !options.isEmpty: options[random.below(options.count)].key = random.below(10)
    case 3 where !options.isEmpty: options.append(options[random.below(options.count)])
    case 4: list = list == nil ? Listing(of: random.pick(Listing.Source.allCases), exhausted: random.pick(ids)) : nil
    case 5 where !options.isEmpty: options[random.below(options.count)].action = .nextOne
    default: if !options.isEmpty { options[random.below(options.count)].action = .go(random.pick(ids)) }
    }
  }
}

extension Spoken {
  fileprivate func without(_ value: SpokenValue) -> Spoken {
    Spoken(entries.map { entry in Entry(entry.language, entry.pieces.filter { $0 != .value(value) }) })
  }

  fileprivate func with(_ value: SpokenValue) -> Spoken {
    Spoken(entries.map { entry in Entry(entry.language, entry.pieces + [.value(value)]) })
  }
}
