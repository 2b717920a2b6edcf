import NIOCore
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Calls a second of one device", .timeLimit(.minutes(1)))
struct CallRateTests {
  static let limits: TTRPCLimits = {
    var limits = TTRPCLimits()
    limits.callsPerSecond = CallRate(perSecond: 10, burst: 5)
    return limits
  }()

  private static func refused(_ stream: UInt32, wait: Int) -> Reply {
    .failed(stream, .resourceExhausted, "limit callsPerSecond reached: 10 calls a second of one device; try again in \(wait) ms")
  }

  @Test("The burst is answered, the call beyond is told when to come back, and is served then")
  func embedded() throws {
    let server = try EmbeddedServer(limits: Self.limits)
    try server.receive((0..<6).flatMap { WireFrame.request($0 * 2 + 1, "Echo", [UInt8($0)]).bytes })
    #expect(try server.replies() == (0..<5).map { .ok($0 * 2 + 1, [UInt8($0)]) } + [Self.refused(11, wait: 113)])
    #expect(server.loop.counters.refusalsByLimit == [.callsPerSecond: 1])
    server.advanceTime(milliseconds: 112)
    #expect(server.handler.allowance.isHeld)
    server.advanceTime(milliseconds: 1)
    #expect(!server.handler.allowance.isHeld)
    try server.receive(.request(13, "Echo", [9]))
    #expect(try server.replies() == [.ok(13, [9])])
  }

  @Test("However many calls one read brings, the server takes up one at a time as the device may call, and in the end answers all of them")
  func onePerTurn() throws {
    let server = try EmbeddedServer(limits: Self.limits)
    try server.receive(ServerBurstTests.burst(400))
    #expect(try server.replies().count == 6)
    server.advanceTime(milliseconds: 1_000)
    // Eight times a call and the refusal of the next, which costs an eighth more: 112.5 ms each.
    #expect(try server.replies().count == 16)
    #expect(server.loop.connectionCount.keptBytes == server.handler.partial.readableBytes)
    #expect(server.handler.partial.readableBytes > 0)
    server.advanceTime(milliseconds: 60_000)
    #expect(try server.replies().count == 400 - 22)
    #expect(server.handler.partial.readableBytes == 0)
  }

  @Test("A frame that is answered with a refusal is paid for too, one that is ignored is not")
  func refusedFrames() throws {
    let server = try EmbeddedServer(limits: Self.limits)
    for _ in 0..<32 { try server.receive(.request(2, "Echo")) }
    #expect(!server.handler.allowance.isHeld)
    for _ in 0..<100 { try server.receive(WireFrame(stream: 1, type: FrameType(rawValue: 9))) }
    #expect(!server.handler.allowance.isHeld)
    try server.receive(.request(2, "Echo"))
    #expect(server.handler.allowance.isHeld)
    #expect(server.loop.counters.refusalsByLimit == [:])
    #expect(server.loop.counters.refusals == 33)
  }

  @Test("A role can have a rate of its own")
  func byRole() throws {
    var limits = Self.limits
    limits.callsPerSecondByRole[Probe.kiosk] = CallRate(perSecond: 10, burst: 50)
    let server = try EmbeddedServer(limits: limits)
    try server.receive(ServerBurstTests.burst(51))
    #expect(try server.replies().count { if case .ok = $0 { true } else { false } } == 50)
  }

  @Test("What comes while a device waits stays in its socket, and is served afterwards, all of it")
  func held() async throws {
    try await withServer(.tcp, limits: Self.limits) { server, address in
      let socket = try RawSocket(address)
      try await socket.send(ServerBurstTests.burst(6))
      #expect(try await socket.replies(6).count == 6)
      // Sent at once, read one by one as the device may call again: none of them is refused.
      for stream in [13, 15, 17] as [UInt32] {
        try await socket.send(.request(stream, "Echo"))
        #expect(try await socket.replies(1) == [.ok(stream, [])])
        try await Task.sleep(for: .milliseconds(110))
      }
      #expect(await server.counters().refusalsByLimit == [.callsPerSecond: 1])
    }
  }

