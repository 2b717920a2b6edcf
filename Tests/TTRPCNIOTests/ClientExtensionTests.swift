import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A client's extensions on the wire", .timeLimit(.minutes(1)))
struct ClientExtensionTests {
  static let all: WireExtensions = [.ping, .cancel, .credit, .goingAway]
  static let call = Probe.descriptor("Echo")
  static let hello = Probe.descriptor("Hello")

  /// A connection to which the server has granted these.
  static func server(_ granted: WireExtensions = all, limits: TTRPCLimits = .standard) async throws -> ScriptedServer {
    let server = try await ScriptedServer(limits: limits)
    async let reply = server.client.negotiate(hello, payload: [], options: CallOptions()) { WireExtensions(rawValue: $0[0]) }
    _ = try await server.frames(1)
    try await server.says(.reply(1, [granted.rawValue]))
    _ = try await reply
    return server
  }

  static func unary(_ server: ScriptedServer, timeout: Duration? = nil) -> Task<[UInt8], any Error> {
    Task { try await server.client.unary(call, payload: [1], options: CallOptions(timeout: timeout)) }
  }

  @Test("What is granted holds from the frame after the reply on, in the same read")
  func grantedAtOnce() async throws {
    let server = try await ScriptedServer()
    async let reply = server.client.negotiate(Self.hello, payload: [], options: CallOptions()) { WireExtensions(rawValue: $0[0]) }
    _ = try await server.frames(1)
    try await server.says(.ping([9]), .reply(1, [WireExtensions.ping.rawValue]), .ping([7, 8]))
    #expect(try await reply == [WireExtensions.ping.rawValue])
    #expect(try await server.frames(1) == [.pong([7, 8])], "the first ping came before the grant")
    #expect(await server.client.counters().ignoredFrames == 1)
    #expect(server.client.extensions == .ping)
  }

  @Test("A call that is refused grants nothing")
  func refused() async throws {
    let server = try await ScriptedServer()
    let reply = Task { try await server.client.negotiate(Self.hello, payload: [], options: CallOptions()) { _ in Self.all } }
    _ = try await server.frames(1)
    try await server.says(.failure(RPCError(.unimplemented, "method Hello")), .ping([7]))
    await #expect(throws: RPCError(.unimplemented, "method Hello")) { try await reply.value }
    #expect(try await server.hearsNothing())
    #expect(server.client.extensions == [])
  }

  // MARK: Ping

  static let patient: TTRPCLimits = {
    var limits = TTRPCLimits()
    (limits.pingInterval, limits.pingTimeout) = (.seconds(10), .seconds(5))
    return limits
  }()

  @Test("A silent server is asked, and one that answers stays; one that does not is closed, and its calls are told UNAVAILABLE")
  func silence() async throws {
    let server = try await Self.server(limits: Self.patient)
    let (call, stream) = (Self.unary(server), try await server.openAfterHello(.bidirectional, requests: 2))
    let loop = server.channel.testingEventLoop
    await loop.advanceTime(by: .seconds(9))
    #expect(try await server.hearsNothing())
    await loop.advanceTime(by: .seconds(1))
    #expect(try await server.frames(1) == [.ping()])
    try await server.says(.reply(99))
    await loop.advanceTime(by: .seconds(9))
    #expect(try await server.hearsNothing())
    await loop.advanceTime(by: .seconds(1))
    #expect(try await server.frames(1) == [.ping()])
    try await server.says(.pong())
    await loop.advanceTime(by: .seconds(5))
    #expect(server.client.isOpen)
    await loop.advanceTime(by: .seconds(5))
    #expect(try await server.frames(1) == [.ping()])
    await loop.advanceTime(by: .seconds(4))
    #expect(server.client.isOpen)
    await loop.advanceTime(by: .seconds(1))
    await #expect(throws: RPCError.serverSilent) { try await call.value }
    await #expect(throws: RPCError.serverSilent) { try await stream.next() }
    await server.client.closed()
    #expect(!server.client.isOpen)
    #expect(await server.client.departure() == .closed(.serverSilent))
  }

