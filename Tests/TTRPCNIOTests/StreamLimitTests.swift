import NIOCore
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("What streams may take up", .timeLimit(.minutes(1)))
struct StreamLimitTests {
  typealias Transcripts = ServerStreamTranscriptTests

  private static func limits(_ change: (inout TTRPCLimits) -> Void) -> TTRPCLimits {
    var limits = TTRPCLimits.unhurried
    change(&limits)
    return limits
  }

  private static func tooMuch(_ maximum: Int) -> String {
    "limit maxBytesBufferedIn reached: \(maximum) bytes of messages that have not come whole or wait to be read"
  }

  @Test("A stream too many is refused by name, a unary call is not, and when one ends there is room again", arguments: [1, 3])
  func streams(maximum: Int) async throws {
    try await withServer(methods: StreamProbe.methods, limits: Self.limits { $0.maxStreamsPerConnection = maximum }) { server, address in
      let client = try RawSocket(address)
      for number in 0..<UInt32(maximum) { try await client.send(.request(2 * number + 1, "Chat", flags: .remoteOpen)) }
      try await client.send(
        .request(51, "Chat", flags: .remoteOpen), .request(53, "Echo", [5]), .data(51, [1]), .data(1, [2]))
      let bound = "limit maxStreamsPerConnection reached: \(maximum) streams in flight on this connection"
      let replies = Transcripts.byStream(try await client.replies(4))
      #expect(replies[51] == [.failed(51, .resourceExhausted, bound), .failed(51, .invalidArgument, "StreamID is no longer active")])
      #expect(replies[53] == [.ok(53, [5])])
      #expect(replies[1] == [.message(1, [2])])
      try await client.send(.data(1, [], Transcripts.close))
      #expect(try await client.replies(1) == [.end(1)])
      try await client.send(.request(55, "Chat", flags: .remoteOpen), .data(55, [3]))
      #expect(try await client.replies(1) == [.message(55, [3])])
      #expect(await server.counters().refusalsByLimit == [.maxStreamsPerConnection: 1])
    }
  }

  @Test("Messages that no method reads are bounded over all streams: those beyond fail, nothing of the others is lost")
  func inAll() async throws {
    // The streams' sum moves in steps of 2 KiB: what is free at the bound is a frame at least, so that one which has come in halves is never
    // what goes over it and closes the connection.
    let bound = 100_351
    let slow = SlowReader()
    try await withServer(methods: slow.methods, limits: Self.limits { $0.maxBytesBufferedIn = bound }) { server, address in
      let client = try RawSocket(address)
      let numbers = (0..<20).map { UInt32(2 * $0 + 1) }
      for number in numbers { try await client.send(.request(number, "Slow", flags: .remoteOpen)) }
      await slow.gate.until(arrived: 20)
      #expect(try await server.keptBytes() == 20 * 2 * QueueCharge.least)
      let message = [UInt8](repeating: 7, count: 1900)
      let frames = numbers.flatMap { number in (0..<8).flatMap { _ in WireFrame.data(number, message).bytes } }
      for start in stride(from: 0, to: frames.count, by: 7000) {
        try await client.send(Array(frames[start..<min(start + 7000, frames.count)]))
        try await Task.sleep(for: .milliseconds(1))
      }
      try await client.send(.request(101, "Echo", [1]))
      var refused: Set<UInt32> = []
      while let reply = try await client.replies(1).first, reply != .ok(101, [1]) {
        if reply == .failed(reply.stream, .resourceExhausted, Self.tooMuch(bound)) { refused.insert(reply.stream) }
        else { #expect(reply == .failed(reply.stream, .invalidArgument, "StreamID is no longer active")) }
      }
      let left = numbers.filter { !refused.contains($0) }
      try #require(left.count * 8 * 1900 <= bound && left.count >= 3, "\(left.count) left")
      let kept = try await server.keptBytes()
      #expect((left.count * 8 * 1900...bound).contains(kept))
      #expect(await server.counters().refusalsByLimit == [.maxBytesBufferedIn: refused.count])
      slow.gate.open()
      for number in left { try await client.send(.data(number, [], Transcripts.close)) }
      let ends = try await client.replies(left.count)
      #expect(Set(ends) == Set(left.map { .ok($0, [8]) }))
      try await eventually { try await server.keptBytes() == 0 }
      #expect(await server.counters().connections == 1)
    }
  }

  @Test("One address has its own bound below that")
  func oneAddress() async throws {
    let slow = SlowReader()
    try await withServer(.tcp, methods: slow.methods, limits: Self.limits { $0.maxBytesBufferedInPerAddress = 20_000 }) { server, address in
      let (client, other) = (try RawSocket(address), try RawSocket(address))
      try await other.send(.request(1, "Slow", flags: .remoteOpen), .data(1, [UInt8](repeating: 7, count: 9000)))
      try await eventually { try await server.keptBytes() > 9000 }
      try await client.send(.request(1, "Slow", flags: .remoteOpen), .data(1, [UInt8](repeating: 7, count: 9000)))
      let bound = "limit maxBytesBufferedInPerAddress reached: 20000 bytes of messages for this address that have not come whole or wait to be read"
      #expect(try await client.replies(1) == [.failed(1, .resourceExhausted, bound)])
      #expect(await server.counters().refusalsByLimit == [.maxBytesBufferedInPerAddress: 1])
      slow.gate.open()
    }
  }

  @Test("A stream for which there is no room is refused when it is opened, with what its request brings")
  func atOpening() async throws {
    try await withServer(methods: StreamProbe.methods, limits: Self.limits { $0.maxBytesBufferedIn = 5_000 }) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Collect", flags: .remoteOpen), .request(3, "Chat", flags: .remoteOpen))
      try await client.send(.request(5, "Chat", flags: .remoteOpen))
      #expect(try await client.replies(1) == [.failed(5, .resourceExhausted, Self.tooMuch(5_000))])
      try await client.send(.data(1, [], Transcripts.close), .data(3, [], Transcripts.close))
      _ = try await client.replies(2)
      try await client.send(.request(7, "Expand", [UInt8](repeating: 1, count: 4_000), flags: .remoteClosed))
      #expect(try await client.replies(1) == [.failed(7, .resourceExhausted, Self.tooMuch(5_000))])
      #expect(try await server.keptBytes() == 0)
      try await client.send(.request(9, "Expand", [1], flags: .remoteClosed))
      #expect(try await client.replies(2) == [.message(9, [0]), .end(9)])
    }
  }