  @Test("The connections of one address share one rate, and coming back on a new one gains nothing")
  func sharedByAddress() async throws {
    var limits = Self.limits
    limits.callsPerSecond = CallRate(perSecond: 1, burst: 5)
    try await withServer(.tcp, limits: limits) { server, address in
      let (first, second) = (try RawSocket(address), try RawSocket(address))
      try await eventually { await server.counters().connections == 2 }
      try await first.send(ServerBurstTests.burst(6))
      let answers = try await first.replies(6)
      #expect(Array(answers.prefix(5)) == (0..<5).map { .ok($0 * 2 + 1, [1, 2, 3]) })
      first.close()
      try await second.send(.request(1, "Echo"))
      guard case .failed(1, .resourceExhausted, _)? = try await second.replies(1).first else {
        Issue.record("the other connection had a rate of its own")
        return
      }
      // The device has no call left: a new connection is not even read until it has, so that it is not refused.
      let third = try RawSocket(address)
      try await third.send(.request(1, "Echo"))
      #expect(try await third.replies(1) == [.ok(1, [])])
      #expect(await server.counters().refusalsByLimit == [.callsPerSecond: 2])
    }
  }

  @Test("A connection too many is told so at once, although its device has used up its rate")
  func turnedAway() async throws {
    var limits = Self.limits
    limits.callsPerSecond = CallRate(perSecond: 1, burst: 5)
    limits.maxConnectionsPerAddress = 1
    // It would be closed before the device may call again.
    limits.linger = .milliseconds(300)
    try await withServer(.tcp, limits: limits) { _, address in
      let first = try RawSocket(address)
      try await first.send(ServerBurstTests.burst(20))
      _ = try await first.replies(6)
      let second = try RawSocket(address)
      try await second.send(.request(1, "Echo"))
      #expect(try await second.replies(1) == [
        .failed(1, .resourceExhausted, "limit maxConnectionsPerAddress reached: 1 connections from this address")
      ])
    }
  }

  @Test("On a Unix socket each connection counts for itself")
  func unixSockets() async throws {
    try await withServer(.unix, limits: Self.limits) { _, address in
      for _ in 0..<3 {
        let socket = try RawSocket(address)
        try await socket.send(ServerBurstTests.burst(5))
        #expect(try await socket.replies(5).map { if case .ok = $0 { true } else { false } } == [Bool](repeating: true, count: 5))
      }
    }
  }
}

@Suite("The budgets of a server's devices")
struct CallBudgetsTests {
  private static let rate = CallRate(perSecond: 10, burst: 5)

  private static func at(_ milliseconds: UInt64) -> MonotonicTime { MonotonicTime(nanoseconds: 1_000_000_000 + milliseconds * 1_000_000) }

  private static func device(_ number: Int) throws -> CallBudgets.Device {
    CallBudgets.Device(role: Probe.kiosk, address: try #require(try EmbeddedServer.address("10.0.0.\(number)", port: 1)))
  }

  private func take(_ number: Int, from budgets: CallBudgets, at now: MonotonicTime = at(0)) throws -> CallBudget? {
    budgets.take(try Self.device(number), rate: Self.rate, maximum: 3, at: now)
  }

  @Test("A device is remembered while something of its rate is used up, and forgotten when it has gone and is whole again")
  func remembered() throws {
    let budgets = CallBudgets()
    let first = try #require(try take(1, from: budgets))
    #expect(try take(1, from: budgets) === first)
    #expect(first.take(at: Self.at(0)) == .granted)
    budgets.release(try Self.device(1), at: Self.at(50))
    budgets.release(try Self.device(1), at: Self.at(50))
    #expect(budgets.count == 1)
    #expect(try take(1, from: budgets, at: Self.at(60)) === first)
    budgets.release(try Self.device(1), at: Self.at(100))
    #expect(budgets.count == 0)
  }

  @Test("The table is bounded: who does not fit has a budget of its own; those that are whole make room, those in use do not")
  func bounded() throws {
    let budgets = CallBudgets()
    for number in 1...3 { #expect(try take(number, from: budgets)?.take(at: Self.at(0)) == .granted) }
    budgets.release(try Self.device(1), at: Self.at(0))
    budgets.release(try Self.device(2), at: Self.at(0))
    #expect(try take(4, from: budgets, at: Self.at(50)) == nil)
    #expect(try take(4, from: budgets, at: Self.at(500)) == nil, "the table is not looked through twice in a second")
    #expect(try take(4, from: budgets, at: Self.at(1050)) != nil)
    #expect(budgets.count == 2)
    #expect(budgets.wait(try Self.device(3), at: Self.at(0)) == 0)
  }

  @Test("Loops that take from one budget at the same moment get its burst between them, and no more")
  func concurrent() async {
    let budget = CallBudget(rate: CallRate(perSecond: 1, burst: 1000))
    let granted = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 { group.addTask { (0..<1000).count { _ in budget.take(at: Self.at(0)) == .granted } } }
      return await group.reduce(0, +)
    }
    #expect(granted == 1000)
  }
}

@Suite("How long a message to a method may be")
struct RequestLengthTests {
  private static let short = RegisteredMethod(
    MethodDescriptor(service: Probe.service, method: "Short", kind: .unary, roles: Probe.kiosk, writes: false, maxRequestBytes: 10),
    Probe.echo.handler)

