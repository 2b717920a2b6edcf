/// A day of the Gregorian calendar, without a time and without a time zone.
///
/// Unit: whole days since 1970-01-01, which is day 0. Years 1 to 9999, so that every date has an ISO text of ten characters.
/// The calendar is proleptic. Dates stride by days: `for date in first...last` visits each of them.
package struct CivilDate: Hashable, Sendable {
  private let days: Int32

  package var daysSinceEpoch: Int { Int(days) }

  package static let earliest = CivilDate(unchecked: dayNumber(year: 1, month: 1, day: 1))
  package static let latest = CivilDate(unchecked: dayNumber(year: 9999, month: 12, day: 31))

  /// Returns `nil` outside the years 1 to 9999.
  package init?(daysSinceEpoch: Int) {
    guard (Self.earliest.daysSinceEpoch...Self.latest.daysSinceEpoch).contains(daysSinceEpoch) else { return nil }
    self.init(unchecked: daysSinceEpoch)
  }

  /// Returns `nil` unless the calendar has this day: 29 February only in leap years, no day 31 in June.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.length(ofMonth: month, year: year)
    else { return nil }
    self.init(unchecked: Self.dayNumber(year: year, month: month, day: day))
  }

  private init(unchecked days: Int) { self.days = Int32(days) }

  package var year: Int { components.year }
  package var month: Int { components.month }
  package var day: Int { components.day }

  package var weekday: Weekday {
    // 1970-01-01 was a Thursday, ISO weekday 4.
    let fromMonday = (daysSinceEpoch + 3) % 7
    return Weekday(rawValue: (fromMonday < 0 ? fromMonday + 7 : fromMonday) + 1)!
  }

  /// The date `days` later, or earlier when negative.
  ///
  /// - Precondition: the result lies in the years 1 to 9999. Clamp a count that comes from outside before adding it.
  package func adding(days: Int) -> CivilDate {
    guard let date = CivilDate(daysSinceEpoch: daysSinceEpoch + days) else {
      preconditionFailure("a date outside the years 1 to 9999")
    }
    return date
  }

  /// The age in full years, on a date, of a person born on this one. 0 when `other` is earlier.
  ///
  /// Who was born on 29 February completes a year on 1 March of a common year.
  package func age(on other: CivilDate) -> Int {
    let (from, to) = (components, other.components)
    let reached = (to.month, to.day) >= (from.month, from.day)
    return max(0, to.year - from.year - (reached ? 0 : 1))
  }
}

extension CivilDate: Strideable {
  package static func < (left: Self, right: Self) -> Bool { left.days < right.days }
  package static func == (left: Self, right: Self) -> Bool { left.days == right.days }
  package func distance(to other: CivilDate) -> Int { other.daysSinceEpoch - daysSinceEpoch }

  /// As ``adding(days:)``, but stops at the calendar's ends, so that a range up to the last date can be walked.
  package func advanced(by days: Int) -> CivilDate {
    let (sum, overflow) = daysSinceEpoch.addingReportingOverflow(days)
    let end = days < 0 ? Self.earliest : Self.latest
    return overflow ? end : CivilDate(daysSinceEpoch: sum) ?? end
  }
}

// MARK: - The calendar's arithmetic

extension CivilDate {
  /// Year, month and day at once; cheaper than asking for each.
  ///
  /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: years run from March, so
  /// that the leap day is the last of its year.
  package var components: (year: Int, month: Int, day: Int) {
    let shifted = daysSinceEpoch + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// `days_from_civil` of the same source.
  private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  package static func isLeap(year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// - Precondition: `month` is 1 to 12.
  package static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year: year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
