internal import CProtobufC
internal import TerminalText
internal import VentanillaMessages

/// One field of a message, as the contract has it.
struct FieldDescription: Equatable {
  let name: String
  /// "string", "int32", "Slot", "list of Slot" in Spanish: "lista de Slot".
  let type: String
  /// The legal words of an enum.
  let words: [String]
}

extension MessageType {
  var fields: [FieldDescription] {
    guard let fields = descriptor.pointee.fields else { return [] }
    return (0..<Int(descriptor.pointee.n_fields)).map { FieldDescription(fields[$0]) }
  }

  /// "ventanilla.v1.Slot" is "Slot".
  var shortName: String { Self.short(fullName) }

  /// The messages that stand in this one's fields, each once, this one not.
  private var inner: [MessageType] {
    guard let fields = descriptor.pointee.fields else { return [] }
    return (0..<Int(descriptor.pointee.n_fields)).compactMap { index in
      guard fields[index].type == PROTOBUF_C_TYPE_MESSAGE, let pointer = fields[index].descriptor else { return nil }
      return MessageType(pointer.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
    }
  }

  /// This message and those inside it, in the order in which a reader meets them.
  private var withInner: [MessageType] {
    var found = [self]
    var next = 0
    while next < found.count {
      for type in found[next].inner where !found.contains(type) { found.append(type) }
      next += 1
    }
    return found
  }

  func description(titled title: String, _ style: TerminalStyle) -> [String] {
    withInner.enumerated().flatMap { index, type -> [String] in
      let heading = index == 0 ? "\(title) \(type.shortName):" : "  \(type.shortName):"
      guard !type.fields.isEmpty else { return [heading + " sin campos"] }
      let width = type.fields.map(\.name.count).max() ?? 0
      return [heading] + type.fields.map { field in
        let words = field.words.isEmpty ? "" : ": " + field.words.joined(separator: ", ")
        return "    \(style.bold(field.name.padded(to: width)))  \(field.type)\(words)"
      }
    }
  }

  /// Keys: message, fields (name, type, values).
  var fieldsJSON: JSONValue {
    .array(
      withInner.map { type in
        .object([
          .init("message", .string(type.fullName)),
          .init(
            "fields",
            .array(
              type.fields.map { field in
                .object([
                  .init("name", .string(field.name)), .init("type", .string(field.type)),
                  .init("values", .array(field.words.map { .string($0) })),
                ])
              })),
        ])
      })
  }

  fileprivate static func short(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }
}

extension FieldDescription {
  fileprivate init(_ field: ProtobufCFieldDescriptor) {
    let isOne = field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
    let isMany = field.label == PROTOBUF_C_LABEL_REPEATED
    var words: [String] = []
    if field.type == PROTOBUF_C_TYPE_ENUM,
      let type = field.descriptor?.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee, let values = type.values
    {
      words = (0..<Int(type.n_values)).map { String(cString: values[$0].name) }
    }
    self.init(
      name: String(cString: field.name),
      type: (isMany ? "lista de " : "") + Self.typeName(field) + (isOne ? " (uno de estos)" : ""), words: words)
  }

  private static func typeName(_ field: ProtobufCFieldDescriptor) -> String {
    switch field.type {
    case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_SINT32, PROTOBUF_C_TYPE_SFIXED32: "int32"
    case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_SINT64, PROTOBUF_C_TYPE_SFIXED64: "int64"
    case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_FIXED32: "uint32"
    case PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_FIXED64: "uint64"
    case PROTOBUF_C_TYPE_FLOAT, PROTOBUF_C_TYPE_DOUBLE: "número"
    case PROTOBUF_C_TYPE_BOOL: "bool"
    case PROTOBUF_C_TYPE_STRING: "texto"
    case PROTOBUF_C_TYPE_BYTES: "bytes en base64"
    case PROTOBUF_C_TYPE_ENUM: "palabra"
    default:
      field.descriptor.map { pointer in
        MessageType.short(String(cString: pointer.assumingMemoryBound(to: ProtobufCMessageDescriptor.self).pointee.name))
      } ?? "mensaje"
    }
  }
}
