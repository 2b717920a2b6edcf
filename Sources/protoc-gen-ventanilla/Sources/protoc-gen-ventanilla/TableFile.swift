internal import SwiftProtobuf
internal import SwiftProtobufPluginLibrary

/// The method table of all files together, and the names of the roles where they are declared.
struct TableFile {
  let text: String

  init(_ files: [FileDescriptor], _ options: GeneratorOptions) throws {
    let imports = ["package import TTRPCCore"] + (options.runtime.map { ["package import \($0)"] } ?? [])
    var swift = SwiftText(from: files.map(\.name), imports: imports)
    let roles = Self.roles(files)
    if options.runtime == nil, let roles {
      swift.line()
      Self.write(roles, to: &swift)
    }
    let services = try files.flatMap(\.services).map { service in
      (service, try service.methods.map { try ServiceMethod($0, options) })
    }
    swift.line()
    swift.line("/// Every method of the contract, in the order of the files; what stands in no row is denied.")
    swift.block("package enum \(options.table)") { swift in
      for (service, methods) in services {
        swift.block("package enum \(service.name)") { swift in
          for method in methods { Self.write(method, roles, to: &swift) }
        }
        swift.line()
      }
      swift.line("/// Every method with the types of its messages.")
      swift.list("package static let rows: [MethodRow]", services.flatMap(\.1).map { method in
        let row = method.row.dropFirst(options.table.count + 1)
        return "MethodRow(\(row), input: \(method.input).messageType, output: \(method.output).messageType)"
      })
      swift.line()
      swift.line("/// Every method.")
      swift.line("package static let methods: [MethodDescriptor] = rows.map(\\.descriptor)")
      swift.line()
      swift.line("/// Every message type, nested ones after the one they stand in.")
      swift.list("package static let messages: [any WireMessage.Type]", files.flatMap(\.messages).flatMap(Self.names))
    }
    text = swift.text
  }

  private static func names(_ message: Descriptor) -> [String] {
    ["\(Naming.swiftType(message.fullName, in: message.file)).self"] + message.messages.flatMap(names)
  }

  private static func write(_ method: ServiceMethod, _ roles: EnumDescriptor?, to swift: inout SwiftText) {
    let kind =
      switch (method.proto.clientStreaming, method.proto.serverStreaming) {
      case (false, false): ".unary"
      case (true, false): ".clientStreaming"
      case (false, true): ".serverStreaming"
      case (true, true): ".bidirectional"
      }
    let names = method.policy.roles.map { number in
      let role = roles?.values.first { $0.number == number }
      return role.map { "." + Naming.enumCase($0.name, of: "Role") } ?? "RoleSet(rawValue: 1 << \(number - 1))"
    }
    swift.call(
      "package static let \(method.name) = MethodDescriptor",
      [
        "service: \"\(method.proto.service.fullName)\"", "method: \"\(method.proto.name)\"", "kind: \(kind)",
        "roles: [\(names.joined(separator: ", "))]", "writes: \(method.policy.writes)",
        "maxRequestBytes: \(method.policy.maxRequestBytes)",
      ], "")
  }

  // MARK: Roles

  /// `ventanilla.v1.Role`, found among the files and what they import.
  private static func roles(_ files: [FileDescriptor]) -> EnumDescriptor? {
    let all = files + files.flatMap(\.dependencies)
    return all.lazy.flatMap(\.enums).first { $0.fullName == "ventanilla.v1.Role" }
  }

  private static func write(_ roles: EnumDescriptor, to swift: inout SwiftText) {
    let roles = roles.values.filter { $0.number > 0 }
    let named = roles.map { (value: $0, name: Naming.enumCase($0.name, of: "Role")) }
    swift.block("extension RoleSet") { swift in
      for (value, name) in named {
        swift.comment(value)
        swift.line("package static let \(name) = RoleSet(rawValue: 1 << \(value.number - 1))")
      }
      swift.line()
      swift.line("/// Each role with the word that configuration and logs use for it.")
      swift.list("package static let named: [(name: String, role: RoleSet)]", named.map { "(\"\($0.name)\", .\($0.name))" })
    }
  }
}

extension SwiftText {
  /// `head = [`, one item per line, `]`.
  mutating func list(_ head: String, _ items: [String]) {
    line("\(head) = [")
    indented { swift in items.forEach { swift.line($0 + ",") } }
    line("]")
  }
}