  @Test("Without the grant nobody is asked, however long nothing comes")
  func plainSilence() async throws {
    let server = try await Self.server([.cancel], limits: Self.patient)
    await server.channel.testingEventLoop.advanceTime(by: .hours(5))
    #expect(try await server.hearsNothing())
    #expect(server.client.isOpen)
  }

  // MARK: Cancel

  @Test("A caller that gives up cancels its call at the server, by deadline or by its task, and the last frame is taken in silence")
  func cancelUnary() async throws {
    let server = try await Self.server([.cancel])
    let cancelled = Self.unary(server)
    _ = try await server.frames(1)
    let late = Self.unary(server, timeout: .seconds(3600))
    _ = try await server.frames(1)
    cancelled.cancel()
    #expect(try await server.frames(1) == [.cancel(3)])
    await server.passTime()
    #expect(try await server.frames(1) == [.cancel(5)])
    await #expect(throws: RPCError.cancelled) { try await cancelled.value }
    await #expect(throws: RPCError.deadlineExceeded) { try await late.value }
    try await server.says(.reply(3, [1]), .failure(RPCError(.cancelled, "context canceled"), 5))
    #expect(await server.client.counters().ignoredFrames == 0)
    try await server.says(.reply(3, [1]))
    #expect(await server.client.counters().ignoredFrames == 1)
  }

  @Test("A stream that is cancelled says so and nothing else, whatever its half", arguments: [
    MethodKind.serverStreaming, .clientStreaming, .bidirectional,
  ])
  func cancelStream(kind: MethodKind) async throws {
    let server = try await Self.server()
    let stream = try await server.openAfterHello(kind)
    stream.cancel()
    stream.cancel()
    #expect(try await server.frames(1) == [.cancel(3)])
    #expect(await stream.all() == Told(messages: [], error: .cancelled))
    if kind != .clientStreaming { try await server.says(.data(3, [1])) }
    try await server.says(.failure(RPCError(.cancelled, "context canceled"), 3))
    #expect(try await server.hearsNothing())
    #expect(await server.client.counters().ignoredFrames == 0)
  }

  // MARK: Credit

  @Test("A sender waits for credit, and goes on as far as what it is given")
  func sendingWaits() async throws {
    let server = try await Self.server()
    let stream = try await server.openAfterHello(.clientStreaming)
    let large = [UInt8](repeating: 7, count: 65_536)
    let sender = Task {
      for message: [UInt8] in [large, [1], [2], [3]] { try await stream.send(message) }
      try await stream.finishSending()
    }
    #expect(try await server.frames(1) == [.data(3, large)])
    #expect(try await server.hearsNothing())
    try await server.says(.credit(3, 32))
    #expect(try await server.hearsNothing(), "credit of 0 is not above 0")
    try await server.says(.credit(3, 34))
    #expect(try await server.frames(2) == [.data(3, [1]), .data(3, [2])])
    #expect(try await server.hearsNothing())
    try await server.says(.credit(3, 1000))
    try await sender.value
    #expect(try await server.frames(2) == [.data(3, [3]), .close(3)])
  }

  @Test("A sender that waits for credit is told how the call ended")
  func endsWhileWaiting() async throws {
    let server = try await Self.server()
    let stream = try await server.openAfterHello(.bidirectional)
    try await stream.send([UInt8](repeating: 7, count: 65_536))
    let sender = Task { try await stream.send([1]) }
    _ = try await server.frames(1)
    try await server.says(.failure(ClientStreamTests.gone, 3))
    await #expect(throws: ClientStreamTests.gone) { try await sender.value }
    #expect(try await server.hearsNothing())
  }

