internal import ClinicDomain

extension Appointment {
  /// Takes back the last thing that was done to it, when the same member of staff did it less than two minutes ago. A change of its own:
  /// the history keeps both.
  ///
  /// Whoever was taken in by mistake was never there. Whom the clinic owed a place because somebody cancelled for it is owed none any more, and
  /// gives back what they have got for it since, unless they know of it.
  ///
  /// - Throws: `nothingToUndo`, then `slotOffered`, `slotTaken` when somebody has the place by now, `personBusy` when its person has another
  ///   appointment at that hour by now, and `turnoFull` when without it the turno has as many people as its cap allows: what else can be done
  ///   comes with that refusal.
  func undone(
    by actor: Actor, in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let last = scope.lastAct, last.actor == actor.text, now < last.at.adding(seconds: LifeCommand.undoSeconds) else {
      throw .nothingToUndo
    }
    switch last.act {
    case .cancel where replacedBy != nil: return try broughtBack(in: scope, rules: rules, at: now)
    case .attend, .miss, .free, .checkIn, .cancel, .enterInError:
      guard let before = last.before, before != .pending else { throw .nothingToUndo }
      let back = returned(to: before, undoing: last.at, at: now).seated(in: scope, at: now)
      // Who kept the slot all along is in nobody's way.
      if !holdsSlot { try scope.checkPlace(for: back, by: rules, at: now) }
      let claims = try scope.claims(of: back, insteadOf: self, by: rules)
      let owed = scope.endingOwedPlace(for: self, at: now)
      return Decision(back, owed + scope.takingBackPlace(of: back, at: now) + [.replace(back)] + claims)
    case .confirm:
      var back = self
      back.confirmedAt = nil
      back.confirmedThrough = nil
      back.changedAt = now
      return Decision(back, [.replace(back)])
    case .reschedule: return try undoneReschedule(in: scope, rules: rules, at: now)
    case .admit, .admitOverCap, .overrideCap, .takePlace:
      // Whoever took an offer gave up something for it: only a walk-in's place is taken back.
      guard last.before == nil, replaces == nil, status == .arrived || (status == .booked && last.act != .takePlace) else {
        throw .nothingToUndo
      }
      let mistake = changed(to: .enteredInError, at: now)
      // A place beyond the cap was nobody's.
      let freed = last.act.goesPastCap ? [] : rules.freeing(self, by: .cancellation, at: now)
      return Decision(mistake.outcome, mistake.changes + freed)
    case .start, .inherit, .hold, .book, .expireHold, .releaseHold, .grantConsent, .revokeConsent, .importPatient, .undo, .joinWaitlist,
      .leaveWaitlist, .offerPlace, .declineOffer, .closeAgenda, .reopenAgenda, .displace,
      .startSeries, .renewSeries, .collectPrescription, .endSeries, .acknowledgeAlert, .extendSeries, .placeActivity, .lapsePrescription, .reopenActivity, .replanSessions,
      .countFailure, .lockKiosk, .raiseAlarm, .unlockIdentification, .placeDisplaced, .refer, .dateReferral, .seeReferred, .returnReferral,
      .cancelReferral, .screenChild, .raiseAlert, .addLegado, .addEvidence, .setLegadoStatus, .checkNight, .tellAlarm, .acknowledgeAlarm, .escalateAlarm,
      .requestCallback, .takeCallback, .noteAttempt, .closeCallback, .escalateCallback, .keepGuidance, .makeCode, .useCode, .reservePaper, .enterPaper,
      .importBooking,
      .grantProxy, .revokeProxy, .recordBirthPlan, .registerNewborn, .registerPerson, .mergeNewborn, .requestHomeVisit, .grantListing, .revokeListing, .bookForListed, .overbook,
      .moveToDoctor, .adoptPatient, .handOver, .giveUp, .takeBack, .acceptConflict, .dismissConflict, .moveConflict,
      .leaseCalls, .noteCall, .tellNotice, .chooseCalls, .countAnswer, .setNeeds, .setInstitution, .setName, .setTriage, .seeTriaged, .breachTriage:
      throw .nothingToUndo
    }
  }

