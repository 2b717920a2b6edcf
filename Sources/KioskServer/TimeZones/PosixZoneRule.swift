internal import ClinicDomain

/// A rule such as `PST8PDT,M3.2.0,M11.1.0`: standard time, and between two days of each year another.
///
/// Offsets in POSIX count westward; here they are seconds to add to UTC. Source: POSIX.1-2024, 8.3 "TZ", with the extension of
/// RFC 9636 for times of day from -167 to 167 hours.
struct PosixZoneRule: Hashable {
  let standardOffset: Int
  let daylight: Daylight?

  struct Daylight: Hashable {
    let offset: Int
    let start: Day
    let end: Day
  }

  /// A day of a year and the local time, in seconds from its midnight, at which the change comes.
  struct Day: Hashable {
    enum Kind: Hashable {
      /// Of a month the nth (5: last) weekday, Sunday 0.
      case weekday(month: Int, nth: Int, weekday: Int)
      /// 1 to 365, 29 February never counted.
      case julian(Int)
      /// 0 to 365, 29 February counted.
      case ordinal(Int)
    }

    let kind: Kind
    let second: Int
  }

  /// Returns `nil` for anything else than such a rule.
  init?(text: String) {
    var scanner = Scanner(rest: text[...])
    guard scanner.name(), let standard = scanner.duration() else { return nil }
    standardOffset = -standard
    guard !scanner.rest.isEmpty else {
      daylight = nil
      return
    }
    guard scanner.name() else { return nil }
    let offset = scanner.rest.first == "," ? standardOffset + 3600 : scanner.duration().map { -$0 }
    guard let offset, scanner.skip(","), let start = scanner.day(), scanner.skip(","), let end = scanner.day(),
      scanner.rest.isEmpty
    else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  /// The year's changes, in ascending order; none for a zone without daylight time.
  func transitions(year: Int) -> [TZifFile.Transition] {
    guard let daylight else { return [] }
    return [
      TZifFile.Transition(at: daylight.start.localSeconds(year: year) - standardOffset, offset: daylight.offset),
      TZifFile.Transition(at: daylight.end.localSeconds(year: year) - daylight.offset, offset: standardOffset),
    ].sorted { $0.at < $1.at }
  }
}

extension PosixZoneRule.Day {
  func localSeconds(year: Int) -> Int { date(year: year).daysSinceEpoch * 86_400 + second }

  private func date(year: Int) -> CivilDate {
    let newYear = CivilDate(year: year, month: 1, day: 1)!
    switch kind {
    case .ordinal(let days): return newYear.adding(days: days)
    case .julian(let day):
      return newYear.adding(days: day - 1 + (day >= 60 && CivilDate.isLeap(year: year) ? 1 : 0))
    case .weekday(let month, let nth, let weekday):
      let first = CivilDate(year: year, month: month, day: 1)!
      let toWeekday = (weekday - first.weekday.rawValue % 7 + 7) % 7
      let day = 1 + toWeekday + (nth - 1) * 7
      return first.adding(days: day - 1 - (day > CivilDate.length(ofMonth: month, year: year) ? 7 : 0))
    }
  }
}

extension PosixZoneRule {
  private struct Scanner {
    var rest: Substring

    mutating func skip(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// Three letters or more, or anything between angle brackets.
    mutating func name() -> Bool {
      if skip("<") {
        guard let end = rest.firstIndex(of: ">") else { return false }
        rest = rest[rest.index(after: end)...]
        return true
      }
      let letters = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(letters.count)
      return letters.count >= 3
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard digits.count <= 3, let value = Int(digits), range.contains(value) else { return nil }
      rest = rest.dropFirst(digits.count)
      return value
    }

    /// [+-]hh[:mm[:ss]] in seconds.
    mutating func duration() -> Int? {
      let sign = skip("-") ? -1 : 1
      if sign == 1 { _ = skip("+") }
      guard let hours = number(0...167) else { return nil }
      var seconds = hours * 3600
      for unit in [60, 1] where skip(":") {
        guard let value = number(0...59) else { return nil }
        seconds += value * unit
      }
      return sign * seconds
    }

    mutating func day() -> Day? {
      guard let kind = dayKind() else { return nil }
      guard skip("/") else { return Day(kind: kind, second: 7200) }
      return duration().map { Day(kind: kind, second: $0) }
    }

    private mutating func dayKind() -> Day.Kind? {
      if skip("M") {
        guard let month = number(1...12), skip("."), let nth = number(1...5), skip("."), let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, nth: nth, weekday: weekday)
      }
      return skip("J") ? number(1...365).map { .julian($0) } : number(0...365).map { .ordinal($0) }
    }
  }
}
