/// How a client repeats what may be repeated: reads, and writes that carry a request id.
package struct RetryPolicy: Hashable, Sendable {
  /// Tries in all, the first among them.
  package var attempts: Int = 5
  /// The pause before the second try; it doubles from try to try.
  package var firstPause: Duration = .milliseconds(50)
  /// No pause is longer.
  package var longestPause: Duration = .seconds(2)

  package init() {}

  /// One try only.
  package static let never: RetryPolicy = {
    var policy = RetryPolicy()
    policy.attempts = 1
    return policy
  }()

  /// How long to wait before try number `attempt` (the second is 2).
  ///
  /// Half of the pause is fixed and half is chance, so that kiosks that lost the same server do not all come back at once.
  ///
  /// - Parameter chance: from 0 to 1.
  package func pause(before attempt: Int, chance: Double) -> Duration {
    var pause = firstPause
    for _ in 2..<max(attempt, 2) { pause = min(pause * 2, longestPause) }
    pause = min(pause, longestPause)
    return pause / 2 + (pause / 2) * min(max(chance, 0), 1)
  }
}
