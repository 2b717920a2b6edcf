internal import Synchronization
package import TTRPCCore

/// Which state of a watch somebody has.
package struct StatePlace: Hashable, Sendable {
  /// Of one run of the server; numbers of two epochs say nothing to each other.
  package let epoch: UInt64
  /// Greater is later.
  package let number: UInt64

  package init(epoch: UInt64, number: UInt64) {
    self.epoch = epoch
    self.number = number
  }
}

/// The latest state of something that many watch: each state is whole, has a number, and takes the place of the one before.
///
/// Nothing is kept for a reader but the fact that it waits. One that is slow finds the latest state when it comes back and sees in the
/// number that there were others, of which it needs none. So memory is one state and a few words for each reader that waits.
package final class NumberedState<Value: Hashable & Sendable>: Sendable {
  package struct Numbered: Hashable, Sendable {
    package let place: StatePlace
    package let value: Value
  }

  private struct State {
    var current: Numbered
    /// Whoever waits for a state after ``current``.
    var waiting: [UInt64: UnsafeContinuation<Void, Never>] = [:]
    var lastReader: UInt64 = 0
    var hasEnded = false
  }

  private let state: Mutex<State>
  private let maximumReaders: Int

  /// - Parameters:
  ///   - epoch: below 2⁵³, so that every language has a number for it; never 0, which a client without a state says.
  ///   - maximumReaders: readers that wait at once. As many as a server has connections: a screen watches a thing once. One more is told
  ///     RESOURCE_EXHAUSTED.
  package init(_ value: Value, epoch: UInt64 = .random(in: 1..<1 << 53), maximumReaders: Int = 4096) {
    state = Mutex(State(current: Numbered(place: StatePlace(epoch: epoch, number: 1), value: value)))
    self.maximumReaders = maximumReaders
  }

  package var current: Numbered { state.withLock(\.current) }

  /// Readers that wait.
  package var readers: Int { state.withLock(\.waiting.count) }

  /// Makes a value the latest state; one that is as before makes none.
  package func update(_ value: Value) {
    resume { state in
      guard value != state.current.value, !state.hasEnded else { return false }
      let place = StatePlace(epoch: state.current.place.epoch, number: state.current.place.number + 1)
      state.current = Numbered(place: place, value: value)
      return true
    }
  }

  /// There will be no further state: every reader is told UNAVAILABLE, now and later.
  package func end() {
    resume { state in
      state.hasEnded = true
      return true
    }
  }

  /// - Parameter change: says whether those who wait are to look again.
  private func resume(after change: (inout State) -> Bool) {
    let waiting = state.withLock { state in
      guard change(&state) else { return [UInt64: UnsafeContinuation<Void, Never>]() }
      defer { state.waiting = [:] }
      return state.waiting
    }
    for continuation in waiting.values { continuation.resume() }
  }
}

// MARK: - Reading

extension NumberedState {
  /// The latest state, as soon as it is another than the one that the reader has.
  ///
  /// - Parameter place: what it has; a place of another epoch, or a number that there never was, is as good as none.
  /// - Throws: CANCELLED when the task is cancelled, UNAVAILABLE after ``end()``, RESOURCE_EXHAUSTED when too many wait.
  package func next(after place: StatePlace?) async throws(RPCError) -> Numbered {
    while true {
      if Task.isCancelled { throw .cancelled }
      let reader = try step(after: place)
      switch reader {
      case .found(let current): return current
      case .mustWait(let reader): await wait(as: reader, after: place)
      }
    }
  }

  /// Hands each state to `send`, the next one when it returns, until it throws or there are no more.
  package func follow(
    after place: StatePlace?, _ send: (Numbered) async throws(RPCError) -> Void
  ) async throws(RPCError) -> Never {
    var place = place
    while true {
      let state = try await next(after: place)
      try await send(state)
      place = state.place
    }
  }

  private enum Step {
    case found(Numbered)
    case mustWait(UInt64)
  }

  private func step(after place: StatePlace?) throws(RPCError) -> Step {
    let step: Result<Step, RPCError> = state.withLock { state in
      if state.hasEnded { return .failure(RPCError(.unavailable, "El servidor se está cerrando.")) }
      if state.current.place != place { return .success(.found(state.current)) }
      guard state.waiting.count < maximumReaders else {
        return .failure(RPCError(.resourceExhausted, "Demasiados siguen esto a la vez (maximumReaders, \(maximumReaders)). Intente de nuevo más tarde."))
      }
      state.lastReader += 1
      return .success(.mustWait(state.lastReader))
    }
    return try step.get()
  }

  private func wait(as reader: UInt64, after place: StatePlace?) async {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let hasNothingToWaitFor = state.withLock { state in
          // A cancellation before this finds nobody to resume; one after it waits for the lock.
          if Task.isCancelled || state.hasEnded || state.current.place != place { return true }
          state.waiting[reader] = continuation
          return false
        }
        if hasNothingToWaitFor { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: reader) }?.resume()
    }
  }
}
