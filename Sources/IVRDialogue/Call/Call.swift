package import ClinicDomain
package import Guidance

/// One telephone call as a state machine: what the caller and the back end do goes in, what to do next comes out.
///
/// Total and deterministic: every event has an answer in every state, the same events give the same answers, and it has no clock of its
/// own. A call that nothing helps ends with a person; it cannot go on for ever (``DialogueLimits``).
///
/// - Precondition: the line breaks no rule (``PhoneLine/problems()``).
package struct Call: Hashable, Sendable {
  package let line: PhoneLine
  package internal(set) var language: Language = .spanish
  /// What was typed and answered so far.
  package internal(set) var memory = CallMemory()
  /// The guide that is played.
  package internal(set) var session: GuidanceSession?
  /// Where the call stands; `nil` before its start.
  var place: Place?
  /// Where dialogues come back to, the last one last.
  var returns: [Place] = []
  var doing: Doing = .nothing
  /// The step in hand, given again when an event does not fit it.
  var step: CallStep = .end(.person)
  /// What is to be heard with the next question, or before the end.
  var pending: [Prompt] = []
  var effects: [CallEffect] = []
  var patience = Patience()
  var visits: [Place: Int] = [:]
  /// The channel's, when it has no prompts: nobody is handed on before they heard what to do in an emergency.
  var languageOwed: Language?
  /// The alarm for which an acknowledgement is awaited before the call ends.
  var hasUnansweredAlarm = false

  package init(line: PhoneLine) { self.line = line }

  /// A step of a dialogue.
  struct Place: Hashable, Sendable {
    let dialogue: DialogueID
    let step: StepID
  }

  /// What the step in hand is for.
  enum Doing: Hashable, Sendable {
    case nothing
    /// A menu or a field of a dialogue.
    case asking(Step)
    /// A question of the guide.
    case askingInGuide(keys: [Int])
    /// Words that no key stops; then on from where the call stands.
    case emergencyWords
    /// The same, in a guide.
    case emergencyWordsInGuide
    /// The last words of a guide that says what to do in an emergency: no key stops them.
    case closing(Closing)
    /// The last words before the end.
    case lastWords(CallResult)
    case requesting(Request)
    /// A date for the guide's disposition is looked for.
    case findingForGuide
    case awaitingAlarm(then: Closing)
    /// Who is on duty is to owe a pregnant caller an answer.
    case promising
    case ended(CallResult)
  }

  /// How a guide's end is carried out once staff have answered, or have not.
  enum Closing: Hashable, Sendable {
    case result(CallResult)
    case person
  }

  /// How often the question in hand was not answered.
  struct Patience: Hashable, Sendable {
    var silences = 0
    var wrong = 0
    var repetitions = 0
    /// Once a caller was silent, all times of the call are doubled.
    var isDoubled = false
    /// Wrong keys of the whole call.
    var wrongInAll = 0

    mutating func wasWrong() { (wrong, wrongInAll) = (wrong + 1, wrongInAll + 1) }

    mutating func askAnew() { (silences, wrong, repetitions) = (0, 0, 0) }
  }

  /// How often what was pressed was no answer to what was asked.
  package var wrongKeys: Int { patience.wrongInAll }

  /// Where the call stands, for maps and rehearsals: `citas.pide_nss`, or a guide's node as `guia.dolor_de_pecho.senales`.
  package var whereabouts: String {
    if let session, case .at(let node) = session.state { return "guia.\(session.edition.guide).\(node)" }
    return place.map { "\($0.dialogue).\($0.step)" } ?? ""
  }

  /// The same for counts that are kept and told: every guide is `guia` and what leads to one `orientacion`, since the name of a step and the
  /// hour would say why somebody called.
  package var whereCounted: String {
    if case .at? = session?.state { return "guia" }
    guard let place else { return "" }
    if case .guide? = line[place.dialogue]?[place.step]?.kind { return "guia" }
    return place.dialogue == .guidance ? "\(place.dialogue)" : whereabouts
  }
}

// MARK: - What happens

extension Call {
  /// Takes the outcome of the step in hand, and gives the next one.
  ///
  /// - Parameter now: for the record of a guide; not before the `now` of an earlier event.
  package mutating func handle(_ event: CallEvent, at now: Instant) -> CallTurn {
    step = next(after: event, at: now) ?? step
    defer { effects = [] }
    return CallTurn(effects, step)
  }

  /// `nil` when the event does not fit the step in hand.
  private mutating func next(after event: CallEvent, at now: Instant) -> CallStep? {
    if case .ended = doing { return nil }
    switch event {
    case .started(let start): return place == nil && doing == .nothing ? begin(start) : nil
    case .hangUp: return finish(.gone)
    case .shutdown: return finish(.person)
    case .deadPrompt: return heardNothing()
    case .played: return wasPlayed()
    case .digits(let keys): return pressed(keys, isComplete: true, at: now)
    case .partial(let keys): return pressed(keys, isComplete: false, at: now)
    case .silence: return wasSilent()
    case .answer(let answer): return answered(answer)
    case .backEndAway(let mayHaveHappened): return backEndIsAway(mayHaveHappened: mayHaveHappened)
    }
  }

  private mutating func begin(_ start: CallStart) -> CallStep {
    memory.start = start
    go(to: line.entry(of: start.script))
    // A language that the line does not know is a channel that nobody set up: Spanish.
    guard start.language != .spanish, line.languages.contains(where: { $0.language == start.language }) else { return walk() }
    if line.isComplete(in: start.language) { return speak(start.language) }
    languageOwed = start.language
    return walk()
  }

  private mutating func wasPlayed() -> CallStep? {
    switch doing {
    case .emergencyWords:
      guard let language = languageOwed else { return walk() }
      languageOwed = nil
      return speak(language)
    case .emergencyWordsInGuide:
      inGuide { $0.wentOn(in: $1) }
      return walkGuide()
    case .closing(let closing): return close(closing)
    case .lastWords(let result): return finish(result)
    case .nothing, .asking, .askingInGuide, .requesting, .findingForGuide, .awaitingAlarm, .promising, .ended: return nil
    }
  }

  /// Nobody knows what the caller heard: a person, or the end that was due anyway.
  private mutating func heardNothing() -> CallStep {
    if case .lastWords(let result) = doing { return finish(result) }
    return finish(.person)
  }

  /// Ends the call; what it holds is given back, what it opened is closed.
  mutating func finish(_ result: CallResult) -> CallStep {
    keepRecord()
    if memory.hold?.folio == memory.resumed { memory.hold = nil }
    // What is being booked may be an appointment by now; if it is not, it ends with the connection.
    if case .requesting(let request) = doing, request.kind == .book { memory.hold = nil }
    giveBackHold()
    if memory.isIdentified { effects.append(.endSession) }
    memory.isIdentified = false
    doing = .ended(result)
    return .end(result)
  }

  mutating func giveBackHold() {
    if let hold = memory.hold { effects.append(.giveBack(hold.folio)) }
    memory.hold = nil
  }
}
