internal import ClinicDomain

/// Who got a place of a morning's, or of several mornings', and what it cost.
struct MachaliReport: Hashable, Sendable {
  /// A number for each channel and speed.
  struct Counts: Hashable, Sendable {
    private var counts = [Int](repeating: 0, count: 9)

    subscript(channel: Channel, speed: MachaliSpeed) -> Int {
      get { counts[3 * Self.place(channel) + speed.rawValue] }
      set { counts[3 * Self.place(channel) + speed.rawValue] = newValue }
    }

    private static func place(_ channel: Channel) -> Int { Channel.allCases.firstIndex(of: channel)! }

    subscript(channel: Channel) -> Int { MachaliSpeed.allCases.reduce(0) { $0 + self[channel, $1] } }
    subscript(speed: MachaliSpeed) -> Int { Channel.allCases.reduce(0) { $0 + self[$1, speed] } }
    var total: Int { counts.reduce(0, +) }

    static func + (left: Self, right: Self) -> Self {
      var sum = left
      for place in sum.counts.indices { sum.counts[place] += right.counts[place] }
      return sum
    }
  }

  var wanted = Counts()
  var got = Counts()
  var calls = 0
  var busyTones = 0
  /// Got through, or came to a kiosk or the desk, and heard that there was nothing.
  var heardNothing = 0
  /// When the last place went, in seconds since midnight; the latest of several mornings.
  var lastPlace = 0

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.wanted = left.wanted + right.wanted
    sum.got = left.got + right.got
    sum.calls += right.calls
    sum.busyTones += right.busyTones
    sum.heardNothing += right.heardNothing
    sum.lastPlace = max(left.lastPlace, right.lastPlace)
    return sum
  }

  /// One row: places by channel, success by speed on the phone, calls.
  func line(_ name: String, mornings: Int) -> String {
    func percent(_ part: Int, _ whole: Int) -> String { whole == 0 ? "–" : "\((1000 * part / whole + 5) / 10) %" }
    let channels = Channel.allCases.map { "\($0.rawValue) \(got[$0] / mornings) of \(wanted[$0] / mornings) (\(percent(got[$0], wanted[$0])))" }
    let speeds = MachaliSpeed.allCases.map { "\($0) \(percent(got[.phone, $0], wanted[.phone, $0]))" }
    let last = lastPlace / 60
    return """
      \(name)
        places: \(got.total / mornings): \(channels.joined(separator: ", "))
        by phone: \(speeds.joined(separator: ", "))
        all channels: \(MachaliSpeed.allCases.map { "\($0) \(percent(got[$0], wanted[$0]))" }.joined(separator: ", "))
        calls: \(calls / mornings), busy tones \(busyTones / mornings) (\(percent(busyTones, calls))), heard nothing \(heardNothing / mornings)
        last place: \(last / 60):\(last % 60 < 10 ? "0" : "")\(last % 60)
      """
  }
}
