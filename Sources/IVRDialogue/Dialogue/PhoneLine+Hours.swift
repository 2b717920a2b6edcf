package import ClinicDomain
internal import Guidance

extension PhoneLine {
  /// Hours of some days on which the clinic does not work, whatever ``attention`` says.
  package struct ClosedHours: Hashable, Sendable {
    package var dates: ClosedRange<CivilDate>
    /// Within one day.
    package var hours: Range<AgendaMinute>

    package init(dates: ClosedRange<CivilDate>, hours: Range<AgendaMinute> = .midnight ..< .endOfDay) {
      self.dates = dates
      self.hours = hours
    }

    /// Whole days of the institute's calendar, and what is closed of the whole unit: a turno, or all of them. A room that closes closes no telephone.
    package static func all(of clinic: Clinic) -> [ClosedHours] {
      clinic.nonWorkingDays.map { ClosedHours(dates: $0...$0) }
        + clinic.closures.filter { $0.resource == nil }.flatMap { closure -> [ClosedHours] in
          guard let code = closure.turno else { return [ClosedHours(dates: closure.dates)] }
          return clinic.turno(code).map { closed($0.hours, on: closure.dates) } ?? []
        }
    }

    /// What of a turno passes midnight is the next day's.
    private static func closed(_ hours: Range<AgendaMinute>, on dates: ClosedRange<CivilDate>) -> [ClosedHours] {
      let own = hours.clamped(to: .midnight ..< .endOfDay)
      let day = own.isEmpty ? [] : [ClosedHours(dates: dates, hours: own)]
      guard let end = hours.upperBound.adding(minutes: -AgendaMinute.endOfDay.minutes), end > .midnight else { return day }
      let begin = hours.lowerBound.adding(minutes: -AgendaMinute.endOfDay.minutes) ?? .midnight
      return day + [ClosedHours(dates: dates.lowerBound.advanced(by: 1)...dates.upperBound.advanced(by: 1), hours: begin..<end)]
    }

    func contains(_ date: CivilDate, _ time: AgendaMinute) -> Bool { dates.contains(date) && hours.contains(time) }

    fileprivate var isWholeDay: Bool { hours.lowerBound == .midnight && hours.upperBound >= .endOfDay }
  }

  /// Whether a person answers then.
  package func isStaffed(on date: CivilDate, at time: AgendaMinute) -> Bool {
    attention.contains { $0.days.contains(date.weekday) && $0.hours.contains(time) } && !closed.contains { $0.contains(date, time) }
  }

  /// When a person answers next, from then on; `nil` when nobody does within two months.
  package func nextAnswering(from date: CivilDate, at time: AgendaMinute) -> (date: CivilDate, time: AgendaMinute)? {
    for days in 0...Self.daysAhead {
      let day = date.advanced(by: days)
      // Somebody begins to answer with their hours, or with the end of what was closed.
      let begins = attention.map(\.hours.lowerBound) + closed.filter { $0.dates.contains(day) }.map(\.hours.upperBound) + (days == 0 ? [time] : [])
      if let first = begins.filter({ (days > 0 || $0 >= time) && isStaffed(on: day, at: $0) }).min() { return (day, first) }
    }
    return nil
  }

  private static let daysAhead = 62

  /// The last day of a term that begins on a date: business days are without Saturdays, Sundays and the days on which the clinic does not work.
  func lastDay(of term: AppointmentTerm, from date: CivilDate) -> CivilDate {
    guard term.areBusinessDays else { return date.advanced(by: term.days) }
    var day = date
    for _ in 0..<term.days {
      day = day.advanced(by: 1)
      while day < .latest, day.weekday > .friday || closed.contains(where: { $0.isWholeDay && $0.dates.contains(day) }) { day = day.advanced(by: 1) }
    }
    return day
  }
}
