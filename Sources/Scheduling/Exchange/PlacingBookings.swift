package import ClinicDomain

/// What the store found for one booking of another system.
package struct ExternalScope: Sendable {
  /// By source and reference.
  package var known: ExternalBooking?
  /// What the known one is, or for a row of ours the one that it names: the last of its changes of date.
  package var appointment: Appointment?
  /// The one person who fits.
  package var patient: Patient?
  /// The agenda's day, what is kept of it, and the patient's active appointments; `named` is ``appointment``.
  package var agenda: CommandScope
  /// Of a new one.
  package var nextID: Int64

  package init(known: ExternalBooking?, appointment: Appointment?, patient: Patient?, agenda: CommandScope, nextID: Int64) {
    self.known = known
    self.appointment = appointment
    self.patient = patient
    self.agenda = agenda
    self.nextID = nextID
  }

  /// The appointment that still stands for it.
  var standing: Appointment? { appointment.flatMap { $0.status.isActive ? $0 : nil } }
}

extension ClinicRules {
  /// The slot and service of a row; `nil` when the agenda or the service is not this clinic's, or needs further agendas.
  package func wanted(by row: ExternalRow) -> (slot: Slot, service: ServiceCode)? {
    guard let resource = clinic.resource(row.choice.resource), let code = row.service ?? resource.services.first,
      let service = service(code), resource.services.contains(code), service.companions.isEmpty,
      let end = row.choice.start.adding(minutes: row.minutes ?? service.slotMinutes)
    else { return nil }
    return (Slot(resource: row.choice.resource, date: row.choice.date, minutes: row.choice.start..<end), code)
  }
}

extension ExternalRow {
  /// How long a booking is taken to be whose service nobody here knows, minutes.
  private static let unknownMinutes = 15

  /// Its slot, also when the agenda or the service is not this clinic's.
  package func slot(by rules: ClinicRules) -> Slot {
    if let wanted = rules.wanted(by: self) { return wanted.slot }
    let end = choice.start.adding(minutes: minutes ?? Self.unknownMinutes) ?? .latest
    return Slot(resource: choice.resource, date: choice.date, minutes: min(choice.start, Self.lastStart)..<end)
  }

  private static let lastStart = AgendaMinute.latest.adding(minutes: -1)!

  /// What becomes of a row.
  ///
  /// A person whom the padrón knows has an appointment: a new one, or the one that they have here at that time. Anybody else's time is kept.
  /// What does not fit is kept as a conflict, and the appointment that stood for the booking before stands until it does fit. The same row
  /// again changes nothing, whatever the person did here in the meantime; only a conflict is tried again. No limit, share, right or owner of
  /// the hours is asked about: the other system has given the time. A turno's cap is, in hours that this clinic gives itself. What a service
  /// keeps free around itself is kept everywhere, and as many people have one slot of it as it takes: the room is the same, whoever gives it.
  ///
  /// - Parameter folio: one that nobody has.
  package func decide(
    in scope: ExternalScope, source: String, rules: ClinicRules, at now: Instant, folio: Folio
  ) -> Decision<ExternalOutcome> {
    if ownFolio != nil { return Decision(ExternalOutcome(line: line, kind: isOwnAsHere(scope) ? .unchanged : .ownDiffers), []) }
    if isCancelled { return cancelled(in: scope, rules: rules, at: now) }
    let (known, wanted, slot) = (scope.known, rules.wanted(by: self), slot(by: rules))
    let service = wanted?.service ?? self.service ?? ServiceCode("")
    let isOurs = wanted != nil && !rules.isExternal(slot)
    if let known, known.slot == slot, known.service == service, known.patient == scope.patient?.id, known.state.isSettled {
      return Decision(ExternalOutcome(line: line, kind: .unchanged, booking: known, isOurs: isOurs), [])
    }
    guard now < rules.end(of: slot) else { return Decision(ExternalOutcome(line: line, kind: .past, booking: known), []) }
    var booking = known ?? ExternalBooking(
      id: scope.nextID, source: source, reference: reference, slot: slot, service: service, patient: nil, state: .busy, line: line,
      importedAt: now, changedAt: now)
    (booking.slot, booking.service, booking.patient) = (slot, service, scope.patient?.id)
    let same = wanted == nil ? nil : scope.appointmentOfTheirs(at: slot, self.service)
    let conflict = same != nil ? nil : wanted == nil ? ExternalBooking.Conflict.unknown : scope.conflict(with: slot, stamped: rules.stamp(of: service), rules: rules, at: now)
    if let conflict {
      (booking.state, booking.conflict) = (.conflict, conflict)
      guard booking != known else { return Decision(ExternalOutcome(line: line, kind: .conflict, booking: known, isOurs: isOurs), []) }
      (booking.line, booking.changedAt) = (line, now)
      return Decision(ExternalOutcome(line: line, kind: .conflict, booking: booking, isOurs: isOurs), [.external(booking, before: known)])
    }
    (booking.line, booking.changedAt, booking.conflict) = (line, now, nil)
    if let same {
      (booking.state, booking.folio) = (.appointment, same.folio)
      return Decision(ExternalOutcome(line: line, kind: .linked, booking: booking, isOurs: isOurs), [.external(booking, before: known)])
    }
    let changes = booking.place(in: scope, rules: rules, at: now, folio: folio)
    let isNew = known == nil || known?.state == .cancelled || (known?.state == .dismissed && scope.standing == nil) || (known?.state == .conflict && scope.standing == nil)
    let kind: ExternalOutcome.Kind = !isNew ? .changed : booking.state == .busy ? .busy : .added
    let before = kind == .changed ? scope.standing?.slot ?? known?.slot : nil
    return Decision(ExternalOutcome(line: line, kind: kind, booking: booking, before: before, isOurs: isOurs), changes)
  }

