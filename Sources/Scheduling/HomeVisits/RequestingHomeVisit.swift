package import ClinicDomain

/// Asks for a visit at home: trámite IMSS-03-019. The visit is an appointment like every other, on the agenda of who goes.
package struct RequestHomeVisit: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var form: HomeVisitForm
  package var choice: SlotChoice
  package var channel: Channel
  package var folioSeed: UInt64

  package init(actor: Actor, patient: PatientID, form: HomeVisitForm, choice: SlotChoice, channel: Channel, folioSeed: UInt64) {
    self.actor = actor
    self.patient = patient
    self.form = form
    self.choice = choice
    self.channel = channel
    self.folioSeed = folioSeed
  }

  /// The appointment that it makes.
  package func booking(of service: ServiceCode) -> BookAppointment {
    BookAppointment(actor: actor, patient: patient, what: .slot(service, choice), channel: channel, folioSeed: folioSeed)
  }

  var needs: CommandNeeds {
    CommandNeeds(
      actor: actor.person, patient: patient, activeAppointments: true, household: true, day: AgendaDay(choice), load: choice)
  }
}

extension RequestHomeVisit {
  /// What the request leaves out is taken from the person's record; then the appointment is booked as every other.
  ///
  /// - Throws: in this order, `notAllowed`, `serviceNotOffered` (the clinic visits nobody), ``HomeVisitRefusal/missing(_:)`` for consultorio,
  ///   turno and telephone, ``HomeVisitRefusal/unknown(_:)``, ``HomeVisitRefusal/noZone``, what refuses a booking, and what else of
  ///   ``HomeVisitRefusal``.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<Appointment> {
    guard let person = scope.subject(of: actor, by: rules, at: now) else { throw .notAllowed }
    guard let policy = rules.clinic.homeVisits else { throw .serviceNotOffered }
    let visit = try visit(of: person, as: folio, policy, rules, at: now)
    let booked = try booking(of: policy.service).decide(in: scope, rules: rules, at: now, folio: folio)
    return Decision(booked.outcome, booked.changes + [.homeVisit(visit)])
  }

  private func visit(
    of person: Patient, as folio: Folio, _ policy: HomeVisitPolicy, _ rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> HomeVisit {
    guard let consultorio = form.consultorio ?? person.consultorio else { throw .homeVisit(.missing(.consultorio)) }
    guard let turno = form.turno ?? person.turno else { throw .homeVisit(.missing(.turno)) }
    guard let phone = form.phone ?? person.phone else { throw .homeVisit(.missing(.phone)) }
    guard rules.clinic.resource(consultorio) != nil else { throw .homeVisit(.unknown(.consultorio)) }
    guard rules.clinic.turno(turno) != nil else { throw .homeVisit(.unknown(.turno)) }
    guard let zone = policy.zone(of: form.address.postalCode) else { throw .homeVisit(.noZone) }
    return HomeVisit(
      appointment: folio, date: choice.date, zone: zone.code, address: form.address, phone: phone, applicant: form.applicant,
      kinship: form.kinship, consultorio: consultorio, turno: turno, changedAt: now)
  }
}
