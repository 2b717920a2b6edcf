/// What a long import tells while it runs: a bar on a terminal, a line at each tenth elsewhere.
///
/// Pure: the elapsed time comes in, the text to write comes out.
package struct ProgressMeter: Sendable {
  /// A terminal is not written to more often than this.
  private static let shortestInterval = Duration.milliseconds(100)
  private static let barWidth = 30

  private let totalBytes: Int
  private let isTerminal: Bool
  private var lastWritten: Duration?
  private var tenthsTold = 0

  package init(totalBytes: Int, isTerminal: Bool) {
    self.totalBytes = totalBytes
    self.isTerminal = isTerminal
  }

  /// What to write now that so much is done; `nil` when there is nothing new to say.
  package mutating func advanced(bytes: Int, people: Int, elapsed: Duration) -> String? {
    let share = totalBytes > 0 ? min(1, Double(bytes) / Double(totalBytes)) : 1
    return isTerminal ? bar(share, people, elapsed) : line(share, people, elapsed)
  }

  /// What ends the bar, so that the next text begins on its own line.
  package var closing: String { isTerminal && lastWritten != nil ? "\n" : "" }

  private mutating func bar(_ share: Double, _ people: Int, _ elapsed: Duration) -> String? {
    if let lastWritten, share < 1, elapsed - lastWritten < Self.shortestInterval { return nil }
    lastWritten = elapsed
    let full = Int(share * Double(Self.barWidth))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.barWidth - full)
    return "\r\u{1B}[K\(bar) " + sentence(share, people, elapsed)
  }

  private mutating func line(_ share: Double, _ people: Int, _ elapsed: Duration) -> String? {
    let tenths = Int(share * 10)
    guard tenths > tenthsTold else { return nil }
    tenthsTold = tenths
    return sentence(share, people, elapsed) + "\n"
  }

  private func sentence(_ share: Double, _ people: Int, _ elapsed: Duration) -> String {
    let percent = "\(Int(share * 100))".padded(to: 3, alignedRight: true)
    var text = "\(percent) %  \(people.grouped) personas"
    let seconds = elapsed / .seconds(1)
    guard seconds > 0 else { return text }
    text += ", \(Int(Double(people) / seconds).grouped) por segundo"
    guard share > 0, share < 1 else { return text }
    return text + ", faltan unos \(Self.spanish(seconds: seconds / share - seconds))"
  }

  /// "8 s", "2 min 05 s".
  private static func spanish(seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    guard whole >= 60 else { return "\(whole) s" }
    let rest = whole % 60
    return "\(whole / 60) min \(rest < 10 ? "0" : "")\(rest) s"
  }
}

extension BinaryInteger {
  /// With a comma at the thousands, as Mexico writes numbers: "70,607".
  package var grouped: String {
    let digits = Array(String(magnitude))
    var text = self < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
