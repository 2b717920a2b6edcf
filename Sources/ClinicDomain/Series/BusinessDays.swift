/// Which days count when somebody is told "within five business days": Monday to Friday, the institute's non-working days left out.
package struct BusinessDays: Hashable, Sendable {
  /// Ascending, unique.
  private let holidays: [CivilDate]

  /// - Parameter holidays: ascending, unique, as ``Clinic/nonWorkingDays`` are.
  package init(holidays: [CivilDate]) { self.holidays = holidays }

  package func contains(_ date: CivilDate) -> Bool { date.weekday <= .friday && !isHoliday(date) }

  /// The first business day from a date on, the date itself among them.
  package func first(from date: CivilDate) -> CivilDate {
    var day = date
    while !contains(day), day < .latest { day = day.advanced(by: 1) }
    return day
  }

  /// The `count`-th business day from a date on, which is the first when it is one.
  ///
  /// - Precondition: `count` is 1 or more.
  package func day(_ count: Int, from date: CivilDate) -> CivilDate {
    precondition(count >= 1, "the first business day has the number 1")
    var day = first(from: date)
    for _ in 1..<count { day = first(from: day.advanced(by: 1)) }
    return day
  }

  private func isHoliday(_ date: CivilDate) -> Bool {
    var (low, high) = (0, holidays.count)
    while low < high {
      let middle = (low + high) / 2
      if holidays[middle] < date { low = middle + 1 } else { high = middle }
    }
    return low < holidays.count && holidays[low] == date
  }
}

extension Clinic {
  package var businessDays: BusinessDays { BusinessDays(holidays: nonWorkingDays) }
}

extension CivilDate {
  /// The same day of the month so many months later, or earlier when negative; where that month is shorter, its last day. Stops at the
  /// calendar's ends.
  package func advanced(byMonths months: Int) -> CivilDate {
    let (year, month, day) = components
    let count = year * 12 + month - 1 + months
    guard (12..<120_000).contains(count) else { return months < 0 ? .earliest : .latest }
    let (newYear, newMonth) = (count / 12, count % 12 + 1)
    return CivilDate(year: newYear, month: newMonth, day: min(day, Self.length(ofMonth: newMonth, year: newYear)))!
  }

  /// Full months of age on a date of a person born on this one; 0 when `other` is earlier.
  package func months(on other: CivilDate) -> Int {
    let (from, to) = (components, other.components)
    return max(0, (to.year - from.year) * 12 + to.month - from.month - (to.day >= from.day ? 0 : 1))
  }
}
