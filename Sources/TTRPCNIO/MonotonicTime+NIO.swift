package import NIOCore
package import TTRPCCore

extension MonotonicTime {
  /// The same point on NIO's clock: both count nanoseconds of CLOCK_MONOTONIC.
  package init(_ deadline: NIODeadline) { self.init(nanoseconds: deadline.uptimeNanoseconds) }

  /// The clock that deadlines of calls are told by.
  package static var now: MonotonicTime { MonotonicTime(NIODeadline.now()) }
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
