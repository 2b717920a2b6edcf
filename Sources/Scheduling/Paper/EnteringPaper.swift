package import ClinicDomain

/// Keys in a row of a sheet that was filled in by hand.
package struct EnterPaper: Hashable, Sendable {
  package var actor: Actor
  /// The row's.
  package var folio: Folio
  package var patient: PatientID
  /// `nil` for the first that the agenda gives.
  package var service: ServiceCode?
  /// The hour that was written, on the sheet's agenda.
  package var start: AgendaMinute
  package var visit: Visit

  /// What became of the person, as far as it is known when the row is keyed in.
  package enum Visit: Hashable, Sendable, CaseIterable {
    /// They wait, or are still to come.
    case ahead
    /// The consultation took place.
    case attended
    /// They went without one.
    case left
  }

  package init(actor: Actor, folio: Folio, patient: PatientID, service: ServiceCode? = nil, start: AgendaMinute, visit: Visit) {
    self.actor = actor
    self.folio = folio
    self.patient = patient
    self.service = service
    self.start = start
    self.visit = visit
  }
}

extension EnterPaper {
  /// What happened on paper happened: no limit, no share and no right is asked about, and nobody is dropped.
  ///
  /// Who has an appointment for the service that day made the way for it: that one is theirs still, and there is no second. Else the slot of the
  /// hour is theirs if nobody has it now and this clinic gives it; if somebody has, they are in today's line and the conflict is noted. A
  /// row that was keyed in for the same person stays as it is. A service that needs further agendas is in today's line too: what those did
  /// that day the paper does not say.
  ///
  /// - Throws: in this order, `notAllowed` (not staff, a person nobody knows), `appointmentNotFound` (no folio of a sheet), `wrongState` (the row
  ///   was keyed in for somebody else), `serviceNotOffered`, `closed` (the hour is not of the sheet's turno), `tooEarly` (seen, or gone, before
  ///   it begins), `slotInThePast` (the sheet's day is over, and what became of the person is not said: nobody waits for ever).
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<PaperOutcome> {
    guard case .staff = actor, let person = scope.patient else { throw .notAllowed }
    guard let row = scope.paper.first else { throw .appointmentNotFound }
    if !row.isBlank {
      guard let known = scope.named, known.patient == person.id else { throw .wrongState(scope.named?.status ?? .enteredInError) }
      return Decision(PaperOutcome(rows: [row], appointment: known), [])
    }
    let given = rules.clinic.resource(row.resource)?.services ?? []
    guard let code = service ?? given.first, given.contains(code), let service = rules.service(code) else { throw .serviceNotOffered }
    let agenda = rules.turnoAgendas(of: row.resource, on: row.date).first { $0.turno == row.turno }
    guard let agenda, agenda.hours.contains(start), let slot = agenda.grid.last(where: { $0.start <= start }) ?? agenda.grid.first else {
      throw .closed
    }
    let begins = rules.start(of: slot)
    guard visit == .ahead || begins <= now else { throw .tooEarly(from: begins) }
    let isDayOver = row.date < rules.today(at: now) && rules.zone.instant(of: row.date, minute: agenda.hours.upperBound) <= now
    guard visit != .ahead || !isDayOver else { throw .slotInThePast }
    if let own = scope.visit(for: service.code, until: rules.end(of: slot)) { return joined(own, row, rules: rules, at: now) }
    let conflict = scope.occupant(of: slot, stamped: service.stamp, at: now)?.folio
      ?? Commitments(of: scope.active, rules: rules, at: now).clash(with: slot)?.folio
    let isFull = agenda.share.cap.map { scope.load.people >= $0 } ?? false
    let isKept = scope.isBlocked(slot, at: now) || scope.keeper(of: slot, stamped: service.stamp, at: now) != nil
    let isOver = visit == .ahead && rules.end(of: slot) <= now
    let isTheirs = conflict == nil && !isFull && !isKept && !isOver && agenda.closed == nil && !rules.isExternal(slot)
      && service.companions.isEmpty
    let hasArrived = begins <= now
    let appointment = Appointment(
      folio: row.folio, patient: person.id, service: service.code, turno: row.turno, slot: slot,
      status: visit.status ?? (hasArrived || !isTheirs ? .checkedIn : .booked), channel: .desk, holdExpiresAt: nil,
      cancellation: nil, createdAt: now, changedAt: now, arrivedAt: hasArrived ? begins : isTheirs ? nil : now,
      lane: isTheirs ? 0 : Appointment.todaysLine(row.folio))
    let entered = row.entered(as: appointment, isTheirs ? .slot : .todaysLine, conflict: conflict, at: now)
    return Decision(
      PaperOutcome(rows: [entered], appointment: appointment),
      scope.endingStaleHolds(at: now) + [.paper(entered), .insert(appointment)])
  }

  /// The appointment that the person had is the visit.
  private func joined(_ own: Appointment, _ row: PaperRow, rules: ClinicRules, at now: Instant) -> Decision<PaperOutcome> {
    var appointment = own
    switch own.status {
    case .booked, .arrived, .checkedIn:
      appointment.status = visit.status ?? (own.status == .booked ? .checkedIn : own.status)
      appointment.arrivedAt = own.arrivedAt ?? now
    default: break
    }
    let entered = row.entered(as: own, .sameAppointment, conflict: nil, at: now)
    guard appointment != own else { return Decision(PaperOutcome(rows: [entered], appointment: own), [.paper(entered)]) }
    appointment.changedAt = now
    let freed = appointment.status == .noshow ? rules.freeing(own, by: .noShow, at: now) : []
    return Decision(PaperOutcome(rows: [entered], appointment: appointment), [.replace(appointment), .paper(entered)] + freed)
  }
}

extension EnterPaper.Visit {
  /// `nil` while it is not over.
  fileprivate var status: Appointment.Status? {
    switch self {
    case .ahead: nil
    case .attended: .fulfilled
    case .left: .noshow
    }
  }
}

extension CommandScope {
  /// The appointment that the person has for a service that day, seen already or not: on the sheet's agenda, or on any other.
  /// One that they asked for by themselves when the written hour was over is another visit.
  fileprivate func visit(for service: ServiceCode, until end: Instant) -> Appointment? {
    visits.first { visit in
      visit.service == service && visit.status.occupiesSlot && visit.status != .pending
        && (visit.status != .booked || visit.channel == .desk || visit.createdAt <= end)
    }
  }
}

extension PaperRow {
  fileprivate func entered(as appointment: Appointment, _ outcome: Outcome, conflict: Folio?, at now: Instant) -> PaperRow {
    var row = self
    (row.appointment, row.outcome, row.conflict, row.changedAt) = (appointment.folio, outcome, conflict, now)
    return row
  }
}
