package import ClinicDomain

/// What a search and an offer know of a person: nothing that says who it is.
package struct PersonView: Hashable, Sendable {
  /// Their own doctor's consultorio and turno.
  package var consultorio: ResourceID?
  package var turno: TurnoCode?
  package var needsNoStairs: Bool
  package var coverage: Rights.Coverage
  /// From a date on another unit cares for them.
  package var elsewhere: CaredElsewhere?
  /// Their active appointments and holds, as far as the asker knows them; a search skips what would clash with one.
  package var active: [Appointment]
  /// Folios of those that a series gave.
  package var inSeries: [Folio]
  /// Whether a search finds their own doctor's slots only, unless others are asked for: who is in palliative care.
  package var staysWithDoctor = false

  package init(
    consultorio: ResourceID?, turno: TurnoCode?, needsNoStairs: Bool, coverage: Rights.Coverage, active: [Appointment] = [],
    inSeries: [Folio] = []
  ) {
    self.consultorio = consultorio
    self.turno = turno
    self.needsNoStairs = needsNoStairs
    self.coverage = coverage
    self.active = active
    self.inSeries = inSeries
  }

  package init(_ patient: Patient, active: [Appointment] = [], inSeries: [Folio] = []) {
    self.init(
      consultorio: patient.consultorio, turno: patient.turno, needsNoStairs: patient.needs.contains(Patient.noStairs),
      coverage: patient.rights.coverage, active: active, inSeries: inSeries)
    elsewhere = patient.elsewhere
    staysWithDoctor = patient.isPalliative && patient.doctor != nil
  }

  /// Whether this is their own doctor.
  func isOwnDoctor(_ resource: ResourceID, _ turno: TurnoCode) -> Bool {
    resource == consultorio && turno == self.turno
  }
}
