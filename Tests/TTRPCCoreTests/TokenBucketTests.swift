import TTRPCCore
import Testing

@Suite("How many calls a device may make")
struct TokenBucketTests {
  static let rate = CallRate(perSecond: 10, burst: 5)

  /// Milliseconds after some start.
  static func at(_ milliseconds: UInt64) -> MonotonicTime { MonotonicTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000) }

  static func milliseconds(_ count: UInt64) -> UInt64 { count * 1_000_000 }

  /// Calls that are granted when so many come at once.
  static func granted(_ count: Int, of bucket: inout TokenBucket, _ rate: CallRate = rate, at now: MonotonicTime) -> Int {
    (0..<count).count { _ in bucket.take(rate, at: now) == .granted }
  }

  @Test("A new bucket gives its burst and then says when there is more: a call's time, and what the refusal costs")
  func burst() {
    var bucket = TokenBucket()
    for _ in 0..<5 { #expect(bucket.take(Self.rate, at: Self.at(0)) == .granted) }
    #expect(bucket.wait(Self.rate, at: Self.at(0)) == Self.milliseconds(100))
    #expect(bucket.take(Self.rate, at: Self.at(0)) == .refused(wait: 112_500_000))
    #expect(bucket.take(Self.rate, at: Self.at(0)) == .refused(wait: 125_000_000))
  }

  @Test("Who waits as long as it was told gets its call, and not a nanosecond earlier")
  func waiting() {
    var bucket = TokenBucket()
    #expect(Self.granted(5, of: &bucket, at: Self.at(0)) == 5)
    guard case .refused(let wait) = bucket.take(Self.rate, at: Self.at(0)) else {
      Issue.record("a sixth call was granted")
      return
    }
    let then = MonotonicTime(nanoseconds: Self.at(0).nanoseconds + wait)
    #expect(bucket.wait(Self.rate, at: MonotonicTime(nanoseconds: then.nanoseconds - 1)) == 1)
    #expect(bucket.wait(Self.rate, at: then) == 0)
    #expect(bucket.take(Self.rate, at: then) == .granted)
  }

  @Test("After a pause of any length there is one burst, never two")
  func pause() {
    var bucket = TokenBucket()
    #expect(Self.granted(5, of: &bucket, at: Self.at(0)) == 5)
    #expect(Self.granted(20, of: &bucket, at: Self.at(86_400_000)) == 5)
  }

  @Test("In the long run a patient caller gets its rate, whatever its steps", arguments: [1, 7, 100, 333, 1000] as [UInt64])
  func longRun(step: UInt64) {
    var bucket = TokenBucket()
    var granted = 0
    for now in stride(from: 0, to: 100_000, by: Int(step)) {
      // It asks only when it may.
      while bucket.wait(Self.rate, at: Self.at(UInt64(now))) == 0, bucket.take(Self.rate, at: Self.at(UInt64(now))) == .granted { granted += 1 }
    }
    #expect(granted <= 1000 + 5)
    #expect(granted >= 1000 - (step > 500 ? 500 : 5))
  }

  @Test("A flood gets a call a second, a caller at twice the rate most of its calls")
  func debt() {
    var flood = TokenBucket()
    #expect(Self.granted(1_000_000, of: &flood, at: Self.at(0)) == 5)
    #expect(flood.wait(Self.rate, at: Self.at(0)) == Self.milliseconds(1100))
    #expect(Self.granted(1_000_000, of: &flood, at: Self.at(1100)) == 1)
    #expect(Self.granted(1_000_000, of: &flood, at: Self.at(2200)) == 1)
    var eager = TokenBucket()
    let calls = (0..<2000).count { eager.take(Self.rate, at: Self.at(UInt64($0) * 50)) == .granted }
    #expect(calls == 862)
  }

  @Test("A refused frame costs an eighth of a call, and no debt is ever paid back by another clock that is behind")
  func charge() {
    var bucket = TokenBucket()
    #expect(Self.granted(4, of: &bucket, at: Self.at(0)) == 4)
    for _ in 0..<8 { bucket.charge(Self.rate, at: Self.at(0)) }
    #expect(bucket.wait(Self.rate, at: Self.at(0)) == Self.milliseconds(100))
    for _ in 0..<1000 { bucket.charge(Self.rate, at: Self.at(0)) }
    let deepest = bucket
    bucket.charge(Self.rate, at: MonotonicTime(nanoseconds: 0))
    #expect(bucket == deepest)
  }

  @Test("It is full again when everything it gave has come back, and is full at first")
  func full() {
    var bucket = TokenBucket()
    #expect(bucket.isFull(at: Self.at(0)))
    #expect(Self.granted(2, of: &bucket, at: Self.at(0)) == 2)
    #expect(!bucket.isFull(at: Self.at(199)))
    #expect(bucket.isFull(at: Self.at(200)))
  }

  @Test("The fastest and the largest rates do not overflow", arguments: [(10_000_000, 1_000_000_000), (1, 1_000_000_000), (1, 1)])
  func ends(perSecond: Int, burst: Int) {
    let rate = CallRate(perSecond: perSecond, burst: burst)
    var bucket = TokenBucket()
    let now = MonotonicTime(nanoseconds: UInt64(Int64.max))
    #expect(bucket.take(rate, at: now) == .granted)
    for _ in 0..<20 { bucket.charge(rate, at: now) }
    #expect(bucket.take(rate, at: now) == (burst == 1 ? .refused(wait: 2_000_000_000) : .granted))
  }
}

