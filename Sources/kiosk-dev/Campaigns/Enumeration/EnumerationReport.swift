internal import Foundation

/// What became of somebody who tries numbers, and of everybody else.
struct EnumerationReport: Sendable {
  /// People who typed what they know, and where they were served in the end.
  struct Day: Hashable, Sendable {
    var name = ""
    var people = 0
    var mistakes = 0
    /// Served at their own door; and at the desk, after they had used up their tries.
    var served = 0
    var servedAtDesk = 0
    /// Times that staff unlocked a kiosk.
    var unlockings = 0
  }

  var attempts = 0
  /// Identities that one kiosk could test until it was locked, and after staff had unlocked it once.
  var tested = 0
  var testedAfterUnlocking = 0
  var testedBound = 0
  /// Different replies to attempts that were looked at, and to those that were not.
  var replies = 0
  var refusals = 0
  var replyBytes = 0
  /// Attempts through the bridge that were looked at.
  var testedByBridge = 0
  var bridgeFailuresAtAlarm = 0
  var times: WelchTest?
  var quickestTimes: WelchTest?
  /// People whose tries a stranger had used up, and who were served elsewhere.
  var crowdedOut = 0
  var crowdedOutServed = 0
  var days: [Day] = []
  var complaints: [String] = []

  var holds: Bool { complaints.isEmpty }

  /// - Parameter judgesTimes: whether a difference in time is a complaint.
  mutating func judge(judgesTimes: Bool) {
    if tested != testedBound || testedAfterUnlocking != testedBound {
      complaints.append("one kiosk tested \(tested) and \(testedAfterUnlocking) identities; \(testedBound) was the bound")
    }
    if replies != 1 { complaints.append("failed attempts got \(replies) different replies") }
    if refusals != 1 { complaints.append("attempts beyond the limit got \(refusals) different replies") }
    if bridgeFailuresAtAlarm == 0 { complaints.append("no alarm was raised") }
    if crowdedOutServed != crowdedOut { complaints.append("\(crowdedOut - crowdedOutServed) people were locked out by a stranger") }
    for day in days where day.served + day.servedAtDesk != day.people {
      complaints.append("\(day.name): \(day.people - day.served - day.servedAtDesk) of \(day.people) were not served")
    }
    guard judgesTimes else { return }
    for test in [times, quickestTimes].compactMap(\.self) where abs(test.t) >= WelchTest.bound {
      complaints.append("unknown and wrong can be told apart by their times: t = \(Self.text(test.t))")
    }
  }

  var lines: [String] {
    var lines = [
      "one kiosk, \(attempts) attempts: \(tested) identities tested in the day, then locked; \(testedAfterUnlocking) more after staff unlocked it",
      "replies: \(replies) for all that failed (\(replyBytes) bytes), \(refusals) for all beyond the limit",
      "one bridge, \(testedByBridge) attempts on as many pairs as are within 5 a day: no limit of its own, alarm at failure \(bridgeFailuresAtAlarm)",
    ]
    if let times, let quickestTimes {
      lines.append(
        """
        times, unknown less wrong: \(Self.text(times.difference)) µs, Welch t = \(Self.text(times.t)); the quicker nine tenths \
        \(Self.text(quickestTimes.difference)) µs, t = \(Self.text(quickestTimes.t))
        """)
    }
    lines.append("a stranger used up the tries of \(crowdedOut) people at one door; \(crowdedOutServed) were served at another")
    lines += days.map { day in
      """
      \(day.name): \(day.people) people, \(day.mistakes) mistakes, \(day.served) served at once or after typing again, \
      \(day.servedAtDesk) at the desk, \(day.unlockings) unlockings
      """
    }
    return lines
  }

  var summary: String {
    let served = days.reduce(0) { $0 + $1.served + $1.servedAtDesk }
    let people = days.reduce(0) { $0 + $1.people }
    return "enumeration: \(attempts) attempts, \(tested) identities tested, \(served) of \(people) people served: \(holds ? "ok" : "FAILED")"
  }

  private static func text(_ number: Double) -> String { String(format: "%.2f", number) }
}
