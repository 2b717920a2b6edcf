internal import ClinicDomain

/// A handover as a row.
extension PatientHandover: StoredRow {
  static let columns = "id, patient, clues, unit_name, address, from_day, made_at, ended_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(patient.rawValue)
    row.text(to.unit.clues.description)
    row.text(to.unit.name)
    row.text(to.unit.address)
    row.integer(to.from.daysSinceEpoch)
    row.integer(madeAt.milliseconds)
    row.optional(endedAt?.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    guard let clues = CLUES(row.text(2)), let from = CivilDate(daysSinceEpoch: Int(row.integer(5))) else {
      throw .damagedRow("handover", row.integer(0))
    }
    self.init(
      id: row.integer(0), patient: PatientID(rawValue: row.integer(1)),
      to: CaredElsewhere(unit: ReceivingUnit(clues: clues, name: row.text(3), address: row.text(4)), from: from),
      madeAt: Instant(milliseconds: row.integer(6)), endedAt: row.optionalInteger(7).map { Instant(milliseconds: $0) })
  }

  /// A person's, while it stands.
  static func standing(of patient: PatientID, in connection: Connection) throws(StoreFault) -> PatientHandover? {
    let rows = try Statement("SELECT \(columns) FROM handover WHERE patient = ? AND ended_at IS NULL", in: connection)
    rows.bind(patient.rawValue, at: 1)
    return try rows.all { row throws(StoreFault) in try PatientHandover(row) }.first
  }

  /// Those that have not ended, by id. People are handed over by the thousand to one unit: they share its texts.
  static func standing(in connection: Connection) throws(StoreFault) -> [PatientHandover] {
    let rows = try Statement("SELECT \(columns) FROM handover WHERE ended_at IS NULL ORDER BY id", in: connection)
    var last: CaredElsewhere?
    return try rows.all { row throws(StoreFault) in
      var handover = try PatientHandover(row)
      if let last, last == handover.to { handover.to = last } else { last = handover.to }
      return handover
    }
  }
}

/// An appointment that was given up as a row.
extension HandedAppointment: StoredRow {
  static let columns = "folio, handover, given_at, returned_at"

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(folio.number))
    row.integer(handover)
    row.integer(givenAt.milliseconds)
    row.optional(returnedAt?.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))) else { throw .damagedRow("handed_appointment", row.integer(0)) }
    self.init(
      folio: folio, handover: row.integer(1), givenAt: Instant(milliseconds: row.integer(2)),
      returnedAt: row.optionalInteger(3).map { Instant(milliseconds: $0) })
  }
}
