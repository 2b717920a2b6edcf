package import ClinicDomain

/// A claim of a further agenda as a row.
extension AgendaClaim: StoredRow {
  static let columns = "appointment, place, role, resource, day, start_minute, end_minute, channel, until, standing, changed_at"

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(appointment.number))
    row.integer(place)
    row.text(role)
    slot.write(to: &row)
    row.text(channel.rawValue)
    row.optional(until?.milliseconds)
    row.integer(isStanding ? 1 : 0)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))), let slot = Slot(row, from: 3),
      let channel = Channel(rawValue: row.text(7))
    else { throw .damagedRow("appointment_claim", row.integer(0)) }
    self.init(
      appointment: folio, place: Int(row.integer(1)), role: row.text(2), slot: slot, channel: channel,
      until: row.optionalInteger(8).map { Instant(milliseconds: $0) }, isStanding: row.integer(9) == 1,
      changedAt: Instant(milliseconds: row.integer(10)))
  }

  /// Those that stand on a date or later.
  static func standing(in connection: Connection, since date: CivilDate) throws(StoreFault) -> [AgendaClaim] {
    let rows = try Statement("SELECT \(columns) FROM appointment_claim WHERE standing = 1 AND day >= ?", in: connection)
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    return try rows.all { row throws(StoreFault) in try AgendaClaim(row) }
  }
}

extension StoreReader {
  /// Every claim of an appointment, standing or not, by place.
  package func claims(of folio: Folio) throws(StoreFault) -> [AgendaClaim] {
    let rows = try statement("SELECT \(AgendaClaim.columns) FROM appointment_claim WHERE appointment = ? ORDER BY place")
    rows.bind(Int64(folio.number), at: 1)
    return try rows.all { row throws(StoreFault) in try AgendaClaim(row) }
  }
}
