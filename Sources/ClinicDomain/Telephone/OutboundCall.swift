/// A call that the clinic makes of itself, to tell one person of one offer. There is at most one for an offer, whatever becomes of it.
///
/// Never deleted. What the person answered is not here: the offer has it.
package struct OutboundCall: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// A bridge has it until ``OutboundCall/leasedUntil``; who has died by then loses it to the next one that asks. Can become any other.
    case leased
    /// The telephone exchange has it, and nobody is given it again. Can become `over`.
    case placed
    /// Terminal.
    case over
  }

  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// Somebody took the receiver off.
    case answered
    case noAnswer = "no-answer"
    /// The exchange could not dial.
    case failed
  }

  package var id: Int64
  package var offer: Int64
  /// What names it to the exchange: 16 bytes of chance that hold nothing of anybody.
  package var token: [UInt8]
  package var state: State
  package var outcome: Outcome?
  /// How often it was given to a bridge, from 1.
  package var leases: Int
  package var leasedUntil: Instant
  package var madeAt: Instant
  package var changedAt: Instant

  package init(
    id: Int64, offer: Int64, token: [UInt8], state: State = .leased, outcome: Outcome? = nil, leases: Int = 1, leasedUntil: Instant,
    madeAt: Instant, changedAt: Instant
  ) {
    self.id = id
    self.offer = offer
    self.token = token
    self.state = state
    self.outcome = outcome
    self.leases = leases
    self.leasedUntil = leasedUntil
    self.madeAt = madeAt
    self.changedAt = changedAt
  }

  /// Whether a bridge may be given it once more.
  package func isForsaken(at now: Instant) -> Bool { state == .leased && leasedUntil <= now }
}

/// When the clinic calls people of itself. Outside these hours nobody's telephone rings.
package struct CallingHours: Hashable, Sendable {
  /// At least one, none twice.
  package var days: [Weekday]
  /// Within one day.
  package var hours: Range<AgendaMinute>

  package init(days: [Weekday], hours: Range<AgendaMinute>) {
    self.days = days
    self.hours = hours
  }

  package func contains(_ date: CivilDate, _ time: AgendaMinute) -> Bool { days.contains(date.weekday) && hours.contains(time) }
}