  @Test("Messages that wait for a client that does not read count too: their stream fails, and another goes on")
  func unsent() async throws {
    let large = StreamProbe.method("Large", .serverStreaming) { (stream, _) async throws(RPCError) in
      while true { try await stream.send([UInt8](repeating: 0x4c, count: 30_000)) }
    }
    try await withServer(methods: StreamProbe.methods + [large], limits: Self.limits { $0.maxBytesBufferedIn = 60_000 }) { server, address in
      let (client, other) = (try RawSocket(address), try RawSocket(address))
      try await client.send(.request(1, "Large", flags: .remoteClosed))
      try await eventually { await server.counters().refusalsByLimit == [.maxBytesBufferedIn: 1] }
      var reply: Reply?
      repeat { reply = try await client.replies(1).first } while reply == .message(1, [UInt8](repeating: 0x4c, count: 30_000))
      #expect(reply == .failed(1, .resourceExhausted, Self.tooMuch(60_000)))
      try await eventually { try await server.keptBytes() == 0 }
      try await other.send(.request(1, "Expand", [1], flags: .remoteClosed))
      #expect(try await other.replies(2) == [.message(1, [0]), .end(1)])
      #expect(await server.counters().running == 0)
    }
  }

  enum End: CaseIterable { case answered, cancelled, deadline, misused, halfClosed, closed, reset, drained }

  @Test("Everything is given back, however a stream ends, and whether or not its method has noticed", arguments: End.allCases)
  func givenBack(end: End) async throws {
    let slow = SlowReader()
    try await withServer(methods: slow.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Hello", [WireExtensions.cancel.rawValue]))
      try await client.send(
        .request(3, "Slow", flags: .remoteOpen, timeout: end == .deadline ? 200_000_000 : 0),
        .data(3, [UInt8](repeating: 7, count: 10_000)), .data(3, [UInt8](repeating: 7, count: 20_000)))
      if end != .deadline { try await eventually { try await server.keptBytes() >= 30_000 } }
      switch end {
      case .answered:
        try await client.send(.data(3, [], Transcripts.close))
        slow.gate.open()
      case .cancelled: try await client.send(WireFrame(stream: 3, type: .cancel, body: []))
      case .deadline: break
      case .misused: try await client.send(.data(3, [], Transcripts.close), .data(3, [1]))
      case .halfClosed: client.shutdownOutput()
      case .closed: client.close()
      case .reset: client.close(reset: true)
      case .drained: await server.drain(grace: .zero)
      }
      try await eventually {
        let (calls, kept) = (await server.counters().calls, try await server.keptBytes())
        return calls == 2 && kept == 0
      }
      try await eventually { await server.counters().running == 0 }
      slow.gate.open()
      try await eventually { slow.ends.count == 1 }
      #expect(try await server.keptBytes() == 0)
    }
  }
}

extension TTRPCServer {
  /// What is counted against ``TTRPCLimits/maxBytesBufferedIn``.
  func keptBytes() async throws -> Int {
    let loop = loops[0]
    return try await loop.eventLoop.submit { loop.state.value.connectionCount.keptBytes }.get()
  }
}
