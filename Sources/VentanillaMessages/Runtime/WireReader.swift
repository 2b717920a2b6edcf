/// A field's number and how its value is encoded.
struct WireTag: Hashable {
  enum Encoding: UInt8 {
    case varint = 0
    case fixed64 = 1
    case lengthPrefixed = 2
    case fixed32 = 5
  }

  let number: UInt32
  let encoding: Encoding
}

/// Reads protobuf's wire format from the front to the back.
///
/// Source: protobuf.dev, "Encoding"; the bounds on tags and lengths are protobuf-c's (five bytes each).
struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func tag() throws(DecodingFault.Reason) -> WireTag {
    let value = try varint(maximumBytes: 5)
    guard value >> 3 != 0, value <= UInt32.max else { throw .fieldNumber }
    guard let encoding = WireTag.Encoding(rawValue: UInt8(value & 7)) else {
      throw value & 7 < 5 ? .group : .wireType
    }
    return WireTag(number: UInt32(value >> 3), encoding: encoding)
  }

  mutating func varint(maximumBytes: Int = 10) throws(DecodingFault.Reason) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<maximumBytes {
      guard position < bytes.count else { throw .truncated }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << (7 * index)
      if byte < 0x80 { return value }
    }
    throw .malformedNumber
  }

  mutating func lengthPrefixed() throws(DecodingFault.Reason) -> UnsafeRawBufferPointer {
    let length = try varint(maximumBytes: 5)
    guard length <= UInt64(bytes.count - position) else { throw .truncated }
    defer { position += Int(length) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
  }

  mutating func fixed32() throws(DecodingFault.Reason) -> UInt32 {
    guard bytes.count - position >= 4 else { throw .truncated }
    defer { position += 4 }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
  }

  mutating func fixed64() throws(DecodingFault.Reason) -> UInt64 {
    guard bytes.count - position >= 8 else { throw .truncated }
    defer { position += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  /// Steps over a value.
  mutating func skip(_ encoding: WireTag.Encoding) throws(DecodingFault.Reason) {
    switch encoding {
    case .varint: _ = try varint()
    case .fixed64: _ = try fixed64()
    case .lengthPrefixed: _ = try lengthPrefixed()
    case .fixed32: _ = try fixed32()
    }
  }
}
