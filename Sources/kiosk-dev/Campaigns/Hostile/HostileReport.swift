internal import TTRPCCore

/// What an attack did, and what it did not.
struct HostileReport: Sendable {
  /// What may stay resident of an attack: the allocator keeps what it was given for as many connections as there were at once.
  static let mostMegabytesMore = 32.0
  static let leastShare = 0.9

  /// One of the three measurements.
  struct Phase: Sendable {
    var name: String
    var callsPerSecond = 0.0
    /// Milliseconds.
    var median = 0.0
    var p99 = 0.0
    /// The server's, at their highest.
    var descriptors = 0
    var residentMB = 0.0
  }

  var phases: [Phase] = []
  var drip = DripCrowd.Count()
  var flood = FloodingKiosk.Count()
  /// The limits of which the attackers of ``LimitRounds`` were told, or which the server counted.
  var told: [LimitName] = []
  /// Everything that is not as it must be, a sentence each.
  var complaints: [String] = []

  var holds: Bool { complaints.isEmpty }

  /// What the callers kept of their throughput; `nil` before there are three measurements.
  var share: Double? {
    guard phases.count == 3 else { return nil }
    return phases[1].callsPerSecond / ((phases[0].callsPerSecond + phases[2].callsPerSecond) / 2)
  }

  mutating func judgeThroughput() {
    guard let share else { return complaints.append("the attack was not measured") }
    if share < Self.leastShare { complaints.append("the callers kept \(percent(share)) of their throughput; \(percent(Self.leastShare)) was asked") }
  }

  mutating func judge(dripping: Int, flooding: Int, rate: (perSecond: Int, burst: Int), attackSeconds: Double) {
    guard phases.count == 3 else { return }
    let (before, during, after) = (phases[0], phases[1], phases[2])
    if drip.open > 0 { complaints.append("\(drip.open) dripping connections were never closed") }
    if drip.closedByServer < dripping { complaints.append("only \(drip.closedByServer) dripping connections were closed") }
    if flood.refused == 0 { complaints.append("the flood was never refused") }
    if flood.other > 0 { complaints.append("\(flood.other) of the flood's calls got another answer than theirs or a refusal by limit") }
    let most = rate.burst + Int(Double(rate.perSecond) * attackSeconds) + 1
    if flood.answered > most { complaints.append("the flood had \(flood.answered) calls answered; its rate allows \(most)") }
    // Each of those that drip is counted twice for a moment: closed at one end, come back at the other.
    if during.descriptors > before.descriptors + 2 * dripping + 2 * flooding { complaints.append("\(during.descriptors) descriptors were open") }
    if after.descriptors > before.descriptors { complaints.append("\(after.descriptors - before.descriptors) descriptors did not come back") }
    for phase in [during, after] where phase.residentMB - before.residentMB > Self.mostMegabytesMore {
      complaints.append("\(phase.name): \(tenths(phase.residentMB - before.residentMB)) MB more than before")
    }
  }

  var lines: [String] {
    let rows = phases.map { phase in
      "\(pad(phase.name, 8)) \(pad("\(Int(phase.callsPerSecond))", -8)) calls/s  median \(tenths(phase.median)) ms  p99 \(tenths(phase.p99)) ms  "
        + "\(pad("\(phase.descriptors)", -5)) descriptors  \(tenths(phase.residentMB)) MB"
    }
    return rows + [
      "dripping: \(drip.opened) connections made, \(drip.closedByServer) closed by the server, \(drip.toldLimit) of them told bodyDeadline",
      "flood: \(flood.sent) calls sent, \(flood.answered) answered, \(flood.refused) refused by callsPerSecond",
      "told or counted by name: \(told.map(\.rawValue).joined(separator: ", "))",
    ]
  }

  var summary: String {
    "hostile: callers kept \(share.map(percent) ?? "?") of their throughput, an appointment was booked afterwards: \(holds ? "ok" : "FAILED")"
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
  private func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }

  /// To the left of so many columns, or to the right of as many when the width is negative.
  private func pad(_ text: String, _ width: Int) -> String {
    let space = String(repeating: " ", count: max(0, abs(width) - text.count))
    return width < 0 ? space + text : text + space
  }
}