@Suite("When a refused call may be made again")
struct RetryInfoTests {
  private func refused(milliseconds: UInt64) -> RPCError {
    .tooManyCallsASecond(CallRate(perSecond: 50, burst: 200), wait: milliseconds * 1_000_000)
  }

  @Test("The refusal says it in words and in google.rpc.RetryInfo, byte for byte")
  func bytes() {
    #expect(
      refused(milliseconds: 1023)
        == RPCError(
          .resourceExhausted, "limit callsPerSecond reached: 50 calls a second of one device; try again in 1023 ms",
          details: [
            StatusDetail(
              typeURL: "type.googleapis.com/google.rpc.RetryInfo", value: [0x0a, 0x07, 0x08, 0x01, 0x10, 0xc0, 0xe7, 0xfb, 0x0a])
          ]))
  }

  @Test("A client reads the time that was written", arguments: [0, 1, 20, 999, 1000, 1001, 86_399_999] as [UInt64])
  func roundTrip(milliseconds: UInt64) { #expect(refused(milliseconds: milliseconds).retryDelay == .milliseconds(milliseconds)) }

  @Test("A part of a millisecond is rounded up")
  func roundedUp() {
    #expect(RPCError.tooManyCallsASecond(CallRate(perSecond: 1, burst: 1), wait: 1).retryDelay == .milliseconds(1))
  }

  @Test("Other details, and times that are none, say nothing", arguments: [
    ("type.googleapis.com/google.rpc.Help", [0x0a, 0x02, 0x08, 0x01]),
    ("type.googleapis.com/google.rpc.RetryInfo", []),
    ("type.googleapis.com/google.rpc.RetryInfo", [0x0a, 0x05, 0x08]),
    ("type.googleapis.com/google.rpc.RetryInfo", [0x0a, 0x0b, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    ("type.googleapis.com/google.rpc.RetryInfo", [0x0a, 0x06, 0x10, 0x80, 0x94, 0xeb, 0xdc, 0x03]),
  ] as [(String, [UInt8])])
  func nothing(typeURL: String, value: [UInt8]) {
    #expect(RPCError(.resourceExhausted, "", details: [StatusDetail(typeURL: typeURL, value: value)]).retryDelay == nil)
  }
}
