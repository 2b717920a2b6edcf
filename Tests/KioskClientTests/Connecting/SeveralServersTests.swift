import KioskClient
import KioskTestSupport
import NIOPosix
import Synchronization
import TTRPCCore
import TTRPCNIO
import Testing

@Suite("A client with several servers", .timeLimit(.minutes(1)))
struct SeveralServersTests {
  static let draining = RPCError(.unavailable, "server is shutting down")

  @Test("The next one is taken when one is away, and stays until it goes")
  func failover() async throws {
    let (first, second) = (StagedServer(), StagedServer())
    let client = IntroductionTests.client([first, second]) { $0.returnAfter = .seconds(3600) }
    try await second.whileListening {
      #expect(try await client.unary(.write, payload: [1], options: CallOptions()) == [1])
      try await first.whileListening {
        for _ in 0..<3 { _ = try await client.unary(.read, payload: [], options: CallOptions()) }
        #expect(first.connections == 0 && second.connections == 1)
        await second.stop()
        #expect(try await client.unary(.write, payload: [2], options: CallOptions()) == [2])
        #expect(first.requests.count == 1)
      }
    }
    await client.close()
  }

  @Test("A first server that swallows every packet takes its time to connect and no more, and is not asked by the calls that follow")
  func blackHole() async throws {
    let (deaf, second) = (try DeafListener(), StagedServer())
    var options = KioskClientOptions()
    options.connectTimeout = .milliseconds(50)
    let client = KioskClient(
      [.tcp(host: "127.0.0.1", port: deaf.port), .unix(path: second.path)], group: MultiThreadedEventLoopGroup.singleton,
      options: options)
    try await second.whileListening {
      for byte: UInt8 in 1...3 {
        let reply = try await client.unary(.write, payload: [byte], options: CallOptions())
        #expect(reply == [byte])
      }
      #expect(second.connections == 1 && second.requests.count == 3)
      await client.close()
    }
  }

  @Test("It goes back to the first when that answers again, and the call that is on ends where it was begun")
  func goesBack() async throws {
    let (first, second) = (StagedServer(), StagedServer { $0.payload == [9] ? [] : [.reply($0.payload)] })
    let client = IntroductionTests.client([first, second]) { $0.returnAfter = .milliseconds(5) }
    try await second.whileListening {
      let slow = Task { try await client.unary(.read, payload: [9], options: CallOptions()) }
      try await eventually { second.requests.count == 1 }
      try await first.whileListening {
        try await eventually { first.connections == 1 }
        try await eventually { (try? await client.unary(.read, payload: [1], options: CallOptions())) != nil && first.requests.count > 0 }
        second.say([.reply([8])], on: second.requests[0].stream, connection: 0)
        #expect(try await slow.value == [8])
        try await eventually { second.openConnections == 0 }
        #expect(first.connections == 1)
      }
    }
    await client.close()
  }

