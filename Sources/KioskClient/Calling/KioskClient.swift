package import NIOCore
internal import Synchronization
package import TTRPCCore
package import TTRPCNIO

/// A connection to the clinic's server that comes back: what kioskctl, the bridge and the screen call through.
///
/// One call is one request id for ever, made here when the caller gave none: through repeats, new connections and other servers. A call
/// that finds the server away, or draining, is repeated within its deadline; the id makes that safe. Who drops the client closes it,
/// once the calls in flight have ended.
package final class KioskClient: RPCTransport {
  struct State {
    var keeper: ConnectionKeeper
    var held: Held?
    /// The try that is on, for all who wait for it.
    var trying: Task<Result<Held, RPCError>, Never>?
    /// Waits to go back to a server in front of the one that is held.
    var returning: Task<Void, Never>?
    /// Connections that take no new calls and still have some.
    var left: [Left] = []
    var session: ServerSession?
    var budget = RetryBudget()
    var lastNumber = 0
  }

  /// The connection that calls are made on.
  struct Held: Sendable {
    let number: Int
    let server: Int
    let connection: TTRPCClientConnection
  }

  struct Left: Sendable { weak var connection: TTRPCClientConnection? }

  let state: Mutex<State>
  let latest = Latest(KioskClientState.idle)
  let dialer: Dialer
  let options: KioskClientOptions

  /// - Parameter servers: at least one, the preferred first.
  package init(_ servers: [TTRPCAddress], group: any EventLoopGroup, options: KioskClientOptions = KioskClientOptions()) {
    self.options = options
    dialer = Dialer(
      servers: servers, group: group, timeout: options.connectTimeout, introduction: options.introduction, tls: options.tls,
      limits: options.limits)
    state = Mutex(
      State(keeper: ConnectionKeeper(servers: servers, policy: options.policy, keeps: options.keepsConnection)))
    if options.keepsConnection { state.withLock { _ = nextStep(&$0) } }
  }

  package convenience init(
    _ address: TTRPCAddress, group: any EventLoopGroup, policy: RetryPolicy = RetryPolicy(),
    connectTimeout: Duration = .seconds(5)
  ) {
    var options = KioskClientOptions()
    (options.policy, options.connectTimeout) = (policy, connectTimeout)
    self.init([address], group: group, options: options)
  }

  deinit {
    state.withLock { state in
      state.trying?.cancel()
      state.returning?.cancel()
    }
    latest.finish()
  }

  /// How the client stands with its server, from now on.
  package var states: KioskClientStates { KioskClientStates(latest: latest) }

  /// What the server said at the beginning of the newest connection; `nil` before, and from one that takes no introduction.
  package var session: ServerSession? { state.withLock(\.session) }

  package var isClosed: Bool { state.withLock(\.keeper.isClosed) }

  /// Makes a call, and repeats it while the server is away.
  ///
  /// - Throws: the server's status; UNAVAILABLE when it stayed away for every try that there was time for; DEADLINE_EXCEEDED when
  ///   `options.timeout` is over, which includes connecting, the repeats and the pauses between them.
  package func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    var options = Self.withRequestIdentifier(options, for: method)
    let end = options.timeout.map { ContinuousClock.now + $0 }
    var tries = CallTries(self.options.policy)
    var away: RPCError?
    while true {
      let held = try await connection(until: end, &tries, &away)
      do throws(RPCError) {
        if let end { options.timeout = ContinuousClock.now.duration(to: end) }
        let reply = try await held.connection.unary(method, payload: payload, options: options)
        state.withLock { $0.budget.answeredWell() }
        return reply
      } catch {
        // That the server was away says more than that the time for another try ran out.
        if error.code == .deadlineExceeded, let away { throw away }
        away = error
        try await another(&tries, after: failure(error, on: held), until: end)
      }
    }
  }

  /// A connection, after as many tries as the call has and its time allows.
  func connection(
    until end: ContinuousClock.Instant?, _ tries: inout CallTries, _ away: inout RPCError?
  ) async throws(RPCError) -> Held {
    while true {
      do throws(Unconnected) {
        return try await connection(until: end)
      } catch {
        switch error {
        case .finally(let error):
          // What a server has said, or why none could be reached, says more than that there is no time for another try.
          if error.code != .cancelled, !isClosed, let away { throw away }
          throw error
        case .thisTime(let error):
          away = error
          try await another(&tries, after: .unreached(error), until: end)
        }
      }
    }
  }

  func failure(_ error: RPCError, on held: Held) -> CallTries.Failure {
    // A server that refuses this end's certificate says so once, as it ends the connection: also to a call that came too late to hear it.
    if error == .notSent, case .closed(let reason)? = held.connection.departed, reason.code != .unavailable { return .lost(reason) }
    if error.isNotBegun || !held.connection.isOpen { return .lost(error) }
    return .answered(error, by: held.server, of: dialer.servers.count)
  }

  /// Returns when another try is due.
  ///
  /// - Throws: the error of the last try when another makes no sense: the server was not away, the tries are used up, the client is
  ///   closed, or the pause would outlast the call. CANCELLED when the caller is.
  func another(
    _ tries: inout CallTries, after failure: CallTries.Failure, until end: ContinuousClock.Instant?
  ) async throws(RPCError) {
    let (error, chance) = (failure.error, options.chance())
    let next = state.withLock { tries.failed(failure, &$0.budget, chance: chance) }
    if isClosed { throw error }
    switch next {
    case .giveUp: throw error
    case .again:
      CurrentCall.repeats(attempt: tries.made, after: error)
      if case .answered(_, let server, _) = failure { leave(server) }
    case .after(let pause):
      if error.code == .unavailable, case .answered(_, let server, _) = failure { leave(server) }
      if let end, ContinuousClock.now + pause >= end { throw error }
      CurrentCall.repeats(attempt: tries.made, after: error)
      do { try await Task.sleep(for: pause) } catch { throw .cancelled }
    }
  }

  static func withRequestIdentifier(_ options: CallOptions, for method: MethodDescriptor) -> CallOptions {
    guard method.writes, options.metadata.first(RequestIdentifier.metadataKey) == nil else { return options }
    var options = options
    options.metadata.append(RequestIdentifier.metadataKey, RequestIdentifier().description)
    return options
  }
}

extension CallTries.Failure {
  var error: RPCError {
    switch self {
    case .unreached(let error), .lost(let error), .answered(let error, _, _): error
    }
  }
}
