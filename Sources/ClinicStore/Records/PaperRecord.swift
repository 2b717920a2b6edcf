internal import ClinicDomain
internal import Scheduling

extension PaperRow: StoredRow {
  static let columns = "folio, resource, day, turno, number, appointment, outcome, conflict, reserved_at, changed_at"

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(folio.number))
    row.text(resource.description)
    row.integer(date.daysSinceEpoch)
    row.text(turno.rawValue)
    row.integer(number)
    row.optional(appointment.map { Int64($0.number) })
    row.optional(outcome?.rawValue)
    row.optional(conflict.map { Int64($0.number) })
    row.integer(reservedAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  var rowSum: Int64 {
    var sum = RowSum()
    write(to: &sum)
    return sum.value
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    let outcome = row.optionalText(6)
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))), let resource = ResourceID(text: row.text(1)),
      let date = CivilDate(daysSinceEpoch: Int(row.integer(2))), outcome == nil || Outcome(rawValue: outcome!) != nil
    else { throw .damagedRow("paper_row", row.integer(0)) }
    self.init(
      folio: folio, resource: resource, date: date, turno: TurnoCode(row.text(3)), number: Int(row.integer(4)),
      appointment: row.optionalInteger(5).flatMap { Folio(number: UInt64(bitPattern: $0)) },
      outcome: outcome.flatMap { Outcome(rawValue: $0) },
      conflict: row.optionalInteger(7).flatMap { Folio(number: UInt64(bitPattern: $0)) },
      reservedAt: Instant(milliseconds: row.integer(8)), changedAt: Instant(milliseconds: row.integer(9)))
  }
}
