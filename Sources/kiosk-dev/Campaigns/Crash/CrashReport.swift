/// What became of a server that was killed again and again.
struct CrashReport: Sendable {
  var rounds = 0
  /// Requests that were granted, and told so.
  var acknowledged = 0
  /// Requests without an answer when the server died, and how many of them it had done.
  var unanswered = 0
  var unansweredButDone = 0
  /// Acknowledged appointments that are not in the file as they were told.
  var lost = 0
  /// Repeats whose bytes were not the first answer's.
  var answeredOtherwise = 0
  /// Everything that is not as it must be, a sentence each.
  var complaints: [String] = []
  /// From the start of a process on a dead one's files until it listened.
  var restarts: [Duration] = []

  var holds: Bool { complaints.isEmpty && lost == 0 && answeredOtherwise == 0 }

  /// The slowest restart but one in a hundred; the slowest when there were fewer.
  var restart99: Duration {
    restarts.isEmpty ? .zero : restarts.sorted()[min(restarts.count - 1, restarts.count * 99 / 100)]
  }

  var summary: String {
    "crash: \(rounds) rounds, \(acknowledged) acknowledged, \(lost) lost, \(answeredOtherwise) answered otherwise, "
      + "\(unanswered) unanswered at the kill (\(unansweredButDone) done), restart p99 \(restart99.milliseconds) ms: "
      + (holds ? "ok" : "FAILED")
  }
}

extension Duration {
  var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
