package import ClinicDomain

extension HoldSlot {
  /// Keeps a free slot for a person, for the time of the channel.
  ///
  /// Who holds the very slot already, for the same service, is answered with that hold as it stands: its time is not
  /// lengthened, or a slot could be kept for ever.
  ///
  /// - Returns: the hold, and what it takes: the ends of stale holds, then the insertion.
  /// - Throws: the first refusal that applies, in the order of ``CommandRefusal``: `notAllowed`, then from `serviceNotOffered` on.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let person = scope.subject(of: actor, needing: .book, by: rules, at: now) else { throw .notAllowed }
    guard rules.mayAskFor(service, of: patient, actor) else { throw .serviceNotOffered }
    let offer = try rules.offer(
      service, at: choice, to: PersonView(person), through: channel, at: now)
    try scope.checkOpen(offer.slot, at: now)
    let commitments = Commitments(of: scope.active, inSeries: scope.inSeries, rules: rules, at: now)
    if let hold = commitments.hold(of: offer) { return Decision(hold, []) }
    try commitments.checkRoom(for: offer.service, asHold: true)
    try commitments.checkHousehold(scope.household, at: now)
    if let other = commitments.clash(with: offer.slot) { throw .personBusy(other.folio) }
    try rules.checkRoom(for: offer, through: channel, load: scope.load, at: now)
    try scope.checkUnoffered(offer.slot, stamped: offer.service.stamp, at: now)
    let lane = try scope.lane(for: offer, by: rules, at: now)
    let hold = Appointment(
      folio: folio, patient: person.id, service: offer.service.code, turno: offer.turno, slot: offer.slot,
      status: .pending, channel: channel, holdExpiresAt: now.adding(seconds: rules.clinic.policy.holdSeconds[channel]),
      cancellation: nil, createdAt: now, changedAt: now, lane: lane)
    let claims = try scope.claims(of: hold, for: offer.service)
    return Decision(hold, scope.endingStaleHolds(at: now) + [.insert(hold)] + claims)
  }
}
