internal import Foundation

/// The report for a person: a table, the promises, and one line that sums up.
extension BenchReport {
  func text() -> String {
    let load = "load \(machine.loadBefore.text(1)) before, \(machine.loadAfter.text(1)) after, \(machine.cores) cores"
    var lines = ["bench \(bench), \(rounds) rounds, medians; \(load)"]
    if build == "debug" { lines.append("This is a debug build: these figures say nothing. Use -c release.") }
    lines += ["", table(), ""]
    lines += bounds.map(line(of:))
    lines += notes
    let missed = bounds.count { !$0.held }
    lines.append(missed == 0 ? "all \(bounds.count) bounds held" : "\(missed) of \(bounds.count) bounds missed")
    return lines.joined(separator: "\n")
  }

  private func line(of bound: Bound) -> String {
    let promise = [
      bound.atMost.map { "at most \($0.text())" }, bound.atLeast.map { "at least \($0.text())" },
    ].compactMap { $0 }.joined(separator: ", ")
    return "\(bound.held ? "held  " : "MISSED") \(bound.name): \(bound.value.text(2)) (\(promise))"
  }

  /// Names to the left, figures to the right of their columns.
  private func table() -> String {
    let titles = [""] + columns.map(\.title)
    let cells = rows.map { row in
      [row.name] + columns.map { column in row.values[column.key].map { $0.text(column.digits) } ?? "–" }
    }
    let widths = titles.indices.map { index in ([titles] + cells).map { $0[index].count }.max() ?? 0 }
    return ([titles] + cells).map { line in
      zip(line, widths).enumerated().map { index, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension Double {
  /// With so many digits after the point, and thousands apart.
  func text(_ digits: Int) -> String {
    guard isFinite else { return "–" }
    let plain = String(format: "%.\(digits)f", self)
    let whole = plain.prefix { $0 != "." }
    let rest = plain.dropFirst(whole.count)
    let isNegative = whole.hasPrefix("-")
    var grouped = ""
    for (index, digit) in whole.drop(while: { $0 == "-" }).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { grouped.append(",") }
      grouped.append(digit)
    }
    return (isNegative ? "-" : "") + String(grouped.reversed()) + rest
  }

  /// As short as it is exact: a bound.
  func text() -> String { self == rounded() ? text(0) : "\(self)" }
}

extension Collection where Element == Double {
  /// The middle one; of an even number the mean of the two in the middle. Not a number when there is none.
  var median: Double {
    let sorted = self.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
