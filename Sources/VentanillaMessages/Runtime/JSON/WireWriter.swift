/// Writes protobuf's wire format; for JSON, where protobuf-c's structs would be a detour.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func varint(_ value: UInt64) {
    var value = value
    while value > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  mutating func tag(_ number: UInt32, _ encoding: WireTag.Encoding) {
    varint(UInt64(number) << 3 | UInt64(encoding.rawValue))
  }

  mutating func fixed(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  mutating func lengthPrefixed(_ value: some Collection<UInt8>) {
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func raw(_ value: [UInt8]) { bytes += value }
}