  /// - Parameter act: when what is taken back was done: an arrival that it wrote down goes with it.
  func returned(to status: Status, undoing act: Instant? = nil, at now: Instant) -> Appointment {
    var back = self
    back.status = status
    back.cancellation = nil
    back.changedAt = now
    if status == .booked || status == .noshow && arrivedAt == act { back.arrivedAt = nil }
    if status == .booked || status == .noshow, isInTodaysLine { back.lane = 0 }
    return back
  }

  /// The same in another lane of a slot that several share, when somebody has its own by now and there is a seat.
  private func seated(in scope: CommandScope, at now: Instant) -> Appointment {
    guard holdsSlot, lane < Int(stamp.capacity),
      scope.occupants(of: slot, stamped: stamp, at: now, besides: folio).contains(where: { $0.lane == lane }),
      scope.occupant(of: slot, stamped: stamp, at: now, besides: folio) == nil
    else { return self }
    var seated = self
    seated.lane = scope.freeLane(of: slot, stamped: stamp, at: now, besides: folio)
    return seated
  }

  /// The old appointment stands again, and the new one is given back; whichever of the two was named.
  private func undoneReschedule(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let other = scope.linked else { throw .nothingToUndo }
    let (old, new) = replacedBy == other.folio ? (self, other) : (other, self)
    guard new.status == .booked, old.replacedBy == new.folio else { throw .nothingToUndo }
    var back = old.returned(to: .booked, at: now).seated(in: scope, at: now)
    back.replacedBy = nil
    try scope.checkPlace(for: back, leaving: new, by: rules, at: now)
    let given = new.cancelled(.clinic, at: now)
    let claims = try scope.claims(of: back, insteadOf: old, by: rules)
    return Decision(back, scope.takingBackPlace(of: back, at: now) + [.replace(given), .replace(back)] + claims)
  }
}

extension CommandScope {
  /// The place that an appointment left is offered to nobody any more, because the appointment comes back.
  func takingBackPlace(of appointment: Appointment, at now: Instant) -> [AgendaChange] {
    guard appointment.holdsSlot, var place = waitlist.place, place.id == Int64(appointment.folio.number), place.isKept else { return [] }
    place.state = .released
    place.changedAt = now
    let withdrawn = waitlist.offers.filter { $0.state == .open && $0.place == place.id }.map { offer in
      var offer = offer
      offer.state = .withdrawn
      offer.changedAt = now
      return AgendaChange.offer(offer)
    }
    return withdrawn + [.freed(place)]
  }

  /// Refuses an appointment that comes back to the slot that it had left.
  ///
  /// - Parameter other: the one that it stood as before.
  /// - Throws: `slotOffered`, `slotTaken` when it would meet another in its lane, or a second in hours that the clinic gives to two; then
  ///   `personBusy` when its person would have to be in two places; then `turnoFull`, unless it was given beyond the cap in the first place.
  func checkPlace(
    for back: Appointment, leaving other: Appointment? = nil, by rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) {
    guard back.holdsSlot else { return }
    try checkUnoffered(back.slot, stamped: back.stamp, but: Int64(back.folio.number), at: now)
    let there = day.filter {
      $0.folio != back.folio && $0.folio != other?.folio && $0.reach.overlaps(back.reach) && $0.occupies(at: now) && !$0.shares(with: back)
    }
    if let taken = there.first(where: { $0.lane == back.lane }) { throw .slotTaken(by: taken.folio) }
    if there.count > 1, rules.overbooking(of: back.slot) != nil { throw .slotTaken(by: there[0].folio) }
    let others = active.filter { $0.folio != back.folio && $0.folio != other?.folio }
    if let busy = Commitments(of: others, rules: rules, at: now).clash(with: back.slot) { throw .personBusy(busy.folio) }
    guard !isBeyondCap else { return }
    try checkCap(of: back.slot, keptAs: Int64(back.folio.number), leaving: other, by: rules, at: now)
  }
}
