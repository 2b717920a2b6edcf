package import ClinicDomain

extension CommandScope {
  /// A slot that the clinic gives somebody of itself: because it closed theirs, because a hospital asks for it, because a child must be seen.
  ///
  /// Everything that holds for a booking holds, but limits and channels' shares: the person did not ask for one more. A turno's cap does.
  ///
  /// - Parameters:
  ///   - channel: through which the service is asked for.
  ///   - old: an appointment that is given up for it.
  ///   - claims: whether the further agendas that the service may need are claimed with it.
  /// - Throws: as a booking from `serviceNotOffered` on.
  func place(
    for service: ServiceCode, at choice: SlotChoice, to person: Patient, through channel: Channel, leaving old: Folio? = nil,
    claims: Bool = false, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Offer {
    var view = PersonView(person)
    // What they have here is kept also when another unit cares for them by then.
    if old != nil { view.elsewhere = nil }
    let offer = claims
      ? try rules.offer(service, at: choice, to: view, through: channel, at: now)
      : try rules.loneOffer(service, at: choice, to: view, through: channel, at: now)
    try checkOpen(offer.slot, at: now)
    let commitments = Commitments(of: active.filter { $0.folio != old }, rules: rules, at: now)
    if let other = commitments.clash(with: offer.slot) { throw .personBusy(other.folio) }
    if case .capReached(let cap) = offer.share.denial(for: channel, load: load, sharesHold: false) { throw .turnoFull(cap: cap) }
    try checkUnoffered(offer.slot, stamped: offer.service.stamp, at: now)
    if let other = occupant(of: offer.slot, stamped: offer.service.stamp, at: now) { throw .slotTaken(by: other.folio) }
    return offer
  }
}

extension Offer {
  /// Booked, by the clinic itself.
  func booked(for person: PatientID, as folio: Folio, through channel: Channel, at now: Instant) -> Appointment {
    Appointment(
      folio: folio, patient: person, service: service.code, turno: turno, slot: slot, status: .booked, channel: channel, holdExpiresAt: nil,
      cancellation: nil, createdAt: now, changedAt: now)
  }
}

extension ClinicRules {
  /// The channel through which the clinic itself books a service: the desk where it may, otherwise the first that may.
  package func ownChannel(for service: ServiceCode) -> Channel {
    let channels = self.service(service)?.bookableBy ?? []
    return channels.contains(.desk) ? .desk : channels.first ?? .desk
  }
}
