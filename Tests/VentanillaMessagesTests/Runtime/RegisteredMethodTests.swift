import CShapesProtos
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("From payload to reply")
struct RegisteredMethodTests {
  /// Answers with what it was asked, so that a test sees both ways.
  struct Echoing: ShapesService {
    func forgotten(_ request: Wire.Scalars, context: CallContext) async throws(RPCError) -> Wire.Lists { Wire.Lists(messages: [request]) }

    func store(_ request: Wire.Lists, context: CallContext) async throws(RPCError) -> Encoded<Wire.Scalars> {
      guard let first = request.messages.first else { throw RPCError(.notFound, "nothing to store") }
      return Encoded(first)
    }

    func draw(_ request: Wire.Choices, context: CallContext) throws(RPCError) -> Wire.Tree {
      guard case .text(let label) = request.kind else { throw RPCError(.invalidArgument, "kind is not text") }
      return Wire.Tree(label: label == "NUL" ? "\0" : label)
    }

    func gather(_ requests: RequestStream<Wire.Tree>, context: CallContext) async throws(RPCError) -> Wire.Outer {
      var labels: [String] = []
      while let tree = try await requests.next() { labels.append(tree.label) }
      return Wire.Outer(default: labels.joined(separator: ","))
    }

    func keep(_ requests: RequestStream<Wire.Tree>, context: CallContext) async throws(RPCError) -> Encoded<Wire.Outer> {
      Encoded(try await gather(requests, context: context))
    }

    func scatter(_ request: Wire.Outer, replies: ReplyStream<Wire.Tree>, context: CallContext) async throws(RPCError) {
      for number in 0..<request.message { try await replies.send(Wire.Tree(label: "\(request.default)\(number)")) }
    }

    func pour(
      _ requests: RequestStream<Wire.Tree>, replies: ReplyStream<Wire.Outer>, context: CallContext
    ) async throws(RPCError) {
      while let tree = try await requests.next() { try await replies.send(Wire.Outer(default: tree.label)) }
    }
  }

  static let context = CallContext(
    method: ShapesMethodTable.Shapes.draw, caller: Caller(role: .kiosk, connectionID: 1), deadline: nil, metadata: [:])

  static func answer(_ name: String, _ payload: [UInt8]) async throws(RPCError) -> [UInt8] {
    guard let method = Echoing().registeredMethods.first(where: { $0.descriptor.method == name }) else {
      throw RPCError(.unimplemented, "method \(name)")
    }
    return try await run(method, payload)
  }

  static func run(_ method: RegisteredMethod, _ payload: [UInt8]) async throws(RPCError) -> [UInt8] {
    switch method.handler {
    case .synchronous(let answer):
      var reply = ReplyBuffer()
      try payload.span.withUnsafeBytes { bytes throws(RPCError) in try answer(bytes, context, &reply) }
      return reply.withBytes { Array($0) }
    case .negotiating, .streaming: throw RPCError(.unimplemented, "not one of these methods")
    case .asynchronous(let start):
      let pending = try payload.span.withUnsafeBytes { bytes throws(RPCError) in try start(bytes, context) }
      return try await pending()
    }
  }

  @Test("Methods that answer at once are registered as synchronous, others not, and streams as streams")
  func kinds() {
    let kinds = Echoing().registeredMethods.map { method in
      switch method.handler {
      case .synchronous: "\(method.descriptor.method): synchronous"
      case .asynchronous: "\(method.descriptor.method): asynchronous"
      case .negotiating: "\(method.descriptor.method): negotiating"
      case .streaming: "\(method.descriptor.method): streaming"
      }
    }
    #expect(kinds == ["Forgotten: asynchronous", "Store: asynchronous", "Draw: synchronous", "Gather: streaming", "Keep: streaming", "Scatter: streaming", "Pour: streaming"])
  }

  @Test("A request goes in as bytes and comes out as bytes")
  func bothWays() async throws {
    #expect(try await Self.answer("Draw", Bytes.field(2, "árbol")) == Bytes.field(1, "árbol"))
    #expect(try await Self.answer("Store", Bytes.field(1004, Bytes.field(14, "s"))) == Bytes.field(14, "s"))
  }

