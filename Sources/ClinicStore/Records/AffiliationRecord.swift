internal import ClinicDomain

extension Affiliation: StoredRow {
  static let columns = "patient, institution, said_at"

  func write(to row: inout some ColumnSink) {
    row.integer(patient.rawValue)
    row.text(institution.rawValue)
    row.integer(saidAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let institution = Institution(rawValue: row.text(1)) else { throw .damagedRow("affiliation", row.integer(0)) }
    self.init(
      patient: PatientID(rawValue: row.integer(0)), institution: institution, saidAt: Instant(milliseconds: row.integer(2)))
  }
}
