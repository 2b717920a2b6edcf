internal import SwiftProtobufPluginLibrary

/// The service protocols and typed clients of one `.proto` file.
struct ServiceFile {
  let text: String

  init(_ file: FileDescriptor, _ options: GeneratorOptions) throws {
    let imports = ["package import TTRPCCore"] + (options.runtime.map { ["package import \($0)"] } ?? [])
    var swift = SwiftText(from: [file.name], imports: imports)
    for service in file.services {
      let methods = try service.methods.map { try ServiceMethod($0, options) }
      swift.line()
      Self.writeProtocol(service, methods, to: &swift)
      swift.line()
      Self.writeRegistration(service, methods, to: &swift)
      swift.line()
      Self.writeClient(service, methods, to: &swift)
    }
    text = swift.text
  }

  private static func writeProtocol(
    _ service: ServiceDescriptor, _ methods: [ServiceMethod], to swift: inout SwiftText
  ) {
    swift.comment(service)
    swift.block("package protocol \(service.name)Service: Sendable") { swift in
      for (index, method) in methods.enumerated() {
        if index > 0 { swift.line() }
        guard !method.streams else {
          swift.line("// \(method.proto.name) streams; it stands in the method table and is not generated yet.")
          continue
        }
        swift.comment(method.proto)
        if method.policy.immediate {
          swift.line("///")
          swift.line("/// Immediate: runs on the event loop and never waits.")
        }
        let effects = method.policy.immediate ? "throws(RPCError)" : "async throws(RPCError)"
        swift.call("func \(method.name)", ["_ request: \(method.input)", "context: CallContext"], " \(effects) -> \(method.answer)")
      }
    }
  }

  private static func writeRegistration(
    _ service: ServiceDescriptor, _ methods: [ServiceMethod], to swift: inout SwiftText
  ) {
    swift.block("extension \(service.name)Service") { swift in
      swift.line("/// Every unary method of the service with what answers it.")
      swift.block("package var registeredMethods: [RegisteredMethod]") { swift in
        swift.line("[")
        swift.indented { swift in
          for method in methods where !method.streams {
            let form = method.policy.immediate ? "immediate" : "waiting"
            let effects = method.policy.immediate ? "throws(RPCError)" : "async throws(RPCError)"
            let call = method.policy.immediate ? "try" : "try await"
            swift.line(".\(form)(\(method.row)) { (request: \(method.input), context) \(effects) -> \(method.answer) in")
            swift.indented { $0.line("\(call) self.\(method.name)(request, context: context)") }
            swift.line("},")
          }
        }
        swift.line("]")
      }
    }
  }

  private static func writeClient(
    _ service: ServiceDescriptor, _ methods: [ServiceMethod], to swift: inout SwiftText
  ) {
    swift.line("/// Calls \(service.fullName) over a connection.")
    swift.block("package struct \(service.name)Client: Sendable") { swift in
      swift.line("private let transport: any RPCTransport")
      swift.line()
      swift.line("package init(_ transport: any RPCTransport) { self.transport = transport }")
      for method in methods where !method.streams {
        swift.line()
        swift.comment(method.proto)
        swift.call(
          "package func \(method.name)", ["_ request: \(method.input)", "options: CallOptions = CallOptions()"],
          " async throws(RPCError) -> \(method.output) {")
        swift.indented { $0.line("try await transport.call(\(method.row), request, options)") }
        swift.line("}")
      }
    }
  }
}

/// One method as the generated code names it.
struct ServiceMethod {
  let proto: MethodDescriptor
  let policy: Policy
  let name: String
  let input: String
  let output: String
  /// Its row of the method table, `MethodTable.Appointments.book`.
  let row: String

  /// What a handler returns: of a write that waits, the stored bytes, which go to every repeat as they are.
  var answer: String { policy.writes && !policy.immediate ? "Encoded<\(output)>" : output }

  var streams: Bool { proto.clientStreaming || proto.serverStreaming }

  init(_ method: MethodDescriptor, _ options: GeneratorOptions) throws {
    proto = method
    policy = try Policy(of: method)
    name = Naming.property(method.name)
    input = Naming.swiftType(method.inputType.fullName, in: method.inputType.file)
    output = Naming.swiftType(method.outputType.fullName, in: method.outputType.file)
    row = "\(options.table).\(method.service.name).\(name)"
  }
}
