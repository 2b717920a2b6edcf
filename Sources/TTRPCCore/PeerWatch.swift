/// Whether the other end of a connection is still there, by whether anything comes from it.
///
/// It is looked at now and then; between two looks it costs one store for each read, and no clock. A peer that was silent between two looks is
/// asked, and one that is silent after that too is gone: noticed after ``TTRPCLimits/pingInterval`` + ``TTRPCLimits/pingTimeout``
/// at the soonest, one interval more at the latest.
package struct PeerWatch: Sendable {
  private enum State: Sendable {
    /// Can transition to `asked`.
    case listening
    /// A ping was sent and nothing has come since. Can transition to `listening`; a second look in this state is the end.
    case asked
  }

  private let interval: Duration
  private let timeout: Duration
  private var state = State.listening
  private var isHeard = false
  private var last = Output(handedOver: 0, unsent: 0)

  package init(limits: TTRPCLimits) {
    interval = limits.pingInterval
    timeout = limits.pingTimeout
  }

  /// When to look for the first time.
  package var firstLook: Duration { interval }

  /// Bytes came, of whatever kind.
  @inline(__always)
  package mutating func heard() { isHeard = true }

  package enum OnLook: Equatable, Sendable {
    /// The peer is there.
    case lookAgain(after: Duration)
    /// Nothing was heard of it: ask.
    case ping(thenLookAfter: Duration)
    /// It did not answer.
    case gone
  }

  /// What this end has given to its socket.
  package struct Output: Hashable, Sendable {
    /// Bytes since the connection began.
    package var handedOver: Int
    /// Those of them that the system has not taken yet.
    package var unsent: Int

    package init(handedOver: Int, unsent: Int) {
      self.handedOver = handedOver
      self.unsent = unsent
    }

    fileprivate var taken: Int { handedOver - unsent }
  }

  /// The time to look has come.
  ///
  /// While bytes wait that the system has no room for, each that it takes shows that the peer took one, and a ping would only wait
  /// behind them: a full frame on a line of 64 kbit is on its way for more than eight minutes. Bytes that never waited show nothing.
  package mutating func looked(_ output: Output) -> OnLook {
    let isThere = isHeard || last.unsent > 0 && output.taken > last.taken
    (isHeard, last) = (false, output)
    switch state {
    case _ where isThere:
      state = .listening
      return .lookAgain(after: interval)
    case .listening:
      state = .asked
      return .ping(thenLookAfter: timeout)
    case .asked: return .gone
    }
  }
}
