import Scheduling
import Testing

@Suite("A share, and how sure it is")
struct ProportionTests {
  // Newcombe 1998, Table I, method 3: Wilson's interval without continuity correction.
  @Test("Wilson's interval is that of the published table", arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718),
  ])
  func published(count: Int, total: Int, low: Double, high: Double) throws {
    let interval = try #require(Proportion(count, of: total).interval)
    #expect(abs(interval.lowerBound - low) < 0.00005)
    #expect(abs(interval.upperBound - high) < 0.00005)
  }

  @Test("It holds its share, lies within 0 and 1, and is the mirror of what did not happen")
  func properties() throws {
    for total in 1...60 {
      for count in 0...total {
        let proportion = Proportion(count, of: total)
        let (share, interval) = (try #require(proportion.share), try #require(proportion.interval))
        #expect(interval.contains(share) && 0 <= interval.lowerBound && interval.upperBound <= 1)
        let mirror = try #require(Proportion(total - count, of: total).interval)
        #expect(abs(interval.lowerBound - (1 - mirror.upperBound)) < 1e-12)
      }
    }
    #expect(Proportion().share == nil)
    #expect(Proportion().interval == nil)
  }

  @Test("Waits: mean and nearest ranks")
  func waits() {
    var waits = Waits()
    #expect(waits.mean == nil && waits.percentile(50) == nil)
    for days in [0, 1, 1, 2, 9, 30, -4] { waits.add(days) }
    #expect(waits.count == 7)
    #expect(waits.mean == 43.0 / 7)
    #expect([1, 50, 57, 58, 90, 100].map { waits.percentile($0) } == [0, 1, 1, 2, 30, 30])
  }

  @Test("The median's interval is the most central pair of ordered waits that covers 95 of 100 samples; fewer than six have none")
  func medianInterval() {
    // Conover 1999, table A3: the ranks of the interval for the median.
    for (count, low) in [(6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (30, 10), (50, 18), (100, 40)] {
      var waits = Waits()
      for days in 1...count { waits.add(days) }
      #expect(waits.medianInterval == low...(count + 1 - low), "\(count)")
    }
    var few = Waits()
    for days in 1...5 { few.add(days) }
    #expect(few.medianInterval == nil && Waits().medianInterval == nil)
    // Where the approximation begins, it is never narrower, and hardly wider.
    for count in [1000, 1001, 100_000] {
      var waits = Waits()
      for days in 1...count { waits.add(days) }
      let half = 0.98 * Double(count).squareRoot()
      #expect(waits.medianInterval.map { abs(Double($0.upperBound) - Double(count) / 2 - half) < 2 } == true, "\(count)")
    }
    // What many waited equally long is one day.
    var same = Waits()
    for _ in 1...40 { same.add(3) }
    #expect(same.medianInterval == 3...3)
  }

  @Test("The institute's groups of age", arguments: [
    (0, AgeBand.children), (9, .children), (10, .adolescents), (19, .adolescents), (20, .adults), (59, .adults), (60, .elders), (104, .elders),
  ])
  func ages(age: Int, band: AgeBand) { #expect(AgeBand(age: age) == band) }
}