  @Test("A payload that cannot be read is status 13 with the path, as from Go's server", arguments: ["Draw", "Store"])
  func unreadable(method: String) async {
    let payload = method == "Draw" ? Bytes.field(6, Bytes.field(14, [0xFF])) : Bytes.field(1004, Bytes.field(14, [0xFF]))
    let place = method == "Draw" ? "request.scalars.a_string" : "request.messages[0].a_string"
    await #expect(throws: RPCError(.internal, "ttrpc: error unmarshalling payload: \(place): not valid UTF-8")) {
      try await Self.answer(method, payload)
    }
  }

  @Test("The handler's own error goes out as it is")
  func refusal() async {
    await #expect(throws: RPCError(.invalidArgument, "kind is not text")) { try await Self.answer("Draw", []) }
    await #expect(throws: RPCError(.notFound, "nothing to store")) { try await Self.answer("Store", []) }
  }

  @Test("A reply that cannot be encoded is status 13, not a shorter reply")
  func unencodable() async {
    await #expect(throws: RPCError(.internal, "ttrpc: error marshalling reply: reply.label: has a NUL inside")) {
      try await Self.answer("Draw", Bytes.field(2, "NUL"))
    }
  }

  @Test("A borrowing handler reads and writes the C message itself")
  func borrowing() async throws {
    let method = RegisteredMethod.borrowing(ShapesMethodTable.Shapes.draw, Wire.Tree.self) { message, _, reply throws(RPCError) in
      guard message.pointee.n_children < 2 else { throw RPCError(.outOfRange, "too many") }
      Wire.Tree.pack(message, into: &reply)
    }
    let tree = Wire.Tree(label: "x", children: [Wire.Tree(label: "y")])
    #expect(try await Self.run(method, tree.encoded()) == tree.encoded())
    await #expect(throws: RPCError(.outOfRange, "too many")) {
      try await Self.run(method, Wire.Tree(children: [Wire.Tree(), Wire.Tree()]).encoded())
    }
    await #expect(throws: RPCError(.internal, "ttrpc: error unmarshalling payload: request.label: has a NUL inside")) {
      try await Self.run(method, Bytes.field(1, "\0"))
    }
  }

  // MARK: Clients

  /// Hands every call to a service in the same process.
  struct Loopback: RPCTransport {
    func unary(
      _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
    ) async throws(RPCError) -> [UInt8] {
      if options.metadata.first("reply") == "broken" { return [0xFF] }
      return try await RegisteredMethodTests.answer(method.method, payload)
    }

    func stream(_ method: MethodDescriptor, request: [UInt8]?, options: CallOptions) async throws(RPCError) -> any RPCClientStream {
      throw RPCError(.internal, "no test here opens \(method.method) as a stream")
    }
  }

  @Test("A typed client sends and receives values, and throws the peer's status")
  func client() async throws {
    let client = ShapesClient(Loopback())
    #expect(try await client.draw(Wire.Choices(kind: .text("árbol"))) == Wire.Tree(label: "árbol"))
    #expect(try await client.forgotten(Wire.Scalars(aBool: true)) == Wire.Lists(messages: [Wire.Scalars(aBool: true)]))
    await #expect(throws: RPCError(.notFound, "nothing to store")) { try await client.store(Wire.Lists()) }
  }

  @Test("A client refuses to send what it cannot encode, and says what it cannot read")
  func clientFaults() async {
    let client = ShapesClient(Loopback())
    await #expect(throws: RPCError(.invalidArgument, "request.strings[0]: has a NUL inside")) {
      try await client.store(Wire.Lists(strings: ["\0"]))
    }
    await #expect(throws: RPCError(.internal, "ttrpc: error unmarshalling payload: reply: ends too early")) {
      try await client.draw(Wire.Choices(), options: CallOptions(metadata: ["reply": "broken"]))
    }
  }

  @Test("A status detail carries a message under its type's name")
  func detail() throws {
    let refusal = Wire.Refusal(reason: .slotTaken, text: "Ese horario ya está ocupado.")
    let detail = try StatusDetail(refusal)
    #expect(detail.typeURL == "type.googleapis.com/ventanilla.v1.Refusal")
    #expect(try detail.decoded(as: Wire.Refusal.self) == refusal)
    #expect(try detail.decoded(as: Wire.Slot.self) == nil)
  }

  // MARK: The table

  @Test("The table has the roles of the contract, and nobody for a method without a policy")
  func table() {
    #expect(ShapesMethodTable.Shapes.forgotten.roles == [])
    #expect(ShapesMethodTable.Shapes.draw.roles == [.kiosk, .ivr])
    #expect(ShapesMethodTable.Shapes.pour.kind == .bidirectional)
    #expect(MethodTable.Appointments.book.roles == [.kiosk, .ivr, .staff])
    #expect(MethodTable.Appointments.book.writes)
    #expect(!MethodTable.Appointments.find.writes)
    #expect(RoleSet.named.map(\.role.rawValue) == [1, 2, 4, 8, 16, 32, 64])
    #expect(RoleSet.named.map(\.name) == ["kiosk", "ivr", "display", "technician", "staff", "sync", "promoter"])
  }

  @Test("Every method of the contract can be called by somebody")
  func nothingForgotten() {
    #expect(MethodTable.methods.filter { $0.roles.isEmpty } == [])
  }
}
