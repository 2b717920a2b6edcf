/// Walks over the fields of one protobuf message in memory that somebody else owns.
///
/// Source: protobuf.dev, "Encoding". Fields nobody asks for are skipped, groups included.
package struct ProtobufReader {
  /// How deep unknown groups may nest; protobuf's own default for messages.
  package static let maxDepth = 100

  package enum WireType: UInt8, Sendable {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case startGroup = 3
    case endGroup = 4
    case fixed32 = 5
  }

  package struct Field: Equatable {
    package let number: UInt32
    package let wireType: WireType
  }

  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next field's tag, or `nil` at the end.
  @inline(__always)
  package mutating func nextField() throws(EnvelopeFault) -> Field? {
    guard offset < bytes.count else { return nil }
    let tag = try varint()
    guard let wireType = WireType(rawValue: UInt8(truncatingIfNeeded: tag & 7)),
      tag >> 3 > 0, tag >> 3 < 1 << 29
    else { throw .invalidTag }
    return Field(number: UInt32(truncatingIfNeeded: tag >> 3), wireType: wireType)
  }

  @inline(__always)
  package mutating func varint() throws(EnvelopeFault) -> UInt64 {
    guard offset < bytes.count else { throw .truncated }
    let first = bytes[offset]
    if first < 0x80 {
      offset += 1
      return UInt64(first)
    }
    return try longVarint()
  }

  /// The bytes of a length-delimited field: a slice of the message.
  @inline(__always)
  package mutating func lengthDelimited() throws(EnvelopeFault) -> UnsafeRawBufferPointer {
    let length = try varint()
    guard length <= UInt64(bytes.count - offset) else { throw .truncated }
    let end = offset + Int(length)
    defer { offset = end }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
  }

  /// The bytes of a string field, valid UTF-8.
  @inline(__always)
  package mutating func string(_ field: StaticString) throws(EnvelopeFault) -> UnsafeRawBufferPointer {
    let text = try lengthDelimited()
    guard UTF8Check.isValid(text) else { throw .invalidUTF8(field: "\(field)") }
    return text
  }

  /// Passes over the value of a field.
  package mutating func skip(_ field: Field) throws(EnvelopeFault) {
    try skip(field, depth: 1)
  }

  private mutating func skip(_ field: Field, depth: Int) throws(EnvelopeFault) {
    switch field.wireType {
    case .varint: _ = try varint()
    case .fixed64: try advance(8)
    case .lengthDelimited: _ = try lengthDelimited()
    case .fixed32: try advance(4)
    case .endGroup: throw .invalidTag
    case .startGroup: try skipGroup(field.number, depth: depth)
    }
  }

  private mutating func skipGroup(_ number: UInt32, depth: Int) throws(EnvelopeFault) {
    guard depth <= Self.maxDepth else { throw .nestedTooDeeply }
    while let inner = try nextField() {
      if inner.wireType == .endGroup {
        guard inner.number == number else { throw .invalidTag }
        return
      }
      try skip(inner, depth: depth + 1)
    }
    throw .truncated
  }

  private mutating func advance(_ count: Int) throws(EnvelopeFault) {
    guard count <= bytes.count - offset else { throw .truncated }
    offset += count
  }

  private mutating func longVarint() throws(EnvelopeFault) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<10 {
      guard offset < bytes.count else { throw .truncated }
      let byte = bytes[offset]
      offset += 1
      if index == 9, byte > 1 { throw .varintTooLong }
      value |= UInt64(byte & 0x7f) << (7 * UInt64(index))
      if byte < 0x80 { return value }
    }
    throw .varintTooLong
  }
}

/// Whether bytes are UTF-8, without making a string of them.
package enum UTF8Check {
  @inline(__always)
  package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    isASCII(bytes) || String(validating: bytes, as: UTF8.self) != nil
  }

  @inline(__always)
  private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var offset = 0
    var seen: UInt64 = 0
    while offset + 8 <= bytes.count {
      seen |= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < bytes.count {
      seen |= UInt64(bytes[offset])
      offset += 1
    }
    return seen & 0x8080_8080_8080_8080 == 0
  }
}
