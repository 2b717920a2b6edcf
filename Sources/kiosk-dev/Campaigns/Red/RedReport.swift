/// What became of the bookings over bad lines.
struct RedReport: Sendable {
  struct Row: Sendable {
    /// One call of the kiosk.
    struct Try: Hashable, Sendable {
      /// What was booked; `nil` when the call ended otherwise.
      let folio: String?
      /// What it ended with.
      let code: String
      let milliseconds: Int

      static func all(in text: String) -> [Try] {
        text.split(separator: "\n").compactMap { line in
          let words = line.split(separator: " ").map(String.init)
          guard words.count == 4, let milliseconds = Int(words[3]) else { return nil }
          return words[0] == "ok"
            ? Try(folio: words[2], code: "ok", milliseconds: milliseconds) : Try(folio: nil, code: words[2], milliseconds: milliseconds)
        }
      }
    }

    let name: String
    var tries: [Try] = []
    /// Packets on the line meanwhile.
    var packets = Line.Count()
    /// Until the server had no connection of the kiosk any more.
    var freedAfter = Duration.zero
    var complaints: [String] = []

    private var booked: [Try] { tries.filter { $0.folio != nil } }

    /// - Parameter bookings: how many there must be; `nil` for as many as there are.
    mutating func judge(deadline: Duration, bookings: Int?) {
      if let slowest = tries.map(\.milliseconds).max(), slowest > deadline.milliseconds {
        complaints.append("\(name): a call took \(slowest) ms")
      }
      let wrong = Set(tries.map(\.code)).subtracting(["ok", "unavailable", "deadlineExceeded"])
      if !wrong.isEmpty { complaints.append("\(name): calls ended with \(wrong.sorted().joined(separator: ", "))") }
      if let bookings, booked.count != bookings { complaints.append("\(name): \(booked.count) of \(bookings) were booked") }
      if booked.isEmpty { complaints.append("\(name): nothing was booked") }
      if freedAfter > .seconds(45) { complaints.append("\(name): the kiosk's connection was still there after \(freedAfter.milliseconds) ms") }
    }

    /// - Parameter untold: how many more may be in the store than were acknowledged.
    mutating func judge(stored: [String], untold: Int) {
      let told = booked.compactMap(\.folio)
      if Set(told).count != told.count { complaints.append("\(name): one appointment was given twice") }
      let lost = Set(told).subtracting(stored)
      if !lost.isEmpty { complaints.append("\(name): \(lost.count) acknowledged bookings are not in the store") }
      let more = Set(stored).subtracting(told).count
      if more > untold { complaints.append("\(name): \(more) bookings are in the store that nobody was told of") }
    }

    var text: String {
      let times = booked.map(\.milliseconds).sorted()
      let columns = [
        "\(booked.count)", "\(tries.count - booked.count)", "\(times.isEmpty ? 0 : times[times.count / 2])",
        "\(tries.map(\.milliseconds).max() ?? 0)", "\(freedAfter.milliseconds)", "\(packets.sent)", "\(packets.lost)",
      ]
      return RedReport.line([name] + columns)
    }
  }

  static let heading = line(["case", "booked", "other ends", "p50 ms", "longest ms", "gone after ms", "packets", "lost"])

  private static func line(_ columns: [String]) -> String {
    columns.enumerated().map { index, text in
      let padding = String(repeating: " ", count: max(0, (index < 1 ? 10 : index < 6 ? 14 : 9) - text.count))
      return index == 0 ? text + padding : padding + text
    }.joined()
  }

  var rows: [Row] = []
  var ownComplaints: [String] = []

  var complaints: [String] { ownComplaints + rows.flatMap(\.complaints) }
  var holds: Bool { complaints.isEmpty }

  var summary: String {
    "red: \(rows.count) lines, \(rows.reduce(0) { $0 + $1.tries.count { $0.folio != nil } }) bookings acknowledged, "
      + "\(complaints.count) complaints: \(holds ? "ok" : "FAILED")"
  }
}