  @Test("UNAVAILABLE from one is asked of the next with the same id, without a pause; both away is the policy's affair")
  func answersAway() async throws {
    let (first, second) = (StagedServer { _ in [.fail(Self.draining)] }, StagedServer { $0.payload == [9] ? [.fail(Self.draining)] : [.reply($0.payload)] })
    var policy = RetryPolicy()
    (policy.firstPause, policy.longestPause) = (.seconds(3600), .seconds(3600))
    let client = IntroductionTests.client([first, second]) { [policy] in $0.policy = policy }
    try await first.whileListening {
      try await second.whileListening {
        let reply = try await client.unary(.write, payload: [1], options: CallOptions())
        #expect(reply == [1])
        #expect(first.requests.map(\.id) == second.requests.map(\.id) && first.requests.count == 1)
        await #expect(throws: Self.draining) {
          try await client.unary(.write, payload: [9], options: CallOptions(timeout: .seconds(600)))
        }
        #expect(first.requests.count + second.requests.count == 4, "each once")
      }
    }
    await client.close()
  }

  @Test("When a server goes away, calls it has begun end there and the others are made once at the next, whatever they do")
  func goingAway() async throws {
    let first = StagedServer(hello: StagedServer.granting("going-away")) { _ in [] }
    let second = StagedServer { $0.method == "Watch" ? [.data([8]), .end] : [.reply($0.payload)] }
    let client = IntroductionTests.client([first, second]) { $0.returnAfter = .seconds(3600) }
    try await first.whileListening {
      try await second.whileListening {
        var calls: [Task<[UInt8], any Error>] = []
        for byte: UInt8 in 0..<4 {
          calls.append(Task { try await client.unary(.write, payload: [byte], options: CallOptions()) })
          try await eventually { first.requests.count == Int(byte) + 1 }
        }
        let watch = try await client.stream(KioskClientStreamTests.read, request: [7], options: CallOptions())
        try await eventually { first.requests.count == 5 }
        // The introduction was stream 1: calls 3 and 5 are served.
        let word = Task { try await watch.next() }
        first.say([.goingAway(last: 5)], connection: 0)
        try await eventually { second.requests.count == 3 }
        let repeated = [try await calls[2].value, try await calls[3].value]
        #expect(repeated == [[2], [3]])
        let watched = try await word.value
        #expect(watched == [8])
        #expect(try await client.unary(.read, payload: [5], options: CallOptions()) == [5])
        #expect(first.openConnections == 1)
        for stream: UInt32 in [5, 3] { first.say([.reply([UInt8(stream)])], on: stream, connection: 0) }
        let answered = [try await calls[0].value, try await calls[1].value]
        #expect(answered == [[3], [5]])
        try await eventually { first.openConnections == 0 }
        #expect(Set(first.requests.suffix(3).compactMap(\.id)).isSuperset(of: second.requests.compactMap(\.id)))
        #expect(first.requests.count == 5)
      }
    }
    await client.close()
  }

  @Test("A stream that was not begun is opened at the next server, and reads on there")
  func streamNotBegun() async throws {
    let first = StagedServer(hello: StagedServer.granting("going-away")) { _ in [.goingAway(last: 1)] }
    let second = StagedServer { _ in [.data([1]), .data([2]), .end] }
    let client = IntroductionTests.client([first, second])
    try await first.whileListening {
      try await second.whileListening {
        let stream = try await client.stream(KioskClientStreamTests.read, request: [7], options: CallOptions())
        let told = [try await stream.next(), try await stream.next(), try await stream.next()]
        #expect(told == [[1], [2], nil])
        #expect(second.requests.map(\.payload) == [[7]])
      }
    }
    await client.close()
  }

  @Test("A server that dies under a call: the call is repeated with its id, at whoever is there", arguments: [1, 2])
  func diesUnderCall(servers: Int) async throws {
    let first = StagedServer { [$0.connection == 0 ? .hangUp : .reply($0.payload)] }
    let second = StagedServer()
    let client = IntroductionTests.client(Array([first, second].prefix(servers)))
    try await first.whileListening {
      let calls = (0..<20).map { byte in Task { try await client.unary(.write, payload: [byte], options: CallOptions()) } }
      for (byte, call) in calls.enumerated() {
        let reply = try await call.value
        #expect(reply == [UInt8(byte)])
      }
      await client.close()
    }
    let ids = Dictionary(grouping: first.requests, by: \.payload).mapValues { Set($0.map(\.id)).count }
    #expect(ids == Dictionary(uniqueKeysWithValues: (0..<20).map { ([UInt8($0)], 1) }))
    #expect(first.requests.count > 20)
  }

  @Test("A full server's wait is kept, within the call's time")
  func waits() async throws {
    let tries = Mutex(0)
    let crowded = { @Sendable (milliseconds: UInt64) in RPCError.tooManyCallsASecond(CallRate(perSecond: 5, burst: 5), wait: milliseconds * 1_000_000) }
    let server = StagedServer { request in
      let first = tries.withLock { $0 += 1; return $0 == 1 }
      return [first ? .fail(crowded(request.payload == [1] ? 20 : 5000)) : .reply(request.payload)]
    }
    try await server.whileListening {
      let client = IntroductionTests.client([server])
      let start = ContinuousClock.now
      let reply = try await client.unary(.read, payload: [1], options: CallOptions())
      #expect(reply == [1])
      #expect(start.duration(to: .now) >= .milliseconds(20))
      tries.withLock { $0 = 0 }
      await #expect(throws: crowded(5000)) {
        try await client.unary(.read, payload: [2], options: CallOptions(timeout: .seconds(4)))
      }
      await client.close()
    }
    #expect(server.requests.count == 3)
  }
}
