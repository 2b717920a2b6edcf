package import ClinicDomain

/// What a command reads of waitlist, freed places and blocks; the store fetches exactly this.
package enum WaitlistNeed: Hashable, Sendable {
  /// The patient's live entries, and the next number.
  case joining
  case entry(Int64)
  /// An offer with its entry, its place and the place's other offers; the appointment that the entry replaces.
  case offer(Int64)
  /// A place with its offers.
  case place(Int64)
  /// The places of an agenda's day that are kept for who comes without an appointment.
  case walkIns(AgendaDay)
  /// A place with its offers, and those who wait for such a place, in their order, as many as one round can need.
  case round(Int64)
  /// An entry of somebody put off, its offers that are open, and the appointment that they had.
  case displaced(Int64)
  /// The next number of a block, or the block itself.
  case block(Int64?)
}

/// What was found of it.
package struct WaitlistScope: Hashable, Sendable {
  /// The patient's, or the named one.
  package var entries: [WaitlistEntry] = []
  package var offer: SlotOffer?
  package var place: FreedPlace?
  /// Those kept for walk-ins.
  package var walkIns: [FreedPlace] = []
  /// All offers of the place.
  package var offers: [SlotOffer] = []
  /// In the order in which they are asked.
  package var candidates: [WaitlistCandidate] = []
  package var replaced: Appointment?
  package var block: AgendaBlock?
  /// How much is spoken for of each turno of the block's agenda and date.
  package var loads: [TurnoCode: TurnoLoad] = [:]
  /// Numbers that no row has.
  package var nextEntry: Int64 = 1
  package var nextOffer: Int64 = 1
  package var nextBlock: Int64 = 1

  package init() {}
}

/// Somebody who waits, with what decides whether a place is for them.
package struct WaitlistCandidate: Hashable, Sendable {
  package var entry: WaitlistEntry
  package var patient: Patient
  /// Their active appointments.
  package var active: [Appointment]
  /// Those of the others of their NSS; see ``CommandScope/household``.
  package var household: [Appointment]
  /// Whether another place is being offered to the same entry.
  package var isAsked: Bool

  package init(entry: WaitlistEntry, patient: Patient, active: [Appointment], household: [Appointment] = [], isAsked: Bool) {
    self.entry = entry
    self.patient = patient
    self.active = active
    self.household = household
    self.isAsked = isAsked
  }
}

/// A stretch of an agenda that is kept without an appointment.
package struct KeptStretch: Hashable, Sendable {
  package enum Reason: Hashable, Comparable, Sendable {
    case block(Int64)
    case place(Int64)
    /// An appointment on another agenda, and which of its claims.
    case claim(Folio, Int)
    /// Another system has booked it, for somebody whom the padrón does not know.
    case external(Int64)
  }

  package var reason: Reason
  package var slot: Slot
  /// Not kept any more from here on.
  package var until: Instant
  /// The share it counts in; `nil` counts in none.
  package var channel: Channel?

  package init(reason: Reason, slot: Slot, until: Instant, channel: Channel?) {
    self.reason = reason
    self.slot = slot
    self.until = until
    self.channel = channel
  }

  package init(_ place: FreedPlace) {
    self.init(reason: .place(place.id), slot: place.slot, until: place.until, channel: place.channel)
  }

  package init(_ block: AgendaBlock) {
    self.init(reason: .block(block.id), slot: block.slot, until: .latest, channel: nil)
  }

  package init(_ claim: AgendaClaim) {
    self.init(
      reason: .claim(claim.appointment, claim.place), slot: claim.slot, until: claim.until ?? .latest, channel: claim.channel)
  }

  package init(_ booking: ExternalBooking) {
    self.init(reason: .external(booking.id), slot: booking.slot, until: .latest, channel: nil)
  }

  package var isBlock: Bool { if case .block = reason { true } else { false } }
}

extension CommandScope {
  /// Refuses a slot of which the clinic has closed any part.
  ///
  /// - Throws: ``CommandRefusal/closed``.
  func checkOpen(_ slot: Slot, at now: Instant) throws(CommandRefusal) {
    if kept.contains(where: { $0.isBlock && $0.slot.overlaps(slot) && now < $0.until }) { throw .closed }
  }

  /// Refuses a slot that is kept for those who wait, for today's walk-ins, for an appointment on another agenda, or that another system has
  /// booked.
  ///
  /// - Parameters:
  ///   - stamp: of what would stand there.
  ///   - place: the one that is asked for by its own number.
  /// - Throws: ``CommandRefusal/slotOffered(until:)``, ``CommandRefusal/slotTaken(by:)``,
  ///   ``CommandRefusal/externalAgenda``.
  func checkUnoffered(
    _ slot: Slot, stamped stamp: SlotStamp = .exclusive, but place: Int64? = nil, at now: Instant
  ) throws(CommandRefusal) {
    let reach = Slot(resource: slot.resource, date: slot.date, minutes: stamp.reach(of: slot.minutes))
    for stretch in kept where !stretch.isBlock && stretch.reason != place.map({ .place($0) }) && now < stretch.until {
      guard stretch.slot.overlaps(reach) else { continue }
      if case .claim(let folio, _) = stretch.reason { throw .slotTaken(by: folio) }
      if case .external = stretch.reason { throw .externalAgenda }
      throw .slotOffered(until: stretch.until)
    }
  }
}

extension Slot {
  /// Whether the two share a minute of one agenda.
  func overlaps(_ other: Slot) -> Bool { resource == other.resource && date == other.date && minutes.overlaps(other.minutes) }
}
