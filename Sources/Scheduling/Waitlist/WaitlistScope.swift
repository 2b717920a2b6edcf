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
  /// An entry of somebody put off, its offers that are open, the appointment that they had, and whether the desk took it.
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
  /// The place that somebody at the desk took from who is put off; `nil` for a closure's.
  package var takenAtDesk: Slot?
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
  /// Whether the clinic took this very place from them.
  package var hadIt: Bool

  package init(
    entry: WaitlistEntry, patient: Patient, active: [Appointment], household: [Appointment] = [], isAsked: Bool, hadIt: Bool = false
  ) {
    self.entry = entry
    self.patient = patient
    self.active = active
    self.household = household
    self.isAsked = isAsked
    self.hadIt = hadIt
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
  /// Of what would stand there, as the rules are now: time around it is kept too, and where several share a slot it is one seat of it.
  package var stamp: SlotStamp

  package init(reason: Reason, slot: Slot, until: Instant, channel: Channel?, stamp: SlotStamp = .exclusive) {
    self.reason = reason
    self.slot = slot
    self.until = until
    self.channel = channel
    self.stamp = stamp
  }

  package init(_ place: FreedPlace, by rules: ClinicRules) {
    self.init(
      reason: .place(place.id), slot: place.slot, until: place.until, channel: place.channel, stamp: rules.stamp(of: place.service))
  }

  package init(_ block: AgendaBlock) {
    self.init(reason: .block(block.id), slot: block.slot, until: .latest, channel: nil)
  }

  package init(_ claim: AgendaClaim) {
    self.init(
      reason: .claim(claim.appointment, claim.place), slot: claim.slot, until: claim.until ?? .latest, channel: claim.channel)
  }

  package init(_ booking: ExternalBooking, by rules: ClinicRules) {
    self.init(
      reason: .external(booking.id), slot: booking.slot, until: .latest, channel: nil, stamp: rules.stamp(of: booking.service))
  }

  package var isBlock: Bool { if case .block = reason { true } else { false } }

  /// Its slot with the time before and after it that is kept.
  package var reach: Range<AgendaMinute> { stamp.reach(of: slot.minutes) }

  /// Whether it takes one seat of a stretch and leaves the others to what carries a stamp.
  func isSeat(in minutes: Range<AgendaMinute>, stamped stamp: SlotStamp) -> Bool {
    min(stamp.capacity, self.stamp.capacity) > 1 && slot.minutes == minutes
  }
}

extension CommandScope {
  /// Refuses a slot of which the clinic has closed any part.
  ///
  /// - Throws: ``CommandRefusal/closed``.
  func checkOpen(_ slot: Slot, at now: Instant) throws(CommandRefusal) {
    if kept.contains(where: { $0.isBlock && $0.slot.overlaps(slot) && now < $0.until }) { throw .closed }
  }

  /// What keeps a slot from others without an appointment. Of a slot that several people share, seats may be kept: those keep nobody out while
  /// there is room beside them and those who stand there.
  ///
  /// - Parameters:
  ///   - stamp: of what would stand there.
  ///   - own: the stretch that is in nobody's way.
  ///   - leaving: an appointment that gives way.
  func keeper(
    of slot: Slot, stamped stamp: SlotStamp, but own: KeptStretch.Reason? = nil, leaving: Folio? = nil, at now: Instant
  ) -> KeptStretch? {
    let reach = stamp.reach(of: slot.minutes)
    let there = kept.filter {
      !$0.isBlock && $0.reason != own && now < $0.until && $0.slot.resource == slot.resource && $0.slot.date == slot.date
        && $0.reach.overlaps(reach)
    }
    if let whole = there.first(where: { !$0.isSeat(in: slot.minutes, stamped: stamp) }) { return whole }
    let room = room(in: slot, stamped: stamp, at: now, besides: leaving)
    return room > 0 && room <= there.count ? there.first : nil
  }

  /// How many more can have a slot: of several that share it as many as neither stand there nor have a seat kept for them; 0 when it is
  /// closed or somebody has it.
  package func seatsLeft(in slot: Slot, stamped stamp: SlotStamp, at now: Instant) -> Int {
    guard !isBlocked(slot, at: now), keeper(of: slot, stamped: stamp, at: now) == nil else { return 0 }
    return room(in: slot, stamped: stamp, at: now) - kept.count { !$0.isBlock && now < $0.until && $0.slot.overlaps(slot) }
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
    guard let stretch = keeper(of: slot, stamped: stamp, but: place.map { .place($0) }, at: now) else { return }
    switch stretch.reason {
    case .claim(let folio, _): throw .slotTaken(by: folio)
    case .external: throw .externalAgenda
    case .block, .place: throw .slotOffered(until: stretch.until)
    }
  }
}

extension Slot {
  /// Whether the two share a minute of one agenda.
  func overlaps(_ other: Slot) -> Bool { resource == other.resource && date == other.date && minutes.overlaps(other.minutes) }
}
