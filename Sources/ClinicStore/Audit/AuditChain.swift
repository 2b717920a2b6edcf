internal import ClinicDomain
internal import Crypto
internal import Scheduling

/// A place in the history: a row's number and its hash. Whoever has noted one down can tell later that everything up to it still stands.
///
/// Text form: "1534:9f86d0…", the hash in 64 hexadecimal digits.
package struct AuditHead: Hashable, Sendable, CustomStringConvertible {
  package var seq: Int64
  /// 32 bytes.
  package var hash: [UInt8]

  /// Before the first row.
  static let none = AuditHead(seq: 0, hash: Array(repeating: 0, count: 32))

  package init(seq: Int64, hash: [UInt8]) {
    self.seq = seq
    self.hash = hash
  }

  /// Returns `nil` for anything but a number from 1 on, a colon and 64 hexadecimal digits.
  package init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let seq = Int64(parts[0]), seq > 0, parts[1].utf8.count == 64 else { return nil }
    guard let hash = Hexadecimal.bytes(of: String(parts[1])) else { return nil }
    self.init(seq: seq, hash: hash)
  }

  package var description: String {
    "\(seq):\(Hexadecimal.text(of: hash))"
  }

  /// The last row of a store's history.
  init(of connection: Connection) throws(StoreFault) {
    let rows = try Statement("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", in: connection)
    self = try rows.step() ? AuditHead(seq: rows.integer(0), hash: rows.blob(1)) : .none
    rows.reset()
  }

  /// Writes an entry after this row.
  ///
  /// - Parameter insert: a statement with a parameter for each column.
  /// - Returns: the head that it makes.
  func adding(_ entry: AuditEntry, with insert: Statement) throws(StoreFault) -> AuditHead {
    var bytes = ColumnBytes(reserving: 320)
    bytes.bytes += hash
    bytes.integer(seq + 1)
    entry.write(to: &bytes)
    let next = AuditHead(seq: seq + 1, hash: Array(SHA256.hash(data: bytes.bytes)))
    var row = RowWriter(insert)
    row.integer(next.seq)
    entry.write(to: &row)
    row.blob(hash)
    row.blob(next.hash)
    try row.write()
    return next
  }

  /// The hash that a row of the history must have: of the one that it says was before, and of its columns up to `content`.
  ///
  /// - Parameter row: stands on a row of all columns.
  static func hash(of row: Statement) -> [UInt8] {
    var bytes = ColumnBytes(reserving: 320)
    bytes.bytes += row.bytes(11)
    row.feed(0..<11, into: &bytes)
    return Array(SHA256.hash(data: bytes.bytes))
  }
}

extension StoreCore {
  /// Writes what a command did to a row, at the end of the history and in the same savepoint as the change.
  func record(_ entry: AuditEntry) throws(StoreFault) {
    head = try head.adding(entry, with: try statements[.insertAudit])
  }
}

/// The beginning of a store's history.
enum AuditStart {
  /// A first row, then one for each row that was there before.
  static func begin(in connection: Connection) throws(StoreFault) {
    let now = Instant(milliseconds: try connection.integer("SELECT now FROM clock"))
    let insert = try Statement("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", in: connection)
    var head = try AuditHead.none.adding(AuditEntry(.start, .history, content: nil, at: now), with: insert)
    for (place, table) in Schema.audited.prefix(3).enumerated() {
      let rows = try Statement("SELECT * FROM \(table.name)", in: connection)
      let last = rows.columnCount - 1
      while try rows.step() {
        var digest = RowDigest()
        rows.feed(0..<last, into: &digest)
        let entry = AuditEntry(.inherit, AuditObject(table: place, row: rows), content: digest.value, at: now)
        head = try head.adding(entry, with: insert)
      }
    }
  }
}
