internal import CProtobufC

/// Questions to protobuf-c's description of a message.
extension UnsafePointer<ProtobufCMessageDescriptor> {
  /// - Complexity: O(1) when the fields are numbered 1, 2, 3 …, otherwise O(log ranges).
  func field(_ number: UInt32) -> UnsafePointer<ProtobufCFieldDescriptor>? {
    let index = Int(number) - 1
    if index < Int(pointee.n_fields), let fields = pointee.fields, fields[index].id == number {
      return fields + index
    }
    return protobuf_c_message_descriptor_get_field(self, number)
  }

  /// Every field, by number.
  var allFields: [UnsafePointer<ProtobufCFieldDescriptor>] {
    guard let fields = pointee.fields else { return [] }
    return (0..<Int(pointee.n_fields)).map { fields + $0 }
  }
}

extension UnsafePointer<ProtobufCFieldDescriptor> {
  /// The field's name as the contract writes it.
  var name: String { String(cString: pointee.name) }

  var isRepeated: Bool { pointee.label == PROTOBUF_C_LABEL_REPEATED }

  /// The descriptor of a message field's type.
  var messageType: UnsafePointer<ProtobufCMessageDescriptor>? {
    guard pointee.type == PROTOBUF_C_TYPE_MESSAGE else { return nil }
    return pointee.descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
  }

  /// The descriptor of an enum field's type.
  var enumType: UnsafePointer<ProtobufCEnumDescriptor>? {
    guard pointee.type == PROTOBUF_C_TYPE_ENUM else { return nil }
    return pointee.descriptor?.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
  }

  /// How one value of the field is encoded when it is not packed.
  var encoding: WireTag.Encoding {
    switch pointee.type {
    case PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_FLOAT: .fixed32
    case PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_DOUBLE: .fixed64
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: .lengthPrefixed
    default: .varint
    }
  }
}
