/// Somebody who waits for a place that others leave: what they would accept, how they are reached, until when, how often asked.
///
/// Never deleted: its state changes. Whoever joined earlier is asked earlier, and being asked in vain moves nobody back.
package struct WaitlistEntry: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case waiting
    /// An offer was accepted.
    case served
    /// The person left the list.
    case left
    /// Asked as often as the clinic asks anybody.
    case asked
  }

  /// How the person hears of an offer.
  package enum Reach: String, Hashable, Sendable, CaseIterable {
    /// They look themselves: at a kiosk or a desk, or by calling.
    case inPerson = "in-person"
    /// The clinic calls the number in the padrón.
    case phone
    /// The clinic writes to it.
    case message
  }

  /// 1, 2, 3 … in the order of joining: the place in line.
  package var id: Int64
  package var patient: PatientID
  package var wish: WaitlistWish
  package var reach: Reach
  package var channel: Channel
  /// Their appointment was taken from them by the clinic, or they are in palliative care: they are asked before everybody else.
  package var isDisplaced: Bool
  /// An appointment that stands until an offer is accepted, and is then given back.
  package var replaces: Folio?
  /// From here on nobody asks.
  package var until: Instant
  /// Offers so far.
  package var asked: Int
  package var state: State
  package var joinedAt: Instant
  package var changedAt: Instant

  package init(
    id: Int64, patient: PatientID, wish: WaitlistWish, reach: Reach, channel: Channel, isDisplaced: Bool = false,
    replaces: Folio? = nil, until: Instant, asked: Int = 0, state: State = .waiting, joinedAt: Instant, changedAt: Instant
  ) {
    self.id = id
    self.patient = patient
    self.wish = wish
    self.reach = reach
    self.channel = channel
    self.isDisplaced = isDisplaced
    self.replaces = replaces
    self.until = until
    self.asked = asked
    self.state = state
    self.joinedAt = joinedAt
    self.changedAt = changedAt
  }

  package func waits(at now: Instant) -> Bool { state == .waiting && now < until }

  /// As it reads after a change.
  package func changed(_ change: (inout Self) -> Void, at now: Instant) -> Self {
    var entry = self
    change(&entry)
    entry.changedAt = now
    return entry
  }
}

/// What somebody on the waitlist would accept.
package struct WaitlistWish: Hashable, Sendable {
  /// One or more, without repeats.
  package var services: [ServiceCode]
  package var dates: ClosedRange<CivilDate>
  /// A slot lies within it from its start to its end.
  package var hours: Range<AgendaMinute>
  /// `nil` is any.
  package var turno: TurnoCode?

  package init(
    services: [ServiceCode], dates: ClosedRange<CivilDate>, hours: Range<AgendaMinute> = .midnight ..< .latest, turno: TurnoCode? = nil
  ) {
    self.services = services
    self.dates = dates
    self.hours = hours
    self.turno = turno
  }

  package func accepts(_ slot: Slot, _ service: ServiceCode, _ turno: TurnoCode) -> Bool {
    services.contains(service) && dates.contains(slot.date) && hours.lowerBound <= slot.minutes.lowerBound
      && slot.minutes.upperBound <= hours.upperBound && (self.turno == nil || self.turno == turno)
  }

  /// Whether both accept the same places from a day on: the order of the services and the days before do not count.
  package func isSame(as other: Self, from today: CivilDate) -> Bool {
    Set(services) == Set(other.services) && max(dates.lowerBound, today) == max(other.dates.lowerBound, today)
      && dates.upperBound == other.dates.upperBound && hours == other.hours && turno == other.turno
  }
}
