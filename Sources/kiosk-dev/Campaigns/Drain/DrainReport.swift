/// What became of a server that was stopped under load.
struct DrainReport: Sendable {
  /// What the clients that hold, book and cancel were told and found again.
  var writes = CrashReport()
  /// Questions that were answered, that were refused, and that the second server answered then.
  var answered = 0
  var refused = 0
  var answeredElsewhere = 0
  /// States that watches were sent.
  var statesSeen = 0
  /// From SIGTERM to the end of the process, the longest.
  var longestStop = Duration.zero
  /// From SIGKILL of the client until every slot that it held was free.
  var freedAfter: Duration?
  private(set) var ownComplaints: [String] = []

  mutating func complain(_ complaint: String) { ownComplaints.append(complaint) }

  var complaints: [String] {
    ownComplaints + writes.complaints
      + (writes.unansweredButDone > 0 ? ["\(writes.unansweredButDone) calls were done and refused all the same"] : [])
      + (answeredElsewhere < refused ? ["\(refused - answeredElsewhere) refused questions were not answered elsewhere"] : [])
  }

  var holds: Bool { complaints.isEmpty && writes.holds }

  var summary: String {
    "drain: \(writes.rounds) stops, the longest \(longestStop.milliseconds) ms; \(writes.acknowledged) writes acknowledged, "
      + "\(writes.lost) lost, \(writes.unanswered) refused (\(writes.unansweredButDone) of them done); \(answered) questions answered, "
      + "\(refused) refused, \(answeredElsewhere) answered elsewhere; \(statesSeen) states watched; held slots free after "
      + "\(freedAfter.map { "\($0.milliseconds)" } ?? "–") ms: \(holds ? "ok" : "FAILED")"
  }
}
