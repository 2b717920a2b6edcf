import KioskClient
import TTRPCCore
import TTRPCNIO
import Testing

@Suite("Which server a client turns to")
struct ConnectionKeeperTests {
  static let start = ContinuousClock.now
  static let servers: [TTRPCAddress] = ["a", "b", "c"].map { .unix(path: $0) }
  static let refused = RPCError(.unavailable, "refused")
  static let policy: RetryPolicy = {
    var policy = RetryPolicy()
    (policy.firstPause, policy.longestPause) = (.seconds(1), .seconds(4))
    return policy
  }()

  static func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  static func keeper(_ count: Int = 3, keeps: Bool = false) -> ConnectionKeeper {
    ConnectionKeeper(servers: Array(servers.prefix(count)), policy: policy, keeps: keeps)
  }

  static func goes(_ order: Int..., at time: ContinuousClock.Instant? = nil) -> ConnectionKeeper.Try { .init(order: order, notBefore: time) }

  @Test("It tries in the order of preference, once for all who ask, and then they use the connection")
  func first() {
    var keeper = Self.keeper()
    #expect(keeper.state == .idle)
    #expect(keeper.wanted(at: Self.at(0)) == .begin(Self.goes(0, 1, 2)))
    #expect(keeper.wanted(at: Self.at(1)) == .wait(nil))
    #expect(keeper.state == .connecting(since: Self.at(0), attempt: 1))
    keeper.succeeded(1, at: Self.at(2))
    #expect(keeper.wanted(at: Self.at(2)) == .use)
    #expect(keeper.state == .connected(Self.servers[1]))
  }

  @Test("Tries that fail are made again after pauses that double up to the longest; a connection that lasts ends that")
  func pauses() {
    var keeper = Self.keeper(1)
    var now = Self.at(0)
    _ = keeper.wanted(at: now)
    for pause in [1, 2, 4, 4] {
      #expect(keeper.failed(Self.refused, at: now, chance: 1) == nil)
      #expect(keeper.state == .away(since: Self.at(0), nextTry: nil, reason: Self.refused))
      let next = now + .seconds(pause)
      #expect(keeper.wanted(at: now) == .begin(Self.goes(0, at: next)))
      #expect(keeper.wanted(at: now) == .wait(next))
      #expect(keeper.state == .away(since: Self.at(0), nextTry: next, reason: Self.refused))
      keeper.pauseEnded()
      now = next
    }
    #expect(keeper.state == .connecting(since: Self.at(0), attempt: 5))
    keeper.succeeded(0, at: now)
    #expect(keeper.departed(.closed(.connectionClosed), at: now + .seconds(4), chance: 1) == nil)
    #expect(keeper.wanted(at: now + .seconds(4)) == .begin(Self.goes(0)))
  }

  @Test("Whoever asks after the pause tries at once")
  func later() {
    var keeper = Self.keeper(1)
    _ = keeper.wanted(at: Self.at(0))
    _ = keeper.failed(Self.refused, at: Self.at(0), chance: 1)
    #expect(keeper.wanted(at: Self.at(1)) == .begin(Self.goes(0)))
  }

  @Test("Where the connection is kept the next try follows although nobody asks")
  func keeps() {
    var keeper = Self.keeper(2, keeps: true)
    _ = keeper.wanted(at: Self.at(0))
    #expect(keeper.failed(Self.refused, at: Self.at(0), chance: 1) == Self.goes(0, 1, at: Self.at(1)))
    keeper.pauseEnded()
    keeper.succeeded(1, at: Self.at(1))
    #expect(keeper.departed(.closed(.connectionClosed), at: Self.at(100), chance: 1) == Self.goes(1, 0), "the one that worked last")
  }

  @Test("The first connection that did not last is followed at once, and from the second on after pauses")
  func shortLives() {
    var keeper = Self.keeper(1, keeps: true)
    _ = keeper.wanted(at: Self.at(0))
    for (time, next) in [(0, nil), (1, Self.at(2)), (2, Self.at(4)), (4, Self.at(8))] as [(Int, ContinuousClock.Instant?)] {
      keeper.succeeded(0, at: Self.at(time))
      #expect(keeper.departed(.closed(.connectionClosed), at: Self.at(time), chance: 1) == .init(order: [0], notBefore: next))
    }
  }

