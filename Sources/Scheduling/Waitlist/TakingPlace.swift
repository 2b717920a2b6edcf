package import ClinicDomain

/// Takes a freed place: as the answer to an offer, or, for a person in the clinic, one that is kept for walk-ins.
package struct TakePlace: Hashable, Sendable {
  package enum What: Hashable, Sendable {
    case offer(Int64)
    case place(Int64)
  }

  package var actor: Actor
  /// For a place; an offer says whose it is.
  package var patient: PatientID?
  package var what: What
  package var channel: Channel
  package var folioSeed: UInt64

  package init(actor: Actor, patient: PatientID?, what: What, channel: Channel, folioSeed: UInt64) {
    self.actor = actor
    self.patient = patient
    self.what = what
    self.channel = channel
    self.folioSeed = folioSeed
  }
}

/// Says no to an offer. The place in line stays.
package struct DeclineOffer: Hashable, Sendable {
  package var actor: Actor
  package var offer: Int64
  package var channel: Channel

  package init(actor: Actor, offer: Int64, channel: Channel) {
    self.actor = actor
    self.offer = offer
    self.channel = channel
  }
}

extension TakePlace {
  /// Makes an appointment of a freed place. Whoever is first has it; to all others it is gone, and they keep their place in line.
  ///
  /// An appointment that the person waits to exchange stands until this very change gives it back.
  ///
  /// - Returns: the appointment.
  /// - Throws: in this order, `notAllowed`, `appointmentNotFound` (no such offer or place for a person the actor may act for), `offerOver`
  ///   (answered, expired, the person waits no more, or somebody else has the place), then as a booking from `serviceNotOffered` on; channels' shares are not asked:
  ///   the place was in somebody's share already. Nor is the household's limit of whom the clinic itself has put off. `turnoFull` where who left it had
  ///   been put there beyond the cap.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard actor.person == nil || scope.actor != nil else { throw .notAllowed }
    guard let person = scope.subject(of: actor, needing: .book, by: rules, at: now), let place = scope.waitlist.place else { throw .appointmentNotFound }
    let entry = try checkedEntry(of: person, place, in: scope, at: now)
    guard rules.mayAskFor(place.service, of: person.id, actor) else { throw .appointmentNotFound }
    guard place.isKept, now < place.until else { throw .offerOver }
    let offer = try rules.offer(place, to: entry?.view(of: person) ?? PersonView(person), through: channel, at: now)
    let commitments = Commitments(
      of: scope.active.filter { $0.folio != entry?.replaces }, inSeries: scope.inSeries, rules: rules, at: now)
    try scope.checkOpen(place.slot, at: now)
    try commitments.checkRoom(for: offer.service, asHold: false)
    if entry?.isDisplaced != true { try commitments.checkHousehold(scope.household, at: now) }
    if let other = commitments.clash(with: place.slot) { throw .personBusy(other.folio) }
    let replaced = scope.waitlist.replaced.flatMap { $0.folio == entry?.replaces && $0.status == .booked ? $0 : nil }
    try scope.checkCap(of: place.slot, keptAs: place.id, leaving: replaced, by: rules, at: now)
    if let other = scope.occupant(of: place.slot, stamped: offer.service.stamp, at: now) { throw .slotTaken(by: other.folio) }
    let appointment = Appointment(
      folio: folio, patient: person.id, service: place.service, turno: place.turno, slot: place.slot, status: .booked, channel: channel,
      holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, replaces: replaced?.folio)
    let claims = try scope.claims(of: appointment, for: offer.service)
    var changes = scope.endingStaleHolds(at: now) + [.insert(appointment)] + claims
    changes += scope.waitlist.offers.filter { $0.state == .open }.map { offer in
      .offer(offer.changed(to: what == .offer(offer.id) ? .accepted : .withdrawn, at: now))
    }
    if let entry { changes.append(.waitlist(entry.changed({ $0.state = .served }, at: now))) }
    changes.append(.freed(place.changed({ ($0.state, $0.takenBy) = (.given, folio) }, at: now)))
    if let replaced {
      changes.append(.replace(replaced.replaced(by: folio, at: now)))
      changes += rules.freeing(replaced, by: .cancellation, at: now)
    }
    return Decision(appointment, changes)
  }

  /// The entry that an offer is for; `nil` for a walk-in.
  private func checkedEntry(
    of person: Patient, _ place: FreedPlace, in scope: CommandScope, at now: Instant
  ) throws(CommandRefusal) -> WaitlistEntry? {
    switch what {
    case .place: 
      guard place.state == .forWalkIns else { throw .offerOver }
      return nil
    case .offer(let id):
      guard let offer = scope.waitlist.offer, offer.id == id, offer.patient == person.id else { throw .appointmentNotFound }
      // Who was served, or left, since they were asked waits for nothing more.
      guard offer.isOpen(at: now), let entry = scope.waitlist.entries.first, [.waiting, .asked].contains(entry.state) else { throw .offerOver }
      return entry
    }
  }
}

extension DeclineOffer {
  /// - Returns: the offer. One that is over already stays as it is.
  /// - Throws: `notAllowed`, then `appointmentNotFound`.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<SlotOffer> {
    guard actor.person == nil || scope.actor != nil else { throw .notAllowed }
    guard let offer = scope.waitlist.offer, scope.subject(of: actor, needing: .change, by: rules, at: now)?.id == offer.patient,
      let place = scope.waitlist.place, rules.maySee(offer, of: place, actor.person)
    else { throw .appointmentNotFound }
    guard offer.isOpen(at: now) else { return Decision(offer, []) }
    let declined = offer.changed(to: .declined, at: now)
    return Decision(declined, [.offer(declined)])
  }
}

extension ClinicRules {
  /// As for any booking; a place whose slot has begun is for walk-ins until it ends.
  fileprivate func offer(
    _ place: FreedPlace, to person: PersonView, through channel: Channel, at now: Instant
  ) throws(CommandRefusal) -> Offer {
    let asked = place.state == .forWalkIns ? min(now, start(of: place.slot).adding(milliseconds: -1)) : now
    return try offer(place.service, at: place.slot.choice, to: person, through: channel, at: asked)
  }
}
