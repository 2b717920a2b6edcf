internal import ClinicDomain
internal import Scheduling

/// A permission as a row.
extension Proxy: StoredRow {
  static let columns = "id, grantor, grantee, basis, rights, from_day, until_day, recorded_by, granted_at, revoked_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(grantor.rawValue)
    row.integer(grantee.rawValue)
    row.text(basis.rawValue)
    row.integer(Int64(rights.rawValue))
    row.integer(from.daysSinceEpoch)
    row.optional(until.map { Int64($0.daysSinceEpoch) })
    row.text(recordedBy)
    row.integer(grantedAt.milliseconds)
    row.optional(revokedAt?.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    guard let basis = Basis(rawValue: row.text(3)), let rights = UInt8(exactly: row.integer(4)),
      let from = CivilDate(daysSinceEpoch: Int(row.integer(5)))
    else { throw .damagedRow("proxy", row.integer(0)) }
    self.init(
      id: row.integer(0), grantor: PatientID(rawValue: row.integer(1)), grantee: PatientID(rawValue: row.integer(2)), basis: basis,
      rights: ProxyRights(rawValue: rights), from: from, until: row.optionalInteger(6).flatMap { CivilDate(daysSinceEpoch: Int($0)) },
      recordedBy: row.text(7), grantedAt: Instant(milliseconds: row.integer(8)),
      revokedAt: row.optionalInteger(9).map { Instant(milliseconds: $0) })
  }
}

/// A version of a birth plan as a row.
extension BirthPlan: StoredRow {
  static let columns = "patient, version, answers, recorded_at"

  func write(to row: inout some ColumnSink) {
    row.integer(patient.rawValue)
    row.integer(version)
    row.text(lines.map { "\($0.item)=\($0.answer.rawValue)" }.joined(separator: "\n"))
    row.integer(recordedAt.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    var lines: [Line] = []
    for line in row.text(2).split(separator: "\n") {
      let parts = line.split(separator: "=")
      guard parts.count == 2, let answer = Answer(rawValue: String(parts[1])) else { throw .damagedRow("birth_plan", row.integer(0)) }
      lines.append(Line(String(parts[0]), answer))
    }
    self.init(
      patient: PatientID(rawValue: row.integer(0)), version: Int(row.integer(1)), lines: lines,
      recordedAt: Instant(milliseconds: row.integer(3)))
  }
}

/// A newborn's place at their mother's record as a row.
extension Newborn: StoredRow {
  static let columns = "child, mother, ordinal, birth_day, registered_at"

  func write(to row: inout some ColumnSink) {
    row.integer(child.rawValue)
    row.integer(mother.rawValue)
    row.integer(ordinal)
    row.integer(birthDate.daysSinceEpoch)
    row.integer(registeredAt.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    guard let born = CivilDate(daysSinceEpoch: Int(row.integer(3))) else { throw .damagedRow("newborn", row.integer(0)) }
    self.init(
      child: PatientID(rawValue: row.integer(0)), mother: PatientID(rawValue: row.integer(1)), ordinal: Int(row.integer(2)), birthDate: born,
      registeredAt: Instant(milliseconds: row.integer(4)))
  }
}
