internal import SwiftProtobufPluginLibrary

/// One property of a generated struct.
enum MessageMember {
  /// A field of its own.
  case plain(FieldShape)
  /// A oneof of one field: how this contract writes a scalar that may be absent.
  case optional(OneofDescriptor, FieldShape)
  /// A oneof of several fields.
  case choice(OneofDescriptor)

  /// The members in the order of the contract; a oneof stands where its first field does.
  static func all(of message: Descriptor) -> [MessageMember] {
    message.fields.compactMap { field in
      guard let oneof = field.containingOneof else { return .plain(FieldShape(field: field)) }
      guard oneof.fields.first === field else { return nil }
      return oneof.fields.count == 1 ? .optional(oneof, FieldShape(field: field)) : .choice(oneof)
    }
  }

  var name: String {
    switch self {
    case .plain(let shape), .optional(_, let shape): shape.name
    case .choice(let oneof): Naming.property(oneof.name)
    }
  }

  var type: String {
    switch self {
    case .plain(let shape): shape.type
    case .optional(_, let shape): shape.element + "?"
    case .choice(let oneof): Naming.upperCamel(oneof.name) + "?"
    }
  }

  var defaultValue: String {
    if case .plain(let shape) = self { shape.defaultValue } else { "nil" }
  }

  func declare(in swift: inout SwiftText) {
    switch self {
    case .plain(let shape), .optional(_, let shape): swift.comment(shape.field)
    case .choice(let oneof): swift.comment(oneof)
    }
    swift.line("package var \(name): \(type)")
  }

  func read(in swift: inout SwiftText) {
    switch self {
    case .plain(let shape):
      swift.line("self.\(name) = \(shape.read)")
    case .optional(let oneof, let shape):
      let isSet = "\(Self.caseMember(oneof)).rawValue == \(shape.field.number)"
      swift.line("self.\(name) = \(isSet) ? \(shape.readPresent) : nil")
    case .choice(let oneof):
      swift.cases("self.\(name) = switch \(Self.caseMember(oneof)).rawValue") { swift in
        for field in oneof.fields {
          swift.line("case \(field.number): .\(Naming.property(field.name))(\(FieldShape(field: field).readPresent))")
        }
        swift.line("default: nil")
      }
    }
  }

  func write(in swift: inout SwiftText) {
    switch self {
    case .plain(let shape):
      swift.line(shape.write)
    case .optional(let oneof, let shape):
      swift.block("if let value = self.\(name)") { swift in
        swift.line(Self.choose(oneof, shape.field))
        swift.line(shape.writePresent("value"))
      }
    case .choice(let oneof):
      swift.cases("switch self.\(name)") { swift in
        for field in oneof.fields {
          swift.line("case .\(Naming.property(field.name))(let value):")
          swift.indented { swift in
            swift.line(Self.choose(oneof, field))
            swift.line(FieldShape(field: field).writePresent("value"))
          }
        }
        swift.line("case nil: break")
      }
    }
  }

  private static func caseMember(_ oneof: OneofDescriptor) -> String {
    "message.pointee.\(oneof.name.lowercased())_case"
  }

  private static func choose(_ oneof: OneofDescriptor, _ field: FieldDescriptor) -> String {
    "\(caseMember(oneof)) = .init(rawValue: \(field.number))"
  }
}