  @Test("A server that goes away is tried last, at once, also where nobody asks; its calls go on and the screen says so")
  func goingAway() {
    var keeper = Self.keeper()
    _ = keeper.wanted(at: Self.at(0))
    keeper.succeeded(1, at: Self.at(0))
    #expect(keeper.departed(.goingAway, at: Self.at(9), chance: 1) == Self.goes(2, 0, 1))
    #expect(keeper.state == .draining(Self.servers[1]))
    #expect(keeper.failed(Self.refused, at: Self.at(9), chance: 1) == nil)
    #expect(keeper.state == .away(since: Self.at(9), nextTry: nil, reason: Self.refused))
    #expect(keeper.wanted(at: Self.at(20)) == .begin(Self.goes(1, 2, 0)), "the drain is over, and it worked last")
  }

  @Test("Who answers UNAVAILABLE is left where there is another, and who fell silent is not tried first")
  func others() {
    var (alone, keeper) = (Self.keeper(1), Self.keeper(2, keeps: true))
    for index in 0..<2 {
      _ = index == 0 ? alone.wanted(at: Self.at(0)) : keeper.wanted(at: Self.at(0))
    }
    alone.succeeded(0, at: Self.at(0))
    #expect(alone.answeredAway(at: Self.at(9), chance: 1) == nil)
    #expect(alone.wanted(at: Self.at(9)) == .use)
    keeper.succeeded(0, at: Self.at(0))
    #expect(keeper.answeredAway(at: Self.at(9), chance: 1) == Self.goes(1, 0))
    keeper.succeeded(1, at: Self.at(9))
    #expect(keeper.departed(.closed(.serverSilent), at: Self.at(20), chance: 1) == Self.goes(0, 1))
  }

  @Test("Servers that answer that they are away are left for one another once each, and then after pauses")
  func allAway() {
    var keeper = Self.keeper(2)
    _ = keeper.wanted(at: Self.at(0))
    keeper.succeeded(0, at: Self.at(0))
    #expect(keeper.answeredAway(at: Self.at(0), chance: 1) == Self.goes(1, 0))
    keeper.succeeded(1, at: Self.at(0))
    #expect(keeper.answeredAway(at: Self.at(0), chance: 1) == Self.goes(0, 1))
    keeper.succeeded(0, at: Self.at(0))
    #expect(keeper.answeredAway(at: Self.at(0), chance: 1) == Self.goes(1, 0, at: Self.at(2)))
  }

  @Test("A closed one refuses, whatever still comes")
  func closed() {
    var keeper = Self.keeper(1, keeps: true)
    _ = keeper.wanted(at: Self.at(0))
    keeper.closed()
    keeper.succeeded(0, at: Self.at(1))
    #expect(keeper.failed(Self.refused, at: Self.at(1), chance: 1) == nil)
    #expect(keeper.departed(.goingAway, at: Self.at(1), chance: 1) == nil)
    #expect(keeper.wanted(at: Self.at(1)) == .refuse)
    #expect(keeper.state == .closed && keeper.isClosed)
  }
}

@Suite("What a screen says of its connection")
struct KioskClientStateTests {
  static let now = ContinuousClock.now

  @Test("One Spanish sentence for each state", arguments: [
    (KioskClientState.idle, "Todavía no se ha conectado con el servidor."),
    (.connecting(since: nil, attempt: 1), "Conectando con el servidor…"),
    (.connecting(since: now, attempt: 3), "Conectando con el servidor, intento 3…"),
    (.connected(.tcp(host: "10.0.0.2", port: 24820)), "Conectado con el servidor en 10.0.0.2:24820."),
    (.draining(.unix(path: "/s")), "El servidor en /s se está cerrando; se busca otro."),
    (.away(since: now, nextTry: nil, reason: .connectionClosed),
      "Se perdió la conexión con el servidor. Se intentará de nuevo con la siguiente solicitud."),
    (.away(since: now, nextTry: now + .milliseconds(1500), reason: .serverSilent),
      "El servidor dejó de responder. Se intentará de nuevo en 2 s."),
    (.away(since: now, nextTry: now - .seconds(5), reason: RPCError(.unavailable, "No se pudo.")), "No se pudo. Se intentará de nuevo en 1 s."),
    (.closed, "La conexión se cerró."),
  ])
  func sentences(state: KioskClientState, sentence: String) {
    #expect(state.sentence(at: Self.now) == sentence)
  }

  @Test("The server's clock lies in the middle of the exchange, give or take half of it", arguments: [
    (1000, 1000, 5000, 4000, 0), (1000, 1100, 1050, 0, 50), (1000, 1101, 1000, -50, 51), (1000, 900, 1000, 0, 0),
  ] as [(Int64, Int64, Int64, Int64, Int64)])
  func clock(asked: Int64, answered: Int64, server: Int64, offset: Int64, uncertainty: Int64) {
    let clock = ServerClock(asked: asked, answered: answered, server: server)
    #expect((clock.offset, clock.uncertainty) == (offset, uncertainty))
  }
}
