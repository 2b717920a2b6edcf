/// How often something took how long: counts in buckets whose bounds never change, so that histograms add and subtract.
///
/// Four buckets to each doubling from 2^10 ns (1.024 µs) to 2^36 ns (68.7 s), one below and one above: a value is known to a quarter
/// at worst, and a bucket is found by counting leading zeros. Powers of two are bounds, which is what a coarser view needs.
package struct LatencyHistogram: Hashable, Sendable {
  /// Doublings between the first bucket's end and the last one's beginning.
  package static let octaves = 26
  package static let bucketCount = octaves * 4 + 2

  /// One for each bucket.
  package private(set) var counts: [UInt64]
  /// Nanoseconds, of all that was counted.
  package private(set) var sum: UInt64

  package init() {
    counts = [UInt64](repeating: 0, count: Self.bucketCount)
    sum = 0
  }

  /// Counts as they were gathered elsewhere, or travelled; what is missing at the end is 0, what is too many is left out.
  package init(counts: some Sequence<UInt64>, sum: UInt64) {
    self.init()
    for (bucket, count) in zip(self.counts.indices, counts) { self.counts[bucket] = count }
    self.sum = sum
  }

  /// Which bucket so many nanoseconds belong to.
  @inlinable
  package static func bucket(ofNanoseconds nanoseconds: UInt64) -> Int {
    guard nanoseconds >= 1 << 10 else { return 0 }
    guard nanoseconds < 1 << 36 else { return 105 }
    let exponent = 63 - nanoseconds.leadingZeroBitCount
    return 1 + (exponent - 10) * 4 + Int(nanoseconds >> UInt64(exponent - 2)) & 3
  }

  /// The first nanosecond that is no longer in the bucket; `nil` for the last, which has no end.
  package static func end(ofBucket bucket: Int) -> UInt64? {
    if bucket == 0 { return 1 << 10 }
    if bucket == bucketCount - 1 { return nil }
    return UInt64(5 + (bucket - 1) % 4) << UInt64(8 + (bucket - 1) / 4)
  }

  package mutating func record(nanoseconds: UInt64, times count: UInt64 = 1) {
    counts[Self.bucket(ofNanoseconds: nanoseconds)] &+= count
    sum &+= nanoseconds &* count
  }

  package var total: UInt64 { counts.reduce(0, &+) }

  /// The time that a share of what was counted did not exceed, straight lines drawn inside a bucket; `nil` when nothing was counted.
  ///
  /// - Parameter share: 0.99 for the 99th percentile.
  /// - Returns: nanoseconds; the last bucket counts as its beginning.
  package func quantile(_ share: Double) -> UInt64? {
    let total = total
    guard total > 0 else { return nil }
    let rank = max(1, (share * Double(total)).rounded(.up))
    var below: UInt64 = 0
    for (bucket, count) in counts.enumerated() where count > 0 {
      guard Double(below + count) < rank else {
        let start = bucket == 0 ? 0 : Self.end(ofBucket: bucket - 1)!
        guard let end = Self.end(ofBucket: bucket) else { return start }
        return start + UInt64(Double(end - start) * (rank - Double(below)) / Double(count))
      }
      below += count
    }
    return nil
  }

  package static func + (left: Self, right: Self) -> Self {
    Self(counts: zip(left.counts, right.counts).map(&+), sum: left.sum &+ right.sum)
  }

  /// What was counted since `earlier`; nothing where the counting began anew in between.
  package static func - (left: Self, earlier: Self) -> Self {
    Self(
      counts: zip(left.counts, earlier.counts).map { $0 > $1 ? $0 - $1 : 0 },
      sum: left.sum > earlier.sum ? left.sum - earlier.sum : 0)
  }
}
