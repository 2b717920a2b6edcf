internal import SwiftProtobufPluginLibrary

/// The value types of one `.proto` file.
struct MessageFile {
  let text: String

  init(_ file: FileDescriptor, _ options: GeneratorOptions) {
    let imports =
      (file.messages.isEmpty ? [] : ["package import \(options.cModule)"])
      + (options.runtime.map { ["package import \($0)"] } ?? [])
    var swift = SwiftText(from: [file.name], imports: imports)
    for type in file.enums {
      swift.line()
      swift.block("extension \(Naming.namespace)") { Self.write(type, to: &$0) }
    }
    for message in file.messages {
      swift.line()
      swift.block("extension \(Naming.namespace)") { Self.write(message, to: &$0) }
    }
    text = swift.text
  }

  // MARK: Messages

  private static func write(_ message: Descriptor, to swift: inout SwiftText) {
    let members = MessageMember.all(of: message)
    swift.comment(message)
    swift.block("package struct \(message.name): WireMessage") { swift in
      for type in message.enums {
        write(type, to: &swift)
        swift.line()
      }
      for nested in message.messages {
        write(nested, to: &swift)
        swift.line()
      }
      for case .choice(let oneof) in members {
        write(oneof, to: &swift)
        swift.line()
      }
      for member in members { member.declare(in: &swift) }
      if !members.isEmpty { swift.line() }
      writeInitializer(members, to: &swift)
      swift.line()
      writeCoding(message, members, to: &swift)
    }
  }

  private static func writeInitializer(_ members: [MessageMember], to swift: inout SwiftText) {
    swift.call("package init", members.map { "\($0.name): \($0.type) = \($0.defaultValue)" }, members.isEmpty ? " {}" : " {")
    guard !members.isEmpty else { return }
    swift.indented { swift in
      for member in members { swift.line("self.\(member.name) = \(member.name)") }
    }
    swift.line("}")
  }

  private static func writeCoding(
    _ message: Descriptor, _ members: [MessageMember], to swift: inout SwiftText
  ) {
    let cType = Naming.cType(message.fullName)
    swift.line("package static let messageType = MessageType(\(Naming.cFunctions(message.fullName))__init)")
    swift.line()
    let empty = members.isEmpty ? " {}" : ""
    let copying = "package init(copying message: UnsafePointer<\(cType)>)"
    let fill = "package func fill(_ message: UnsafeMutablePointer<\(cType)>, in arena: inout Arena) throws(EncodingFault)"
    guard !members.isEmpty else {
      swift.line(copying + empty)
      swift.line()
      return swift.line(fill + empty)
    }
    swift.block(copying) { swift in
      for member in members { member.read(in: &swift) }
    }
    swift.line()
    swift.block(fill) { swift in
      for member in members { member.write(in: &swift) }
    }
  }

  private static func write(_ oneof: OneofDescriptor, to swift: inout SwiftText) {
    swift.comment(oneof)
    swift.block("package enum \(Naming.upperCamel(oneof.name)): Hashable, Sendable") { swift in
      for field in oneof.fields {
        swift.comment(field)
        swift.line("case \(Naming.property(field.name))(\(FieldShape(field: field).element))")
      }
    }
  }

  // MARK: Enums

  private static func write(_ type: EnumDescriptor, to swift: inout SwiftText) {
    let cases = type.values.map { (value: $0, name: Naming.enumCase($0.name, of: type.name)) }
    swift.comment(type)
    swift.block("package enum \(type.name): WireEnum") { swift in
      for (value, name) in cases {
        swift.comment(value)
        swift.line("case \(name)")
      }
      swift.line("/// A number that this version of the contract has no word for.")
      swift.line("case unrecognized(Int32)")
      swift.line()
      swift.line("/// Every value that has a word, in the contract's order.")
      swift.line("package static let known: [Self] = [\(cases.map { "." + $0.name }.joined(separator: ", "))]")
      swift.line()
      swift.block("package init(rawValue: Int32)") { swift in
        swift.cases("self = switch rawValue") { swift in
          for (value, name) in cases { swift.line("case \(value.number): .\(name)") }
          swift.line("default: .unrecognized(rawValue)")
        }
      }
      swift.line()
      swift.block("package var rawValue: Int32") { swift in
        swift.cases("switch self") { swift in
          for (value, name) in cases { swift.line("case .\(name): \(value.number)") }
          swift.line("case .unrecognized(let number): number")
        }
      }
    }
  }
}
