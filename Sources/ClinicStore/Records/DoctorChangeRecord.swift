internal import ClinicDomain

/// A change of doctor as a row.
extension ChangeOfDoctor: StoredRow {
  static let columns = "id, patient, consultorio, turno, to_consultorio, to_turno, made_at, taken_back_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(patient.rawValue)
    row.optional(consultorio?.description)
    row.optional(turno?.rawValue)
    row.text(to.resource.description)
    row.text(to.turno.rawValue)
    row.integer(madeAt.milliseconds)
    row.optional(takenBackAt?.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    guard let resource = ResourceID(text: row.text(4)) else { throw .damagedRow("doctor_change", row.integer(0)) }
    self.init(
      id: row.integer(0), patient: PatientID(rawValue: row.integer(1)), consultorio: row.optionalText(2).flatMap { ResourceID(text: $0) },
      turno: row.optionalText(3).map { TurnoCode($0) }, to: Doctor(resource: resource, turno: TurnoCode(row.text(5))),
      madeAt: Instant(milliseconds: row.integer(6)), takenBackAt: row.optionalInteger(7).map { Instant(milliseconds: $0) })
  }
}
