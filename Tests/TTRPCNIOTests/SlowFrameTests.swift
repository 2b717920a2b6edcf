import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A peer that drips its bytes")
struct SlowFrameTests {
  /// A server whose clock the test moves.
  private func server(_ change: (inout TTRPCLimits) -> Void = { _ in }) throws -> EmbeddedServer {
    var limits = TTRPCLimits()
    change(&limits)
    return try EmbeddedServer(limits: limits)
  }

  private func wait(_ seconds: Int64, _ server: EmbeddedServer) {
    server.advanceTime(seconds: seconds)
  }

  @Test("A header that is not whole after its time ends the connection, without an answer")
  func slowHeader() throws {
    let server = try server()
    for byte in WireFrame.request(1, "Echo").bytes.prefix(9) {
      try server.receive([byte])
      wait(1, server)
    }
    #expect(server.isOpen)
    wait(1, server)
    #expect(!server.isOpen)
    #expect(try server.replies() == [])
  }

  @Test("A connection that was ended for dripping is not kept in memory, although nothing else is said on its loop")
  func forgotten() throws {
    let channel = EmbeddedChannel()
    let loop = ServerLoop(
      eventLoop: channel.eventLoop, router: RPCRouter(Probe.methods), limits: .standard, connectionCount: ConnectionCount())
    weak var kept: ServerConnectionHandler?
    func begin() throws {
      let handler = ServerConnectionHandler(loop: loop, role: Probe.kiosk)
      kept = handler
      try channel.pipeline.syncOperations.addHandler(handler)
      try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
      try channel.writeInbound(ByteBuffer(bytes: WireFrame.request(1, "Echo", [7]).bytes.prefix(12)))
    }
    try begin()
    #expect(kept != nil)
    channel.embeddedEventLoop.advanceTime(by: .seconds(31))
    #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
    _ = try channel.finish(acceptAlreadyClosed: true)
    #expect(kept == nil)
    withExtendedLifetime(loop) {}
  }

  @Test("A body that drips is answered on its stream after its time, and the connection ends")
  func slowBody() throws {
    let server = try server()
    let frame = WireFrame.request(1, "Echo", [UInt8](repeating: 7, count: 1000)).bytes
    try server.receive(Array(frame[..<10]))
    for byte in frame[10..<39] {
      wait(1, server)
      try server.receive([byte])
    }
    #expect(try server.replies() == [])
    wait(1, server)
    #expect(try server.replies() == [
      .failed(1, .resourceExhausted, "limit bodyDeadline reached: the message comes at less than 4096 bytes a second")
    ])
    try server.receive(Array(frame[39...]))
    #expect(try server.replies() == [])
    wait(1, server)
    #expect(!server.isOpen)
  }

  @Test("A long body on the slowest line is taken, however long it takes")
  func slowLine() throws {
    let server = try server()
    let body = [UInt8](repeating: 7, count: 500_000)
    let frame = WireFrame.request(1, "Echo", body).bytes
    for start in stride(from: 0, to: frame.count, by: 5000) {
      try server.receive(Array(frame[start..<min(start + 5000, frame.count)]))
      wait(1, server)
    }
    #expect(try server.replies() == [.ok(1, body)])
  }

  @Test("A body that nobody wants is timed like any other")
  func slowDiscard() throws {
    let server = try server { $0.maxFrameLength = 100 }
    try server.receive(WireFrame(stream: 1, type: .request, body: [1], length: 1_000_000).bytes)
    #expect(try server.replies().map(\.stream) == [1])
    wait(30, server)
    wait(1, server)
    #expect(!server.isOpen)
    #expect(try server.replies() == [])
  }

  @Test("Between frames there is time: a connection may be silent for as long as it may be idle")
  func idle() throws {
    let server = try server()
    try server.receive(.request(1, "Echo", [1]))
    wait(899, server)
    try server.receive(.request(3, "Echo", [2]))
    #expect(try server.replies() == [.ok(1, [1]), .ok(3, [2])])
  }

  @Test("The time of one frame ends with it: the next has its own")
  func eachFrameItsOwn() throws {
    let server = try server()
    for stream in [UInt32](stride(from: 1, through: 9, by: 2)) {
      let frame = WireFrame.request(stream, "Echo", [1]).bytes
      try server.receive(Array(frame[..<12]))
      wait(29, server)
      try server.receive(Array(frame[12...]))
    }
    #expect(try server.replies().count == 5)
  }
}

@Suite("Half-received frames of all connections together")
struct UnfinishedBytesTests {
  private static let limits: TTRPCLimits = {
    var limits = TTRPCLimits()
    limits.maxBytesBufferedIn = 10_000
    return limits
  }()

  private static let refusal = Reply.failed(
    1, .resourceExhausted, "limit maxBytesBufferedIn reached: 10000 bytes of messages that have not come whole or wait to be read")