  /// Whether an appointment of ours stands here as the row says.
  private func isOwnAsHere(_ scope: ExternalScope) -> Bool {
    guard let appointment = scope.appointment, identity == nil || scope.patient?.id == appointment.patient else { return false }
    if isCancelled { return appointment.status == .cancelled }
    return appointment.status != .cancelled && appointment.slot.choice == choice
  }

  /// What has begun stands: who is being seen is not sent away.
  private func cancelled(in scope: ExternalScope, rules: ClinicRules, at now: Instant) -> Decision<ExternalOutcome> {
    guard var booking = scope.known, booking.state != .cancelled else {
      return Decision(ExternalOutcome(line: line, kind: .unchanged, booking: scope.known), [])
    }
    let end = rules.end(of: scope.standing?.slot ?? booking.slot)
    guard now < end else { return Decision(ExternalOutcome(line: line, kind: .past, booking: booking), []) }
    var changes: [AgendaChange] = []
    if let standing = scope.standing {
      changes = [.replace(standing.cancelled(.otherPlace, at: now))] + rules.freeing(standing, by: .cancellation, at: now)
    }
    let before = scope.standing?.slot ?? booking.slot
    (booking.state, booking.conflict, booking.line, booking.changedAt) = (.cancelled, nil, line, now)
    return Decision(ExternalOutcome(line: line, kind: .cancelled, booking: booking, before: before), changes + [.external(booking, before: scope.known)])
  }
}

extension ExternalBooking {
  /// Makes it an appointment, or keeps its time; what stood for it gives way in the same change.
  mutating func place(in scope: ExternalScope, rules: ClinicRules, at now: Instant, folio new: Folio) -> [AgendaChange] {
    var changes = scope.agenda.endingStaleHolds(at: now)
    let standing = scope.standing
    guard let patient = scope.patient else {
      if let standing { changes.append(.replace(standing.cancelled(.otherPlace, at: now))) }
      (state, folio) = (.busy, nil)
      return changes + [.external(self, before: scope.known)]
    }
    let turno = rules.turnoAgendas(of: slot.resource, on: slot.date).first { $0.hours.contains(slot.start) }?.turno
    // One person's change of date is one; another person's booking under the same name ends the first one's.
    let moved = standing.flatMap { $0.patient == patient.id ? $0 : nil }
    let stamp = rules.stamp(of: service)
    let appointment = Appointment(
      folio: new, patient: patient.id, service: service, turno: turno ?? rules.clinic.turnos[0].code, slot: slot, status: .booked,
      channel: .desk, holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, replaces: moved?.folio,
      lane: scope.agenda.freeLane(of: slot, stamped: stamp, at: now, besides: standing?.folio), stamp: stamp)
    if var old = standing {
      old = old.cancelled(moved == nil ? .otherPlace : .rescheduled, at: now)
      old.replacedBy = moved == nil ? nil : new
      changes.append(.replace(old))
    }
    (state, folio) = (.appointment, new)
    changes += [.insert(appointment), .external(self, before: scope.known)]
    if let standing, !standing.slot.overlaps(slot) { changes += rules.freeing(standing, by: .cancellation, at: now) }
    return changes
  }
}

extension ExternalScope {
  /// The appointment that the person has here at the very time, unless something else stands for the booking.
  ///
  /// - Parameter service: `nil` where the other system does not say which.
  fileprivate func appointmentOfTheirs(at slot: Slot, _ service: ServiceCode?) -> Appointment? {
    guard patient != nil else { return nil }
    let found = agenda.active.first { $0.slot.choice == slot.choice && (service == nil || $0.service == service) && $0.status != .pending }
    return standing == nil || standing?.folio == found?.folio ? found : nil
  }

  /// How many of a turno's people are the booking itself, as it stands: they give way to it.
  private func peopleOfItsOwn(in turno: TurnoAgenda, rules: ClinicRules) -> Int {
    let own = standing?.slot ?? (known?.state == .busy ? known?.slot : nil)
    return own.map { $0.resource == turno.resource && $0.date == turno.date && turno.hours.contains($0.start) ? 1 : 0 } ?? 0
  }

  /// Why a booking does not fit; the agenda first, then who has the time, then the turno's cap, then the person.
  fileprivate func conflict(
    with slot: Slot, stamped stamp: SlotStamp, rules: ClinicRules, at now: Instant
  ) -> ExternalBooking.Conflict? {
    let turno = rules.turnoAgendas(of: slot.resource, on: slot.date).first { $0.hours.contains(slot.start) }
    guard let turno, turno.closed == nil, !agenda.isBlocked(slot, at: now) else { return .closed }
    // In hours of our own nobody's break is shortened.
    let isWithin = turno.stretches.contains { $0.lowerBound <= slot.minutes.lowerBound && slot.minutes.upperBound <= $0.upperBound }
    if !isWithin, !rules.isExternal(slot) { return .closed }
    if agenda.occupant(of: slot, stamped: stamp, at: now, besides: standing?.folio) != nil { return .taken }
    let own = known.map { KeptStretch.Reason.external($0.id) }
    if agenda.keeper(of: slot, stamped: stamp, but: own, leaving: standing?.folio, at: now) != nil { return .taken }
    if let cap = turno.share.cap, !rules.isExternal(slot), cap <= agenda.load.people - peopleOfItsOwn(in: turno, rules: rules) { return .full }
    let others = agenda.active.filter { $0.folio != standing?.folio }
    return Commitments(of: others, rules: rules, at: now).clash(with: slot) == nil ? nil : .personBusy
  }
}
