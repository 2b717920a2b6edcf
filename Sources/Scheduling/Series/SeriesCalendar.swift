package import ClinicDomain

/// The calendars of series: from a first date to everything that is due.
extension SeriesProgram {
  /// What a series begins with, numbered from 1, in the order in which it is due.
  ///
  /// - Prenatal: one visit in each configured week that is still to come. For the weeks that are over there is one visit at once: who comes
  ///   late is seen now, and is not sent away for having come late.
  /// - Periodic: the first visit, within its days; or, where the series begins with a visit that took place on `anchor`, what
  ///   ``PeriodicRule`` says comes after it.
  /// - Chairs: nothing yet; see ``sessions(of:from:through:at:)``.
  ///
  /// - Parameters:
  ///   - anchor: the first day of the last menstruation, or the day of the visit.
  ///   - today: the clinic's date.
  package func opening(
    of series: Int64, from anchor: CivilDate, today: CivilDate, days: BusinessDays, at now: Instant
  ) -> [SeriesActivity] {
    switch plan {
    case .prenatal(let weeks):
      let dues = weeks.map { anchor.advanced(by: 7 * $0) }
      let past = dues.filter { $0 < today }
      var visits = dues.filter { $0 >= today }.map { visit(of: series, due: $0, within: toleranceDays, today: today, at: now) }
      if !past.isEmpty { visits.insert(visit(of: series, due: today, within: max(toleranceDays, 1), today: today, at: now), at: 0) }
      return visits.numbered(from: 1)
    case .periodic(let rule):
      guard let within = rule.firstWithinDays else { return cycle(of: series, after: anchor, number: 1, today: today, days: days, at: now) }
      return [
        SeriesActivity(
          series: series, number: 1, kind: .appointment, due: anchor, window: anchor...anchor.advanced(by: within), changedAt: now)
      ]
    case .chairs: return []
    }
  }

  /// What comes after a visit that took place: its prescriptions, then the next visit.
  ///
  /// - Parameter number: of the first of them.
  package func cycle(
    of series: Int64, after visit: CivilDate, number: Int, today: CivilDate, days: BusinessDays, at now: Instant
  ) -> [SeriesActivity] {
    guard case .periodic(let rule) = plan else { return [] }
    let windows = rule.prescriptions?.windows(from: visit, days) ?? []
    let prescriptions = windows.map {
      SeriesActivity(series: series, number: 0, kind: .medicationRequest, due: $0.lowerBound, window: $0, changedAt: now)
    }
    let next = self.visit(
      of: series, due: visit.advanced(byMonths: rule.everyMonths), within: toleranceDays, today: today, at: now)
    return (prescriptions + [next]).numbered(from: number)
  }

  /// The sessions of a chair's weekdays, from a date through another one, numbered from `number` on.
  package func sessions(
    of series: Int64, on place: StandingPlace, dates: ClosedRange<CivilDate>, number: Int, at now: Instant
  ) -> [SeriesActivity] {
    guard case .chairs(let rule) = plan else { return [] }
    let reach = (rule.withinHours + 23) / 24
    return dates.filter { place.weekdays.contains($0.weekday) }.map {
      SeriesActivity(
        series: series, number: 0, kind: .appointment, due: $0, window: $0.advanced(by: -reach)...$0.advanced(by: reach),
        start: place.start, changedAt: now)
    }
    .numbered(from: number)
  }

  /// Never before tomorrow, unless it is due today.
  private func visit(of series: Int64, due: CivilDate, within days: Int, today: CivilDate, at now: Instant) -> SeriesActivity {
    let first = min(max(due.advanced(by: -days), today), due)
    return SeriesActivity(
      series: series, number: 0, kind: .appointment, due: due, window: first...max(first, due.advanced(by: days)), changedAt: now)
  }
}

extension PrescriptionRule {
  /// The days on which each prescription of a visit can be collected, in order: from the first business day on or after its day, so many
  /// business days, the first and the last included.
  package func windows(from visit: CivilDate, _ days: BusinessDays) -> [ClosedRange<CivilDate>] {
    (0..<count).map { number in
      let first = days.first(from: visit.advanced(by: number * everyDays))
      return first...days.day(businessDays, from: first)
    }
  }

  /// When the person is reminded of a prescription: on its first business day and on its fourth, as far as it has one.
  package func reminders(of window: ClosedRange<CivilDate>, _ days: BusinessDays) -> [CivilDate] {
    businessDays < 4 ? [window.lowerBound] : [window.lowerBound, days.day(4, from: window.lowerBound)]
  }
}

extension [SeriesActivity] {
  fileprivate func numbered(from first: Int) -> Self {
    enumerated().map { place, activity in
      var activity = activity
      activity.number = first + place
      return activity
    }
  }
}
