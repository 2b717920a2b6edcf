import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A server that goes away", .timeLimit(.minutes(1)))
struct DrainTests {
  @Test("What is in flight is answered, also the first call of a connection; what is new is refused", arguments: Transport.allCases)
  func drain(transport: Transport) async throws {
    let gate = Gate()
    try await withServer(transport, methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait", [1]))
      await gate.until(arrived: 1)
      async let drained: Void = server.drain(grace: .seconds(30))
      // The refusal shows that the drain has reached the connection.
      var stream: UInt32 = 3
      var refused: [Reply] = []
      repeat {
        try await client.send(.request(stream, "Echo"))
        refused = try await client.replies(1)
        stream += 2
      } while refused.first == .ok(stream - 2, [])
      #expect(refused == [.failed(stream - 2, .unavailable, "server is shutting down")])
      #expect(throws: (any Error).self) { try RawSocket(address) }
      gate.open()
      #expect(try await client.repliesToEnd() == [.ok(1, [1])])
      client.close()
      await drained
      #expect(await server.counters().connections == 0)
    }
  }

  @Test("Idle connections are closed at once, and a refused frame before does not change that")
  func idle() async throws {
    try await withServer { server, address in
      let clients = try (0..<20).map { _ in try RawSocket(address) }
      for client in clients {
        try await client.send(.request(2, "Echo"), .data(9), .request(1, "Echo"))
        #expect(try await client.replies(3).count == 3)
      }
      async let drained: Void = server.drain(grace: .seconds(30))
      for client in clients {
        #expect(try await client.repliesToEnd() == [])
        client.close()
      }
      await drained
    }
  }

  @Test("A refused frame does not make the server forget the call in flight")
  func refusedFrameInFlight() async throws {
    let gate = Gate()
    try await withServer(methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait", [1]), .request(2, "Echo"), .request(1, "Echo"), .data(99))
      #expect(try await client.replies(3).map(\.stream) == [2, 1, 99])
      await gate.until(arrived: 1)
      async let drained: Void = server.drain(grace: .seconds(30))
      try await eventually { (try? RawSocket(address)) == nil }
      gate.open()
      #expect(try await client.repliesToEnd() == [.ok(1, [1])])
      client.close()
      await drained
    }
  }

  @Test("A reply that is still on its way reaches a client that says goodbye before it reads")
  func goodbyeBeforeReading() async throws {
    try await withServer { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Grow", [0, 0, 0x20, 0]))
      try await eventually { await server.counters().bytesOut > 0x20_0000 }
      async let drained: Void = server.drain(grace: .seconds(30))
      try await eventually { (try? RawSocket(address)) == nil }
      client.shutdownOutput()
      // Time for the server to hear it; without that the test shows less, and fails no more.
      try await Task.sleep(for: .milliseconds(50))
      #expect(try await client.repliesToEnd() == [.ok(1, Array(repeating: 0x47, count: 0x20_0000))])
      client.close()
      await drained
    }
  }

  @Test("A call that does not end is cut when the grace is over")
  func graceEnds() async throws {
    let gate = Gate()
    try await withServer(methods: gate.methods) { server, address in
      let client = try RawSocket(address)
      try await client.send(.request(1, "Wait", [1]))
      await gate.until(arrived: 1)
      await server.drain(grace: .milliseconds(20))
      #expect(await server.counters().connections == 0)
      await gate.until(arrived: 1, cancelled: 1)
      gate.open()
    }
  }

  @Test("Draining twice is draining once")
  func twice() async throws {
    try await withServer { server, address in
      let client = try await connect(address)
      async let first: Void = server.drain(grace: .seconds(30))
      async let second: Void = server.drain(grace: .seconds(30))
      _ = await (first, second)
      await client.closed()
      #expect(!client.isOpen)
    }
  }
}
