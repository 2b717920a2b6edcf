package import TTRPCCore
package import TTRPCNIO

/// Which server a client is connected with or tries next, and when: the rule, without sockets, clocks and chance.
///
/// Servers stand in the order in which they are preferred. A try goes through all of them once: from the one that worked last, or from the
/// one behind it when that one said that it goes away, answered UNAVAILABLE, or fell silent. Tries that fail are made again after
/// pauses that grow (``RetryPolicy``), and so are connections that do not last. Who is connected with another than
/// the first goes back to those before it when they answer: ``KioskClientOptions/returnAfter``.
package struct ConnectionKeeper: Sendable {
  package typealias Time = ContinuousClock.Instant

  /// One go through the servers.
  package struct Try: Hashable, Sendable {
    /// Places of servers, in the order in which they are tried.
    package let order: [Int]
    /// `nil`: at once.
    package let notBefore: Time?

    package init(order: [Int], notBefore: Time?) { (self.order, self.notBefore) = (order, notBefore) }
  }

  private enum Phase: Sendable {
    /// Nobody has asked for a connection yet.
    case idle
    case trying(Try, hasBegun: Bool)
    case connected(Int, at: Time)
    /// There is no connection, and nobody asks for one.
    case away
    case closed
  }

  private let servers: [TTRPCAddress]
  private let policy: RetryPolicy
  /// Whether a connection is made again although nobody asks.
  private let keeps: Bool
  private var phase = Phase.idle
  private var preferred = 0
  /// The server that is to be tried last.
  private var leaving: Int?
  /// Tries that failed, and connections that did not last, since one did.
  private var failures = 0
  private var nextTry: Time?
  /// Since when there is no server, and the last reason.
  private var since: Time?
  package private(set) var reason = RPCError.notSent

  package init(servers: [TTRPCAddress], policy: RetryPolicy, keeps: Bool) {
    precondition(!servers.isEmpty, "a client has a server")
    self.servers = servers
    self.policy = policy
    self.keeps = keeps
  }

  package var isClosed: Bool { if case .closed = phase { true } else { false } }

  /// What a screen may show.
  package var state: KioskClientState {
    switch phase {
    case .idle: .idle
    case .connected(let server, _): .connected(servers[server])
    case .trying(let next, let hasBegun):
      if let leaving, failures < 2 {
        .draining(servers[leaving])
      } else if hasBegun {
        .connecting(since: since, attempt: failures + 1)
      } else {
        .away(since: since, nextTry: next.notBefore, reason: reason)
      }
    case .away: .away(since: since, nextTry: nil, reason: reason)
    case .closed: .closed
    }
  }

  // MARK: Events

  package enum OnWanted: Hashable, Sendable {
    /// There is a connection.
    case use
    /// One is being made; not before that time.
    case wait(Time?)
    case begin(Try)
    case refuse
  }

  /// Somebody needs a connection.
  package mutating func wanted(at now: Time) -> OnWanted {
    switch phase {
    case .connected: .use
    case .trying(let next, let hasBegun): .wait(hasBegun ? nil : next.notBefore)
    case .idle, .away: .begin(begin(at: now))
    case .closed: .refuse
    }
  }

  /// The pause before a try is over.
  package mutating func pauseEnded() {
    if case .trying(let next, hasBegun: false) = phase { phase = .trying(next, hasBegun: true) }
  }

  package mutating func succeeded(_ server: Int, at now: Time) {
    if case .closed = phase { return }
    phase = .connected(server, at: now)
    (preferred, leaving, nextTry, since) = (server, nil, nil, nil)
  }

  /// A try has found nobody. Returns the next where the connection is kept.
  package mutating func failed(_ error: RPCError, at now: Time, chance: Double) -> Try? {
    guard case .trying = phase else { return nil }
    failures += 1
    reason = error
    leaving = nil
    nextTry = now + policy.pause(before: failures + 1, chance: chance)
    phase = .away
    return keeps ? begin(at: now) : nil
  }

  /// The connection takes no further call. Returns the try that follows at once.
  package mutating func departed(_ departure: Departure, at now: Time, chance: Double) -> Try? {
    departed(departure, withoutPause: 1, at: now, chance: chance)
  }

  /// - Parameter withoutPause: connections that did not last, one after the other, before there is a pause.
  private mutating func departed(_ departure: Departure, withoutPause: Int, at now: Time, chance: Double) -> Try? {
    guard case .connected(let server, let start) = phase else { return nil }
    since = now
    phase = .away
    // One that lasted is no sign of a sick server; the one after the first that did not is.
    failures = start.duration(to: now) < policy.longestPause ? failures + 1 : 0
    nextTry = failures > withoutPause ? now + policy.pause(before: failures, chance: chance) : nil
    switch departure {
    case .goingAway:
      leaving = server
      reason = .notBegun
    case .usedUp: reason = .streamsUsedUp
    case .closed(let error):
      reason = error
      if error == .serverSilent { preferred = (server + 1) % servers.count }
      return keeps ? begin(at: now) : nil
    }
    return begin(at: now)
  }

  /// The server has answered that it is away. Returns the try of another, where there is one: each is asked once without a pause.
  package mutating func answeredAway(at now: Time, chance: Double) -> Try? {
    servers.count > 1 ? departed(.goingAway, withoutPause: servers.count, at: now, chance: chance) : nil
  }

  package mutating func closed() { phase = .closed }

  private mutating func begin(at now: Time) -> Try {
    let first = leaving.map { ($0 + 1) % servers.count } ?? preferred
    let order = (0..<servers.count).map { (first + $0) % servers.count }
    let pause = nextTry.flatMap { $0 > now ? $0 : nil }
    let next = Try(order: order, notBefore: pause)
    since = since ?? now
    phase = .trying(next, hasBegun: pause == nil)
    return next
  }
}
