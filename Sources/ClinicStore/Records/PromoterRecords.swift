package import ClinicDomain

extension PromoterListing: StoredRow {
  static let columns = "id, promoter, number, patient, until, revoked_at, changed_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.text(promoter)
    row.integer(number)
    row.integer(patient.rawValue)
    row.integer(until.daysSinceEpoch)
    row.optional(revokedAt?.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let until = CivilDate(daysSinceEpoch: Int(row.integer(4))) else { throw .damagedRow("promoter_listing", row.integer(0)) }
    self.init(
      id: row.integer(0), promoter: row.text(1), number: Int(row.integer(2)), patient: PatientID(rawValue: row.integer(3)), until: until,
      revokedAt: row.optionalInteger(5).map { Instant(milliseconds: $0) }, changedAt: Instant(milliseconds: row.integer(6)))
  }
}

extension PromoterBooking: StoredRow {
  static let columns = "appointment, listing"

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(appointment.number))
    row.integer(listing)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))) else { throw .damagedRow("promoter_booking", row.integer(0)) }
    self.init(appointment: folio, listing: row.integer(1))
  }
}
