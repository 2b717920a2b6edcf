internal import Synchronization
package import TTRPCCore
internal import TTRPCNIO

/// Calls that stream.
extension KioskClient {
  /// Opens a call that streams. It is opened again only while no server has begun it: once its request may have been served, the call ends
  /// with what became of it.
  ///
  /// - Throws: as ``unary(_:payload:options:)`` does, when there is no connection; else what the connection says.
  package func stream(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
  ) async throws(RPCError) -> any RPCClientStream {
    let options = Self.withRequestIdentifier(options, for: method)
    let end = options.timeout.map { ContinuousClock.now + $0 }
    let stream = try await open(method, request: request, options: options, until: end)
    guard let request else { return stream }
    return RepeatableStream(stream) { [weak self] () async throws(RPCError) in
      guard let self else { throw Self.closedError }
      return try await self.open(method, request: request, options: options, until: end)
    }
  }

  private func open(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions, until end: ContinuousClock.Instant?
  ) async throws(RPCError) -> any RPCClientStream {
    var options = options
    var tries = CallTries(self.options.policy)
    var away: RPCError?
    while true {
      let held = try await connection(until: end, &tries, &away)
      do throws(RPCError) {
        if let end { options.timeout = ContinuousClock.now.duration(to: end) }
        return try await held.connection.stream(method, request: request, options: options)
      } catch {
        if error.code == .deadlineExceeded, let away { throw away }
        guard error.isNotBegun else { throw error }
        away = error
        try await another(&tries, after: .lost(error), until: end)
      }
    }
  }
}

/// A call whose one request is known: while no server has begun it, it may be opened again.
private final class RepeatableStream: RPCClientStream {
  private struct State {
    var stream: any RPCClientStream
    var mayRepeat = true
    var isCancelled = false
  }

  private let state: Mutex<State>
  private let open: @Sendable () async throws(RPCError) -> any RPCClientStream

  init(_ stream: any RPCClientStream, open: @escaping @Sendable () async throws(RPCError) -> any RPCClientStream) {
    state = Mutex(State(stream: stream))
    self.open = open
  }

  private var stream: any RPCClientStream { state.withLock(\.stream) }

  func send(_ message: [UInt8]) async throws(RPCError) { try await stream.send(message) }

  func finishSending() async throws(RPCError) { try await stream.finishSending() }

  func next() async throws(RPCError) -> [UInt8]? {
    while true {
      do throws(RPCError) {
        let message = try await stream.next()
        state.withLock { $0.mayRepeat = false }
        return message
      } catch {
        guard error.isNotBegun, state.withLock(\.mayRepeat) else { throw error }
        replace(with: try await open())
      }
    }
  }

  private func replace(with stream: any RPCClientStream) {
    let isCancelled = state.withLock { state in
      state.stream = stream
      return state.isCancelled
    }
    if isCancelled { stream.cancel() }
  }

  func cancel() {
    let stream = state.withLock { state in
      (state.isCancelled, state.mayRepeat) = (true, false)
      return state.stream
    }
    stream.cancel()
  }
}
