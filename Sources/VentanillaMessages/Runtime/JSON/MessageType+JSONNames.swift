internal import CProtobufC

extension UnsafePointer<ProtobufCFieldDescriptor> {
  /// The name in JSON. Source: protobuf.dev, "ProtoJSON Format": an underscore goes and the next letter is a capital.
  var jsonName: String {
    var result = ""
    var raisesNext = false
    for character in name {
      if character == "_" {
        raisesNext = true
      } else {
        result += raisesNext ? character.uppercased() : String(character)
        raisesNext = false
      }
    }
    return result
  }
}

extension UnsafePointer<ProtobufCMessageDescriptor> {
  /// The field that JSON calls `name`, by either of its names.
  func field(named name: String) -> UnsafePointer<ProtobufCFieldDescriptor>? {
    allFields.first { $0.jsonName == name || $0.name == name }
  }

  var fullName: String { String(cString: pointee.name) }
}

extension UnsafePointer<ProtobufCEnumDescriptor> {
  var names: [String] { values.map { String(cString: $0.name) } }

  func number(named name: String) -> Int32? {
    values.first { String(cString: $0.name) == name }.map { Int32($0.value) }
  }

  func name(of number: Int32) -> String? {
    values.first { Int32($0.value) == number }.map { String(cString: $0.name) }
  }

  private var values: UnsafeBufferPointer<ProtobufCEnumValue> {
    UnsafeBufferPointer(start: pointee.values, count: Int(pointee.n_values))
  }
}
