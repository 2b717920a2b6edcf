internal import CProtobufC

extension MessageType {
  /// Writes an encoded message as JSON: lowerCamel names in field order, absent fields left out, 64-bit integers as
  /// strings, bytes base64, enum values by name where they have one. Unknown fields are skipped.
  ///
  /// Source: protobuf.dev, "ProtoJSON Format".
  package func json(_ bytes: UnsafeRawBufferPointer) throws(DecodingFault) -> JSONValue {
    try WireScan.check(bytes, as: self)
    return try Self.message(bytes, descriptor)
  }

  package func json(_ bytes: [UInt8]) throws(DecodingFault) -> JSONValue {
    try bytes.span.withUnsafeBytes { bytes throws(DecodingFault) in try json(bytes) }
  }

  private static func message(
    _ bytes: UnsafeRawBufferPointer, _ type: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(DecodingFault) -> JSONValue {
    do throws(DecodingFault.Reason) {
      return try object(bytes, type)
    } catch {
      throw DecodingFault(error)
    }
  }

  private static func object(
    _ bytes: UnsafeRawBufferPointer, _ type: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(DecodingFault.Reason) -> JSONValue {
    // What came for each field; a message that came in pieces is the pieces joined, which is what merging means.
    var values: [UInt32: [JSONValue]] = [:]
    var pieces: [UInt32: [UInt8]] = [:]
    var chosen: [UInt32: UInt32] = [:]
    var reader = WireReader(bytes)
    while !reader.isAtEnd {
      let tag = try reader.tag()
      guard let field = type.field(tag.number) else {
        try reader.skip(tag.encoding)
        continue
      }
      if field.pointee.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0,
        let other = chosen.updateValue(tag.number, forKey: field.pointee.quantifier_offset), other != tag.number
      {
        values[other] = nil
        pieces[other] = nil
      }
      if field.messageType != nil, !field.isRepeated {
        pieces[tag.number, default: []] += try reader.lengthPrefixed()
      } else {
        let found = try self.values(field, tag, &reader)
        values[tag.number] = field.isRepeated ? (values[tag.number] ?? []) + found : found
      }
    }
    var members: [JSONValue.Member] = []
    for field in type.allFields {
      let number = field.pointee.id
      if let piece = pieces[number], let type = field.messageType {
        let value = try piece.span.withUnsafeBytes { bytes throws(DecodingFault.Reason) in try object(bytes, type) }
        members.append(JSONValue.Member(field.jsonName, value))
      } else if let found = values[number] {
        members.append(JSONValue.Member(field.jsonName, field.isRepeated ? .array(found) : found[0]))
      }
    }
    return .object(members)
  }

  /// One value, or those of a packed list.
  private static func values(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>, _ tag: WireTag, _ reader: inout WireReader
  ) throws(DecodingFault.Reason) -> [JSONValue] {
    guard tag.encoding != field.encoding else { return [try value(field, &reader)] }
    var packed = WireReader(try reader.lengthPrefixed())
    var values: [JSONValue] = []
    while !packed.isAtEnd { values.append(try value(field, &packed)) }
    return values
  }

  private static func value(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>, _ reader: inout WireReader
  ) throws(DecodingFault.Reason) -> JSONValue {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_INT32: return .number("\(Int32(truncatingIfNeeded: try reader.varint()))")
    case PROTOBUF_C_TYPE_SINT32:
      let raw = UInt32(truncatingIfNeeded: try reader.varint())
      return .number("\(Int32(bitPattern: raw >> 1) ^ -Int32(raw & 1))")
    case PROTOBUF_C_TYPE_SFIXED32: return .number("\(Int32(bitPattern: try reader.fixed32()))")
    case PROTOBUF_C_TYPE_UINT32: return .number("\(UInt32(truncatingIfNeeded: try reader.varint()))")
    case PROTOBUF_C_TYPE_FIXED32: return .number("\(try reader.fixed32())")
    case PROTOBUF_C_TYPE_INT64: return .string("\(Int64(bitPattern: try reader.varint()))")
    case PROTOBUF_C_TYPE_SINT64:
      let raw = try reader.varint()
      return .string("\(Int64(bitPattern: raw >> 1) ^ -Int64(raw & 1))")
    case PROTOBUF_C_TYPE_SFIXED64: return .string("\(Int64(bitPattern: try reader.fixed64()))")
    case PROTOBUF_C_TYPE_UINT64: return .string("\(try reader.varint())")
    case PROTOBUF_C_TYPE_FIXED64: return .string("\(try reader.fixed64())")
    case PROTOBUF_C_TYPE_FLOAT: return real(Float(bitPattern: try reader.fixed32()))
    case PROTOBUF_C_TYPE_DOUBLE: return real(Double(bitPattern: try reader.fixed64()))
    case PROTOBUF_C_TYPE_BOOL: return .bool(try reader.varint() != 0)
    case PROTOBUF_C_TYPE_ENUM:
      let number = Int32(truncatingIfNeeded: try reader.varint())
      return field.enumType?.name(of: number).map { .string($0) } ?? .number("\(number)")
    case PROTOBUF_C_TYPE_STRING: return .string(String(decoding: try reader.lengthPrefixed(), as: UTF8.self))
    case PROTOBUF_C_TYPE_BYTES: return .string(Base64.encode(try reader.lengthPrefixed()))
    default:
      let bytes = try reader.lengthPrefixed()
      return try field.messageType.map { type throws(DecodingFault.Reason) in try object(bytes, type) } ?? .null
    }
  }

  private static func real<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ number: Number) -> JSONValue {
    if number.isNaN { return .string("NaN") }
    if number.isInfinite { return .string(number < 0 ? "-Infinity" : "Infinity") }
    return .number("\(number)")
  }
}
