import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A server on real sockets", .timeLimit(.minutes(1)))
struct ServerSocketTests {
  @Test("The transcripts hold on a socket too", arguments: Transport.allCases)
  func transcripts(transport: Transport) async throws {
    try await withServer(transport) { _, address in
      for line in ServerTranscriptTests.transcripts {
        let client = try RawSocket(address)
        try await client.send(line.frames.flatMap(\.bytes))
        #expect(try await client.replies(line.replies.count) == line.replies, "\(line.title)")
      }
    }
  }

  @Test("Frames that come together are answered in one write", arguments: Transport.allCases)
  func oneWrite(transport: Transport) async throws {
    try await withServer(transport) { server, address in
      let client = try RawSocket(address)
      try await client.send(ServerBurstTests.burst(16))
      #expect(try await client.replies(16).count == 16)
      let counters = await server.counters()
      #expect(counters.calls == 16)
      #expect(counters.flushes <= counters.reads)
      #expect(counters.reads == 1)
    }
  }

  @Test("Replies of which the socket takes a part at a time come whole and in their order", arguments: Transport.allCases)
  func partialWrites(transport: Transport) async throws {
    try await withServer(transport) { server, address in
      let client = try RawSocket(address)
      // 29 MB, which no socket holds; the client reads when it has asked for all of it.
      let calls = (0..<300 as Range<UInt32>).map { number in
        number % 3 == 0
          ? (number * 2 + 1, "Echo", [UInt8(number / 3), 7])
          : (number * 2 + 1, "Grow", [0, 0x20, 0x02, 0])
      }
      try await client.send(calls.flatMap { WireFrame.request($0.0, $0.1, $0.2).bytes })
      let replies = try await client.replies(300)
      #expect(replies == calls.map { .ok($0.0, $0.1 == "Echo" ? $0.2 : Array(repeating: 0x47, count: 0x2_2000)) })
      #expect(await server.counters().calls == 300)
    }
  }

  @Test("Calls that wait are answered when they are done, all of them")
  func lateReplies() async throws {
    let gate = Gate()
    try await withServer(methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(ServerBurstTests.burst(50, "Wait"))
      await gate.until(arrived: 50)
      #expect(await server.counters().running == 50)
      gate.open()
      #expect(Set(try await client.replies(50)) == Set((0..<50).map { .ok($0 * 2 + 1, [1, 2, 3]) }))
      #expect(await server.counters().running == 0)
    }
  }

  @Test("After a half-close every reply owed goes out, and then the server closes too", arguments: Transport.allCases)
  func halfClose(transport: Transport) async throws {
    let gate = Gate()
    try await withServer(transport, methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait", [1]), .request(3, "Wait", [3]), .request(5, "Grow", [0, 0, 0x30, 0]))
      client.shutdownOutput()
      await gate.until(arrived: 2)
      gate.open()
      let replies = try await client.repliesToEnd()
      #expect(Set(replies) == [.ok(1, [1]), .ok(3, [3]), .ok(5, Array(repeating: 0x47, count: 0x30_0000))])
      try await eventually { await server.counters().connections == 0 }
    }
  }

  @Test("A reserved byte is answered once, and then the connection ends", arguments: Transport.allCases)
  func reservedByte(transport: Transport) async throws {
    let gate = Gate()
    try await withServer(transport, methods: gate.methods) { _, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait"), .request(3, "Echo", [3]), WireFrame(stream: 5, type: .request, length: 0xff00_0000))
      try await client.send([UInt8](repeating: 0xaa, count: 100_000))
      let replies = try await client.repliesToEnd()
      #expect(replies.map(\.stream) == [3, 5])
      await gate.until(arrived: 1, cancelled: 1)
      gate.open()
    }
  }

