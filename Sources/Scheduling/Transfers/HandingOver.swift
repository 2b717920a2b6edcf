package import ClinicDomain

/// Writes down that another unit cares for somebody from a date on. Staff ask for it for many people at once; each is a command.
package struct HandOverPatient: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var to: CaredElsewhere

  package init(actor: Actor, patient: PatientID, to: CaredElsewhere) {
    self.actor = actor
    self.patient = patient
    self.to = to
  }
}

/// Gives an appointment of a person who was handed over up, so that the other unit gives it.
package struct GiveUpAppointment: Hashable, Sendable {
  package var actor: Actor
  package var folio: Folio

  package init(actor: Actor, folio: Folio) {
    self.actor = actor
    self.folio = folio
  }
}

/// Ends a series of somebody whom another unit cares for by now. The server itself asks for it.
package struct HandOverSeries: Hashable, Sendable {
  package var series: Int64

  package init(series: Int64) { self.series = series }
}

/// Ends a person's handover.
package struct TakeBackPatient: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID

  package init(actor: Actor, patient: PatientID) {
    self.actor = actor
    self.patient = patient
  }
}

/// Has an appointment stand again that was given up for a handover.
package struct TakeBackAppointment: Hashable, Sendable {
  package var actor: Actor
  package var folio: Folio
  /// Where it was; `nil` when somebody has that by now: then its person waits, before everybody else.
  package var at: SlotChoice?

  package init(actor: Actor, folio: Folio, at: SlotChoice?) {
    self.actor = actor
    self.folio = folio
    self.at = at
  }
}

/// What the store found of handovers.
package struct HandoverScope: Hashable, Sendable {
  /// The patient's, while it stands.
  package var standing: PatientHandover?
  /// The row of the named appointment, when it was given up.
  package var handed: HandedAppointment?
  /// A number that no row has.
  package var next: Int64 = 1
  /// The patient's live entries of the waitlist, and those that the standing handover ended.
  package var waiting: [WaitlistEntry] = []
  package var left: [WaitlistEntry] = []
  /// The series that the standing handover ended and that can go on, each with the activities that ended with it.
  package var ended: [CareSeries] = []
  package var endedActivities: [SeriesActivity] = []

  package init() {}
}

extension ClinicRules {
  /// Whether an appointment is one that the other unit could give: still to come, and of a day on which the person is cared for there.
  package func goes(_ appointment: Appointment, to elsewhere: CaredElsewhere, at now: Instant) -> Bool {
    appointment.status == .booked && now < start(of: appointment.slot) && elsewhere.from <= appointment.slot.date
      && service(appointment.service)?.requiresRights != false
  }
}

extension HandOverPatient {
  /// The same unit and date again change nothing; another one ends the first. No appointment is touched: what the person has here they keep.
  /// What they wait for on days in the other unit's care they wait for there: they leave that line, and come back to their place in it when they
  /// are taken back. A place that the clinic owes them it goes on owing. Of each appointment that they have here on those days the clinic owes them
  /// to say what becomes of it.
  ///
  /// What the first had ended belongs to the second, also their place in line and their series; a series whose person is cared for here until
  /// a later day by the second goes on until then.
  ///
  /// - Throws: `notAllowed` for anybody but staff, or a person nobody knows.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    _ = try actor.checkStaff()
    guard let person = scope.patient else { throw .notAllowed }
    var changes: [AgendaChange] = []
    if var before = scope.handover.standing {
      guard before.to != to else { return Decision(.handover(before), []) }
      before.endedAt = now
      changes.append(.handover(before))
    }
    let handover = PatientHandover(id: scope.handover.next, patient: person.id, to: to, madeAt: now)
    let today = rules.today(at: now)
    let leaving = scope.handover.waiting.filter { entry in
      !entry.isDisplaced && to.from <= max(entry.wish.dates.lowerBound, today) && entry.wish.services.allSatisfy { rules.service($0)?.requiresRights != false }
    }
    let entries = (scope.handover.left + leaving).map { AgendaChange.waitlist($0.changed({ $0.state = .left }, at: now)) }
    let series = scope.handover.series(goingOn: today < to.from, at: now)
    return Decision(.handover(handover), changes + [.handover(handover)] + entries + series)
  }
}

