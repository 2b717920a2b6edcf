package import ClinicDomain

/// One caller's way through one guide: plain data, kept between two keys, and afterwards the record of what was heard and answered.
///
/// It holds no word of the guide and nothing about who calls: an edition, keys and codes.
package struct GuidanceSession: Hashable, Sendable {
  package let edition: GuideEdition
  package let language: Language
  /// In the order in which they were pressed.
  package private(set) var trail: [Pressed] = []
  /// In the order in which they were told.
  package private(set) var alarms: [Alarm] = []
  package private(set) var promptSigns: [SignCode] = []
  package private(set) var isPregnant: Bool
  /// What the last onset answer said.
  package private(set) var onset: Onset?
  package private(set) var state: State

  package enum State: Hashable, Sendable {
    /// Something is being said, asked, or looked for. Can transition to `at` another node, or `ended`.
    case at(NodeID)
    /// Terminal.
    case ended(Ending)
  }

  package enum Ending: Hashable, Sendable {
    /// As the guide says.
    case disposition(NodeID, Disposition)
    /// The caller pressed 0 there.
    case askedForAPerson(at: NodeID)
    /// The guide has no words in the caller's language: announced, then a person.
    case noWords
  }

  package struct Pressed: Hashable, Sendable {
    package let node: NodeID
    package let key: Int

    package init(node: NodeID, key: Int) {
      self.node = node
      self.key = key
    }
  }

  /// Begins at the guide's first node; in a language without words the session is over before it began, with a person.
  package init(_ guide: Guide, hash: ContentHash, language: Language) {
    edition = GuideEdition(of: guide, hash: hash)
    self.language = language
    isPregnant = guide.startsPregnant
    let isComplete = guide.languages.contains { $0.language == language && $0.coverage == .complete }
    state = .ended(.noWords)
    if isComplete { move(to: guide.start, in: guide) }
  }
}

/// What staff are told at once: a sign, never a name or a number.
package struct Alarm: Hashable, Sendable {
  package let sign: SignCode
  package let code: EmergencyCode?
  package let at: Instant

  package init(sign: SignCode, code: EmergencyCode?, at: Instant) {
    self.sign = sign
    self.code = code
    self.at = at
  }
}

// MARK: - What happens

extension GuidanceSession {
  /// What to do now. Asking again changes nothing: `*` repeats it.
  ///
  /// - Precondition: the guide is of the session's edition, here and below: who changes guides keeps the old one while it is played.
  package func step(in guide: Guide) -> GuidanceStep {
    precondition(guide.id == edition.guide && guide.version == edition.version, "a session of another edition than its guide")
    switch state {
    case .ended(let ending): return .end(ending, ending.node.map { guide.keys(at: $0) } ?? [])
    case .at(let id):
      guard let node = guide[id] else { preconditionFailure("a session in a guide that has no node \(id)") }
      switch node.kind {
      case .statement(let emergency, _): return .say(guide.textKeys(at: node), emergency: emergency)
      case .question(let answers): return .ask(guide.textKeys(at: node), keys: answers.map(\.key))
      case .identification: return .identify(guide.textKeys(at: node))
      case .disposition(let disposition): return .offer(disposition, guide.textKeys(at: node))
      }
    }
  }

  package enum OnKey: Hashable, Sendable {
    /// Taken; the alarm, if there is one, goes to staff before anything is said.
    case taken(alarm: Alarm?)
    /// The key is not offered here, or nothing is asked: the nomatch of the dialogue.
    case notOffered
  }

  /// A key was pressed. 0 is a person, everywhere and before the end.
  package mutating func pressed(_ key: Int, at now: Instant, in guide: Guide) -> OnKey {
    guard case .at(let id) = state else { return .notOffered }
    if key == 0 {
      trail.append(Pressed(node: id, key: 0))
      state = .ended(.askedForAPerson(at: id))
      return .taken(alarm: nil)
    }
    guard let answer = guide[id]?.answers.first(where: { $0.key == key }) else { return .notOffered }
    trail.append(Pressed(node: id, key: key))
    let alarm = record(answer.marks, at: now)
    move(to: answer.next, in: guide)
    return .taken(alarm: alarm)
  }

  private mutating func record(_ marks: Marks, at now: Instant) -> Alarm? {
    isPregnant = isPregnant || marks.isPregnant
    if let sign = marks.prompt { promptSigns.append(sign) }
    if let range = marks.onset { onset = Onset(range, saidAt: now) }
    guard let sign = marks.alarm else { return nil }
    let alarm = Alarm(sign: sign, code: marks.code, at: now)
    alarms.append(alarm)
    return alarm
  }

  /// A statement was played, or the caller identified: on to what follows. Nothing changes where neither is due.
  package mutating func wentOn(in guide: Guide) {
    guard case .at(let id) = state, let kind = guide[id]?.kind else { return }
    switch kind {
    case .statement(_, let next), .identification(let next): move(to: next, in: guide)
    case .question, .disposition: break
    }
  }

  /// The agenda has no such date: on to what the guide says then. Nothing changes where no date is offered.
  package mutating func foundNoPlace(in guide: Guide) {
    guard case .at(let id) = state, let next = guide[id]?.disposition?.otherwise else { return }
    move(to: next, in: guide)
  }

  /// The caller took the date that was offered. Nothing changes where no date is offered.
  package mutating func tookTheOffer(in guide: Guide) {
    guard case .at(let id) = state, let disposition = guide[id]?.disposition else { return }
    state = .ended(.disposition(id, disposition))
  }

  /// A disposition without a date is the end; one with a date is offered first.
  private mutating func move(to id: NodeID, in guide: Guide) {
    if let disposition = guide[id]?.disposition, disposition.otherwise == nil {
      state = .ended(.disposition(id, disposition))
    } else {
      state = .at(id)
    }
  }
}

/// What the telephone, or a screen, does next. Texts by key: the words belong to the prompts.
package enum GuidanceStep: Hashable, Sendable {
  case say([TextKey], emergency: Node.Emergency?)
  case ask([TextKey], keys: [Int])
  case identify([TextKey])
  /// A date is looked for; ``GuidanceSession/tookTheOffer(in:)`` or ``GuidanceSession/foundNoPlace(in:)`` follows.
  case offer(Disposition, [TextKey])
  case end(GuidanceSession.Ending, [TextKey])
}

extension GuidanceSession.Ending {
  /// Whose texts are played at the end.
  fileprivate var node: NodeID? {
    if case .disposition(let node, _) = self { node } else { nil }
  }
}

extension Guide {
  fileprivate func keys(at id: NodeID) -> [TextKey] { self[id].map(textKeys) ?? [] }
}
