/// A visit at a person's home: what the agenda's appointment does not say of it. One for each appointment; after a change of date the new one
/// has one of its own.
package struct HomeVisit: Hashable, Sendable {
  package var appointment: Folio
  /// The appointment's.
  package var date: CivilDate
  /// ``HomeZone/code``.
  package var zone: String
  package var address: HomeAddress
  package var phone: PhoneNumber
  package var applicant: String
  package var kinship: String
  /// The person's own doctor, to whom the visit is reported.
  package var consultorio: ResourceID
  package var turno: TurnoCode
  package var changedAt: Instant

  package init(
    appointment: Folio, date: CivilDate, zone: String, address: HomeAddress, phone: PhoneNumber, applicant: String, kinship: String,
    consultorio: ResourceID, turno: TurnoCode, changedAt: Instant
  ) {
    self.appointment = appointment
    self.date = date
    self.zone = zone
    self.address = address
    self.phone = phone
    self.applicant = applicant
    self.kinship = kinship
    self.consultorio = consultorio
    self.turno = turno
    self.changedAt = changedAt
  }

  /// The same visit, of another appointment.
  package func moved(to appointment: Appointment) -> HomeVisit {
    var visit = self
    (visit.appointment, visit.date, visit.changedAt) = (appointment.folio, appointment.slot.date, appointment.changedAt)
    return visit
  }
}
