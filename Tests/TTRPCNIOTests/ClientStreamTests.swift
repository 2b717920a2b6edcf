import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A client's streams on the wire", .timeLimit(.minutes(1)))
struct ClientStreamTests {
  static let gone = RPCError(.notFound, "no such thing")

  // MARK: Opening and sending

  @Test("Opening says on the wire which half stays open, and carries time and metadata", arguments: [
    (MethodKind.serverStreaming, [7, 8] as [UInt8]?, FrameFlags.remoteClosed),
    (.serverStreaming, [], .remoteClosed),
    (.clientStreaming, nil, .remoteOpen),
    (.bidirectional, nil, .remoteOpen),
  ])
  func opening(kind: MethodKind, request: [UInt8]?, flags: FrameFlags) async throws {
    let server = try await ScriptedServer()
    let metadata = Metadata([.init(key: "clave", value: "ñ")])
    let stream = try await server.client.stream(
      ScriptedServer.descriptor(kind), request: request, options: CallOptions(timeout: .seconds(60), metadata: metadata))
    let frame = try await server.frames(1)[0]
    #expect((frame.stream, frame.type, frame.flags) == (1, .request, flags))
    try frame.body.withUnsafeBytes { bytes in
      let envelope = try RequestEnvelope(bytes)
      #expect(Array(envelope.payload) == request ?? [])
      #expect(envelope.metadata == metadata)
      #expect((59_000_000_000...60_000_000_000).contains(envelope.timeoutNanoseconds))
    }
    stream.cancel()
  }

