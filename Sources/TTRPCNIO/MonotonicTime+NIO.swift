package import NIOCore
package import TTRPCCore

extension MonotonicTime {
  /// The same point on NIO's clock: both count nanoseconds of CLOCK_MONOTONIC.
  package init(_ deadline: NIODeadline) { self.init(nanoseconds: deadline.uptimeNanoseconds) }

  /// The clock that deadlines of calls are told by.
  package static var now: MonotonicTime { MonotonicTime(NIODeadline.now()) }

  /// This time and so many nanoseconds; the end of the clock when that is beyond it.
  func advanced(byNanoseconds nanoseconds: Int64) -> MonotonicTime {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(UInt64(max(nanoseconds, 0)))
    return MonotonicTime(nanoseconds: overflow ? .max : sum)
  }
}

extension NIODeadline {
  /// NIO's clock ends at Int64.max, ours at UInt64.max: later is as good as never.
  init(_ time: MonotonicTime) {
    self = .uptimeNanoseconds(min(time.nanoseconds, UInt64(Int64.max)))
  }
}

extension TimeAmount {
  init(_ duration: Duration) {
    self = .nanoseconds(duration.nanosecondsClamped)
  }
}

extension Duration {
  /// Whole nanoseconds; the nearest end of Int64 when there are more.
  var nanosecondsClamped: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowAgain) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard overflow || overflowAgain else { return sum }
    return seconds < 0 ? .min : .max
  }
}
