import KioskClient
import KioskTestSupport
import NIOPosix
import Synchronization
import TTRPCCore
import TTRPCNIO
import Testing

@Suite("A watch that goes on", .timeLimit(.minutes(1)))
struct KioskWatchTests {
  /// A state of this test's own: epoch, number, and what it says.
  static func state(_ epoch: UInt8, _ number: UInt8, _ word: UInt8 = 0) -> [UInt8] { [epoch, number, word] }

  static func watch(_ client: KioskClient) -> KioskWatch<UInt8> {
    client.watch(KioskClientStreamTests.read) { last throws(RPCError) in
      last.map { [UInt8($0.epoch), UInt8($0.number)] } ?? []
    } read: { bytes throws(RPCError) in
      guard bytes.count == 3 else { throw RPCError(.internal, "no state") }
      return (WatchMark(epoch: UInt64(bytes[0]), number: UInt64(bytes[1])), bytes[2])
    }
  }

  static func told(_ epoch: UInt64, _ number: UInt64, _ word: UInt8, missed: UInt64 = 0, isNewEpoch: Bool = false) -> [UInt64] {
    [epoch, number, UInt64(word), missed, isNewEpoch ? 1 : 0]
  }

  static func told(_ state: WatchedState<UInt8>?) -> [UInt64] {
    guard let state else { return [] }
    return told(state.mark.epoch, state.mark.number, state.value, missed: state.missed, isNewEpoch: state.isNewEpoch)
  }

  @Test("It comes back with the number that it saw last, and tells how many it missed and when numbers begin anew")
  func resumes() async throws {
    let server = StagedServer { request in
      switch request.connection {
      case 0: [.data(Self.state(1, 5, 50))]
      case 1: [.data(Self.state(1, 5, 50)), .data(Self.state(1, 9, 90))]
      default: [.data(Self.state(2, 1, 10))]
      }
    }
    try await server.whileListening {
      let client = IntroductionTests.client([server])
      var states = Self.watch(client).makeAsyncIterator()
      let first = try await states.next()
      #expect(Self.told(first) == Self.told(1, 5, 50))
      server.say([.hangUp], connection: 0)
      #expect(Self.told(try await states.next()) == Self.told(1, 9, 90, missed: 3), "the one that it knows is not told twice")
      server.say([.end], on: 3, connection: 1)
      server.say([.hangUp], connection: 1)
      #expect(Self.told(try await states.next()) == Self.told(2, 1, 10, isNewEpoch: true))
      #expect(server.requests.prefix(3).map(\.payload).allSatisfy { [[], [1, 5], [1, 9]].contains($0) })
      #expect(server.requests.first?.payload == [] && server.requests.last?.payload == [1, 9])
      await client.close()
    }
  }

  @Test("A reader that is slow gets the newest, and how many it did not see")
  func latestWins() async throws {
    let server = StagedServer { _ in [.data(Self.state(1, 1, 1))] }
    try await server.whileListening {
      let client = IntroductionTests.client([server])
      var states = Self.watch(client).makeAsyncIterator()
      #expect(Self.told(try await states.next()) == Self.told(1, 1, 1))
      server.say((2...9).map { .data(Self.state(1, $0, $0)) } + [.data(Self.state(1, 4, 4))], on: 3, connection: 0)
      var last = Self.told(1, 1, 1)
      var seen: UInt64 = 1
      while last[1] < 9 {
        last = Self.told(try await states.next())
        seen += last[3] + 1
      }
      #expect(last[1] == 9 && seen == 9)
      await client.close()
    }
  }

  @Test("It waits for a server that is away or full, and ends with any other status", arguments: [
    StatusCode.permissionDenied, .unimplemented, .unauthenticated,
  ])
  func ends(code: StatusCode) async throws {
    let count = Mutex(0)
    let server = StagedServer { _ in
      switch count.withLock({ $0 += 1; return $0 }) {
      case 1: [.fail(RPCError(.unavailable, "away"))]
      case 2: [.fail(RPCError(.resourceExhausted, "full"))]
      case 3: [.data(Self.state(1, 1, 1)), .end]
      default: [.fail(RPCError(code, "no"))]
      }
    }
    try await server.whileListening {
      let client = IntroductionTests.client([server])
      var states = Self.watch(client).makeAsyncIterator()
      let first = try await states.next()
      #expect(Self.told(first) == Self.told(1, 1, 1))
      await #expect(throws: RPCError(code, "no")) { try await states.next() }
      await client.close()
    }
    #expect(server.requests.count == 4)
  }

  @Test("A message that cannot be read ends it with the reader's error")
  func unreadable() async throws {
    let server = StagedServer { _ in [.data([1])] }
    try await server.whileListening {
      let client = IntroductionTests.client([server])
      var states = Self.watch(client).makeAsyncIterator()
      await #expect(throws: RPCError(.internal, "no state")) { try await states.next() }
      await client.close()
    }
  }

  @Test("Who drops it ends its call at the server, and closing the client ends it with UNAVAILABLE")
  func dropped() async throws {
    let server = StagedServer(hello: StagedServer.granting("cancel")) { _ in [.data(Self.state(1, 1, 1))] }
    try await server.whileListening {
      let client = IntroductionTests.client([server])
      do {
        var states = Self.watch(client).makeAsyncIterator()
        _ = try await states.next()
      }
      try await eventually { server.headers(0).last?.type == .cancel }
      var states = Self.watch(client).makeAsyncIterator()
      _ = try await states.next()
      await client.close()
      let error = await #expect(throws: RPCError.self) { try await states.next() }
      #expect(error?.code == .unavailable)
    }
  }

  @Test("What follows what, and what lies between", arguments: [
    (WatchMark(epoch: 1, number: 5), nil, true, 0), (WatchMark(epoch: 1, number: 5), WatchMark(epoch: 1, number: 4), true, 0),
    (WatchMark(epoch: 1, number: 5), WatchMark(epoch: 1, number: 1), true, 3), (WatchMark(epoch: 1, number: 5), WatchMark(epoch: 1, number: 5), false, 0),
    (WatchMark(epoch: 1, number: 5), WatchMark(epoch: 1, number: 9), false, 0), (WatchMark(epoch: 2, number: 1), WatchMark(epoch: 1, number: 9), true, 0),
  ] as [(WatchMark, WatchMark?, Bool, UInt64)])
  func marks(mark: WatchMark, last: WatchMark?, follows: Bool, missed: UInt64) {
    #expect(mark.follows(last) == follows)
    #expect(mark.statesMissed(since: last) == missed)
  }
}