  @Test("What does not fit the kind of the method is refused before anything is sent", arguments: [
    (MethodKind.unary, nil as [UInt8]?), (.unary, [1]), (.serverStreaming, nil), (.clientStreaming, [1]), (.bidirectional, []),
  ])
  func wrongKind(kind: MethodKind, request: [UInt8]?) async throws {
    let server = try await ScriptedServer()
    let error = await #expect(throws: RPCError.self) {
      try await server.client.stream(ScriptedServer.descriptor(kind), request: request, options: CallOptions())
    }
    #expect(error?.code == .internal)
    #expect(try await server.hearsNothing())
  }

  @Test("Messages are frames of their own, an empty one too; the end is a frame of its own, once")
  func sending() async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(.clientStreaming)
    for message: [UInt8] in [[1, 2, 3], [], [4]] { try await stream.send(message) }
    try await stream.finishSending()
    try await stream.finishSending()
    #expect(try await server.frames(4) == [.data(1, [1, 2, 3]), .data(1, []), .data(1, [4]), .close()])
    #expect(WireFrame.close().bytes == [0, 0, 0, 0, 0, 0, 0, 1, 3, 5])
    await #expect(throws: RPCError.sendingFinished) { try await stream.send([5]) }
    #expect(try await server.hearsNothing())
    try await server.says(.reply(1, [9]))
    #expect(await stream.all() == Told(messages: [[9]]))
  }

  @Test("A message that fits no frame is refused and the stream goes on")
  func tooLong() async throws {
    var limits = TTRPCLimits()
    limits.maxFrameLength = 100
    let server = try await ScriptedServer(limits: limits)
    let stream = try await server.open(.bidirectional)
    await #expect(throws: RPCError.messageTooLong(101, maximum: 100)) { try await stream.send(Array(repeating: 0, count: 101)) }
    try await stream.send([1])
    #expect(try await server.frames(1) == [.data(1, [1])])
  }

  @Test("Numbers rise on the wire however many open at once, streams and unary calls")
  func numbers() async throws {
    let server = try await ScriptedServer()
    let client = server.client
    for index in 0..<20 {
      if index % 2 == 0 {
        Task { _ = try? await client.unary(Probe.echo.descriptor, payload: [], options: CallOptions()) }
      } else {
        Task { _ = try? await client.stream(ScriptedServer.descriptor(.serverStreaming), request: [], options: CallOptions()).next() }
      }
    }
    #expect(try await server.frames(20).map(\.stream) == (0..<20).map { $0 * 2 + 1 })
    await client.close()
  }

  // MARK: The server's half

  @Test("The server's frames become messages and an end", arguments: [
    ("data, then the end", MethodKind.serverStreaming, [.data(1, [1]), .data(1), .data(1, [2]), .close()], Told(messages: [[1], [], [2]])),
    ("the end with the last message", .serverStreaming, [.data(1, [1]), .data(1, [2], .remoteClosed)], Told(messages: [[1], [2]])),
    ("no message at all", .serverStreaming, [.close()], Told(messages: [])),
    ("bytes that are no message", .serverStreaming, [.data(1, [1], .noData), .data(1, [2], [.noData, .remoteClosed])], Told(messages: [])),
    ("an empty response", .serverStreaming, [.data(1, [1]), .reply()], Told(messages: [[1]])),
    ("a response with code 0", .bidirectional, [.data(1, [1]), .reply(1, status: true)], Told(messages: [[1]])),
    ("a status after messages", .serverStreaming, [.data(1, [1]), .data(1, [2]), .failure(gone)], Told(messages: [[1], [2]], error: gone)),
    ("a status alone", .bidirectional, [.failure(gone)], Told(messages: [], error: gone)),
    ("one reply", .clientStreaming, [.reply(1, [5])], Told(messages: [[5]])),
    ("one empty reply", .clientStreaming, [.reply()], Told(messages: [[]])),
    ("one reply with code 0", .clientStreaming, [.reply(1, [5], status: true)], Told(messages: [[5]])),
    ("a status for a reply", .clientStreaming, [.failure(gone)], Told(messages: [], error: gone)),
    ("an end for a reply", .clientStreaming, [.close()],
      Told(messages: [], error: RPCError(.internal, "the server ended the call without the reply that was due"))),
    ("data for a reply", .clientStreaming, [.data(1, [1]), .reply(1, [5])],
      Told(messages: [], error: RPCError(.internal, "the server sent stream data where one reply was due"))),
  ] as [(String, MethodKind, [WireFrame], Told)])
  func receiving(name: String, kind: MethodKind, frames: [WireFrame], told: Told) async throws {
    for size in [1, 7, Int.max] {
      let server = try await ScriptedServer()
      let stream = try await server.open(kind)
      var rest = frames.flatMap(\.bytes)[...]
      while !rest.isEmpty {
        try await server.channel.writeInbound(ByteBuffer(bytes: rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      #expect(await stream.all() == told, "\(name)")
      #expect(await stream.all() == Told(messages: [], error: told.error), "\(name): the end stays")
    }
  }

  @Test("A reader that waits gets its message as it comes")
  func waitingReader() async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(.bidirectional)
    async let told = stream.all()
    for byte: UInt8 in 0..<50 { try await server.says(.data(1, [byte])) }
    try await server.says(.close())
    #expect(await told == Told(messages: (0..<50).map { [$0] }))
  }

  @Test("What comes for a stream that has ended is ignored and counted, and others go on")
  func late() async throws {
    let server = try await ScriptedServer()
    let (first, second) = (try await server.open(.serverStreaming), try await server.open(.serverStreaming))
    try await server.says(.close(1), .data(1, [1]), .reply(1), .close(1), .data(3, [3]), .close(3))
    #expect(await first.all() == Told(messages: []))
    #expect(await second.all() == Told(messages: [[3]]))
    #expect(await server.client.counters().ignoredFrames == 3)
  }

  @Test("When the server ends first, the client's half is closed where the server may wait for it, once", arguments: [
    (WireFrame.close(), true), (.data(1, [1], .remoteClosed), true), (.reply(), true), (.failure(gone), false),
  ])
  func serverEndsFirst(end: WireFrame, owesClose: Bool) async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(.bidirectional)
    try await server.says(end)
    let fault = owesClose ? RPCError.callIsOver : Self.gone
    await #expect(throws: fault) { try await stream.send([1]) }
    if owesClose {
      try await stream.finishSending()
      #expect(try await server.frames(1) == [.close()])
    }
    stream.cancel()
    #expect(try await server.hearsNothing())
  }

  @Test("A client that has closed its half owes nothing when the server closes its own")
  func bothClosed() async throws {
    let server = try await ScriptedServer()
    let stream = try await server.open(.bidirectional)
    try await stream.finishSending()
    #expect(try await server.frames(1) == [.close()])
    try await server.says(.data(1, [1]), .close())
    #expect(await stream.all() == Told(messages: [[1]]))
    #expect(try await server.hearsNothing())
  }

  @Test("A stream whose reader is too far behind fails by the limit's name, after what it has; others go on", arguments: [
    (10, 3), (0, 4),
  ])
  func queueLimit(size: Int, kept: Int) async throws {
    var limits = TTRPCLimits()
    limits.maxBytesQueuedPerStream = 128
    let server = try await ScriptedServer(limits: limits)
    let (first, second) = (try await server.open(.bidirectional), try await server.open(.serverStreaming))
    let message = [UInt8](repeating: 6, count: size)
    for _ in 0..<6 { try await server.says(.data(1, message)) }
    try await server.says(.data(3, [3]), .close(3))
    #expect(
      await first.all()
        == Told(
          messages: Array(repeating: message, count: kept),
          error: RPCError(
            .resourceExhausted,
            "limit maxBytesQueuedPerStream reached: 128 bytes of messages that nobody has read on this stream")))
    #expect(await second.all() == Told(messages: [[3]]))
    #expect(try await server.frames(1) == [.close(1)])
    #expect(await server.client.counters().ignoredFrames == 5 - kept)
  }

  @Test("A queue that is read makes room again")
  func queueRoom() async throws {
    var limits = TTRPCLimits()
    limits.maxBytesQueuedPerStream = 100
    let server = try await ScriptedServer(limits: limits)
    let stream = try await server.open(.serverStreaming)
    for byte: UInt8 in 0..<50 {
      try await server.says(.data(1, [byte]), .data(1, [byte]))
      #expect(try await [stream.next(), stream.next()] == [[byte], [byte]])
    }
    try await server.says(.close())
    #expect(try await stream.next() == nil)
  }
}
