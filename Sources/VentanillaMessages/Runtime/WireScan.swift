internal import CProtobufC

/// Reads a message's bytes before protobuf-c does, and refuses what protobuf-c would take wrongly.
///
/// protobuf-c checks no UTF-8, cuts strings at a NUL, and recurses as deep as the bytes say. After this check it
/// only meets well-formed bytes, and every refusal has the path of its field, which protobuf-c does not know.
package enum WireScan {
  /// How many messages may stand inside each other, the outermost included: protobuf's usual limit. Unpacking
  /// takes under 1 KiB of stack a level, the smallest stack of ours has 512 KiB.
  package static let maximumDepth = 100

  /// - Complexity: O(bytes); each byte is read once, text twice when it is not all ASCII.
  package static func check(_ bytes: UnsafeRawBufferPointer, as type: MessageType) throws(DecodingFault) {
    try check(bytes, type.descriptor, depth: 1)
  }

  private static func check(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, depth: Int
  ) throws(DecodingFault) {
    guard depth <= maximumDepth else { throw DecodingFault(.nestedTooDeeply) }
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      let start = reader.position
      let tag: WireTag
      do { tag = try reader.tag() } catch { throw DecodingFault(error) }
      guard let field = descriptor.field(tag.number) else {
        do { try reader.skip(tag.encoding) } catch { throw DecodingFault(error) }
        continue
      }
      do {
        try check(field, tag.encoding, &reader, depth)
      } catch {
        throw error.inside(place(of: field, tag, in: bytes, before: start))
      }
    }
  }

  private static func check(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>, _ encoding: WireTag.Encoding,
    _ reader: inout WireReader, _ depth: Int
  ) throws(DecodingFault) {
    let expected = field.encoding
    var nested: UnsafeRawBufferPointer?
    do throws(DecodingFault.Reason) {
      guard encoding == expected else {
        guard encoding == .lengthPrefixed, field.isRepeated else { throw .wireType }
        return try checkPacked(try reader.lengthPrefixed(), of: expected)
      }
      guard encoding == .lengthPrefixed else { return try reader.skip(encoding) }
      let value = try reader.lengthPrefixed()
      switch field.pointee.type {
      case PROTOBUF_C_TYPE_STRING: try ByteScan.checkText(value)
      case PROTOBUF_C_TYPE_MESSAGE: nested = value
      default: break
      }
    } catch {
      throw DecodingFault(error)
    }
    if let nested, let type = field.messageType { try check(nested, type, depth: depth + 1) }
  }

  private static func checkPacked(
    _ bytes: UnsafeRawBufferPointer, of encoding: WireTag.Encoding
  ) throws(DecodingFault.Reason) {
    switch encoding {
    case .fixed32: guard bytes.count.isMultiple(of: 4) else { throw .packedLength }
    case .fixed64: guard bytes.count.isMultiple(of: 8) else { throw .packedLength }
    case .varint, .lengthPrefixed:
      var reader = WireReader(bytes)
      while !reader.isAtEnd { _ = try reader.varint() }
    }
  }

  /// `slots[3]` for the fourth of the list, `slot` for a field of its own. Counted only once something is wrong.
  private static func place(
    of field: UnsafePointer<ProtobufCFieldDescriptor>, _ tag: WireTag,
    in bytes: UnsafeRawBufferPointer, before position: Int
  ) -> String {
    guard field.isRepeated, field.encoding == tag.encoding else { return field.name }
    var reader = WireReader(bytes)
    var index = 0
    while reader.position < position, let earlier = try? reader.tag(), (try? reader.skip(earlier.encoding)) != nil {
      if earlier == tag { index += 1 }
    }
    return "\(field.name)[\(index)]"
  }
}