  @Test("At the bound it is answered; beyond it is refused before the handler, naming limit and method; the next call goes on")
  func bound() throws {
    let server = try EmbeddedServer([Self.short])
    let ten = [UInt8](repeating: 7, count: 10)
    try server.receive(.request(1, "Short", ten), .request(3, "Short", ten + [8]), .request(5, "Short"))
    #expect(try server.replies() == [
      .ok(1, ten),
      .failed(3, .resourceExhausted, "limit maxRequestBytes reached: 10 bytes in a message to test.v1.Probe/Short, not 11"),
      .ok(5, []),
    ])
    #expect(server.loop.counters.refusalsByLimit == [.maxRequestBytes: 1])
  }

  @Test("Who may not call a method is not told how long its messages are")
  func roleFirst() throws {
    let denied = MethodDescriptor(
      service: Probe.service, method: "Short", kind: .unary, roles: Probe.nobody, writes: false, maxRequestBytes: 1)
    let server = try EmbeddedServer([RegisteredMethod(denied, Probe.echo.handler)])
    try server.receive(.request(1, "Short", [1, 2]))
    #expect(try server.replies() == [.failed(1, .permissionDenied, "this caller's role may not call test.v1.Probe/Short")])
  }

  @Test("A long message is refused when its front has come, nothing of it is kept, and the connection goes on after its end")
  func early() throws {
    let server = try EmbeddedServer([Self.short, Probe.denied])
    let body = [UInt8](repeating: 7, count: 1_000_000)
    for (stream, method) in [(1, "Short"), (3, "Denied"), (5, "Nothing")] as [(UInt32, String)] {
      let frame = WireFrame.request(stream, method, body).bytes
      try server.receive(Array(frame[..<20]))
      #expect(try server.replies() == [])
      try server.receive(Array(frame[20..<1000]))
      #expect(try server.replies().map(\.stream) == [stream])
      try server.receive(Array(frame[1000...500_000]))
      #expect(server.handler.partial.readableBytes == 0)
      try server.receive(Array(frame[500_001...]))
    }
    try server.receive(.request(7, "Short"))
    #expect(try server.replies() == [.ok(7, [])])
    #expect(server.loop.counters.refusals == 3)
    #expect(server.loop.counters.refusalsByLimit == [.maxRequestBytes: 1])
  }

  /// As Go's server, to which a request is one as soon as its header has come (design/WIRE.md §1.4).
  @Test("The number of a request that was refused at its front is used up, and its stream is over")
  func earlyUsesItsNumber() throws {
    let server = try EmbeddedServer([Self.short])
    try server.receive(WireFrame.request(5, "Short", [UInt8](repeating: 7, count: 100_000)).bytes)
    #expect(try server.replies().map(\.stream) == [5])
    try server.receive(.request(5, "Short"), .request(3, "Short"), .data(5, [1]), .request(7, "Short"))
    let reused = "StreamID cannot be re-used and must increment"
    #expect(try server.replies() == [
      .failed(5, .invalidArgument, reused), .failed(3, .invalidArgument, reused), .failed(5, .invalidArgument, "StreamID is no longer active"),
      .ok(7, []),
    ])
  }

  @Test("Refused at its front in a connection that drains, a request was never owed an answer: the connection ends when the others are answered")
  func earlyInADrain() throws {
    let server = try EmbeddedServer([Self.short])
    let frame = WireFrame.request(5, "Short", [UInt8](repeating: 7, count: 100_000)).bytes
    try server.receive(Array(frame[..<20]))
    server.handler.drain()
    try server.receive(Array(frame[20...]))
    #expect(try server.replies() == [])
    #expect(server.handler.machine.isFinished)
  }

  @Test("A message that its method takes is not touched, however it comes")
  func taken() throws {
    let server = try EmbeddedServer()
    let body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    for piece in [1, 13, 4096, 50_000] {
      let frame = WireFrame.request(UInt32(piece * 2 + 1), "Echo", body).bytes
      for start in stride(from: 0, to: frame.count, by: piece == 1 ? 977 : piece) {
        try server.receive(Array(frame[start..<min(start + (piece == 1 ? 977 : piece), frame.count)]))
      }
      #expect(try server.replies() == [.ok(UInt32(piece * 2 + 1), body)])
    }
  }
}
