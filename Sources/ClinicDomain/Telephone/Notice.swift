/// Something that the clinic owes to tell one person about one appointment. There is at most one of each kind for an appointment.
///
/// Never deleted. Whom it cannot be told by telephone is on the desk's list until somebody has told them; see `ClinicRules.untold`.
package struct Notice: Hashable, Sendable {
  package enum Kind: Int, Hashable, Sendable, CaseIterable {
    /// The appointment comes soon. Made with its first call.
    case reminder = 1
    /// The clinic moved the appointment, or cannot keep it. Made in the transaction that does so.
    case change
  }

  package enum State: String, Hashable, Sendable, CaseIterable {
    /// To be told, by a call not before ``Notice/notBefore``. Can become `leased`, `told` or `over`.
    case waiting
    /// A bridge has the call until ``Notice/notBefore``; who has died by then loses it to the next one that asks. Can become any other.
    case leased
    /// The telephone exchange has the call, and nobody is given it again. Can become `waiting`, `told` or `over`.
    case placed
    /// The person knows. Terminal.
    case told
    /// No more calls: those that there may be are spent, or a reminder was heard. A change can still become `told`, at the desk.
    case over
  }

  package var appointment: Folio
  package var kind: Kind
  package var patient: PatientID
  package var state: State
  /// Calls so far, the one in hand among them.
  package var calls: Int
  /// What names the last call to the exchange: 16 bytes of chance that hold nothing of anybody. Each call has its own.
  package var token: [UInt8]?
  package var notBefore: Instant
  /// Of the last call.
  package var outcome: OutboundCall.Outcome?
  /// Where the person was told; set exactly in `told`.
  package var toldThrough: Channel?
  package var madeAt: Instant
  package var changedAt: Instant

  package init(
    appointment: Folio, kind: Kind, patient: PatientID, state: State = .waiting, calls: Int = 0, token: [UInt8]? = nil, notBefore: Instant,
    outcome: OutboundCall.Outcome? = nil, toldThrough: Channel? = nil, madeAt: Instant, changedAt: Instant
  ) {
    self.appointment = appointment
    self.kind = kind
    self.patient = patient
    self.state = state
    self.calls = calls
    self.token = token
    self.notBefore = notBefore
    self.outcome = outcome
    self.toldThrough = toldThrough
    self.madeAt = madeAt
    self.changedAt = changedAt
  }

  /// Whether a bridge may be given its call now.
  package func isDue(at now: Instant) -> Bool { (state == .waiting || state == .leased) && notBefore <= now }
}

/// What a person said of the clinic's calls about their appointments. Without one nobody calls.
///
/// Never deleted: it is changed.
package struct CallConsent: Hashable, Sendable {
  package var patient: PatientID
  package var isGiven: Bool
  /// Whether the person said it themselves, and not whoever acts for them.
  package var isOwn: Bool
  package var channel: Channel
  package var changedAt: Instant

  package init(patient: PatientID, isGiven: Bool, isOwn: Bool, channel: Channel, changedAt: Instant) {
    self.patient = patient
    self.isGiven = isGiven
    self.isOwn = isOwn
    self.channel = channel
    self.changedAt = changedAt
  }
}

/// How the clinic calls people about their appointments.
package struct NoticePolicy: Hashable, Sendable {
  package var hours: CallingHours
  /// For one notice at most, 1 ... 5.
  package var maxCalls: Int
  /// From the end of one call to the next, 30 ... 1440.
  package var betweenMinutes: Int
  /// From so many days before its date on an appointment is reminded of, 1 ... 14; `nil` reminds nobody.
  package var reminderDays: Int?

  package init(hours: CallingHours, maxCalls: Int, betweenMinutes: Int, reminderDays: Int?) {
    self.hours = hours
    self.maxCalls = maxCalls
    self.betweenMinutes = betweenMinutes
    self.reminderDays = reminderDays
  }
}
