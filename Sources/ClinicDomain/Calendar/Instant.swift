/// A point on the world's time line.
///
/// Unit: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Range: the years 2 to 9998 UTC, so that every instant
/// has a date in every time zone; what lies outside becomes the nearest end. Arithmetic stops there too, and so never traps.
package struct Instant: Hashable, Comparable, Sendable {
  package let milliseconds: Int64

  package static let epoch = Instant(milliseconds: 0)
  /// 0002-01-01T00:00:00.000Z.
  package static let earliest = Instant(milliseconds: .min)
  /// 9998-12-31T23:59:59.999Z.
  package static let latest = Instant(milliseconds: .max)

  /// Out of range becomes the nearest end.
  package init(milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, -62_104_060_800_000), 253_370_764_799_999)
  }

  /// Out of range becomes the nearest end.
  package init(seconds: Int) {
    let (product, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1000)
    self.init(milliseconds: overflow ? (seconds < 0 ? .min : .max) : product)
  }

  /// Whole seconds since 1970, rounded towards the past.
  package var seconds: Int { Int((milliseconds - Self.modulo(milliseconds, 1000)) / 1000) }

  package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }
}

// MARK: - Arithmetic

extension Instant {
  package func adding(milliseconds other: Int64) -> Instant {
    let (sum, overflow) = milliseconds.addingReportingOverflow(other)
    return Instant(milliseconds: overflow ? (other < 0 ? .min : .max) : sum)
  }

  package func adding(seconds other: Int) -> Instant { self + .seconds(other) }

  /// Less than a millisecond is dropped, towards zero.
  package static func + (left: Instant, right: Duration) -> Instant {
    left.adding(milliseconds: right.wholeMilliseconds)
  }

  /// Less than a millisecond is dropped, towards zero.
  package static func - (left: Instant, right: Duration) -> Instant {
    left.adding(milliseconds: -right.wholeMilliseconds)
  }

  /// How long from `right` to `left`; negative when `left` is earlier.
  package static func - (left: Instant, right: Instant) -> Duration {
    .milliseconds(left.milliseconds - right.milliseconds)
  }
}

extension Duration {
  /// Rounded towards zero; beyond ±292 million years, that.
  fileprivate var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    let (sum, overflowAgain) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    return overflow || overflowAgain ? (seconds < 0 ? -.max : .max) : sum
  }
}

// MARK: - Text

extension Instant: CustomStringConvertible {
  private static let millisecondsOfDay: Int64 = 86_400_000

  /// ISO 8601 in UTC, always 24 characters, so that texts sort as instants do: "2026-11-21T14:03:05.120Z".
  package var description: String {
    let ofDay = Self.modulo(milliseconds, Self.millisecondsOfDay)
    let date = CivilDate(daysSinceEpoch: Int((milliseconds - ofDay) / Self.millisecondsOfDay))!
    let (seconds, rest) = (Int(ofDay / 1000), Int(ofDay % 1000))
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0.padded(2) }.joined(separator: ":")
    return "\(date)T\(clock).\(rest.padded(3))Z"
  }

  /// Reads `2026-11-21T14:03:05Z`, also with one to three decimals of the second; UTC (`Z`) alone, no leap second.
  package init?(iso text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes.last == UInt8(ascii: "Z"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let date = CivilDate(iso: String(decoding: bytes[0..<10], as: UTF8.self)),
      let hour = Int(digits: bytes[11..<13]), hour < 24,
      let minute = Int(digits: bytes[14..<16]), minute < 60,
      let second = Int(digits: bytes[17..<19]), second < 60,
      let rest = Self.milliseconds(ofFraction: bytes[19..<(bytes.count - 1)])
    else { return nil }
    let ofDay = ((hour * 60 + minute) * 60 + second) * 1000 + rest
    let value = Int64(date.daysSinceEpoch) * Self.millisecondsOfDay + Int64(ofDay)
    guard (Self.earliest.milliseconds...Self.latest.milliseconds).contains(value) else { return nil }
    self.init(milliseconds: value)
  }

  /// 0 for nothing; ".5" is 500, ".05" is 50, ".005" is 5; `nil` for anything else.
  private static func milliseconds(ofFraction bytes: ArraySlice<UInt8>) -> Int? {
    guard let point = bytes.first else { return 0 }
    let decimals = bytes.dropFirst()
    guard point == UInt8(ascii: "."), decimals.count <= 3, let value = Int(digits: decimals) else { return nil }
    return [100, 10, 1][decimals.count - 1] * value
  }
}
