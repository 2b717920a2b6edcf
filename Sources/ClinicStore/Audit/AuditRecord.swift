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

extension StoreCore {
  /// What was done last to an appointment, from an instant on; `nil` when nothing was. That the server gave its person a place for it comes
  /// after what it was given for, and is passed over.
  func lastAct(on folio: Folio, since instant: Instant) throws(StoreFault) -> LifeCommand.LastAct? {
    let first = try AuditRecord.firstRow(since: instant, upTo: head.seq, try statements[.auditInstant])
    let rows = try statements[.lastAudit]
    var last = head.seq
    while true {
      rows.bind(first, at: 1)
      rows.bind(last, at: 2)
      rows.bind(AuditObject.appointment(folio).text, at: 3)
      guard let record = try AuditRecord.all(rows).first else { return nil }
      guard record.act == .placeDisplaced, record.before != nil else {
        return LifeCommand.LastAct(actor: record.actor, act: record.act, at: record.at, before: record.before)
      }
      last = record.seq - 1
    }
  }
}

extension StoreCore {
  /// Whether the act that made an appointment went past its turno's cap; it is of the very instant.
  func wasGivenBeyondCap(_ appointment: Appointment) throws(StoreFault) -> Bool {
    try acts(on: appointment.folio, at: appointment.createdAt).first?.goesPastCap ?? false
  }

  /// What was done to an appointment at an instant, in its order.
  func acts(on folio: Folio, at instant: Instant) throws(StoreFault) -> [Act] {
    let instants = try statements[.auditInstant]
    let rows = try Statement("SELECT \(AuditRecord.columns) FROM audit WHERE seq BETWEEN ? AND ? AND object = ? ORDER BY seq", in: connection)
    rows.bind(try AuditRecord.firstRow(since: instant, upTo: head.seq, instants), at: 1)
    rows.bind(try AuditRecord.firstRow(since: instant.adding(milliseconds: 1), upTo: head.seq, instants) - 1, at: 2)
    rows.bind(AuditObject.appointment(folio).text, at: 3)
    return try AuditRecord.all(rows).map(\.act)
  }
}

extension AuditRecord {
  /// The number of the first row that is not before an instant; one more than the last when there is none. Instants never go back.
  static func firstRow(since instant: Instant, upTo last: Int64, _ instants: Statement) throws(StoreFault) -> Int64 {
    var low: Int64 = 1
    var high = last + 1
    while low < high {
      let middle = (low + high) / 2
      instants.bind(middle, at: 1)
      let isBefore = try instants.step() && instants.integer(0) < instant.milliseconds
      instants.reset()
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return low
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
    let last = try connection.integer("SELECT coalesce(max(seq), 0) FROM audit")
    let instants = try statement("SELECT at FROM audit WHERE seq = ?")
    let end = appointment.changedAt.adding(milliseconds: 1)
    rows.bind(try AuditRecord.firstRow(since: appointment.createdAt, upTo: last, instants), at: 1)
    rows.bind(try AuditRecord.firstRow(since: end, upTo: last, instants) - 1, at: 2)
    rows.bind(AuditObject.appointment(folio).text, at: 3)
    let life = try AuditRecord.all(rows)
    // What was there before the history began has its first row at its beginning.
    guard life.isEmpty else { return life }
    let inherited = try statement("SELECT \(AuditRecord.columns) FROM audit WHERE object = ? ORDER BY seq LIMIT 1")
    inherited.bind(AuditObject.appointment(folio).text, at: 1)
    return try AuditRecord.all(inherited)
  }
}
