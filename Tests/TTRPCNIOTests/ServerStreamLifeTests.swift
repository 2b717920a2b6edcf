import NIOCore
import NIOPosix
import Synchronization
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// How streams end before their time, and what a slow reader costs.
@Suite("Lives of streams on a server", .timeLimit(.minutes(1)))
struct ServerStreamLifeTests {
  typealias Transcripts = ServerStreamTranscriptTests

  @Test("A deadline ends a stream with one response, and its handler is told")
  func deadline() async throws {
    let slow = SlowReader()
    slow.gate.open()
    try await withServer(methods: slow.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Slow", flags: .remoteOpen, timeout: 20_000_000), .data(1, [1]))
      #expect(try await client.replies(1) == [.failed(1, .deadlineExceeded, "context deadline exceeded")])
      try await eventually { slow.ends == [.failure(.deadlineExceeded)] }
      try await client.send(.data(1, [1]))
      #expect(try await client.replies(1) == [.failed(1, .invalidArgument, "StreamID is no longer active")])
      let counters = await server.counters()
      #expect([counters.running, counters.deadlinesExceeded] == [0, 1])
    }
  }

  @Test("A client that is gone ends its streams, wherever their handlers wait", arguments: [false, true])
  func disconnect(reset: Bool) async throws {
    let slow = SlowReader()
    slow.gate.open()
    try await withServer(methods: slow.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Slow", flags: .remoteOpen), .request(3, "Slow", flags: .remoteOpen))
      // This one fills the socket and waits for a client that never reads.
      try await client.send(.request(5, "Flood", flags: .remoteClosed))
      await slow.gate.until(arrived: 2)
      client.close(reset: reset)
      try await eventually { slow.ends.count == 2 }
      for end in slow.ends { #expect(throws: RPCError.self) { try end.get() } }
      try await eventually { await server.counters().running == 0 }
      try await eventually { await server.counters().connections == 0 }
    }
  }

  @Test("A half-close in the middle of a stream's messages is not their end: the call is cancelled, and other replies go out")
  func halfClose() async throws {
    let slow = SlowReader()
    slow.gate.open()
    try await withServer(methods: slow.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Slow", flags: .remoteOpen), .data(1, [1]), .request(3, "Expand", [2], flags: .remoteClosed))
      client.shutdownOutput()
      let replies = Transcripts.byStream(try await client.repliesToEnd())
      #expect(replies[1] == [.failed(1, .cancelled, "the client ended the connection in the middle of this stream")])
      #expect(replies[3] == [.message(3, [0]), .message(3, [1]), .end(3)])
      try await eventually { await server.counters().connections == 0 }
    }
  }

  @Test("A handler that reads slowly blocks no other stream, and over its bound only its own stream fails")
  func slowHandler() async throws {
    let slow = SlowReader()
    var limits = TTRPCLimits.standard
    limits.maxBytesQueuedPerStream = 10_000
    try await withServer(methods: slow.methods, limits: limits) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Slow", flags: .remoteOpen), .request(3, "Chat", flags: .remoteOpen))
      await slow.gate.until(arrived: 1)
      for _ in 0..<9 { try await client.send(.data(1, Array(repeating: 1, count: 1000)), .data(3, [3])) }
      #expect(try await client.replies(9) == Array(repeating: .message(3, [3]), count: 9))
      try await client.send(.data(1, Array(repeating: 1, count: 1000)), .data(3, [], Transcripts.close))
      let last = Transcripts.byStream(try await client.replies(2))
      #expect(last[3] == [.end(3)])
      let bound = "limit maxBytesQueuedPerStream reached: 10000 bytes of messages that the method has not read"
      #expect(last[1] == [.failed(1, .resourceExhausted, bound)])
      slow.gate.open()
      try await eventually { slow.ends.count == 1 }
      #expect(await server.counters().running == 0)
    }
  }

