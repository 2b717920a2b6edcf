internal import ClinicDomain
internal import Scheduling

extension ExternalBooking: StoredRow {
  static let columns = """
    id, source, reference, resource, day, start_minute, end_minute, service, patient, state, folio, conflict, line, imported_at, changed_at
    """

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.text(source)
    row.text(reference)
    slot.write(to: &row)
    row.text(service.rawValue)
    row.optional(patient?.rawValue)
    row.text(state.rawValue)
    row.optional(folio.map { Int64($0.number) })
    row.optional(conflict?.rawValue)
    row.integer(line)
    row.integer(importedAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    let conflict = row.optionalText(11)
    guard let slot = Slot(row, from: 3), let state = State(rawValue: row.text(9)), conflict == nil || Conflict(rawValue: conflict!) != nil
    else { throw .damagedRow("external_booking", row.integer(0)) }
    self.init(
      id: row.integer(0), source: row.text(1), reference: row.text(2), slot: slot, service: ServiceCode(row.text(7)),
      patient: row.optionalInteger(8).map { PatientID(rawValue: $0) }, state: state,
      folio: row.optionalInteger(10).flatMap { Folio(number: UInt64(bitPattern: $0)) }, conflict: conflict.flatMap { Conflict(rawValue: $0) },
      line: Int(row.integer(12)), importedAt: Instant(milliseconds: row.integer(13)), changedAt: Instant(milliseconds: row.integer(14)))
  }
}
