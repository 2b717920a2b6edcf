internal import Synchronization

/// Something that happens once, waited for by whoever plays meanwhile.
final class FirstOf<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var onFinish: (@Sendable () -> Void)?
    var waiter: UnsafeContinuation<Void, Never>?
    /// The time of the wait that is on is over.
    var isLate = false
  }

  private let state = Mutex(State())

  var value: Value? { state.withLock(\.value) }

  /// The first value counts.
  func finish(_ value: Value) {
    let (action, waiter) = state.withLock { state -> ((@Sendable () -> Void)?, UnsafeContinuation<Void, Never>?) in
      guard state.value == nil else { return (nil, nil) }
      state.value = value
      defer { (state.onFinish, state.waiter) = (nil, nil) }
      return (state.onFinish, state.waiter)
    }
    action?()
    waiter?.resume()
  }

  /// Called when the value is there, at once when it is; `nil` takes it back.
  func onFinish(_ action: (@Sendable () -> Void)?) {
    let isThere = state.withLock { state in
      state.onFinish = state.value == nil ? action : nil
      return state.value != nil
    }
    if isThere { action?() }
  }

  /// Returns when the value is there, or when it is time.
  func wait(atMost time: Duration) async {
    state.withLock { $0.isLate = false }
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        try? await Task.sleep(for: time)
        self.wake()
      }
      await self.sleep()
      group.cancelAll()
    }
  }

  private func sleep() async {
    await withUnsafeContinuation { continuation in
      let goesOn = state.withLock { state in
        if state.value != nil || state.isLate { return true }
        state.waiter = continuation
        return false
      }
      if goesOn { continuation.resume() }
    }
  }

  private func wake() {
    let waiter = state.withLock { state in
      state.isLate = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
