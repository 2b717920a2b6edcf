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
        swift.comment(method.proto)
        if method.policy.immediate {
          swift.line("///")
          swift.line("/// Immediate: runs on the event loop and never waits.")
        }
        swift.call("func \(method.name)", method.parameters.map(\.declared) + ["context: CallContext"], " \(method.effects)\(method.result)")
      }
    }
  }

  private static func writeRegistration(
    _ service: ServiceDescriptor, _ methods: [ServiceMethod], to swift: inout SwiftText
  ) {
    swift.block("extension \(service.name)Service") { swift in
      swift.line("/// Every method of the service with what answers it.")
      swift.block("package var registeredMethods: [RegisteredMethod]") { swift in
        swift.line("[")
        swift.indented { swift in
          for method in methods {
            let values = (method.parameters.map(\.inClosure) + ["context"]).joined(separator: ", ")
            let call = method.policy.immediate ? "try" : "try await"
            let arguments = (method.parameters.map(\.passed) + ["context: context"]).joined(separator: ", ")
            swift.line(".\(method.form)(\(method.row)) { (\(values)) \(method.effects)\(method.closureResult) in")
            swift.indented { $0.line("\(call) self.\(method.name)(\(arguments))") }
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
      for method in methods {
        swift.line()
        swift.comment(method.proto)
        let request = method.proto.clientStreaming ? [] : ["_ request: \(method.input)"]
        swift.call(
          "package func \(method.name)", request + ["options: CallOptions = CallOptions()"],
          " async throws(RPCError) -> \(method.call.type) {")
        let arguments = [method.row] + (method.proto.clientStreaming ? [] : ["request"]) + ["options"]
        swift.indented { $0.line("try await transport.\(method.call.opener)(\(arguments.joined(separator: ", ")))") }
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

  /// A value that a handler gets, as its protocol declares it, as the registration's closure names it, and as that passes it on.
  struct Parameter {
    let declared: String
    let inClosure: String
    let passed: String
  }

  /// What a handler gets before the context.
  var parameters: [Parameter] {
    let request =
      proto.clientStreaming
      ? Parameter(declared: "_ requests: RequestStream<\(input)>", inClosure: "requests: RequestStream<\(input)>", passed: "requests")
      : Parameter(declared: "_ request: \(input)", inClosure: "request: \(input)", passed: "request")
    let replies = Parameter(
      declared: "replies: ReplyStream<\(output)>", inClosure: "replies: ReplyStream<\(output)>", passed: "replies: replies")
    return proto.serverStreaming ? [request, replies] : [request]
  }

  var effects: String { policy.immediate ? "throws(RPCError)" : "async throws(RPCError)" }

  /// ` -> Wire.Slot`; nothing of a method that sends its replies.
  var result: String { proto.serverStreaming ? "" : " -> \(answer)" }
  /// As `result`; a closure says `Void`.
  var closureResult: String { proto.serverStreaming ? " -> Void" : result }

  /// The registration: `RegisteredMethod.waiting`.
  var form: String {
    switch (proto.clientStreaming, proto.serverStreaming) {
    case (false, false): policy.negotiates ? "negotiating" : policy.immediate ? "immediate" : "waiting"
    case (true, false): "clientStreaming"
    case (false, true): "serverStreaming"
    case (true, true): "bidirectional"
    }
  }

  /// What a client's function returns, and the function of the transport that makes it.
  var call: (type: String, opener: String) {
    switch (proto.clientStreaming, proto.serverStreaming) {
    case (false, false): (output, "call")
    case (true, false): ("ClientStreamingCall<\(input), \(output)>", form)
    case (false, true): ("ServerStreamingCall<\(output)>", form)
    case (true, true): ("BidirectionalCall<\(input), \(output)>", form)
    }
  }

  init(_ method: MethodDescriptor, _ options: GeneratorOptions) throws {
    proto = method
    policy = try Policy(of: method)
    name = Naming.property(method.name)
    input = Naming.swiftType(method.inputType.fullName, in: method.inputType.file)
    output = Naming.swiftType(method.outputType.fullName, in: method.outputType.file)
    row = "\(options.table).\(method.service.name).\(name)"
  }
}
