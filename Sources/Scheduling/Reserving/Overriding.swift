package import ClinicDomain

/// Books a place beyond what the agenda allows, for a date to come: staff ask for it, say why, and the history has the act under a name of its
/// own. With ``AdmitPatient/isOverCap``, which is the same for who is in the clinic now, the only way past a turno's cap.
package struct OverrideCap: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var service: ServiceCode
  package var choice: SlotChoice
  package var folioSeed: UInt64

  package init(actor: Actor, patient: PatientID, service: ServiceCode, choice: SlotChoice, folioSeed: UInt64) {
    self.actor = actor
    self.patient = patient
    self.service = service
    self.choice = choice
    self.folioSeed = folioSeed
  }
}

extension OverrideCap {
  /// The slot stands on the grid, so that no break is ever shortened; where somebody has it, the person stands in a further lane of it. Neither
  /// the cap nor channels' shares nor the person's limits are asked.
  ///
  /// - Throws: `notAllowed` for anybody but staff, or a person nobody knows; then as a booking from `serviceNotOffered` on, but for the cap,
  ///   shares, limits and `slotTaken`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    _ = try actor.checkStaff()
    guard let person = scope.patient else { throw .notAllowed }
    let channel = rules.ownChannel(for: service)
    let offer = try rules.loneOffer(service, at: choice, to: PersonView(person), through: channel, at: now)
    try scope.checkOpen(offer.slot, at: now)
    let commitments = Commitments(of: scope.active, rules: rules, at: now)
    if let other = commitments.clash(with: offer.slot) { throw .personBusy(other.folio) }
    try scope.checkUnoffered(offer.slot, stamped: offer.service.stamp, at: now)
    var appointment = offer.booked(for: person.id, as: folio, through: .desk, at: now)
    appointment.lane = scope.freeLane(of: offer.slot, stamped: offer.service.stamp, at: now)
    return Decision(appointment, scope.endingStaleHolds(at: now) + [.insert(appointment)])
  }
}
