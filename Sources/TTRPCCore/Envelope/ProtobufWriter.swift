/// Writes protobuf fields into memory whose size was computed before.
struct ProtobufWriter {
  private let bytes: UnsafeMutableRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeMutableRawBufferPointer) { self.bytes = bytes }

  @inline(__always)
  static func sizeOfVarint(_ value: UInt64) -> Int {
    max(1, (64 - value.leadingZeroBitCount + 6) / 7)
  }

  /// The size of a length-delimited field with a one-byte tag.
  @inline(__always)
  static func sizeOfField(_ count: Int) -> Int {
    1 + sizeOfVarint(UInt64(count)) + count
  }

  @inline(__always)
  mutating func byte(_ value: UInt8) {
    bytes[offset] = value
    offset += 1
  }

  @inline(__always)
  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      byte(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    byte(UInt8(truncatingIfNeeded: rest))
  }

  /// The tag and length of a length-delimited field whose `count` bytes follow.
  @inline(__always)
  mutating func field(_ number: UInt8, count: Int) {
    byte(number << 3 | 2)
    varint(UInt64(count))
  }

  @inline(__always)
  mutating func raw(_ source: UnsafeRawBufferPointer) {
    guard source.count > 0 else { return }
    UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + source.count]).copyMemory(from: source)
    offset += source.count
  }

  @inline(__always)
  mutating func field(_ number: UInt8, _ source: UnsafeRawBufferPointer) {
    field(number, count: source.count)
    raw(source)
  }

  @inline(__always)
  mutating func field(_ number: UInt8, _ text: String) {
    var text = text
    text.withUTF8 { field(number, UnsafeRawBufferPointer($0)) }
  }
}
