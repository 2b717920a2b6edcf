/// What a line does to the packets on it, each way.
struct LineConditions: Hashable, Sendable {
  /// Of a hundred packets.
  var lost = 0
  var bitsPerSecond: Int?
  var delay = Duration.zero
  /// As much less or more.
  var jitter = Duration.zero
  /// Nothing passes.
  var isCut = false
}

/// One kind of bad line.
struct RedCase: Sendable {
  let name: String
  let summary: String
  /// What the line is like from the start.
  var conditions = LineConditions()
  /// When it is cut, counted from the first booking, and for how long; `nil` inside for ever.
  var cut: (after: Duration, length: Duration?)?
  /// Of each call, its repeats included.
  var deadline = Duration.seconds(5)
  /// Whether the kiosk, whose connections take pings, is killed once the line is cut.
  var losesKiosk = false

  static let all = [
    RedCase(name: "loss", summary: "5 % of the packets each way are lost", conditions: LineConditions(lost: 5)),
    RedCase(
      name: "slow", summary: "64 kbit/s each way", conditions: LineConditions(bitsPerSecond: 64_000), deadline: .seconds(10)),
    RedCase(
      name: "far", summary: "150 ms each way, 20 more or less, 2 % lost",
      conditions: LineConditions(lost: 2, delay: .milliseconds(150), jitter: .milliseconds(20)), deadline: .seconds(10)),
    RedCase(name: "blink", summary: "cut for 2 s", cut: (.milliseconds(500), .seconds(2))),
    RedCase(name: "outage", summary: "cut for longer than a ping waits for its answer", cut: (.milliseconds(500), .seconds(25))),
    RedCase(name: "half-open", summary: "cut for ever under a connection that takes pings, and the kiosk dies", cut: (.milliseconds(500), nil), losesKiosk: true),
  ]

  static func named(_ name: String) -> RedCase? { all.first { $0.name == name } }
}
