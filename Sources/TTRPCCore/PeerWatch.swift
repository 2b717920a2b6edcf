/// Whether the other end of a connection is still there, by when bytes last came from it; server and client watch each other alike.
///
/// A peer that has said nothing for ``TTRPCLimits/pingInterval`` is asked, and is gone when it says nothing for ``TTRPCLimits/pingTimeout``
/// after that. Its owner reads the clock and keeps the limits, so that an idle connection keeps next to nothing.
package struct PeerWatch: Hashable, Sendable {
  private var lastHeard: MonotonicTime
  /// Whether a ping was sent since.
  private var isAsked = false
  private var last = Output(handedOver: 0, unsent: 0)

  package init(at now: MonotonicTime) { lastHeard = now }

  /// Bytes came, of whatever kind.
  @inline(__always)
  package mutating func heard(at time: MonotonicTime) { (lastHeard, isAsked) = (time, false) }

  package enum OnLook: Equatable, Sendable {
    /// Nothing is to be done before that time.
    case lookAgain(at: MonotonicTime)
    /// It has said nothing for too long: ask.
    case ping(thenLookAt: MonotonicTime)
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

  /// The time to look has come; to look too early is harmless.
  ///
  /// While bytes wait that the system has no room for, each that it takes shows that the peer took one, and a ping would only wait
  /// behind them: a full frame on a line of 64 kbit is on its way for more than eight minutes. Bytes that never waited show nothing.
  ///
  /// - Parameter isReading: whether this end reads what comes; what it does not read cannot be the peer's fault.
  package mutating func looked(at now: MonotonicTime, _ output: Output, isReading: Bool = true, limits: TTRPCLimits) -> OnLook {
    if last.unsent > 0, output.taken > last.taken { heard(at: now) }
    last = output
    let (interval, timeout) = (limits.pingInterval.nanosecondsClamped, limits.pingTimeout.nanosecondsClamped)
    let dueToAsk = lastHeard.advanced(byNanoseconds: interval)
    if !isReading { return .lookAgain(at: now.advanced(byNanoseconds: timeout)) }
    if now < dueToAsk { return .lookAgain(at: dueToAsk) }
    if !isAsked {
      isAsked = true
      return .ping(thenLookAt: now.advanced(byNanoseconds: timeout))
    }
    let dueToGo = dueToAsk.advanced(byNanoseconds: timeout)
    return now < dueToGo ? .lookAgain(at: dueToGo) : .gone
  }
}
