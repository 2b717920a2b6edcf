internal import CProtobufC

extension MessageType {
  /// Encodes the message that a JSON text describes.
  ///
  /// Fields go by `startMinute` or `start_minute`; 64-bit integers are numbers or strings, bytes base64, enum values
  /// names or numbers; `null` is an absent field. The bytes are in field order, defaults left out.
  ///
  /// Source: protobuf.dev, "ProtoJSON Format".
  package func encoded(json text: String) throws(JSONFault) -> [UInt8] {
    try Self.message(try JSONParser.parse(text), descriptor)
  }

  /// Encodes each of the messages that a text describes one after the other; none of an empty text.
  package func encodedSequence(json text: String) throws(JSONFault) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    for value in try JSONParser.parseAll(text) { messages.append(try Self.message(value, descriptor)) }
    return messages
  }

  private static func message(
    _ value: JSONValue, _ type: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(JSONFault) -> [UInt8] {
    guard case .object(let members) = value else { throw JSONFault(.wrongType(expected: .object)) }
    var encoded: [UInt32: [UInt8]] = [:]
    var choices: [UInt32: String] = [:]
    for member in members {
      guard let field = type.field(named: member.name) else {
        let nearest = Nearest.word(to: member.name, in: type.allFields.map(\.jsonName))
        throw JSONFault(path: member.name, .unknownField(message: type.fullName, nearest: nearest))
      }
      guard encoded[field.pointee.id] == nil else { throw JSONFault(path: member.name, .repeatedField) }
      guard member.value != .null else { continue }
      if field.isChoice {
        if let other = choices.updateValue(member.name, forKey: field.pointee.quantifier_offset) {
          throw JSONFault(path: member.name, .excludes(other))
        }
      }
      do throws(JSONFault) {
        encoded[field.pointee.id] = try self.field(member.value, field)
      } catch {
        throw error.inside(member.name)
      }
    }
    return type.allFields.flatMap { encoded[$0.pointee.id] ?? [] }
  }

  private static func field(
    _ value: JSONValue, _ field: UnsafePointer<ProtobufCFieldDescriptor>
  ) throws(JSONFault) -> [UInt8] {
    guard field.isRepeated else { return try single(value, field) }
    guard case .array(let elements) = value else { throw JSONFault(.wrongType(expected: .array)) }
    var writer = WireWriter()
    for (index, element) in elements.enumerated() {
      do throws(JSONFault) {
        if field.encoding == .lengthPrefixed {
          writer.tag(field.pointee.id, .lengthPrefixed)
        }
        try scalar(element, field, to: &writer)
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    guard field.encoding != .lengthPrefixed, !elements.isEmpty else { return writer.bytes }
    var packed = WireWriter()
    packed.tag(field.pointee.id, .lengthPrefixed)
    packed.lengthPrefixed(writer.bytes)
    return packed.bytes
  }

  private static func single(
    _ value: JSONValue, _ field: UnsafePointer<ProtobufCFieldDescriptor>
  ) throws(JSONFault) -> [UInt8] {
    var body = WireWriter()
    try scalar(value, field, to: &body)
    // A default is left out where its absence means the same: one zero byte or more, and nothing else.
    let hasPresence = field.isChoice || field.messageType != nil
    if !hasPresence, body.bytes.allSatisfy({ $0 == 0 }) { return [] }
    var writer = WireWriter()
    writer.tag(field.pointee.id, field.encoding)
    writer.raw(body.bytes)
    return writer.bytes
  }

  /// One value without its tag.
  private static func scalar(
    _ value: JSONValue, _ field: UnsafePointer<ProtobufCFieldDescriptor>, to writer: inout WireWriter
  ) throws(JSONFault) {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_INT32:
      writer.varint(UInt64(bitPattern: Int64(try value.integer(Int32.self, .int32))))
    case PROTOBUF_C_TYPE_SINT32:
      let number = try value.integer(Int32.self, .int32)
      writer.varint(UInt64(UInt32(bitPattern: number << 1 ^ number >> 31)))
    case PROTOBUF_C_TYPE_SFIXED32: writer.fixed(try value.integer(Int32.self, .int32))
    case PROTOBUF_C_TYPE_INT64: writer.varint(UInt64(bitPattern: try value.integer(Int64.self, .int64)))
    case PROTOBUF_C_TYPE_SINT64:
      let number = try value.integer(Int64.self, .int64)
      writer.varint(UInt64(bitPattern: number << 1 ^ number >> 63))
    case PROTOBUF_C_TYPE_SFIXED64: writer.fixed(try value.integer(Int64.self, .int64))
    case PROTOBUF_C_TYPE_UINT32: writer.varint(UInt64(try value.integer(UInt32.self, .uint32)))
    case PROTOBUF_C_TYPE_FIXED32: writer.fixed(try value.integer(UInt32.self, .uint32))
    case PROTOBUF_C_TYPE_UINT64: writer.varint(try value.integer(UInt64.self, .uint64))
    case PROTOBUF_C_TYPE_FIXED64: writer.fixed(try value.integer(UInt64.self, .uint64))
    case PROTOBUF_C_TYPE_FLOAT: writer.fixed(Float(try value.real()).bitPattern)
    case PROTOBUF_C_TYPE_DOUBLE: writer.fixed(try value.real().bitPattern)
    case PROTOBUF_C_TYPE_BOOL:
      guard case .bool(let flag) = value else { throw JSONFault(.wrongType(expected: .bool)) }
      writer.varint(flag ? 1 : 0)
    case PROTOBUF_C_TYPE_ENUM:
      writer.varint(UInt64(bitPattern: Int64(try value.enumNumber(field.enumType))))
    case PROTOBUF_C_TYPE_STRING:
      guard case .string(let text) = value else { throw JSONFault(.wrongType(expected: .string)) }
      guard !text.utf8.contains(0) else { throw JSONFault(.embeddedNUL) }
      writer.lengthPrefixed(text.utf8)
    case PROTOBUF_C_TYPE_BYTES:
      guard case .string(let text) = value, let bytes = Base64.decode(text) else {
        throw JSONFault(.wrongType(expected: .bytes))
      }
      writer.lengthPrefixed(bytes)
    default:
      guard let type = field.messageType else { return }
      writer.lengthPrefixed(try message(value, type))
    }
  }
}

extension UnsafePointer<ProtobufCFieldDescriptor> {
  /// Whether the field is one of a oneof; those of the same oneof share their case's place in the C struct.
  fileprivate var isChoice: Bool {
    pointee.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
  }
}

extension JSONValue {
  fileprivate func integer<Number: FixedWidthInteger>(
    _: Number.Type, _ kind: JSONFault.Kind
  ) throws(JSONFault) -> Number {
    let digits: String
    switch self {
    case .number(let text), .string(let text): digits = text
    default: throw JSONFault(.wrongType(expected: kind))
    }
    if let number = Number(digits) { return number }
    guard let real = Double(digits), real.isFinite else { throw JSONFault(.wrongType(expected: kind)) }
    guard let number = Number(exactly: real) else {
      throw JSONFault(real.rounded() == real ? .outOfRange(kind) : .wrongType(expected: kind))
    }
    return number
  }

  fileprivate func real() throws(JSONFault) -> Double {
    switch self {
    case .string("NaN"): return .nan
    case .string("Infinity"): return .infinity
    case .string("-Infinity"): return -.infinity
    case .number(let text), .string(let text):
      guard let number = Double(text), number.isFinite else { throw JSONFault(.wrongType(expected: .real)) }
      return number
    default: throw JSONFault(.wrongType(expected: .real))
    }
  }

  fileprivate func enumNumber(_ type: UnsafePointer<ProtobufCEnumDescriptor>?) throws(JSONFault) -> Int32 {
    switch self {
    case .number: return try integer(Int32.self, .enumeration)
    case .string(let name):
      if let number = type?.number(named: name) { return number }
      throw JSONFault(
        .unknownEnumValue(
          enum: type.map { String(cString: $0.pointee.name) } ?? "",
          nearest: type.flatMap { Nearest.word(to: name, in: $0.names) }))
    default: throw JSONFault(.wrongType(expected: .enumeration))
    }
  }
}
