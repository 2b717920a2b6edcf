internal import Crypto

/// The identity of a store: SHA-256 over every row of every table, in an order that does not depend on how it came to be.
///
/// Two stores with the same dump hold the same things, whatever their files look like.
struct CanonicalDump: ColumnSink {
  private var hash = SHA256()

  /// The 32 bytes.
  static func sha256(of connection: Connection) throws(StoreFault) -> [UInt8] {
    var dump = CanonicalDump()
    for table in Schema.tables {
      dump.text(table.name)
      let rows = try Statement("SELECT * FROM \(table.name) ORDER BY \(table.order)", in: connection)
      while try rows.step() { rows.feed(0..<rows.columnCount, into: &dump) }
    }
    return Array(dump.hash.finalize())
  }

  mutating func null() { hash.update(data: [0] as [UInt8]) }

  mutating func integer(_ value: Int64) {
    hash.update(data: [1] as [UInt8])
    hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) })
  }

  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) { add(2, UnsafeRawBufferPointer(utf8)) }
  mutating func blob(_ bytes: UnsafeRawBufferPointer) { add(3, bytes) }

  private mutating func add(_ type: UInt8, _ bytes: UnsafeRawBufferPointer) {
    hash.update(data: [type])
    hash.update(data: (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) })
    hash.update(bufferPointer: bytes)
  }
}