extension HandOverSeries {
  /// Until the first day in the other unit's care a series goes on here; from then on that unit goes on with it. Its appointments that were not
  /// given up stand.
  ///
  /// - Returns: the series; one that has ended, or whose person is cared for here, stays as it is.
  /// - Throws: `series` with `notFound`.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    guard var series = scope.series.series else { throw .series(.notFound) }
    guard series.status == .active, let handover = scope.handover.standing, handover.to.from <= rules.today(at: now) else {
      return Decision(.series(SeriesOutcome(series)), [])
    }
    series.status = CareSeries.EndReason.transferred.status
    (series.endReason, series.changedAt) = (.transferred, now)
    let ended = scope.series.activities.filter { $0.isOpen && $0.status != .scheduled }
      .map { $0.changed({ $0.status = .cancelled; $0.alertedAt = nil }, at: now) }
    return Decision(.series(SeriesOutcome(series, ended)), [.series(series)] + ended.map { .activity($0) })
  }
}

extension GiveUpAppointment {
  /// What is no appointment of a day in the other unit's care stays as it is.
  ///
  /// - Returns: the appointment, cancelled; its place is offered to those who wait here.
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    _ = try actor.checkStaff()
    guard let old = scope.named else { throw .appointmentNotFound }
    guard let handover = scope.handover.standing, rules.goes(old, to: handover.to, at: now) else { return Decision(old, []) }
    let given = old.cancelled(.otherPlace, at: now)
    let row = HandedAppointment(folio: old.folio, handover: handover.id, givenAt: now)
    return Decision(given, [.replace(given), .handed(row)] + rules.freeing(old, by: .cancellation, at: now))
  }
}

extension TakeBackPatient {
  /// With them come back their place in line and their series, as far as they still can. Who had not heard yet of what would become of an
  /// appointment hears nothing; who had hears that it stands here.
  ///
  /// - Throws: `notAllowed` for anybody but staff. Who was not handed over stays as they are.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<CommandOutcome> {
    _ = try actor.checkStaff()
    guard var handover = scope.handover.standing else { return Decision(.handover(nil), []) }
    handover.endedAt = now
    let entries = scope.handover.left.filter { now < $0.until }.map { AgendaChange.waitlist($0.changed({ $0.state = .waiting }, at: now)) }
    return Decision(.handover(handover), [.handover(handover)] + entries + scope.handover.series(goingOn: true, at: now))
  }
}

extension HandoverScope {
  /// The series that the standing handover ended, with what ended with them: they go on here, or they stay ended and are of this instant, by
  /// which whoever ends the next handover finds them.
  fileprivate func series(goingOn: Bool, at now: Instant) -> [AgendaChange] {
    let series = ended.map { series in
      var series = series
      if goingOn { (series.status, series.endReason) = (.active, nil) }
      series.changedAt = now
      return AgendaChange.series(series)
    }
    return series + endedActivities.map { activity in
      .activity(activity.changed({ if goingOn { $0.status = .notStarted } }, at: now))
    }
  }
}

extension TakeBackAppointment {
  /// The appointment is booked again with its folio, or its person waits before all others; at no moment neither.
  ///
  /// What was not given up, came back already or is over stays as it is.
  ///
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`, then for a place `closed`, `slotOffered`, `slotTaken`, `turnoFull`,
  ///   `personBusy`, `companionTaken`: ask again without the place.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<Appointment> {
    _ = try actor.checkStaff()
    guard let old = scope.named else { throw .appointmentNotFound }
    guard var row = scope.handover.handed, row.returnedAt == nil, old.status == .cancelled, now < rules.start(of: old.slot) else {
      return Decision(old, [])
    }
    row.returnedAt = now
    guard let at else {
      let entry = scope.displaced(old, rules: rules, at: now)
      return Decision(old, [.handed(row), .waitlist(entry)])
    }
    precondition(at == old.slot.choice, "an appointment comes back to where it was")
    try scope.checkOpen(old.slot, at: now)
    let back = old.returned(to: .booked, at: now)
    try scope.checkPlace(for: back, by: rules, at: now)
    let claims = try scope.claims(of: back, insteadOf: old, by: rules)
    return Decision(back, scope.takingBackPlace(of: back, at: now) + [.replace(back), .handed(row)] + claims)
  }
}
