package import ClinicDomain

/// Settles a booking of another system that did not fit. Staff do it, and say why; the history has the act.
package struct ResolveConflict: Hashable, Sendable {
  package enum How: Hashable, Sendable {
    /// It stands where the other system wants it, beside whoever has the time.
    case accept
    /// It is not taken here, and that is no conflict any more: until the other system changes it.
    case dismiss
    /// Its person gets that slot instead.
    case move(SlotChoice)
  }

  package var actor: Actor
  package var source: String
  package var reference: String
  package var how: How
  package var folioSeed: UInt64

  package init(actor: Actor, source: String, reference: String, how: How, folioSeed: UInt64) {
    self.actor = actor
    self.source = source
    self.reference = reference
    self.how = how
    self.folioSeed = folioSeed
  }

  /// Beside others and against the agenda: each way has a name of its own in the history.
  var authorship: Authorship {
    switch how {
    case .accept: Authorship(actor, .acceptConflict, through: .desk)
    case .dismiss: Authorship(actor, .dismissConflict, through: .desk)
    case .move: Authorship(actor, .moveConflict, through: .desk)
    }
  }
}

extension ResolveConflict {
  /// What stood for the booking before stands when it is dismissed, and gives way in the same change when it is accepted or moved.
  ///
  /// One that is settled already stays as it is.
  ///
  /// - Returns: the booking as it is then, and what stands for it: of one that was settled before, whatever was asked now.
  /// - Throws: `notAllowed` for anybody but staff, and for a move of a booking of nobody we know; `appointmentNotFound`; to accept
  ///   `slotInThePast`, `closed` and `resourceNotOffered`, where the agenda does not work then or gives no such service; to move as a booking from
  ///   `serviceNotOffered` on: limits and channels' shares are not asked, a turno's cap is.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    _ = try actor.checkStaff()
    guard var booking = scope.external else { throw .appointmentNotFound }
    guard booking.state == .conflict else { return Decision(.resolved(booking, scope.named), []) }
    let before = booking
    let reason = booking.conflict
    (booking.conflict, booking.changedAt) = (nil, now)
    switch how {
    case .dismiss:
      booking.state = .dismissed
      return Decision(.resolved(booking, nil), [.external(booking, before: before)])
    case .accept:
      guard now < rules.end(of: booking.slot) else { throw .slotInThePast }
      if reason == .closed { throw .closed }
      if reason == .unknown { throw .resourceNotOffered }
      // Closed since the import: the turno by the clinic's calendar, or its hours by staff.
      let turno = rules.turnoAgendas(of: booking.slot.resource, on: booking.slot.date).first { $0.hours.contains(booking.slot.start) }
      guard let turno, turno.closed == nil else { throw .closed }
      try scope.checkOpen(booking.slot, at: now)
      let lane = scope.freeLane(beside: booking.slot, stamped: rules.stamp(of: booking.service), at: now)
      return booking.placed(in: scope, before: before, rules: rules, at: now, folio: folio, lane: lane)
    case .move(let to):
      guard let person = scope.patient else { throw .notAllowed }
      let offer = try scope.place(
        for: booking.service, at: to, to: person, through: rules.ownChannel(for: booking.service), leaving: scope.named?.folio, rules: rules, at: now)
      return booking.placed(to: offer.slot, in: scope, before: before, rules: rules, at: now, folio: folio)
    }
  }
}

extension ExternalBooking {
  /// - Parameters:
  ///   - slot: where its person goes; the other system's own when it is `nil`. The booking keeps the other system's, so that the
  ///     same row again is known.
  ///   - lane: in which they stand there; the first free one when it is `nil`.
  fileprivate func placed(
    to slot: Slot? = nil, in scope: CommandScope, before: ExternalBooking, rules: ClinicRules, at now: Instant, folio: Folio, lane: Int? = nil
  ) -> Decision<CommandOutcome> {
    var there = self
    there.slot = slot ?? self.slot
    let exchange = ExternalScope(known: before, appointment: scope.named, patient: scope.patient, agenda: scope, nextID: id)
    var (changes, booking) = (there.place(in: exchange, rules: rules, at: now, folio: folio), self)
    (booking.state, booking.folio) = (there.state, there.folio)
    var standing: Appointment?
    for place in changes.indices {
      if case .insert(var appointment) = changes[place] {
        appointment.lane = lane ?? appointment.lane
        changes[place] = .insert(appointment)
        standing = appointment
      }
      if case .external = changes[place] { changes[place] = .external(booking, before: before) }
    }
    return Decision(.resolved(booking, standing), changes)
  }
}

extension CommandScope {
  /// The first lane of a slot that nobody stands in; not the first of all where anything is kept within its reach.
  fileprivate func freeLane(beside slot: Slot, stamped stamp: SlotStamp, at now: Instant) -> Int {
    var taken = occupants(of: slot, stamped: stamp, at: now, besides: named?.folio).map(\.lane)
    let own = external.map { KeptStretch.Reason.external($0.id) }
    if keeper(of: slot, stamped: stamp, but: own, leaving: named?.folio, at: now) != nil { taken.append(0) }
    return (0...taken.count).first { !taken.contains($0) } ?? taken.count
  }
}
