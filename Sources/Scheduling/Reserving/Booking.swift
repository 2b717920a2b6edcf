package import ClinicDomain

extension BookAppointment {
  /// Makes an appointment, of a hold or of a free slot.
  ///
  /// - Returns: the appointment, and what it takes: the ends of stale holds, then the hold's new state or the insertion.
  /// - Throws: the first refusal that applies, in the order of ``CommandRefusal``.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let person = scope.subject(of: actor, needing: .book, by: rules, at: now) else { throw .notAllowed }
    switch what {
    case .hold: return try bookHold(of: person, in: scope, rules: rules, at: now)
    case .slot(let service, let choice):
      guard rules.mayAskFor(service, of: patient, actor) else { throw .serviceNotOffered }
      return try book(service, at: choice, for: person, in: scope, rules: rules, at: now, folio: folio)
    }
  }

  /// Turns a live hold into the appointment; its folio stays.
  ///
  /// A hold keeps other people out; it keeps no rule out: everything up to `notAccessible` is asked again. Limits and
  /// overlaps are not: the hold was counted from its first moment.
  private func bookHold(
    of person: Patient, in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let hold = scope.named, hold.patient == person.id, rules.maySee(hold, actor.person) else { throw .appointmentNotFound }
    try hold.checkLive(at: now)
    guard hold.status == .pending else { throw .wrongState(hold.status) }
    _ = try rules.offer(
      hold.service, at: hold.slot.choice, to: PersonView(person), through: channel, at: now)
    try scope.checkOpen(hold.slot, at: now)
    let appointment = hold.booked(at: now)
    return Decision(appointment, scope.endingStaleHolds(at: now) + [.replace(appointment)])
  }

  /// Books a free slot in one step. A live hold that the same person has on the very slot, for the same service, becomes the
  /// appointment; its folio stays.
  private func book(
    _ service: ServiceCode, at choice: SlotChoice, for person: Patient,
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    let offer = try rules.offer(
      service, at: choice, to: PersonView(person), through: channel, at: now)
    try scope.checkOpen(offer.slot, at: now)
    let commitments = Commitments(of: scope.active, inSeries: scope.inSeries, rules: rules, at: now)
    if let hold = commitments.hold(of: offer) {
      let appointment = hold.booked(at: now)
      return Decision(appointment, scope.endingStaleHolds(at: now) + [.replace(appointment)])
    }
    try commitments.checkRoom(for: offer.service, asHold: false)
    try commitments.checkHousehold(scope.household, at: now)
    if let other = commitments.clash(with: offer.slot) { throw .personBusy(other.folio) }
    try rules.checkRoom(for: offer, through: channel, load: scope.load, at: now)
    try scope.checkUnoffered(offer.slot, stamped: offer.service.stamp, at: now)
    let lane = try scope.lane(for: offer, by: rules, at: now)
    let appointment = Appointment(
      folio: folio, patient: person.id, service: offer.service.code, turno: offer.turno, slot: offer.slot,
      status: .booked, channel: channel, holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, lane: lane)
    let claims = try scope.claims(of: appointment, for: offer.service)
    return Decision(appointment, scope.endingStaleHolds(at: now) + [.insert(appointment)] + claims)
  }
}

extension Appointment {
  /// Refuses a hold whose time is over, the same whether or not its end was written down.
  ///
  /// - Throws: ``CommandRefusal/holdExpired``.
  func checkLive(at now: Instant) throws(CommandRefusal) {
    guard !isStaleHold(at: now), cancellation != .holdExpired else { throw .holdExpired }
  }
}

extension Slot {
  /// As a caller names it.
  package var choice: SlotChoice { SlotChoice(resource: resource, date: date, start: start) }
}
