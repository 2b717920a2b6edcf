import TTRPCCore
import Testing

@Suite("A histogram of times")
struct LatencyHistogramTests {
  @Test("Every bucket begins where the one before it ends, and holds what lies between")
  func buckets() {
    var start: UInt64 = 0
    for bucket in 0..<LatencyHistogram.bucketCount {
      #expect(LatencyHistogram.bucket(ofNanoseconds: start) == bucket)
      guard let end = LatencyHistogram.end(ofBucket: bucket) else {
        #expect(bucket == LatencyHistogram.bucketCount - 1)
        #expect(start == 1 << 36)
        break
      }
      #expect(LatencyHistogram.bucket(ofNanoseconds: end - 1) == bucket)
      #expect(bucket == 0 || Double(end) / Double(start) <= 1.25, "a value is known to a quarter")
      start = end
    }
    #expect(LatencyHistogram.bucket(ofNanoseconds: .max) == LatencyHistogram.bucketCount - 1)
  }

  @Test("Each power of two from 2^10 to 2^36 ends a bucket")
  func powersOfTwo() {
    let ends = Set((0..<LatencyHistogram.bucketCount).compactMap(LatencyHistogram.end))
    #expect((10...36).allSatisfy { ends.contains(1 << $0) })
  }

  @Test("A percentile lies in the bucket of the value that has that rank")
  func quantiles() {
    var histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil)
    for microseconds in 1...1000 as ClosedRange<UInt64> { histogram.record(nanoseconds: microseconds * 1000) }
    #expect(histogram.total == 1000)
    #expect(histogram.sum == 500_500_000)
    for (share, exact) in [(0.0, 1000), (0.5, 500_000), (0.9, 900_000), (0.99, 990_000), (1, 1_000_000)] as [(Double, UInt64)] {
      let found = histogram.quantile(share)!
      let bucket = LatencyHistogram.bucket(ofNanoseconds: exact)
      #expect(found <= LatencyHistogram.end(ofBucket: bucket)!)
      #expect(bucket == 0 || found >= LatencyHistogram.end(ofBucket: bucket - 1)!)
    }
  }

  @Test("What is beyond the last bound counts as that bound")
  func overflow() {
    var histogram = LatencyHistogram()
    histogram.record(nanoseconds: .max)
    #expect(histogram.quantile(0.99) == 1 << 36)
  }

  @Test("Histograms add and subtract bucket by bucket; a counting that began anew gives nothing below zero")
  func arithmetic() {
    var (early, late) = (LatencyHistogram(), LatencyHistogram())
    early.record(nanoseconds: 2000, times: 3)
    late.record(nanoseconds: 5_000_000)
    #expect((early + late) - early == late)
    #expect(early - (early + late) == LatencyHistogram())
    #expect(LatencyHistogram(counts: late.counts, sum: late.sum) == late)
    #expect(LatencyHistogram(counts: early.counts.prefix(20), sum: early.sum) == early, "zeros at the end need not travel")
  }
}
