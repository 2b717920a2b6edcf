/// How many calls one caller may make: so many a second in the long run, and so many at once after a pause.
package struct CallRate: Hashable, Sendable {
  /// Calls a second, 1 ... 10,000,000.
  package let perSecond: Int
  /// Calls at once, 1 ... 1,000,000,000.
  package let burst: Int
  /// Nanoseconds in which one call becomes possible again, rounded down.
  let interval: UInt64
  /// Nanoseconds in which all of ``burst`` does.
  let capacity: UInt64

  package init(perSecond: Int, burst: Int) {
    precondition((1...10_000_000).contains(perSecond), "a rate is 1 to 10,000,000 calls a second")
    precondition((1...1_000_000_000).contains(burst), "a burst is 1 to 1,000,000,000 calls")
    self.perSecond = perSecond
    self.burst = burst
    interval = 1_000_000_000 / UInt64(perSecond)
    capacity = interval * UInt64(burst)
  }
}

/// What a caller has used up of its ``CallRate``, as one number: when all of it will be there again.
///
/// A full bucket is a time that has passed, so that one that nobody uses changes by itself and can be thrown away. Each call moves the
/// time on by ``CallRate/interval``; beyond ``CallRate/capacity`` from now it is refused. A refusal costs too, an eighth of a call, down
/// to ``longestDebt``: who goes on calling instead of waiting waits longer.
/// Source: the generic cell rate algorithm, ITU-T I.371, in its virtual-scheduling form.
package struct TokenBucket: Hashable, Sendable {
  /// How far below empty refusals can take a bucket, nanoseconds.
  ///
  /// A second: a flood of any size is answered at most that often, and who has stopped is served again that soon.
  package static let longestDebt: UInt64 = 1_000_000_000

  package private(set) var fullAt: MonotonicTime

  package init(fullAt: MonotonicTime = MonotonicTime(nanoseconds: 0)) { self.fullAt = fullAt }

  package enum Answer: Hashable, Sendable {
    case granted
    /// So many nanoseconds from now there will be a call again, if nobody else takes it; at least 1.
    case refused(wait: UInt64)
  }

  /// Takes one call out of the bucket at `now`, or is charged for the refusal.
  @inline(__always)
  package mutating func take(_ rate: CallRate, at now: MonotonicTime) -> Answer {
    let start = max(fullAt.nanoseconds, now.nanoseconds)
    guard start + rate.interval <= now.nanoseconds + rate.capacity else {
      charge(rate, at: now)
      return .refused(wait: wait(rate, at: now))
    }
    fullAt = MonotonicTime(nanoseconds: start + rate.interval)
    return .granted
  }

  /// Charges for an answer that is not to a call: to a frame that was refused.
  package mutating func charge(_ rate: CallRate, at now: MonotonicTime) {
    let start = max(fullAt.nanoseconds, now.nanoseconds)
    let deepest = now.nanoseconds + rate.capacity + Self.longestDebt
    // A clock that is behind another loop's must not pay a debt back.
    fullAt = MonotonicTime(nanoseconds: max(start, min(start + max(rate.interval / 8, 1), deepest)))
  }

  /// Nanoseconds from `now` until one call can be taken; 0 when it can now.
  package func wait(_ rate: CallRate, at now: MonotonicTime) -> UInt64 {
    let start = max(fullAt.nanoseconds, now.nanoseconds)
    let free = now.nanoseconds + rate.capacity
    return start + rate.interval > free ? start + rate.interval - free : 0
  }

  /// Whether nothing of the bucket's past matters any more.
  package func isFull(at now: MonotonicTime) -> Bool { fullAt <= now }
}
