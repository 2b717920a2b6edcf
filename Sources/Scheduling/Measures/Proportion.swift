/// So many of so many, and how sure one can be of the share.
package struct Proportion: Hashable, Sendable {
  package var count: Int
  package var total: Int

  package init(_ count: Int = 0, of total: Int = 0) {
    self.count = count
    self.total = total
  }

  /// `0 ... 1`; `nil` of nothing.
  package var share: Double? { total == 0 ? nil : Double(count) / Double(total) }

  /// Where the share lies in 95 of 100 such samples; `nil` of nothing.
  ///
  /// Wilson's score interval: unlike the usual p ± 1.96 s it stays within 0 and 1 and means something for few and for rare things.
  /// Source: Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), method 3.
  package var interval: ClosedRange<Double>? {
    guard let share else { return nil }
    let n = Double(total)
    let z2 = 1.959_963_984_540_054 * 1.959_963_984_540_054
    let centre = 2 * n * share + z2
    let spread = (z2 * (z2 + 4 * n * share * (1 - share))).squareRoot()
    let low = count == 0 ? 0 : (centre - spread) / (2 * (n + z2))
    let high = count == total ? 1 : (centre + spread) / (2 * (n + z2))
    return low...high
  }
}

/// How many days people waited.
package struct Waits: Hashable, Sendable {
  /// At index `d`, how many waited `d` days.
  package private(set) var days: [Int] = []

  package init() {}

  package mutating func add(_ wait: Int) {
    let wait = max(0, wait)
    if wait >= days.count { days += Array(repeating: 0, count: wait + 1 - days.count) }
    days[wait] += 1
  }

  package var count: Int { days.reduce(0, +) }

  /// `nil` when nobody waited.
  package var mean: Double? {
    let count = count
    guard count > 0 else { return nil }
    return Double(days.enumerated().reduce(0) { $0 + $1.offset * $1.element }) / Double(count)
  }

  /// Where the median lies in 95 of 100 such samples; `nil` of fewer than six, of which nothing so sure can be said.
  ///
  /// The interval between two of the ordered waits, whatever their distribution: the most central pair that covers as much. Counts past a
  /// thousand use the normal approximation, rounded away from the middle.
  /// Source: Conover, "Practical Nonparametric Statistics" (1999), section 3.2.
  package var medianInterval: ClosedRange<Int>? {
    let count = count
    let rank = Self.medianRank(of: count)
    guard rank > 0, let low = wait(at: rank), let high = wait(at: count + 1 - rank) else { return nil }
    return low...high
  }

  /// The greatest rank below which the median lies in at most 2.5 of 100 samples; 0 when there is none.
  private static func medianRank(of count: Int) -> Int {
    guard count <= 1000 else { return Int((Double(count) / 2 - 0.979_981_992_270_027 * Double(count).squareRoot()).rounded(.down)) }
    var term = Double(sign: .plus, exponent: -count, significand: 1)
    var (below, rank) = (term, 0)
    while below <= 0.025, rank < count {
      rank += 1
      term *= Double(count - rank + 1) / Double(rank)
      below += term
    }
    return rank
  }

  /// The wait of a rank from 1, ascending.
  private func wait(at rank: Int) -> Int? {
    var seen = 0
    for (wait, people) in days.enumerated() {
      seen += people
      if seen >= rank { return wait }
    }
    return nil
  }

  /// The least number of days within which so many of a hundred were seen: the nearest rank. `nil` when nobody waited.
  package func percentile(_ percent: Int) -> Int? {
    let count = count
    guard count > 0 else { return nil }
    return wait(at: max(1, (count * percent + 99) / 100))
  }
}

/// The institute's groups of age.
package enum AgeBand: String, Hashable, Sendable, CaseIterable {
  case children = "0-9"
  case adolescents = "10-19"
  case adults = "20-59"
  case elders = "60+"

  /// - Parameter age: full years.
  package init(age: Int) {
    switch age {
    case ..<10: self = .children
    case ..<20: self = .adolescents
    case ..<60: self = .adults
    default: self = .elders
    }
  }
}
