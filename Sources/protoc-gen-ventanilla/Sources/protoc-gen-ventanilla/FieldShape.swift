internal import SwiftProtobuf
internal import SwiftProtobufPluginLibrary

/// How one field looks in Swift, and how it is read from and written to the C struct.
struct FieldShape {
  let field: FieldDescriptor

  /// The Swift name.
  var name: String { Naming.property(field.name) }
  /// The C member, such as `message.pointee.slot`.
  var member: String { "message.pointee.\(Naming.cField(field.name))" }
  var countMember: String { "message.pointee.n_\(field.name.lowercased())" }
  private var pathName: String { "\"\(field.name)\"" }

  /// The type of one value, without array or optional.
  var element: String {
    switch field.type {
    case .double: "Double"
    case .float: "Float"
    case .int64, .sfixed64, .sint64: "Int64"
    case .uint64, .fixed64: "UInt64"
    case .int32, .sfixed32, .sint32: "Int32"
    case .uint32, .fixed32: "UInt32"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .enum: Naming.swiftType(field.enumType.fullName, in: field.enumType.file)
    case .message, .group: Naming.swiftType(field.messageType.fullName, in: field.messageType.file)
    }
  }

  var type: String {
    if field.isRepeated { return "[\(element)]" }
    return field.type == .message ? "\(element)?" : element
  }

  var defaultValue: String {
    if field.isRepeated { return "[]" }
    return switch field.type {
    case .message, .group: "nil"
    case .string: "\"\""
    case .bytes: "[]"
    case .bool: "false"
    case .enum: "." + Naming.enumCase(field.enumType.values[0].name, of: field.enumType.name)
    default: "0"
    }
  }

  private var cEnum: String { Naming.cType(field.enumType.fullName) }

  /// An expression for the value in the C struct.
  var read: String {
    if field.isRepeated {
      return switch field.type {
      case .message, .group, .enum: "\(element).copies(\(member), \(countMember))"
      default: "\(type)(copying: \(member), \(countMember))"
      }
    }
    return switch field.type {
    case .message, .group: "\(element)(ifPresent: \(member))"
    default: readPresent
    }
  }

  /// An expression for a value that is known to be there, as in a oneof.
  var readPresent: String {
    switch field.type {
    case .message, .group: "\(element)(copying: \(member))"
    case .enum: "\(element)(rawValue: Int32(truncatingIfNeeded: \(member).rawValue))"
    case .string: "String(copying: \(member))"
    case .bytes: "[UInt8](copying: \(member))"
    case .bool: "\(member) != 0"
    default: member
    }
  }

  /// A statement that writes `self.name` into the C struct.
  var write: String {
    let value = "self.\(name)"
    if field.isRepeated { return writeRepeated(value) }
    return switch field.type {
    case .string: "if !\(value).isEmpty { \(member) = try arena.text(\(value), \(pathName)) }"
    case .bytes: "if !\(value).isEmpty { \(member) = try arena.bytes(\(value)) }"
    case .message, .group:
      "if let value = \(value) { \(member) = try arena.message(value, \(pathName)) }"
    default: writePresent(value)
    }
  }

  /// A statement that writes `value`, present even when it is the type's default.
  func writePresent(_ value: String) -> String {
    switch field.type {
    case .string: "\(member) = try arena.text(\(value), \(pathName))"
    case .bytes: "\(member) = try arena.bytes(\(value))"
    case .message, .group: "\(member) = try arena.message(\(value), \(pathName))"
    case .enum: "\(member) = \(cEnum)(rawValue: UInt32(bitPattern: \(value).rawValue))"
    case .bool: "\(member) = \(value) ? 1 : 0"
    default: "\(member) = \(value)"
    }
  }

  private func writeRepeated(_ value: String) -> String {
    let pointer =
      switch field.type {
      case .string: "arena.texts(\(value), \(pathName))"
      case .bytes: "arena.byteLists(\(value))"
      case .message, .group: "arena.messages(\(value), \(pathName))"
      case .enum: "arena.enums(\(value), as: \(cEnum).self)"
      case .bool: "arena.flags(\(value))"
      default: "arena.numbers(\(value))"
      }
    return "(\(member), \(countMember)) = (try \(pointer), \(value).count)"
  }
}
