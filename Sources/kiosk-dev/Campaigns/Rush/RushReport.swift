/// What became of a rush.
struct RushReport: Sendable {
  var clients = 0
  var booked = 0
  /// Refused because the slot was taken, with a free one offered.
  var refused = 0
  /// Every other answer.
  var other = 0
  /// Everything that is not as it must be, a sentence each.
  var complaints: [String] = []

  var holds: Bool { complaints.isEmpty }

  var summary: String {
    "rush: \(clients) clients, \(booked) booked, \(refused) refused with alternatives, \(other) other: \(holds ? "ok" : "FAILED")"
  }
}