  @Test("A client that does not read stops its stream's handler, which costs a bounded memory, and nothing is lost")
  func slowClient() async throws {
    let sent = Gate()
    let counted = StreamProbe.method("Counted", .serverStreaming) { (stream, _) async throws(RPCError) in
      for number in 0..<200 {
        try await stream.send(Array(repeating: UInt8(number), count: 100_000))
        if number == 199 { sent.open() }
      }
      return .done
    }
    try await withServer(methods: StreamProbe.methods + [counted]) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Counted", flags: .remoteClosed))
      // The stream stands still with a fraction of its 20 MB sent, and stays there.
      var before = -1
      try await eventually {
        let now = await server.counters().bytesOut
        defer { before = now }
        try? await Task.sleep(for: .milliseconds(50))
        return now > 0 && now == before
      }
      #expect(before < 10_000_000)
      let replies = try await client.replies(201)
      #expect(replies == (0..<200).map { .message(1, Array(repeating: UInt8($0), count: 100_000)) } + [.end(1)])
    }
  }

  @Test("A client that half-closes in the middle of a stream is told so at once, whatever its other calls do")
  func halfCloseBesideOthers() async throws {
    let slow = SlowReader()
    try await withServer(methods: slow.methods) { _, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Slow", flags: .remoteOpen), .request(3, "Slow", flags: .remoteClosed))
      await slow.gate.until(arrived: 2)
      client.shutdownOutput()
      #expect(try await client.replies(1) == [.failed(1, .cancelled, "the client ended the connection in the middle of this stream")])
      slow.gate.open()
      #expect(try await client.repliesToEnd() == [.ok(3, [0])])
    }
  }

  @Test("A stream that never pauses keeps no other call of its loop waiting")
  func drizzle() async throws {
    // Small messages, which a method makes faster than the loop writes them.
    let isOver = Mutex(false)
    let drizzle = StreamProbe.method("Drizzle", .serverStreaming) { (stream, _) async throws(RPCError) in
      for _ in 0..<2_000_000 { try await stream.send([0x44]) }
      isOver.withLock { $0 = true }
      return .done
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    // There is always room, as with a client that reads faster than this server writes.
    var limits = TTRPCLimits.standard
    limits.maxBytesBufferedOut = 1 << 40
    let server = try await TTRPCServer.start(
      listeners: [Listener(address: .unix(path: SocketPath.fresh()), role: Probe.kiosk)],
      router: RPCRouter(StreamProbe.methods + [drizzle]), limits: limits, group: group)
    let (greedy, other) = (try await connect(server.addresses[0]), try await connect(server.addresses[0]))
    let flood = try await greedy.stream(drizzle.descriptor, request: [], options: CallOptions())
    #expect(try await flood.next() == [0x44])
    // Plain ttrpc has no word for it: the server sends on, and the client throws away what comes.
    flood.cancel()
    for number in 0..<20 as Range<UInt8> {
      #expect(try await other.unary(Probe.echo.descriptor, payload: [number], options: CallOptions()) == [number])
    }
    #expect(!isOver.withLock { $0 }, "they had to wait for the whole of it")
    await server.drain(grace: .zero)
    try await group.shutdownGracefully()
  }

  @Test("A drain lets streams end, and cuts them after its grace")
  func drain() async throws {
    let slow = SlowReader()
    slow.gate.open()
    try await withServer(methods: slow.methods) { server, address in
      let patient = try RawSocket(address)
      let stuck = try RawSocket(address)
      try await patient.send(.request(1, "Slow", flags: .remoteOpen), .data(1, [1]))
      try await stuck.send(.request(1, "Slow", flags: .remoteOpen))
      await slow.gate.until(arrived: 2)
      async let drained: Void = server.drain(grace: .seconds(2))
      try await eventually { await server.counters().refusals == 0 && (try? RawSocket(address)) == nil }
      // The listeners close first, and the connections are told a moment later.
      var (number, answer): (UInt32, [Reply]) = (1, [])
      repeat {
        number += 2
        try await patient.send(.request(number, "Echo", [1]))
        answer = try await patient.replies(1)
      } while answer == [.ok(number, [1])]
      #expect(answer == [.failed(number, .unavailable, "server is shutting down")])
      try await patient.send(.data(1, [2]), .data(1, [], Transcripts.close))
      #expect(try await patient.repliesToEnd() == [.ok(1, [2])])
      await drained
      #expect(try await stuck.repliesToEnd() == [])
      try await eventually { slow.ends.count == 2 }
    }
  }

  @Test("A message longer than a frame fails in the handler, and its stream can go on")
  func tooLong() async throws {
    let long = StreamProbe.method("Long", .serverStreaming) { (stream, _) async throws(RPCError) in
      do throws(RPCError) {
        try await stream.send(Array(repeating: 1, count: 4_194_305))
      } catch {
        try await stream.send(Array(error.message.utf8))
      }
      return .done
    }
    try await withServer(methods: [long]) { _, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Long", flags: .remoteClosed))
      let text = "message length 4194305 exceed maximum message size of 4194304"
      #expect(try await client.replies(2) == [.message(1, Array(text.utf8)), .end(1)])
    }
  }
}
