internal import ClinicDomain

extension Appointment {
  /// Takes back the last thing that was done to it, when the same member of staff did it less than two minutes ago. A change of its own:
  /// the history keeps both.
  ///
  /// - Throws: `nothingToUndo`, then `slotTaken` when somebody has the place by now: what else can be done comes with that refusal.
  func undone(
    by actor: Actor, in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let last = scope.lastAct, last.actor == actor.text, now < last.at.adding(seconds: LifeCommand.undoSeconds) else {
      throw .nothingToUndo
    }
    switch last.act {
    case .attend, .miss, .free, .checkIn, .cancel:
      guard let before = last.before, before != .pending else { throw .nothingToUndo }
      let back = returned(to: before, at: now)
      try scope.checkFree(for: back, insteadOf: self, at: now)
      let claims = try scope.claims(of: back, insteadOf: self, by: rules)
      return Decision(back, scope.takingBackPlace(of: back, at: now) + [.replace(back)] + claims)
    case .confirm:
      var back = self
      back.confirmedAt = nil
      back.confirmedThrough = nil
      back.changedAt = now
      return Decision(back, [.replace(back)])
    case .reschedule: return try undoneReschedule(in: scope, rules: rules, at: now)
    case .start, .inherit, .hold, .book, .expireHold, .releaseHold, .grantConsent, .revokeConsent, .importPatient, .undo, .admit,
      .admitOverCap, .joinWaitlist, .leaveWaitlist, .offerPlace, .takePlace, .declineOffer, .closeAgenda, .reopenAgenda, .displace,
      .startSeries, .renewSeries, .collectPrescription, .endSeries, .acknowledgeAlert, .extendSeries, .placeActivity, .lapsePrescription, .reopenActivity, .replanSessions,
      .countFailure, .lockKiosk, .raiseAlarm, .unlockIdentification, .overrideCap, .refer, .dateReferral, .seeReferred, .returnReferral,
      .cancelReferral, .screenChild, .raiseAlert, .addLegado, .addEvidence, .setLegadoStatus, .checkNight, .tellAlarm, .acknowledgeAlarm, .escalateAlarm,
      .requestCallback, .takeCallback, .noteAttempt, .closeCallback, .escalateCallback, .keepGuidance, .makeCode, .useCode, .reservePaper, .enterPaper,
      .importBooking,
      .grantProxy, .revokeProxy, .recordBirthPlan, .registerNewborn, .mergeNewborn, .requestHomeVisit, .grantListing, .revokeListing, .bookForListed, .overbook,
      .moveToDoctor, .adoptPatient, .handOver, .giveUp, .takeBack, .acceptConflict, .dismissConflict, .moveConflict,
      .leaseCalls, .noteCall, .tellNotice, .chooseCalls, .countAnswer, .setNeeds, .setInstitution, .setName, .setTriage, .seeTriaged, .breachTriage:
      throw .nothingToUndo
    }
  }

  func returned(to status: Status, at now: Instant) -> Appointment {
    var back = self
    back.status = status
    back.cancellation = nil
    back.changedAt = now
    if status == .booked || status == .noshow {
      back.arrivedAt = nil
      if isInTodaysLine { back.lane = 0 }
    }
    return back
  }

  /// The old appointment stands again, and the new one is given back; whichever of the two was named.
  private func undoneReschedule(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let other = scope.linked else { throw .nothingToUndo }
    let (old, new) = replacedBy == other.folio ? (self, other) : (other, self)
    guard new.status == .booked, old.replacedBy == new.folio else { throw .nothingToUndo }
    var back = old.returned(to: .booked, at: now)
    back.replacedBy = nil
    try scope.checkFree(for: back, insteadOf: new, at: now)
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
    let withdrawn = waitlist.offers.filter { $0.state == .open }.map { offer in
      var offer = offer
      offer.state = .withdrawn
      offer.changedAt = now
      return AgendaChange.offer(offer)
    }
    return withdrawn + [.freed(place)]
  }

  /// - Throws: `slotOffered`, `slotTaken` when an appointment that comes back would meet another than the one it stood as before.
  func checkFree(
    for appointment: Appointment, insteadOf before: Appointment, at now: Instant
  ) throws(CommandRefusal) {
    guard appointment.holdsSlot else { return }
    try checkUnoffered(appointment.slot, stamped: appointment.stamp, but: Int64(appointment.folio.number), at: now)
    let other = day.first {
      $0.folio != appointment.folio && $0.folio != before.folio && $0.reach.overlaps(appointment.reach) && $0.occupies(at: now)
        && !$0.shares(with: appointment)
    }
    if let other { throw .slotTaken(by: other.folio) }
  }
}
