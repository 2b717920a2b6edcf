package import ClinicDomain
package import Scheduling

/// One row of the history, as it is shown.
package struct AuditRecord: Hashable, Sendable {
  package var seq: Int64
  package var at: Instant
  /// ``Actor/text``.
  package var actor: String
  /// What the connection proved; empty for nothing.
  package var door: String
  package var channel: Channel?
  package var act: Act
  package var reason: String?
  /// "appointment:482011570363".
  package var object: String
  package var before: Appointment.Status?
  package var after: Appointment.Status?

  static let columns = "seq, at, actor, door, channel, act, reason, object, before, after"

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    guard let act = Act(rawValue: row.text(5)) else { throw .damagedRow("audit", row.integer(0)) }
    seq = row.integer(0)
    at = Instant(milliseconds: row.integer(1))
    actor = row.text(2)
    door = row.text(3)
    channel = row.optionalText(4).flatMap { Channel(rawValue: $0) }
    self.act = act
    reason = row.optionalText(6)
    object = row.text(7)
    before = row.optionalText(8).flatMap { Appointment.Status(rawValue: $0) }
    after = row.optionalText(9).flatMap { Appointment.Status(rawValue: $0) }
  }

  static func all(_ rows: Statement) throws(StoreFault) -> [AuditRecord] {
    defer { rows.reset() }
    var all: [AuditRecord] = []
    while try rows.step() { all.append(try AuditRecord(rows)) }
    return all
  }
}

extension StoreCore {
  /// The history after a row, in its order.
  package func history(after seq: Int64 = 0) throws(StoreFault) -> [AuditRecord] {
    let rows = try Statement("SELECT \(AuditRecord.columns) FROM audit WHERE seq > ? ORDER BY seq", in: connection)
    rows.bind(seq, at: 1)
    return try AuditRecord.all(rows)
  }
}

extension StoreReader {
  /// What happened to an appointment, in its order; empty for a folio that is nobody's.
  ///
  /// - Complexity: O(log rows) to its first row, then all rows of its life: instants never go back in the history, and no index on its
  ///   objects makes every booking dearer for a question that is seldom asked.
  package func history(of folio: Folio) throws(StoreFault) -> [AuditRecord] {
    guard let appointment = try appointment(folio: folio) else { return [] }
    let rows = try statement(
      "SELECT \(AuditRecord.columns) FROM audit WHERE seq BETWEEN ? AND ? AND object = ? ORDER BY seq")
    rows.bind(try firstRow(since: appointment.createdAt), at: 1)
    rows.bind(try firstRow(since: appointment.changedAt.adding(milliseconds: 1)) - 1, at: 2)
    rows.bind(AuditObject.appointment(folio).text, at: 3)
    let life = try AuditRecord.all(rows)
    // What was there before the history began has its first row at its beginning.
    guard life.isEmpty else { return life }
    let inherited = try statement("SELECT \(AuditRecord.columns) FROM audit WHERE object = ? ORDER BY seq LIMIT 1")
    inherited.bind(AuditObject.appointment(folio).text, at: 1)
    return try AuditRecord.all(inherited)
  }

  /// The number of the first row that is not before an instant; one more than the last when there is none.
  private func firstRow(since instant: Instant) throws(StoreFault) -> Int64 {
    let rows = try statement("SELECT at FROM audit WHERE seq = ?")
    var low: Int64 = 1
    var high = try connection.integer("SELECT coalesce(max(seq), 0) + 1 FROM audit")
    while low < high {
      let middle = (low + high) / 2
      rows.bind(middle, at: 1)
      let isBefore = try rows.step() && rows.integer(0) < instant.milliseconds
      rows.reset()
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
