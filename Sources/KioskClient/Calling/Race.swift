internal import Synchronization
internal import TTRPCCore

/// Waits for something that many wait for, each no longer than they can.
enum Race {
  /// The task's result, or DEADLINE_EXCEEDED at `end`, or CANCELLED when the caller is; the task itself goes on for the others.
  static func first<Value: Sendable>(
    of task: Task<Result<Value, RPCError>, Never>, until end: ContinuousClock.Instant?
  ) async -> Result<Value, RPCError> {
    let finish = Finish<Value>()
    let timer = Task {
      guard let end, (try? await Task.sleep(until: end, clock: .continuous)) != nil else { return }
      finish.tell(.failure(RPCError(.deadlineExceeded, "context deadline exceeded")))
    }
    defer { timer.cancel() }
    Task { finish.tell(await task.value) }
    return await withTaskCancellationHandler {
      await finish.value
    } onCancel: {
      finish.tell(.failure(RPCError(.cancelled, "cancelled")))
    }
  }
}

/// The first of several results.
private final class Finish<Value: Sendable>: Sendable {
  private enum State {
    case open
    case waiting(UnsafeContinuation<Result<Value, RPCError>, Never>)
    case told(Result<Value, RPCError>)
  }

  private let state = Mutex(State.open)

  /// Later results change nothing.
  func tell(_ result: Result<Value, RPCError>) {
    let waiting: UnsafeContinuation<Result<Value, RPCError>, Never>? = state.withLock { state in
      switch state {
      case .told: return nil
      case .open:
        state = .told(result)
        return nil
      case .waiting(let continuation):
        state = .told(result)
        return continuation
      }
    }
    waiting?.resume(returning: result)
  }

  /// To be awaited once.
  var value: Result<Value, RPCError> {
    get async {
      await withUnsafeContinuation { continuation in
        let told: Result<Value, RPCError>? = state.withLock { state in
          if case .told(let result) = state { return result }
          state = .waiting(continuation)
          return nil
        }
        if let told { continuation.resume(returning: told) }
      }
    }
  }
}
