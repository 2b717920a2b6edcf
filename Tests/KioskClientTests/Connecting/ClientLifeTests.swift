import KioskClient
import KioskTestSupport
import NIOPosix
import TTRPCCore
import TTRPCNIO
import Testing

@Suite("A client's connection, seen from outside", .timeLimit(.minutes(1)))
struct ClientLifeTests {
  /// Every state until one that is wanted.
  static func states(
    _ iterator: inout KioskClientStates.Iterator, until isWanted: (KioskClientState) -> Bool
  ) async -> [KioskClientState] {
    var seen: [KioskClientState] = []
    while let state = await iterator.next() {
      seen.append(state)
      if isWanted(state) { break }
    }
    return seen
  }

  static func isAway(_ state: KioskClientState) -> Bool { if case .away = state { true } else { false } }

  @Test("A client that keeps its connection connects and comes back without a call, and says how it stands")
  func keeps() async throws {
    let server = StagedServer(hello: StagedServer.granting("going-away"))
    let connected = KioskClientState.connected(.unix(path: server.path))
    let client = IntroductionTests.client([server]) { options in
      options.keepsConnection = true
      options.policy.longestPause = .milliseconds(5)
    }
    var states = client.states.makeAsyncIterator()
    #expect(await Self.states(&states, until: Self.isAway).allSatisfy { $0 != connected })
    for round in 1...3 {
      try await server.whileListening {
        #expect(await Self.states(&states, until: { $0 == connected }).last == connected)
        #expect(server.connections == round)
      }
      #expect(await Self.states(&states, until: Self.isAway).isEmpty == false)
    }
    #expect(server.requests.isEmpty)
    await client.close()
    #expect(await Self.states(&states, until: { $0 == .closed }).last == .closed)
    #expect(await states.next() == nil)
    var late = client.states.makeAsyncIterator()
    #expect(await [late.next(), late.next()] == [.closed, nil])
  }

  @Test("A drain is shown while the next server is looked for")
  func draining() async throws {
    let (server, deaf) = (StagedServer(hello: StagedServer.granting("going-away")) { _ in [] }, try DeafListener())
    var options = KioskClientOptions()
    options.introduction = IntroductionTests.introduction
    let servers: [TTRPCAddress] = [.unix(path: server.path), .tcp(host: "127.0.0.1", port: deaf.port)]
    let client = KioskClient(servers, group: MultiThreadedEventLoopGroup.singleton, options: options)
    try await server.whileListening {
      let call = Task { try await client.unary(.read, payload: [], options: CallOptions()) }
      try await eventually { server.requests.count == 1 }
      server.say([.goingAway(last: 3)], connection: 0)
      var states = client.states.makeAsyncIterator()
      #expect(await Self.states(&states, until: { $0 == .draining(servers[0]) }).last == .draining(servers[0]))
      server.say([.reply([4])], on: 3, connection: 0)
      #expect(try await call.value == [4])
      await client.close()
    }
  }

  @Test("A reader of states that is slow sees the newest only; a cancelled one ends")
  func slowReader() async throws {
    let server = StagedServer()
    let client = IntroductionTests.client([server])
    var states = client.states.makeAsyncIterator()
    try await server.whileListening {
      _ = try await client.unary(.read, payload: [], options: CallOptions())
      #expect(await states.next() == .connected(.unix(path: server.path)))
      let reader = Task { [client] in
        var states = client.states.makeAsyncIterator()
        _ = await states.next()
        return await states.next()
      }
      try await Task.sleep(for: .milliseconds(5))
      reader.cancel()
      #expect(await reader.value == nil)
    }
    await client.close()
  }

