/// A call that the clinic owes somebody: it has an owner, a deadline and attempts, and ends closed with an outcome.
package struct Callback: Hashable, Sendable {
  package let folio: Folio
  /// Forgotten when it is closed. `nil` before that only of a pregnant person who is in the clinic or on the line: they are owed a person.
  package var phone: PhoneNumber?
  package var reason: Reason
  /// Who asked, where they had said who they are.
  package var patient: PatientID?
  /// The session of guidance that led here, 16 bytes; forgotten with the number.
  package var guidance: [UInt8]?
  package var channel: Channel
  package var owner: Owner
  package var state: State
  package var requestedAt: Instant
  /// By when somebody is to have called.
  package var dueAt: Instant
  /// How many there were.
  package var attempts: Int
  /// Of these, the person answered one.
  package var wasAnswered: Bool
  package var escalation: Escalation?
  package var closing: Closing?
  package var changedAt: Instant

  package enum Reason: String, Hashable, Sendable, CaseIterable {
    /// Their health: a clinician calls.
    case guidance, appointment, tramite, other
    /// A pregnancy without a near date: who is on duty answers, by name.
    case pregnancy
    /// Somebody in palliative care, or who cares for them: their own doctor's.
    case palliative
    /// Care at home after the hospital (ADEC), which the hospital's team gives and nobody books: the head of the clinic passes it on.
    case adec
  }

  package enum State: String, Hashable, Sendable, CaseIterable {
    /// A post's. Can transition to `taken`.
    case open
    /// Somebody's. Can transition to `open` (it escalates), `closed`.
    case taken
    /// Terminal.
    case closed
  }

  /// Whose it is.
  ///
  /// Text form: "post:clinician", "duty:Enf. María Muestra, enfermera de guardia", "staff:uid:1000".
  package enum Owner: Hashable, Sendable, CustomStringConvertible {
    case post(Post)
    /// Who was on duty, by name and post as the clinic's roster has them.
    case onDuty(String)
    /// Somebody of the clinic, as their connection showed it; see `StaffName`.
    case staff(String)

    package var description: String {
      switch self {
      case .post(let post): "post:\(post.rawValue)"
      case .onDuty(let title): "duty:\(title)"
      case .staff(let name): "staff:\(name)"
      }
    }

    package init?(text: String) {
      if text.hasPrefix("post:"), let post = Post(rawValue: String(text.dropFirst(5))) {
        self = .post(post)
      } else if text.hasPrefix("duty:"), text.utf8.count > 5 {
        self = .onDuty(String(text.dropFirst(5)))
      } else if text.hasPrefix("staff:"), text.utf8.count > 6 {
        self = .staff(String(text.dropFirst(6)))
      } else {
        return nil
      }
    }
  }

  /// Who of the clinic owes a call that nobody has taken.
  package enum Post: String, Hashable, Sendable, CaseIterable {
    /// The doctor or nurse on duty.
    case clinician
    case desk
    /// Whom a call goes to that went wrong.
    case supervisor
  }

  package struct Escalation: Hashable, Sendable {
    package var at: Instant
    package var reason: Reason

    package enum Reason: String, Hashable, Sendable, CaseIterable {
      /// The deadline passed.
      case late
      /// All attempts were made, and nobody answered.
      case unreached
    }

    package init(at: Instant, reason: Reason) {
      self.at = at
      self.reason = reason
    }
  }

  package struct Closing: Hashable, Sendable {
    package var at: Instant
    package var outcome: Outcome

    package init(at: Instant, outcome: Outcome) {
      self.at = at
      self.outcome = outcome
    }
  }

  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case attended, appointment, emergency
    case notNeeded = "not-needed"
    case unreached
  }

  package init(
    folio: Folio, phone: PhoneNumber?, reason: Reason, patient: PatientID? = nil, guidance: [UInt8]? = nil, channel: Channel, owner: Owner,
    state: State = .open, requestedAt: Instant, dueAt: Instant, attempts: Int = 0, wasAnswered: Bool = false, escalation: Escalation? = nil,
    closing: Closing? = nil, changedAt: Instant
  ) {
    self.folio = folio
    self.phone = phone
    self.reason = reason
    self.patient = patient
    self.guidance = guidance
    self.channel = channel
    self.owner = owner
    self.state = state
    self.requestedAt = requestedAt
    self.dueAt = dueAt
    self.attempts = attempts
    self.wasAnswered = wasAnswered
    self.escalation = escalation
    self.closing = closing
    self.changedAt = changedAt
  }
}

/// One try to reach somebody.
package struct CallbackAttempt: Hashable, Sendable {
  package let id: Int64
  package let callback: Folio
  /// From 1.
  package let number: Int
  package let at: Instant
  /// As their connection showed it.
  package let by: String
  package let result: Result

  package enum Result: String, Hashable, Sendable, CaseIterable {
    case answered
    case noAnswer = "no-answer"
    case busy
    case wrongNumber = "wrong-number"
  }

  package init(id: Int64, callback: Folio, number: Int, at: Instant, by: String, result: Result) {
    self.id = id
    self.callback = callback
    self.number = number
    self.at = at
    self.by = by
    self.result = result
  }
}
