/// A point on the process's monotonic clock.
///
/// Unit: nanoseconds since an arbitrary start; never compared between processes.
package struct MonotonicTime: Hashable, Comparable, Sendable {
  package let nanoseconds: UInt64
  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

  /// This time and so many nanoseconds; the end of the clock when that is beyond it.
  package func advanced(byNanoseconds nanoseconds: Int64) -> MonotonicTime {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(UInt64(max(nanoseconds, 0)))
    return MonotonicTime(nanoseconds: overflow ? .max : sum)
  }
}

extension Duration {
  /// Whole nanoseconds; the nearest end of Int64 when there are more.
  package var nanosecondsClamped: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowAgain) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard overflow || overflowAgain else { return sum }
    return seconds < 0 ? .min : .max
  }
}