  @Test("Who drops a client closes its connection, whatever it was doing", arguments: ["connected", "kept", "away"])
  func dropped(doing: String) async throws {
    let server = StagedServer(hello: StagedServer.granting("ping", "going-away"))
    try await server.whileListening {
      weak var gone: KioskClient?
      do {
        let other = StagedServer()
        let client = IntroductionTests.client(doing == "away" ? [other] : [server]) { options in
          options.keepsConnection = doing != "connected"
        }
        gone = client
        if doing != "away" { #expect(try await client.unary(.read, payload: [3], options: CallOptions()) == [3]) }
      }
      try await eventually { gone == nil }
      try await eventually { server.openConnections == 0 }
    }
  }

  @Test("Callers that are cancelled leave nothing behind: no call at the server, no client and no connection")
  func cancelledCallers() async throws {
    let server = StagedServer(hello: StagedServer.granting("cancel")) { _ in [] }
    try await server.whileListening {
      weak var gone: KioskClient?
      do {
        let client = IntroductionTests.client([server])
        gone = client
        let calls = (0..<20).map { number in
          Task {
            if number % 4 > 0 { return try await client.unary(.write, payload: [], options: CallOptions()) }
            return try await client.stream(KioskClientStreamTests.read, request: [], options: CallOptions()).next() ?? []
          }
        }
        try await eventually { server.requests.count == 20 }
        for call in calls { call.cancel() }
        for call in calls { await #expect(throws: RPCError.cancelled) { try await call.value } }
        try await eventually { server.headers(0).count { $0.type == .cancel } == 20 }
      }
      try await eventually { gone == nil && server.openConnections == 0 }
      #expect(server.requests.count == 20)
    }
  }

  @Test("Closing ends the calls in flight, also those at a server that was left")
  func closing() async throws {
    let (first, second) = (StagedServer(hello: StagedServer.granting("going-away")) { _ in [] }, StagedServer { _ in [] })
    try await first.whileListening {
      try await second.whileListening {
        let client = IntroductionTests.client([first, second])
        var calls = [Task { try await client.unary(.read, payload: [], options: CallOptions()) }]
        try await eventually { first.requests.count == 1 }
        first.say([.goingAway(last: 3)], connection: 0)
        calls.append(Task { try await client.unary(.read, payload: [], options: CallOptions()) })
        try await eventually { second.requests.count == 1 }
        await client.close()
        for call in calls { await #expect(throws: RPCError.connectionClosed) { try await call.value } }
        try await eventually { first.openConnections + second.openConnections == 0 }
      }
    }
  }

  @Test("Numbers rise on the wire under 64 tasks at once, unary and streaming, and every write has an id of its own")
  func numbersRise() async throws {
    let server = StagedServer(hello: StagedServer.granting("cancel", "credit")) { $0.method == "Watch" ? [.data([1]), .end] : [.reply($0.payload)] }
    try await server.whileListening {
      let client = IntroductionTests.client([server])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<64 {
          group.addTask {
            for call in 0..<20 {
              if (task + call) % 4 == 0 {
                let stream = try await client.stream(KioskClientStreamTests.read, request: [], options: CallOptions())
                #expect(try await stream.next() == [1])
              } else {
                _ = try await client.unary(.write, payload: [UInt8(task)], options: CallOptions())
              }
            }
          }
        }
        try await group.waitForAll()
      }
      let opened = server.headers(0).filter { $0.type == .request }.map(\.stream)
      #expect(opened == (0...1280).map { $0 * 2 + 1 })
      let ids = server.requests.compactMap(\.id)
      #expect(ids.count == 960 && Set(ids).count == 960)
      await client.close()
    }
  }

  @Test("A long-lived client's call outlasts more failures than the usual tries, and one without time for the next try ends at once")
  func longLived() async throws {
    let server = StagedServer()
    var options = KioskClientOptions.longLived(IntroductionTests.introduction)
    (options.policy.firstPause, options.policy.longestPause, options.keepsConnection) = (.milliseconds(1), .milliseconds(5), false)
    let client = KioskClient([.unix(path: server.path)], group: MultiThreadedEventLoopGroup.singleton, options: options)
    let call = Task { try await client.unary(.write, payload: [7], options: CallOptions(timeout: .seconds(50))) }
    var states = client.states.makeAsyncIterator()
    _ = await Self.states(&states) { if case .connecting(_, let attempt) = $0 { attempt > 9 } else { false } }
    try await server.whileListening {
      let reply = try await call.value
      #expect(reply == [7] && server.requests.count == 1)
    }
    await client.close()
  }

  @Test("A call whose time ends before the next try is told why there is no server, without asking again")
  func noTimeForAnother() async throws {
    let path = SocketPath.fresh()
    var options = KioskClientOptions.longLived(IntroductionTests.introduction)
    (options.policy.firstPause, options.policy.longestPause, options.chance) = (.seconds(3600), .seconds(3600), { 1 })
    options.keepsConnection = false
    let client = KioskClient([.unix(path: path)], group: MultiThreadedEventLoopGroup.singleton, options: options)
    let start = ContinuousClock.now
    for _ in 0..<3 {
      let error = await #expect(throws: RPCError.self) {
        try await client.unary(.read, payload: [], options: CallOptions(timeout: .seconds(1800)))
      }
      #expect(error?.code == .unavailable && error?.message.hasPrefix("No se pudo conectar con el servidor en \(path)") == true)
    }
    #expect(start.duration(to: .now) < .seconds(900))
    await client.close()
  }
}