  @Test("Data on a unary call in flight is its one answer, and its work is stopped")
  func dataOnUnary() async throws {
    let gate = Gate()
    try await withServer(methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait", [1], flags: .remoteOpen))
      await gate.until(arrived: 1)
      try await client.send(.data(1, [], [.remoteClosed, .noData]), .request(3, "Echo", [3]))
      #expect(try await client.replies(2) == [
        .failed(1, .invalidArgument, "data handling error: ttrpc: stream closed"), .ok(3, [3]),
      ])
      await gate.until(arrived: 1, cancelled: 1)
      gate.open()
      try await client.send(.request(5, "Echo", [5]))
      #expect(try await client.replies(1) == [.ok(5, [5])])
      #expect(await server.counters().running == 0)
    }
  }

  @Test("A call that overruns its deadline is answered at the deadline, cancelled, and its late reply dropped")
  func deadline() async throws {
    let gate = Gate()
    try await withServer(methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(
        .request(1, "Wait", [1], timeout: 3_600_000_000_000), .request(3, "Wait", [3], timeout: 30_000_000),
        .request(5, "Wait", [5], timeout: 10_000_000))
      #expect(try await client.replies(2) == [
        .failed(5, .deadlineExceeded, "context deadline exceeded"),
        .failed(3, .deadlineExceeded, "context deadline exceeded"),
      ])
      await gate.until(arrived: 3, cancelled: 2)
      gate.open()
      #expect(try await client.replies(1) == [.ok(1, [1])])
      try await client.send(.request(7, "Echo", [7]))
      #expect(try await client.replies(1) == [.ok(7, [7])])
      #expect(await server.counters().deadlinesExceeded == 2)
    }
  }

  @Test("The deadline reaches the handler; without one there is none")
  func deadlineInContext() async throws {
    let tell = RegisteredMethod(Probe.descriptor("Tell"), .synchronous { _, call, reply throws(RPCError) in
      let left = call.deadline.map { $0 > .now && $0.nanoseconds - MonotonicTime.now.nanoseconds <= 3_600_000_000_000 }
      reply.append(1) { $0[0] = left.map { $0 ? 1 : 2 } ?? 0 }
    })
    try await withServer(methods: [tell]) { _, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Tell"), .request(3, "Tell", timeout: 3_600_000_000_000), .request(5, "Tell", timeout: .max))
      #expect(try await client.replies(3) == [.ok(1, [0]), .ok(3, [1]), .ok(5, [2])])
    }
  }

  @Test("A client that goes away takes its running calls with it", arguments: Transport.allCases)
  func clientGone(transport: Transport) async throws {
    let gate = Gate()
    try await withServer(transport, methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait"), .request(3, "Wait"))
      await gate.until(arrived: 2)
      client.close(reset: transport == .tcp)
      await gate.until(arrived: 2, cancelled: 2)
      gate.open()
      try await eventually { await server.counters().connections == 0 }
      #expect(await server.counters().running == 0)
    }
  }

  @Test("A client that takes not one byte of its replies is closed after the stall time")
  func stall() async throws {
    var limits = TTRPCLimits()
    limits.writeStall = .milliseconds(20)
    try await withServer(limits: limits) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Grow", [0, 0, 0x30, 0]), .request(3, "Grow", [0, 0, 0x30, 0]))
      try await eventually { await server.counters().accepted == 1 }
      try await eventually { await server.counters().connections == 0 }
      client.close()
    }
  }

  @Test("A call too many is refused by the limit's name while the others go on")
  func tooManyCalls() async throws {
    let gate = Gate()
    var limits = TTRPCLimits()
    limits.maxCallsInFlight = 2
    try await withServer(methods: gate.methods, limits: limits) { _, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait", [1]), .request(3, "Wait", [3]), .request(5, "Echo", [5]))
      #expect(try await client.replies(1) == [
        .failed(5, .resourceExhausted, "limit maxCallsInFlight reached: 2 calls in flight on this connection")
      ])
      gate.open()
      #expect(Set(try await client.replies(2)) == [.ok(1, [1]), .ok(3, [3])])
    }
  }

  @Test("A connection too many is told so at its first request; when one ends there is room again")
  func tooManyConnections() async throws {
    var limits = TTRPCLimits()
    limits.maxConnections = 1
    try await withServer(limits: limits) { server, address in
      let first = try RawSocket(address)
      try await first.send(.request(1, "Echo"))
      #expect(try await first.replies(1) == [.ok(1, [])])
      let second = try RawSocket(address)
      try await second.send(.request(1, "Echo"))
      #expect(try await second.repliesToEnd() == [
        .failed(1, .resourceExhausted, "limit maxConnections reached: 1 connections to this server")
      ])
      second.close()
      first.close()
      try await eventually { await server.counters().connections == 0 }
      let third = try RawSocket(address)
      try await third.send(.request(1, "Echo"))
      #expect(try await third.replies(1) == [.ok(1, [])])
      #expect(await server.counters().turnedAway == 1)
    }
  }
}
