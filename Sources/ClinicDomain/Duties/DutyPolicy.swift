/// By when the clinic does what it owes.
package struct DutyPolicy: Hashable, Sendable {
  /// Minutes within which a referral has its date, 1 ... 1440. Half an hour: the person takes it home the same day.
  package var referralMinutes: Int
  /// Days that an operation may be waited for before the jefe de servicio hears of it, 1 ... 366.
  package var surgeryDays: Int
  /// Business days within which a child with alarm signs of cancer is seen, 1 ... 10.
  package var childBusinessDays: Int
  /// For what such a child is given a slot; `nil` is the clinic's first service.
  package var childService: ServiceCode?
  /// The minute of the day from which the nightly check runs, below 1440.
  package var nightlyMinute: AgendaMinute

  package init(
    referralMinutes: Int = 30, surgeryDays: Int = 60, childBusinessDays: Int = 3, childService: ServiceCode? = nil,
    nightlyMinute: AgendaMinute = AgendaMinute(minutes: 180)!
  ) {
    self.referralMinutes = referralMinutes
    self.surgeryDays = surgeryDays
    self.childBusinessDays = childBusinessDays
    self.childService = childService
    self.nightlyMinute = nightlyMinute
  }

  /// What holds where clinic.yaml says nothing.
  package static let standard = DutyPolicy()
}

extension Clinic {
  /// The `count`-th day after a date that is neither a Saturday or Sunday nor one of the institute's days without appointments.
  package func businessDay(_ count: Int, after date: CivilDate) -> CivilDate {
    var (day, left) = (date, count)
    while left > 0, day < .latest {
      day = day.advanced(by: 1)
      if day.weekday < .saturday, !nonWorkingDays.contains(day) { left -= 1 }
    }
    return day
  }

  /// For what a child with alarm signs is given a slot.
  package var childService: ServiceCode? { duties.childService ?? services.first?.code }
}
