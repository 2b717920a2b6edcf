internal import ClinicDomain

/// A consent as a row.
extension Consent: StoredRow {
  static let columns = "grantor, grantee, granted_at, revoked_at"

  /// The columns before `row_sum`, in their order.
  func write(to row: inout some ColumnSink) {
    row.integer(grantor.rawValue)
    row.integer(grantee.rawValue)
    row.integer(grantedAt.milliseconds)
    row.optional(revokedAt?.milliseconds)
  }

  static func all(_ rows: Statement) throws(StoreFault) -> [Consent] {
    defer { rows.reset() }
    var all: [Consent] = []
    while try rows.step() {
      all.append(
        Consent(
          grantor: PatientID(rawValue: rows.integer(0)), grantee: PatientID(rawValue: rows.integer(1)),
          grantedAt: Instant(milliseconds: rows.integer(2)), revokedAt: rows.optionalInteger(3).map { Instant(milliseconds: $0) }))
    }
    return all
  }
}
