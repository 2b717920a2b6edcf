package import ClinicDomain

extension ClinicRules {
  /// Days that are looked at for opening hours; a clinic that is closed for two months calls back all the same.
  private static let deadlineDays = 62

  /// The instant at which the clinic will have been open for so many minutes from now on.
  ///
  /// It is open from the first turno's beginning to the last one's end, on days on which any of its agendas is. Where there is no such day
  /// the minutes count as they are.
  package func callbackDeadline(after now: Instant, openMinutes: Int) -> Instant {
    var left = Int64(openMinutes) * 60_000
    // A night turno that is going on has yesterday's date.
    var (from, date) = (now, today(at: now).advanced(by: -1))
    for _ in 0..<Self.deadlineDays {
      defer { date = date.advanced(by: 1) }
      guard let open = openingHours(on: date), from < open.upperBound else { continue }
      let start = max(from, open.lowerBound)
      let rest = open.upperBound.milliseconds - start.milliseconds
      if left <= rest { return start.adding(milliseconds: left) }
      left -= rest
      from = open.upperBound
    }
    return now.adding(seconds: openMinutes * 60)
  }

  /// From the first opening to the last closing of any agenda; `nil` on a day on which none is open.
  private func openingHours(on date: CivilDate) -> Range<Instant>? {
    let agendas = clinic.resources.flatMap { turnoAgendas(of: $0.id, on: date) }.filter { $0.closed == nil }
    guard let first = agendas.map(\.hours.lowerBound).min(), let last = agendas.map(\.hours.upperBound).max() else { return nil }
    let (start, end) = (zone.instant(of: date, minute: first), zone.instant(of: date, minute: last))
    return start < end ? start..<end : nil
  }
}
