package import ClinicDomain

/// Has a person who is in the clinic seen in a turno of now: without an appointment, or in an emergency.
///
/// What no rule of booking foresees, somebody of the clinic decides; so only staff may ask for it. It keeps the turno's cap like every
/// booking, unless they say that it must not and why: then the history has the act under a name of its own.
package struct AdmitPatient: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Takes a free slot where there is one.
    case walkIn = "walk-in"
    /// Is seen first, beside whoever has the slot.
    case emergency
  }

  package var actor: Actor
  package var patient: PatientID
  package var service: ServiceCode
  /// The agenda, its date and the time of it that it is now; need not stand on the grid.
  package var at: SlotChoice
  package var kind: Kind
  /// Beyond the turno's cap.
  package var isOverCap: Bool
  package var channel: Channel
  package var folioSeed: UInt64

  package init(
    actor: Actor, patient: PatientID, service: ServiceCode, at: SlotChoice, kind: Kind, isOverCap: Bool = false, channel: Channel = .desk,
    folioSeed: UInt64
  ) {
    self.actor = actor
    self.patient = patient
    self.service = service
    self.at = at
    self.kind = kind
    self.isOverCap = isOverCap
    self.channel = channel
    self.folioSeed = folioSeed
  }
}

extension AdmitPatient {
  /// The slot is of the turno's grid, so that no break is ever shortened. An emergency has the one that is going on or comes next. A walk-in
  /// takes the first place that somebody left and that is kept for them; where there is none, the first slot that nobody has; when all are
  /// taken, the one with the fewest people. Whoever is not alone in a slot stands in a further lane of it.
  ///
  /// - Returns: the appointment, of somebody who has arrived.
  /// - Throws: in this order, `notAllowed` (not staff, or a person nobody knows), `serviceNotOffered`, `resourceNotOffered`, `closed` (no turno now, or
  ///   what is left of it is closed or a break), `externalAgenda` (or another system's), `notAccessible`, `personBusy` (a walk-in who is expected elsewhere at that time), `turnoFull`
  ///   (the cap; where the clinic has none, as many as the grid has slots).
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard case .staff = actor, let person = scope.patient else { throw .notAllowed }
    guard let service = rules.service(service), service.companions.isEmpty else { throw .serviceNotOffered }
    guard let resource = rules.clinic.resource(at.resource), resource.services.contains(service.code) else { throw .resourceNotOffered }
    let agenda = rules.turnoAgendas(of: at.resource, on: at.date).first { $0.hours.contains(at.start) }
    guard let agenda, agenda.closed == nil else { throw .closed }
    let slots = rules.slots(of: agenda).filter { now < rules.end(of: $0) && !scope.isBlocked($0, at: now) }
    guard let slot = choose(among: slots, stamped: service.stamp, in: scope, at: now) else {
      let isTheirs = agenda.grid.contains { now < rules.end(of: $0) && rules.isExternal($0) }
      throw isTheirs ? .externalAgenda : .closed
    }
    guard resource.isReachable(by: PersonView(person)) else { throw .notAccessible }
    if kind == .walkIn, let other = Commitments(of: scope.active, rules: rules, at: now).clash(with: slot) { throw .personBusy(other.folio) }
    let cap = agenda.share.cap ?? agenda.share.places
    let place = placeKept(in: slot, stamped: service.stamp, scope, at: now)
    // A place that is kept counts as somebody already.
    let taken = (agenda.share.cap == nil ? scope.load.total : scope.load.people) - (place == nil ? 0 : 1)
    guard isOverCap || taken < cap else { throw .turnoFull(cap: cap) }
    let appointment = Appointment(
      folio: folio, patient: person.id, service: service.code, turno: agenda.turno, slot: slot, status: .arrived, channel: channel,
      holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, arrivedAt: now,
      lane: scope.freeLane(of: slot, stamped: service.stamp, at: now))
    let given = place.map { place in AgendaChange.freed(place.changed({ ($0.state, $0.takenBy) = (.given, folio) }, at: now)) }
    return Decision(appointment, scope.endingStaleHolds(at: now) + [.insert(appointment)] + (given.map { [$0] } ?? []))
  }

  /// The place that is kept for walk-ins and that a walk-in takes with a slot; `nil` when it is none, or somebody is in it all the same.
  private func placeKept(in slot: Slot, stamped stamp: SlotStamp, _ scope: CommandScope, at now: Instant) -> FreedPlace? {
    guard kind == .walkIn, scope.occupant(of: slot, stamped: stamp, at: now) == nil else { return nil }
    return scope.waitlist.walkIns.first { $0.state == .forWalkIns && $0.slot == slot && now < $0.until }
  }

  private func choose(among slots: [Slot], stamped stamp: SlotStamp, in scope: CommandScope, at now: Instant) -> Slot? {
    guard kind == .walkIn else { return slots.first }
    func people(in slot: Slot) -> Int {
      scope.occupants(of: slot, stamped: stamp, at: now).count
        + scope.kept.count { !$0.isBlock && now < $0.until && $0.slot.overlaps(slot) }
    }
    return slots.first { placeKept(in: $0, stamped: stamp, scope, at: now) != nil } ?? slots.min { people(in: $0) < people(in: $1) }
  }
}
