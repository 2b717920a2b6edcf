internal import ClinicDomain

extension Appointment {
  /// Another slot instead of this one, as one change: nobody ever has two, or none. Each row names the other.
  ///
  /// The same rules hold as for a new appointment, and this one is in the way of nothing: its slot, its place in the person's limits and in
  /// the turno's count go to the new one. The slot that the appointment has already is what it is: nothing changes.
  ///
  /// - Throws: `holdExpired`, `wrongState` for anything but a booked appointment, `slotInThePast` once it has begun, then as for a booking.
  func rescheduled(
    to choice: SlotChoice, through channel: Channel, in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    try checkLive(at: now)
    guard status == .booked else { throw .wrongState(status) }
    guard now < rules.start(of: slot) else { throw .slotInThePast }
    // The scope's person is the appointment's.
    guard let person = scope.patient else { throw .appointmentNotFound }
    if choice == slot.choice { return Decision(self, []) }
    let offer = try rules.offer(service, at: choice, to: PersonView(person), through: channel, at: now)
    try scope.checkOpen(offer.slot, at: now)
    let commitments = Commitments(
      of: scope.active.filter { $0.folio != self.folio }, inSeries: scope.inSeries, rules: rules, at: now)
    if !scope.inSeries.contains(self.folio) { try commitments.checkRoom(for: offer.service, asHold: false) }
    if let other = commitments.clash(with: offer.slot) { throw .personBusy(other.folio) }
    var load = scope.load
    if slot.resource == offer.slot.resource, slot.date == offer.slot.date, offer.hours.contains(slot.start) {
      if rules.isExternal(slot) { load.external -= 1 } else { load[self.channel] -= 1 }
    }
    try rules.checkRoom(for: offer, through: channel, load: load, at: now)
    try scope.checkUnoffered(offer.slot, stamped: offer.service.stamp, at: now)
    let lane = try scope.lane(for: offer, by: rules, leaving: self, at: now)
    let old = replaced(by: folio, at: now)
    let new = Appointment(
      folio: folio, patient: patient, service: service, turno: offer.turno, slot: offer.slot, status: .booked, channel: channel,
      holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, replaces: self.folio, lane: lane)
    // Of a place that the new one reaches into nothing is left to offer.
    let freed = offer.meets(self) ? [] : rules.freeing(self, by: .cancellation, at: now)
    let claims = try scope.claims(of: new, for: offer.service)
    return Decision(new, scope.endingStaleHolds(at: now) + [.replace(old), .insert(new)] + claims + freed)
  }
}