  @Test("What is read is given back in steps of half of the first credit; what is not read is not")
  func givesBack() async throws {
    let server = try await Self.server()
    let stream = try await server.openAfterHello(.serverStreaming)
    let message = [UInt8](repeating: 7, count: 10_000)
    for _ in 0..<6 { try await server.says(.data(3, message)) }
    for _ in 0..<3 { #expect(try await stream.next() == message) }
    #expect(try await server.hearsNothing(), "30,096 were consumed")
    #expect(try await stream.next() == message)
    #expect(try await server.frames(1) == [.credit(3, 40_128)])
    for _ in 0..<2 { #expect(try await stream.next() == message) }
    #expect(try await server.hearsNothing())
    try await server.says(.close(3))
    #expect(try await stream.next() == nil)
  }

  @Test("A reader that stops reading holds no more than the credit and one message; who sends more fails that stream alone")
  func sendsWithoutCredit() async throws {
    let server = try await Self.server()
    let (first, second) = (try await server.openAfterHello(.serverStreaming), try await server.openAfterHello(.serverStreaming))
    let large = [UInt8](repeating: 7, count: 4_000_000)
    try await server.says(.data(3, [1]), .data(3, large), .data(3, [2]), .data(5, [5]), .close(5))
    let error = RPCError(.resourceExhausted, "the server sent a message without credit")
    #expect(await first.all() == Told(messages: [[1], large], error: error))
    #expect(try await server.frames(1) == [.cancel(3)])
    #expect(await second.all() == Told(messages: [[5]]))
  }

  // MARK: Going away

  @Test("When the server goes away, calls above its last are told so, the others are answered, and then the connection closes")
  func goingAway() async throws {
    let server = try await Self.server()
    let (early, late) = (Self.unary(server), Self.unary(server))
    _ = try await server.frames(2)
    let (stream, lateStream) = (try await server.openAfterHello(.bidirectional), try await server.openAfterHello(.serverStreaming))
    try await server.says(.goingAway(7))
    await #expect(throws: RPCError.notBegun) { try await lateStream.next() }
    #expect(!server.client.isOpen)
    #expect(await server.client.departure() == .goingAway)
    await #expect(throws: RPCError.notBegun) { try await server.client.unary(Self.call, payload: [], options: CallOptions()) }
    try await stream.send([1])
    #expect(try await server.frames(1) == [.data(7, [1])])
    try await server.says(.reply(3, [3]), .reply(5, [5]))
    #expect(try await Set([early.value, late.value]) == [[3], [5]])
    try await server.says(.data(7, [7]), .reply(7))
    #expect(try await stream.next() == [7])
    await server.client.closed()
  }

  @Test("A going-away server with nothing to answer is left at once; calls that waited to be sent were not begun")
  func goingAwayIdle() async throws {
    let server = try await Self.server()
    try await server.setWritable(false)
    let waiting = Self.unary(server)
    #expect(try await server.hearsNothing())
    try await server.says(.goingAway(1))
    // It waits in the connection's line, or comes to a connection that has closed meanwhile.
    let error = await #expect(throws: RPCError.self) { try await waiting.value }
    #expect(error?.isNotBegun == true)
    await server.client.closed()
  }

  @Test("A frame that breaks its rules closes the connection")
  func broken() async throws {
    let server = try await Self.server()
    let call = Self.unary(server)
    _ = try await server.frames(1)
    try await server.says(WireFrame(stream: 0, type: .goingAway, body: [1]))
    let error = await #expect(throws: RPCError.self) { try await call.value }
    #expect(error?.code == .unavailable)
    await server.client.closed()
  }
}

extension ScriptedServer {
  /// Opens a call whose stream is not the first; takes its request, and those of others that came before, off the wire.
  func openAfterHello(_ kind: MethodKind, requests: Int = 1) async throws -> any RPCClientStream {
    let stream = try await client.stream(Self.descriptor(kind), request: kind.clientStreams ? nil : [1, 2], options: CallOptions())
    _ = try await frames(requests)
    return stream
  }
}

extension WireFrame {
  static func ping(_ body: [UInt8] = []) -> WireFrame { WireFrame(stream: 0, type: .ping, body: body) }
  static func pong(_ body: [UInt8] = []) -> WireFrame { WireFrame(stream: 0, type: .pong, body: body) }
  static func cancel(_ stream: UInt32) -> WireFrame { WireFrame(stream: stream, type: .cancel) }
  static func credit(_ stream: UInt32, _ amount: UInt32) -> WireFrame {
    WireFrame(stream: stream, type: .credit, body: Array(WireExtensions.frame(.credit, stream: stream, number: amount).suffix(4)))
  }
  static func goingAway(_ last: UInt32) -> WireFrame {
    WireFrame(stream: 0, type: .goingAway, body: Array(WireExtensions.frame(.goingAway, stream: 0, number: last).suffix(4)))
  }
}