  @Test("The frame that goes over the bound is answered and its connection ends; the others keep theirs")
  func overTheBound() async throws {
    try await withServer(limits: Self.limits) { server, address in
      let body = [UInt8](repeating: 7, count: 6_000)
      let frame = WireFrame.request(1, "Echo", body).bytes
      let first = try RawSocket(address)
      try await first.send(Array(frame[..<5_000]))
      try await eventually { await server.counters().reads > 0 }
      let second = try RawSocket(address)
      try await second.send(Array(frame[..<5_500]))
      #expect(try await second.repliesToEnd() == [Self.refusal])
      try await first.send(Array(frame[5_000...]))
      #expect(try await first.replies(1) == [.ok(1, body)])
      // What was kept for the first and the second is given back: a third has all the room.
      let third = try RawSocket(address)
      try await third.send(Array(frame[..<5_900]))
      try await third.send(Array(frame[5_900...]))
      #expect(try await third.replies(1) == [.ok(1, body)])
    }
  }

  @Test("One address has its own bound below that, so that it leaves room for others")
  func oneAddress() async throws {
    var limits = Self.limits
    limits.maxBytesBufferedInPerAddress = 8_000
    try await withServer(.tcp, limits: limits) { server, address in
      let frame = WireFrame.request(1, "Echo", [UInt8](repeating: 7, count: 6_000)).bytes
      let first = try RawSocket(address)
      try await first.send(Array(frame[..<5_000]))
      try await eventually { await server.counters().reads > 0 }
      let second = try RawSocket(address)
      try await second.send(Array(frame[..<4_000]))
      #expect(try await second.repliesToEnd() == [
        .failed(
          1, .resourceExhausted,
          "limit maxBytesBufferedInPerAddress reached: 8000 bytes of messages for this address that have not come whole or wait to be read")
      ])
      try await first.send(Array(frame[5_000...]))
      #expect(try await first.replies(1).first?.stream == 1)
    }
  }

  @Test("What a connection kept is given back when it ends in the middle of a frame")
  func givenBack() async throws {
    try await withServer(limits: Self.limits) { server, address in
      let frame = WireFrame.request(1, "Echo", [UInt8](repeating: 7, count: 9_000)).bytes
      for _ in 0..<5 {
        let socket = try RawSocket(address)
        let reads = await server.counters().reads
        try await socket.send(Array(frame[..<8_000]))
        try await eventually { await server.counters().reads > reads }
        socket.close()
        try await eventually { await server.counters().connections == 0 }
      }
      let last = try RawSocket(address)
      try await last.send(frame)
      #expect(try await last.replies(1).first?.stream == 1)
    }
  }
}

@Suite("Connections from one address")
struct ConnectionCountTests {
  private static let limits: TTRPCLimits = {
    var limits = TTRPCLimits()
    limits.maxConnections = 5
    limits.maxConnectionsPerAddress = 2
    return limits
  }()

  private func address(_ text: String, port: Int = 1) throws -> ConnectionCount.Address? {
    try EmbeddedServer.address(text, port: port)
  }

  @Test("One address is bounded, whatever its ports; the others have their room")
  func oneAddress() throws {
    let count = ConnectionCount()
    let kiosk = try address("10.0.0.7")
    #expect(count.opened(from: kiosk, limits: Self.limits) == nil)
    #expect(count.opened(from: try address("10.0.0.7", port: 2), limits: Self.limits) == nil)
    #expect(count.opened(from: kiosk, limits: Self.limits) == .tooManyConnectionsFromAddress(maximum: 2))
    #expect(count.opened(from: try address("10.0.0.8"), limits: Self.limits) == nil)
    count.closed(from: kiosk)
    count.closed(from: kiosk)
    #expect(count.opened(from: kiosk, limits: Self.limits) == nil)
  }

  @Test("The server's own bound comes first, and Unix sockets count against that alone")
  func allAddresses() throws {
    let count = ConnectionCount()
    for _ in 0..<5 { #expect(count.opened(from: nil, limits: Self.limits) == nil) }
    #expect(count.opened(from: nil, limits: Self.limits) == .tooManyConnections(maximum: 5))
  }

  @Test("A connection too many from an address is told so at its first request; when one ends there is room again")
  func overTCP() async throws {
    try await withServer(.tcp, limits: Self.limits) { server, address in
      let first = try RawSocket(address)
      let second = try RawSocket(address)
      try await eventually { await server.counters().connections == 2 }
      let third = try RawSocket(address)
      try await third.send(.request(1, "Echo"))
      #expect(try await third.repliesToEnd() == [
        .failed(1, .resourceExhausted, "limit maxConnectionsPerAddress reached: 2 connections from this address")
      ])
      third.close()
      first.close()
      try await eventually { await server.counters().connections == 1 }
      let fourth = try RawSocket(address)
      try await fourth.send(.request(1, "Echo"))
      #expect(try await fourth.replies(1) == [.ok(1, [])])
      second.close()
    }
  }
}
