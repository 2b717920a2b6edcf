package import TTRPCCore

/// The tries of one call: whether it is made again after one that failed, and when.
///
/// Everything that comes here may be repeated: reads change nothing, and writes carry their request id.
package struct CallTries: Sendable {
  package enum Failure: Hashable, Sendable {
    /// There was no connection. The next try is made when connecting is tried again, which has its own pauses.
    case unreached(RPCError)
    /// The connection ended under the call, or did not begin it.
    case lost(RPCError)
    /// A server has answered, by its place among so many.
    case answered(RPCError, by: Int, of: Int)
  }

  package enum Next: Hashable, Sendable {
    /// The error is the call's outcome.
    case giveUp
    /// As soon as there is a connection.
    case again
    case after(Duration)
  }

  private let policy: RetryPolicy
  /// Tries, the coming one among them.
  private(set) var made = 1
  /// The servers that have said that they are away.
  private var away: Set<Int> = []

  package init(_ policy: RetryPolicy) { self.policy = policy }

  /// A try has failed.
  ///
  /// UNAVAILABLE is tried again: at a server that has not said so yet at once, else after a pause, and after the server's own wait where
  /// it names one. RESOURCE_EXHAUSTED is only where it does. No other status is.
  package mutating func failed(_ failure: Failure, _ budget: inout RetryBudget, chance: Double) -> Next {
    made += 1
    guard made <= policy.attempts else { return .giveUp }
    let pause = policy.pause(before: made, chance: chance)
    switch failure {
    case .unreached(let error), .lost(let error): return error.code == .unavailable ? .again : .giveUp
    case .answered(let error, let server, let count) where error.code == .unavailable:
      budget.answeredAway()
      guard budget.allowsRepeat else { return .giveUp }
      away.insert(server)
      return away.count < count ? .again : after(error.retryDelay ?? .zero, pause)
    case .answered(let error, _, _):
      guard error.code == .resourceExhausted, let wait = error.retryDelay else { return .giveUp }
      budget.answeredAway()
      return budget.allowsRepeat ? after(wait, pause) : .giveUp
    }
  }

  /// A wait that is too long for any call is told to the caller.
  private func after(_ wait: Duration, _ pause: Duration) -> Next {
    wait <= policy.longestWait ? .after(wait + pause) : .giveUp
  }
}
