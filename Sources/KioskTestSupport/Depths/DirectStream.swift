internal import Synchronization
internal import TTRPCCore

/// One streaming call in memory: a handler at one end, a client at the other, a bounded queue each way.
final class DirectStream: Sendable {
  fileprivate let requests = DirectQueue()
  fileprivate let replies = DirectQueue()
  /// The handler and the timer of the deadline.
  private let tasks = Mutex<[Task<Void, Never>]>([])

  /// - Parameter request: the one request of a method whose client does not stream.
  init(request: [UInt8]?) {
    guard let request else { return }
    requests.close(after: request, with: nil)
  }

  /// Begins the handler, and the time that it has.
  func start(
    timeout: Duration?, _ answer: @escaping @Sendable (any RPCServerStream) async throws(RPCError) -> StreamEnd
  ) {
    let handler = Task {
      do throws(RPCError) {
        switch try await answer(ServerEnd(stream: self)) {
        case .reply(let message): self.end(after: message, with: nil)
        case .done: self.end(with: nil)
        }
      } catch { self.end(with: error) }
    }
    let timer = timeout.map { timeout in
      Task {
        guard (try? await Task.sleep(for: timeout)) != nil else { return }
        self.abort(RPCError(.deadlineExceeded, "context deadline exceeded"))
      }
    }
    tasks.withLock { $0 = [handler] + (timer.map { [$0] } ?? []) }
    if replies.isClosed { cancelTasks() }
  }

  /// The handler's end: what it sent is still read.
  private func end(after message: [UInt8]? = nil, with status: RPCError?) {
    replies.close(after: message, with: status)
    requests.abort(status ?? RPCError(.internal, "the call has ended"), evenIfClosed: true)
    cancelTasks()
  }

  /// The end from outside, at once for both; nothing after the first end.
  fileprivate func abort(_ reason: RPCError) {
    guard replies.abort(reason) else { return }
    requests.abort(reason, evenIfClosed: true)
    cancelTasks()
  }

  private func cancelTasks() {
    for task in tasks.withLock({ $0 }) { task.cancel() }
  }
}

private struct ServerEnd: RPCServerStream {
  let stream: DirectStream

  func next() async throws(RPCError) -> [UInt8]? { try await stream.requests.next().get() }
  func send(_ message: [UInt8]) async throws(RPCError) { try await stream.replies.send(message).get() }
  func sent() async throws(RPCError) { try await stream.replies.emptied().get() }
}

/// A task that is cancelled while it waits here ends the call.
struct ClientEnd: RPCClientStream {
  let stream: DirectStream

  func send(_ message: [UInt8]) async throws(RPCError) {
    try await withTaskCancellationHandler { await stream.requests.send(message) } onCancel: { cancel() }.get()
  }

  func finishSending() async throws(RPCError) { stream.requests.close(with: nil) }

  func next() async throws(RPCError) -> [UInt8]? {
    try await withTaskCancellationHandler { await stream.replies.next() } onCancel: { cancel() }.get()
  }

  func cancel() { stream.abort(RPCError(.cancelled, "cancelled")) }
}

/// Messages on their way from one task to one other.
private final class DirectQueue: Sendable {
  /// Messages that wait; few, so that a test meets a full queue.
  static let capacity = 16

  private struct State {
    var messages: [[UInt8]] = []
    /// What a reader gets after the last message: `nil` inside for a good end.
    var end: RPCError??
    var isAborted = false
    var reader: UnsafeContinuation<Void, Never>?
    var writer: UnsafeContinuation<Void, Never>?
    /// Of how many messages that wait the writer wants fewer.
    var writerBound = 0

    mutating func wakeAll() {
      reader?.resume()
      writer?.resume()
      (reader, writer) = (nil, nil)
    }
  }

  private let state = Mutex(State())

  var isClosed: Bool { state.withLock { $0.end != nil } }

  /// No message follows but `message`, which has room in any case. Changes nothing after another end.
  func close(after message: [UInt8]? = nil, with status: RPCError?) {
    state.withLock { state in
      guard state.end == nil else { return }
      if let message { state.messages.append(message) }
      state.end = .some(status)
      state.wakeAll()
    }
  }

  /// Throws away what waits; both ends get the reason from now on.
  ///
  /// - Parameter evenIfClosed: also when it was closed and read to its end.
  /// - Returns: whether that changed anything.
  @discardableResult
  func abort(_ reason: RPCError, evenIfClosed: Bool = false) -> Bool {
    state.withLock { state in
      guard !state.isAborted, evenIfClosed || state.end == nil || !state.messages.isEmpty else { return false }
      state.messages = []
      state.end = .some(reason)
      state.isAborted = true
      state.wakeAll()
      return true
    }
  }

  func send(_ message: [UInt8]) async -> Result<Void, RPCError> {
    while true {
      let outcome: Result<Void, RPCError>? = state.withLock { state in
        if let end = state.end { return .failure(state.isAborted ? end ?? Self.closed : Self.closed) }
        guard state.messages.count < Self.capacity else { return nil }
        state.messages.append(message)
        state.reader?.resume()
        state.reader = nil
        return .success(())
      }
      if let outcome { return outcome }
      await wait(untilFewerThan: Self.capacity)
    }
  }

  /// Waits until a reader has taken everything.
  func emptied() async -> Result<Void, RPCError> {
    await wait(untilFewerThan: 1)
    return state.withLock { $0.isAborted ? .failure(($0.end ?? nil) ?? Self.closed) : .success(()) }
  }

  private func wait(untilFewerThan bound: Int) async {
    await withUnsafeContinuation { continuation in
      state.withLock { state in
        guard state.end == nil, state.messages.count >= bound else { return continuation.resume() }
        (state.writer, state.writerBound) = (continuation, bound)
      }
    }
  }

  func next() async -> Result<[UInt8]?, RPCError> {
    while true {
      let outcome: Result<[UInt8]?, RPCError>? = state.withLock { state in
        guard state.messages.isEmpty else {
          let message = state.messages.removeFirst()
          if state.messages.count < state.writerBound {
            state.writer?.resume()
            state.writer = nil
          }
          return .success(message)
        }
        guard let end = state.end else { return nil }
        return end.map { .failure($0) } ?? .success(nil)
      }
      if let outcome { return outcome }
      await withUnsafeContinuation { continuation in
        state.withLock { state in
          guard state.end == nil, state.messages.isEmpty else { return continuation.resume() }
          state.reader = continuation
        }
      }
    }
  }

  private static let closed = RPCError(.internal, "no message may follow the last")
}
