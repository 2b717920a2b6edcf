internal import ClinicDomain

extension TriageCase: StoredRow {
  static let columns = "id, patient, color, set_by, set_at, due_at, seen_at, seen_by, breached_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.optional(patient?.rawValue)
    row.text(color.rawValue)
    row.text(setBy)
    row.integer(setAt.milliseconds)
    row.integer(dueAt.milliseconds)
    row.optional(seenAt?.milliseconds)
    row.optional(seenBy)
    row.optional(breachedAt?.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let color = TriageColor(rawValue: row.text(2)) else { throw .damagedRow("triage_case", row.integer(0)) }
    self.init(
      id: row.integer(0), patient: row.optionalInteger(1).map { PatientID(rawValue: $0) }, color: color, setBy: row.text(3),
      setAt: Instant(milliseconds: row.integer(4)), seenAt: row.optionalInteger(6).map { Instant(milliseconds: $0) },
      seenBy: row.optionalText(7), breachedAt: row.optionalInteger(8).map { Instant(milliseconds: $0) })
  }
}
