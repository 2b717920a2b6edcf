package import NIOCore
internal import Synchronization
package import TTRPCCore
package import TTRPCNIO

/// A connection to the clinic's server that comes back: what kioskctl, the bridge and the screen call through.
///
/// One call is one request id, made here when the caller gave none. A call that finds the server away, or draining, is repeated
/// within its deadline; the id makes that safe.
package final class KioskClient: RPCTransport {
  private enum State {
    case idle
    case connecting(Task<Result<TTRPCClientConnection, RPCError>, Never>)
    case connected(TTRPCClientConnection)
    case closed
  }

  private let state = Mutex<State>(.idle)
  private let address: TTRPCAddress
  private let group: any EventLoopGroup
  private let policy: RetryPolicy
  private let connectTimeout: Duration

  package init(
    _ address: TTRPCAddress, group: any EventLoopGroup, policy: RetryPolicy = RetryPolicy(),
    connectTimeout: Duration = .seconds(5)
  ) {
    self.address = address
    self.group = group
    self.policy = policy
    self.connectTimeout = connectTimeout
  }

  /// Makes a call, and repeats it while the server is away.
  ///
  /// - Throws: the server's status; UNAVAILABLE when it stayed away for every try that there was time for; DEADLINE_EXCEEDED when
  ///   `options.timeout` is over, which includes connecting, the repeats and the pauses between them.
  package func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
  ) async throws(RPCError) -> [UInt8] {
    var options = Self.withRequestIdentifier(options, for: method)
    let end = options.timeout.map { ContinuousClock.now + $0 }
    var attempt = 1
    var away: RPCError?
    while true {
      do throws(RPCError) {
        let connection = try await connection(until: end)
        if let end { options.timeout = ContinuousClock.now.duration(to: end) }
        return try await connection.unary(method, payload: payload, options: options)
      } catch {
        // That the server was away says more than that the time for another try ran out.
        if error.code == .deadlineExceeded, let away { throw away }
        away = error
        attempt += 1
        try await pause(before: attempt, after: error, until: end)
      }
    }
  }

  /// Opens a call that streams. Only connecting is repeated while the server is away: once its request may have been sent, the call
  /// ends with what became of it.
  ///
  /// - Throws: as ``unary(_:payload:options:)`` does, when there is no connection; else what the connection says.
  package func stream(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
  ) async throws(RPCError) -> any RPCClientStream {
    var options = Self.withRequestIdentifier(options, for: method)
    let end = options.timeout.map { ContinuousClock.now + $0 }
    let connection = try await connectionOfManyTries(until: end)
    if let end { options.timeout = ContinuousClock.now.duration(to: end) }
    return try await connection.stream(method, request: request, options: options)
  }

  private func connectionOfManyTries(until end: ContinuousClock.Instant?) async throws(RPCError) -> TTRPCClientConnection {
    var attempt = 1
    var away: RPCError?
    while true {
      do throws(RPCError) {
        return try await connection(until: end)
      } catch {
        if error.code == .deadlineExceeded, let away { throw away }
        away = error
        attempt += 1
        try await pause(before: attempt, after: error, until: end)
      }
    }
  }

  /// Waits before another try.
  ///
  /// - Throws: the error of the last try when another makes no sense: the server was not away, the tries are used up, the client is
  ///   closed, or the pause would outlast the call. CANCELLED when the caller is.
  private func pause(
    before attempt: Int, after error: RPCError, until end: ContinuousClock.Instant?
  ) async throws(RPCError) {
    guard error.code == .unavailable, attempt <= policy.attempts, !isClosed else { throw error }
    let pause = policy.pause(before: attempt, chance: .random(in: 0...1))
    if let end, ContinuousClock.now + pause >= end { throw error }
    CurrentCall.repeats(attempt: attempt, after: error)
    do { try await Task.sleep(for: pause) } catch { throw RPCError(.cancelled, "cancelled") }
  }

  private static func withRequestIdentifier(_ options: CallOptions, for method: MethodDescriptor) -> CallOptions {
    guard method.writes, options.metadata.first(RequestIdentifier.metadataKey) == nil else { return options }
    var options = options
    options.metadata.append(RequestIdentifier.metadataKey, RequestIdentifier().description)
    return options
  }

  /// Closes the connection; calls in flight end with UNAVAILABLE, and so does every later one.
  package func close() async {
    let last = state.withLock { state in
      defer { state = .closed }
      return state
    }
    switch last {
    case .connected(let connection): await connection.close()
    case .connecting(let task): if case .success(let connection) = await task.value { await connection.close() }
    case .idle, .closed: break
    }
  }

  private var isClosed: Bool {
    state.withLock { if case .closed = $0 { true } else { false } }
  }

  // MARK: The connection

  /// The open connection, or a new one that all waiting calls share; each waits for it no longer than its own time.
  private func connection(until end: ContinuousClock.Instant?) async throws(RPCError) -> TTRPCClientConnection {
    let attempt: Task<Result<TTRPCClientConnection, RPCError>, Never>
    switch state.withLock({ nextStep(&$0) }) {
    case .use(let connection): return connection
    case .wait(let task): attempt = task
    case .refuse: throw RPCError(.unavailable, "the client is closed")
    }
    return try await Race.first(of: attempt, until: end).get()
  }

  private enum Step {
    case use(TTRPCClientConnection)
    case wait(Task<Result<TTRPCClientConnection, RPCError>, Never>)
    case refuse
  }

  private func nextStep(_ state: inout State) -> Step {
    switch state {
    case .connected(let connection) where connection.isOpen: return .use(connection)
    case .connecting(let task): return .wait(task)
    case .closed: return .refuse
    case .idle, .connected:
      let task = Task { await self.connect() }
      state = .connecting(task)
      return .wait(task)
    }
  }

  /// Bounded by ``connectTimeout``.
  private func connect() async -> Result<TTRPCClientConnection, RPCError> {
    let result: Result<TTRPCClientConnection, RPCError>
    do throws(ConnectFault) {
      result = .success(
        try await TTRPCClientConnection.connect(to: address, group: group, timeout: connectTimeout))
    } catch {
      result = .failure(
        RPCError(.unavailable, "No se pudo conectar con el servidor en \(error.address): \(error.reason). Revise que esté iniciado."))
    }
    state.withLock { state in
      guard case .connecting = state else { return }
      if case .success(let connection) = result { state = .connected(connection) } else { state = .idle }
    }
    return result
  }
}
