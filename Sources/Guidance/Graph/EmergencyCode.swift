package import ClinicDomain

/// The Institute's codes that guidance can raise. Source: domain/DOMAIN.md §4.3.
package enum EmergencyCode: String, Hashable, Sendable, CaseIterable {
  /// Electrocardiogram within 10 minutes.
  case infarto
  /// Treatment within 4.5 hours of the first sign.
  case cerebro
  /// Any woman, any institution, no payment.
  case mater
}

/// How long ago something began, as a caller can say it: a range in minutes.
package struct OnsetRange: Hashable, Sendable {
  /// `0 ... 10,080` (a week).
  package var minutes: ClosedRange<Int>
  package init(minutes: ClosedRange<Int>) { self.minutes = minutes }
}

/// When the first sign was seen: between two instants, stored with the session's record.
package struct Onset: Hashable, Sendable {
  package let earliest: Instant
  package let latest: Instant

  package init(_ range: OnsetRange, saidAt now: Instant) {
    earliest = now.adding(seconds: -60 * range.minutes.upperBound)
    latest = now.adding(seconds: -60 * range.minutes.lowerBound)
  }

  /// Where Código Cerebro's 4.5 hours stand. Staff are told; it never lowers a disposition.
  package enum Window: Hashable, Sendable {
    /// It is open even if the sign began at the earliest instant; it closes then.
    case open(until: Instant)
    /// It may be open still; it closes at this instant at the latest.
    case perhaps(until: Instant)
    case closed
  }

  /// 4 hours and 30 minutes from the first sign. Source: domain/DOMAIN.md §4.3, Código Cerebro.
  package static let windowSeconds = 16_200

  package func window(at now: Instant) -> Window {
    let (first, last) = (earliest.adding(seconds: Self.windowSeconds), latest.adding(seconds: Self.windowSeconds))
    if now < first { return .open(until: first) }
    return now < last ? .perhaps(until: last) : .closed
  }
}
