import NIOCore
import NIOEmbedded
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A client's calls", .timeLimit(.minutes(1)))
struct ClientConnectionTests {
  static let echo = Probe.descriptor("Echo")
  static let wait = Probe.descriptor("Wait")

  @Test("Sixty-four callers share a connection and each gets its own reply", arguments: Transport.allCases)
  func concurrent(transport: Transport) async throws {
    try await withServer(transport) { server, address in
      let client = try await connect(address)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for caller in 0..<64 {
          group.addTask {
            for call in 0..<50 {
              let payload = [UInt8](repeating: UInt8(caller), count: 1 + (caller * 7 + call * 131) % 3000)
              let method = Probe.descriptor(call % 2 == 0 ? "Echo" : "Soon")
              guard try await client.unary(method, payload: payload, options: CallOptions()) == payload else { return false }
            }
            return true
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect(await server.counters().refusals == 0)
      #expect(await client.counters().calls == 3200)
      await client.close()
    }
  }

  @Test("The server's status reaches the caller", arguments: [
    ("Fail", [], RPCError(.notFound, "no such thing")),
    ("Nothing", [], RPCError(.unimplemented, "method Nothing")),
    ("Denied", [], RPCError(.permissionDenied, "this caller's role may not call test.v1.Probe/Denied")),
    ("Picky", [1], RPCError(.internal, "ttrpc: error unmarshalling payload: field 9 is not known")),
  ] as [(String, [UInt8], RPCError)])
  func statuses(method: String, payload: [UInt8], error: RPCError) async throws {
    try await withServer { _, address in
      let client = try await connect(address)
      await #expect(throws: error) {
        try await client.unary(Probe.descriptor(method), payload: payload, options: CallOptions())
      }
      await client.close()
    }
  }

  @Test("Metadata and time travel with the call")
  func options() async throws {
    let tell = RegisteredMethod(Probe.descriptor("Tell"), .synchronous { _, call, reply throws(RPCError) in
      let text = "\(call.metadata.all("clave")) \(call.deadline != nil)"
      reply.append(text.utf8.count) { $0.copyBytes(from: text.utf8) }
    })
    try await withServer(methods: [tell]) { _, address in
      let client = try await connect(address)
      let metadata = Metadata([.init(key: "clave", value: "ñ"), .init(key: "otra", value: ""), .init(key: "clave", value: "2")])
      let reply = try await client.unary(
        tell.descriptor, payload: [], options: CallOptions(timeout: .seconds(60), metadata: metadata))
      #expect(String(decoding: reply, as: UTF8.self) == #"["ñ", "2"] true"#)
      await client.close()
    }
  }

  @Test("A caller's time ends here too, and the connection goes on")
  func deadline() async throws {
    let gate = Gate()
    try await withServer(methods: gate.methods) { server, address in
      let client = try await connect(address)
      await #expect(throws: RPCError.deadlineExceeded) {
        try await client.unary(Self.wait, payload: [1], options: CallOptions(timeout: .zero))
      }
      #expect(await client.counters().calls == 0, "a call without time left is not sent")
      await #expect(throws: RPCError.deadlineExceeded) {
        try await client.unary(Self.wait, payload: [1], options: CallOptions(timeout: .milliseconds(20)))
      }
      gate.open()
      #expect(try await client.unary(Self.echo, payload: [9], options: CallOptions()) == [9])
      await client.close()
    }
  }

  @Test("A cancelled caller returns at once, and the connection goes on")
  func cancellation() async throws {
    let gate = Gate()
    try await withServer(methods: gate.methods) { _, address in
      let client = try await connect(address)
      let call = Task { try await client.unary(Self.wait, payload: [1], options: CallOptions()) }
      await gate.until(arrived: 1)
      call.cancel()
      await #expect(throws: RPCError.cancelled) { try await call.value }
      gate.open()
      #expect(try await client.unary(Self.echo, payload: [9], options: CallOptions()) == [9])
      try await eventually { await client.counters().ignoredFrames == 1 }
      await client.close()
    }
  }

  @Test("A caller cancelled before it calls sends nothing")
  func cancelledBefore() async throws {
    try await withServer { _, address in
      let client = try await connect(address)
      let call = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await client.unary(Self.echo, payload: [1], options: CallOptions())
      }
      await #expect(throws: RPCError.cancelled) { try await call.value }
      #expect(await client.counters().calls == 0)
      await client.close()
    }
  }

  @Test("A cancellation that reaches the loop before its call ends the call")
  func cancellationFirst() async throws {
    let channel = NIOAsyncTestingChannel()
    let call = ClientCall(Self.echo, payload: [1], metadata: Metadata(), deadline: nil)
    let handler = try await channel.eventLoop.submit {
      let handler = ClientConnectionHandler(eventLoop: channel.eventLoop, limits: .standard)
      try channel.pipeline.syncOperations.addHandler(handler)
      handler.take([.cancel(call)])
      return NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }.get()
    let outcome = await withUnsafeContinuation { continuation in
      channel.eventLoop.execute { handler.value.take([.start(call, continuation)]) }
    }
    #expect(outcome == .failure(.cancelled))
    _ = try await channel.finish()
  }

  @Test("When the connection is lost, calls in flight and later ones fail with UNAVAILABLE", arguments: Transport.allCases)
  func lost(transport: Transport) async throws {
    let gate = Gate()
    try await withServer(transport, methods: gate.methods) { server, address in
      let client = try await connect(address)
      let calls = (0..<10).map { _ in Task { try await client.unary(Self.wait, payload: [], options: CallOptions()) } }
      await gate.until(arrived: 10)
      await server.drain(grace: .zero)
      for call in calls { await #expect(throws: RPCError.connectionClosed) { try await call.value } }
      await client.closed()
      #expect(!client.isOpen)
      await #expect(throws: RPCError.notSent) {
        try await client.unary(Self.echo, payload: [], options: CallOptions())
      }
      gate.open()
    }
  }

  @Test("A client that closes with calls in flight stops their work at the server", arguments: Transport.allCases)
  func closeInFlight(transport: Transport) async throws {
    let gate = Gate()
    try await withServer(transport, methods: gate.methods) { _, address in
      let client = try await connect(address)
      let call = Task { try await client.unary(Self.wait, payload: [], options: CallOptions()) }
      await gate.until(arrived: 1)
      await client.close()
      await #expect(throws: RPCError.connectionClosed) { try await call.value }
      await gate.until(arrived: 1, cancelled: 1)
      gate.open()
    }
  }

  @Test("Large messages both ways, more at once than the socket holds")
  func large() async throws {
    try await withServer { _, address in
      let client = try await connect(address)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for caller in 0..<8 {
          group.addTask {
            let payload = [UInt8](repeating: UInt8(caller), count: 3_000_000)
            return try await client.unary(Self.echo, payload: payload, options: CallOptions()) == payload
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      await #expect(throws: RPCError.self) {
        try await client.unary(Self.echo, payload: Array(repeating: 0, count: 4_194_304), options: CallOptions())
      }
      await client.close()
    }
  }

  @Test("Nobody there is a clear fault")
  func nobody() async throws {
    let path = SocketPath.fresh()
    await #expect(throws: ConnectFault.self) { try await connect(.unix(path: path)) }
    let long = "/tmp/" + String(repeating: "x", count: 103)
    await #expect(
      throws: ConnectFault(address: .unix(path: long), .pathTooLong)
    ) {
      try await connect(.unix(path: long))
    }
  }

  @Test("Requests of one loop tick leave in one write, their streams rising")
  func oneWrite() throws {
    let channel = EmbeddedChannel()
    let handler = ClientConnectionHandler(eventLoop: channel.eventLoop, limits: .standard)
    try channel.pipeline.syncOperations.addHandler(handler)
    handler.take((0..<10).map { _ in
      .start(ClientCall(Self.echo, payload: [1], metadata: Metadata(), deadline: nil))
    })
    let written = try channel.readOutbound(as: ByteBuffer.self)
    var bytes = [UInt8](buffer: try #require(written))
    #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
    #expect(Reply.readAll(&bytes).map(\.stream) == (0..<10).map { $0 * 2 + 1 })
    _ = try channel.finish()
  }

  @Test("Calls wait while the server does not read, and go out in order when it does")
  func backpressure() throws {
    let channel = EmbeddedChannel()
    let handler = ClientConnectionHandler(eventLoop: channel.eventLoop, limits: .standard)
    try channel.pipeline.syncOperations.addHandler(handler)
    channel.isWritable = false
    handler.take((0..<3).map { .start(ClientCall(Self.echo, payload: [$0], metadata: Metadata(), deadline: nil)) })
    #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    let written = try channel.readOutbound(as: ByteBuffer.self)
    var bytes = [UInt8](buffer: try #require(written))
    #expect(Reply.readAll(&bytes).map(\.stream) == [1, 3, 5])
    _ = try channel.finish()
  }

  @Test("A connection whose stream numbers are used up answers what is in flight and closes")
  func idsUsedUp() throws {
    let channel = EmbeddedChannel()
    let handler = ClientConnectionHandler(eventLoop: channel.eventLoop, limits: .standard, firstStream: .max)
    try channel.pipeline.syncOperations.addHandler(handler)
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
    let calls = (0..<2).map { _ in ClientCall(Self.echo, payload: [1], metadata: Metadata(), deadline: nil) }
    handler.take(calls.map { .start($0) })
    #expect(!calls[0].isOver)
    #expect(calls[1].isOver)
    #expect(channel.isActive)
    try channel.writeInbound(ByteBuffer(bytes: WireFrame(stream: .max, type: .response).bytes))
    #expect(calls[0].isOver)
    #expect(!channel.isActive)
  }
}
