internal import Synchronization
package import TTRPCCore

/// A value that changes, for those who want the newest: what they were too slow for they do not see.
final class Latest<Value: Sendable>: Sendable {
  enum Taken: Sendable {
    case value(Value, version: Int)
    /// There will be no further one; `nil` when that is as it should be.
    case end(RPCError?)
  }

  private struct State {
    var value: Value?
    var version = 0
    var end: RPCError??
    var waiters: [Int: UnsafeContinuation<Void, Never>] = [:]
    var lastWaiter = 0
  }

  private let state: Mutex<State>

  init(_ value: Value? = nil) { state = Mutex(State(value: value, version: value == nil ? 0 : 1)) }

  /// After the end nothing changes.
  func set(_ value: Value) {
    change { state in
      state.value = value
      state.version += 1
    }
  }

  /// The value that is there is still seen by those who have not seen it.
  func finish(_ error: RPCError? = nil) { change { $0.end = .some(error) } }

  private func change(_ body: (inout State) -> Void) {
    let waiters = state.withLock { state -> [UnsafeContinuation<Void, Never>] in
      guard state.end == nil else { return [] }
      body(&state)
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// The newest value, as soon as it is newer than `version` (0 before the first); the end, also for a task that is cancelled.
  func next(after version: Int) async -> Taken {
    while true {
      if let taken = take(after: version) { return taken }
      await change(after: version)
      if Task.isCancelled { return .end(nil) }
    }
  }

  private func take(after version: Int) -> Taken? { state.withLock { Self.take($0, after: version) } }

  private static func take(_ state: State, after version: Int) -> Taken? {
    if let value = state.value, state.version > version { return .value(value, version: state.version) }
    return state.end.map { .end($0) }
  }

  /// Returns when there may be something to take.
  private func change(after version: Int) async {
    let number = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let goOn = state.withLock { state in
          guard !Task.isCancelled, Self.take(state, after: version) == nil else { return true }
          state.waiters[number] = continuation
          return false
        }
        if goOn { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }
  }
}

/// How a client stands with its server, now and each time that it changes; a reader that is slow sees the newest only.
package struct KioskClientStates: AsyncSequence, Sendable {
  let latest: Latest<KioskClientState>

  package func makeAsyncIterator() -> Iterator { Iterator(latest: latest) }

  package struct Iterator: AsyncIteratorProtocol {
    let latest: Latest<KioskClientState>
    private var version = 0

    init(latest: Latest<KioskClientState>) { self.latest = latest }

    /// `nil` after ``KioskClientState/closed``, and in a task that is cancelled.
    package mutating func next() async -> KioskClientState? { await next(isolation: nil) }

    package mutating func next(isolation actor: isolated (any Actor)?) async -> KioskClientState? {
      guard case .value(let state, let version) = await latest.next(after: version) else { return nil }
      self.version = version
      return state
    }
  }
}
