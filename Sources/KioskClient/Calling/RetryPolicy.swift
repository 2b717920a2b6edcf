/// How a client repeats what may be repeated: reads, and writes that carry a request id.
package struct RetryPolicy: Hashable, Sendable {
  /// Tries in all, the first among them.
  package var attempts: Int = 5
  /// What the pause before the second try is taken from; it doubles from try to try.
  package var firstPause: Duration = .milliseconds(50)
  /// No pause of the client's own choice is longer.
  ///
  /// Two seconds are what a person stands before a screen without doubting it, and thirty kiosks that try that often cost a server that
  /// has just come up nothing.
  package var longestPause: Duration = .seconds(2)
  /// What a server may ask a caller to wait (``TTRPCCore/RPCError/retryDelay``); a longer wait is told to the caller instead.
  package var longestWait: Duration = .seconds(30)

  package init() {}

  /// One try only.
  package static let never: RetryPolicy = {
    var policy = RetryPolicy()
    policy.attempts = 1
    return policy
  }()

  /// How long to wait before try number `attempt` (the second is 2).
  ///
  /// All of it is chance, from nothing to the doubled pause: kiosks that lost the same server at the same moment spread out over the whole
  /// time, which has the server answer them soonest (M. Brooker, "Exponential Backoff And Jitter", 2015: full jitter).
  ///
  /// - Parameter chance: from 0 to 1.
  package func pause(before attempt: Int, chance: Double) -> Duration {
    var pause = firstPause
    // Past the longest the doubling says nothing more.
    for _ in 2..<max(attempt, 2) where pause < longestPause { pause *= 2 }
    return min(pause, longestPause) * min(max(chance, 0), 1)
  }
}
