package import ClinicDomain

/// Moves an appointment to the doctor whom its person gets. Staff ask for it for many people at once; each appointment is a command.
package struct MoveToDoctor: Hashable, Sendable {
  package var actor: Actor
  package var folio: Folio
  package var doctor: Doctor
  /// Where to; `nil` when that doctor has no place: then the person is offered one, and keeps what they have until they take it.
  package var to: SlotChoice?
  package var folioSeed: UInt64

  package init(actor: Actor, folio: Folio, doctor: Doctor, to: SlotChoice?, folioSeed: UInt64) {
    self.actor = actor
    self.folio = folio
    self.doctor = doctor
    self.to = to
    self.folioSeed = folioSeed
  }
}

/// Writes down that somebody belongs to another consultorio and turno of this clinic.
package struct AdoptPatient: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var doctor: Doctor

  package init(actor: Actor, patient: PatientID, doctor: Doctor) {
    self.actor = actor
    self.patient = patient
    self.doctor = doctor
  }
}

extension ClinicRules {
  /// Whether somebody can belong to a doctor: that consultorio works that turno, and they get to it.
  package func mayAdopt(_ person: Patient, _ doctor: Doctor) -> Bool {
    working(doctor)?.isReachable(by: PersonView(person)) ?? false
  }

  /// The consultorio of a doctor; `nil` when it is not this clinic's, or does not work that turno.
  fileprivate func working(_ doctor: Doctor) -> AgendaResource? {
    clinic.resource(doctor.resource).flatMap { resource in resource.rules.contains { $0.turno == doctor.turno } ? resource : nil }
  }

  /// Whether an appointment goes with its person to a doctor: it is still to come, that doctor gives what it is for, and it is not theirs yet.
  package func goes(_ appointment: Appointment, to doctor: Doctor, at now: Instant) -> Bool {
    appointment.status == .booked && now < start(of: appointment.slot)
      && Doctor(resource: appointment.slot.resource, turno: appointment.turno) != doctor
      && clinic.resource(doctor.resource)?.services.contains(appointment.service) == true
  }
}

extension MoveToDoctor {
  /// The old appointment and the new one change together: at no moment has the person neither. What does not go to that doctor, or is there
  /// already, stays as it is; so does an appointment without a place for it, whose person is then put before all others in line, once.
  ///
  /// - Returns: the new appointment, or the old one as it stands.
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`, `resourceNotOffered` for a place that is not that doctor's, then as a
  ///   booking from `serviceNotOffered` on; limits and channels' shares are not asked, a turno's cap is.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    _ = try actor.checkStaff()
    guard let old = scope.named, let person = scope.patient else { throw .appointmentNotFound }
    guard rules.goes(old, to: doctor, at: now) else { return Decision(old, []) }
    guard let to else { return offered(old, in: scope, rules: rules, at: now) }
    guard to.resource == doctor.resource else { throw .resourceNotOffered }
    let offer = try scope.place(
      for: old.service, at: to, to: person, through: .desk(for: old, by: rules), leaving: old.folio, claims: true, rules: rules, at: now)
    guard offer.turno == doctor.turno else { throw .resourceNotOffered }
    let new = Appointment(
      folio: folio, patient: old.patient, service: old.service, turno: offer.turno, slot: offer.slot, status: .booked, channel: old.channel,
      holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now, replaces: old.folio)
    let moved = old.replaced(by: folio, at: now)
    let claims = try scope.claims(of: new, for: offer.service)
    let freed = offer.meets(old) ? [] : rules.freeing(old, by: .cancellation, at: now)
    return Decision(new, scope.endingStaleHolds(at: now) + [.insert(new), .replace(moved)] + claims + freed)
  }

  private func offered(_ old: Appointment, in scope: CommandScope, rules: ClinicRules, at now: Instant) -> Decision<Appointment> {
    let waits = scope.waitlist.entries.contains { $0.replaces == old.folio && $0.waits(at: now) }
    guard rules.clinic.waitlist != nil, !waits else { return Decision(old, []) }
    let today = rules.today(at: now)
    let entry = WaitlistEntry(
      id: scope.waitlist.nextEntry, patient: old.patient,
      wish: WaitlistWish(services: [old.service], dates: today...today.advanced(by: Self.waitingDays), turno: doctor.turno), reach: .phone,
      channel: .desk(for: old, by: rules), isDisplaced: true, replaces: old.folio, until: now.adding(seconds: Self.waitingDays * 86_400),
      joinedAt: now, changedAt: now)
    return Decision(old, [.waitlist(entry)])
  }

  /// As long as whoever the clinic puts off.
  private static var waitingDays: Int { 90 }
}

extension AdoptPatient {
  /// - Throws: `notAllowed` for anybody but staff, or a person nobody knows, `resourceNotOffered` when that consultorio does not work that
  ///   turno, `notAccessible`. Who belongs there already stays.
  package func decide(in scope: CommandScope, rules: ClinicRules) throws(CommandRefusal) -> Decision<CommandOutcome> {
    _ = try actor.checkStaff()
    guard let person = scope.patient else { throw .notAllowed }
    guard rules.working(doctor) != nil else { throw .resourceNotOffered }
    guard rules.mayAdopt(person, doctor) else { throw .notAccessible }
    return Decision(.adopted, person.doctor == doctor ? [] : [.doctor(person.id, doctor)])
  }
}

extension AgendaIndex {
  /// The free place of a doctor that is nearest to an appointment: fewest days away, then fewest minutes, then the earlier.
  ///
  /// In the share of the appointment's own channel or, when that is spent, of any: the place that is given up was in a share.
  ///
  /// - Parameter others: what else the person has.
  package func place(of doctor: Doctor, nearest old: Appointment, for person: Patient, having others: [Appointment], at now: Instant) -> Slot? {
    for channel in [old.channel] + Channel.allCases.filter({ $0 != old.channel }) {
      let query = FindSlots(
        service: old.service, person: PersonView(person, active: others), channel: channel, turno: doctor.turno, resource: doctor.resource,
        limit: .max)
      func distance(_ slot: Slot) -> (Int, Int) {
        (abs(old.slot.date.distance(to: slot.date)), abs(old.slot.start.minutes - slot.start.minutes))
      }
      if let nearest = find(query, at: now).map(\.slot).min(by: { distance($0) < distance($1) }) { return nearest }
    }
    return nil
  }
}
