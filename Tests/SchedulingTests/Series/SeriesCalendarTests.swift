internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

extension SeriesProgram {
  /// Prenatal visits, as the sample clinic has them.
  static let prenatal = SeriesProgram(
    code: SeriesCode("prenatal"), service: .familyMedicine, toleranceDays: 5, plan: .prenatal(weeks: [8, 12, 16, 20, 24, 28, 32, 36, 38, 40]))
  static let chronic = SeriesProgram(
    code: SeriesCode("cronicos"), service: .familyMedicine, toleranceDays: 7,
    plan: .periodic(
      PeriodicRule(everyMonths: 3, prescriptions: PrescriptionRule(count: 3, everyDays: 30, businessDays: 5, lapses: true))))
  static let discreet = SeriesProgram(
    code: SeriesCode("seguimiento"), service: ServiceCode("consulta_discreta"), toleranceDays: 7,
    plan: .periodic(PeriodicRule(everyMonths: 3, firstWithinDays: 7)))
  static let hemodialysis = SeriesProgram(
    code: SeriesCode("sesiones"), service: ServiceCode("hemodialisis"), toleranceDays: 1,
    plan: .chairs(ChairRule(perWeek: 3, withinHours: 24, restHours: 20)))
}

@Suite("The calendars of series")
struct SeriesCalendarTests {
  /// The compulsory holidays of article 74 that fall into the tests' months.
  static let days = BusinessDays(holidays: ["2026-11-16", "2026-12-25", "2027-01-01", "2027-02-01", "2027-03-15"].map(date))

  static func date(_ text: String) -> CivilDate { CivilDate(iso: text)! }
  static func span(_ first: String, _ last: String) -> ClosedRange<CivilDate> { date(first)...date(last) }

  @Test("P31: three windows of five business days are computed over the holiday calendar, and the next visit is three months on", arguments: [
    // An ordinary Thursday; the second begins on a Saturday, the third on a holiday that is a Monday.
    ("2026-12-03", [span("2026-12-03", "2026-12-09"), span("2027-01-04", "2027-01-08"), span("2027-02-02", "2027-02-08")], "2027-03-03"),
    // Christmas within the first.
    ("2026-12-21", [span("2026-12-21", "2026-12-28"), span("2027-01-20", "2027-01-26"), span("2027-02-19", "2027-02-25")], "2027-03-21"),
    // The visit itself on a holiday's eve: the end of November has no 31st.
    ("2026-11-13", [span("2026-11-13", "2026-11-20"), span("2026-12-14", "2026-12-18"), span("2027-01-12", "2027-01-18")], "2027-02-13"),
  ])
  func prescriptionWindows(visit: String, expected: [ClosedRange<CivilDate>], next: String) {
    let visit = Self.date(visit)
    let activities = SeriesProgram.chronic.opening(of: 1, from: visit, today: visit, days: Self.days, at: .fixture)
    #expect(activities.map(\.kind) == [.medicationRequest, .medicationRequest, .medicationRequest, .appointment])
    #expect(activities.prefix(3).map(\.window) == expected)
    #expect(activities.map(\.number) == [1, 2, 3, 4])
    for window in expected {
      #expect((window.lowerBound...window.upperBound).count { Self.days.contains($0) } == 5)
      #expect(Self.days.contains(window.lowerBound) && Self.days.contains(window.upperBound))
    }
    let due = Self.date(next)
    #expect(activities[3].due == due && activities[3].window == due.advanced(by: -7)...due.advanced(by: 7))
  }

  @Test("A prescription's person is reminded on its first and on its fourth business day")
  func reminders() throws {
    guard case .periodic(let rule) = SeriesProgram.chronic.plan, let prescriptions = rule.prescriptions else { return }
    let reminders = prescriptions.reminders(of: Self.span("2026-12-21", "2026-12-28"), Self.days)
    #expect(reminders == [Self.date("2026-12-21"), Self.date("2026-12-24")])
  }

  @Test("Business days are Monday to Friday but for the calendar's holidays, counted with the first")
  func businessDays() {
    #expect(Self.days.day(1, from: Self.date("2026-12-25")) == Self.date("2026-12-28"))
    #expect(Self.days.day(2, from: Self.date("2026-12-24")) == Self.date("2026-12-28"))
    #expect(Self.days.day(1, from: Self.date("2026-12-26")) == Self.date("2026-12-28"))
    // By counting one by one.
    for start in Self.span("2026-12-01", "2027-01-31") {
      for count in 1...10 {
        let end = Self.days.day(count, from: start)
        #expect((start...end).count { Self.days.contains($0) } == count && Self.days.contains(end))
      }
    }
  }

  @Test("Months later the day of the month stays, or is the month's last", arguments: [
    ("2026-11-30", 3, "2027-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2026-12-31", 2, "2027-02-28"), ("2026-01-15", 12, "2027-01-15"),
    ("2026-03-31", -1, "2026-02-28"), ("2026-01-31", -2, "2025-11-30"),
  ])
  func months(from: String, months: Int, to: String) {
    #expect(Self.date(from).advanced(byMonths: months) == Self.date(to))
  }

  @Test("P18: creating a pregnancy generates the configured number of visits, each in its week since the last menstruation")
  func prenatal() {
    let last = Self.date("2026-10-19")
    let visits = SeriesProgram.prenatal.opening(of: 4, from: last, today: Self.date("2026-11-23"), days: Self.days, at: .fixture)
    #expect(visits.count == 10)
    #expect(visits.map { last.distance(to: $0.due) } == [8, 12, 16, 20, 24, 28, 32, 36, 38, 40].map { $0 * 7 })
    #expect(visits.allSatisfy { $0.kind == .appointment && $0.series == 4 && $0.status == .notStarted })
    #expect(visits.allSatisfy { $0.window == $0.due.advanced(by: -5)...$0.due.advanced(by: 5) })
  }

  @Test("Who comes late in her pregnancy has a visit at once and those that are still to come; none lies in the past")
  func latePrenatal() {
    let today = Self.date("2026-11-23")
    for week in 0...42 {
      let last = today.advanced(by: -7 * week - 3)
      let visits = SeriesProgram.prenatal.opening(of: 1, from: last, today: today, days: Self.days, at: .fixture)
      let past = [8, 12, 16, 20, 24, 28, 32, 36, 38, 40].count { last.advanced(by: 7 * $0) < today }
      #expect(visits.count == 10 - past + min(past, 1))
      #expect(visits.allSatisfy { $0.window.lowerBound >= today && $0.window.contains($0.due) })
      if past > 0 { #expect(visits[0].due == today) }
    }
  }

  @Test("A discreet series begins with its test within a week, and goes on every three months")
  func discreet() {
    let today = Self.date("2026-11-23")
    let first = SeriesProgram.discreet.opening(of: 1, from: today, today: today, days: Self.days, at: .fixture)
    #expect(first.map(\.window) == [Self.span("2026-11-23", "2026-11-30")])
    let next = SeriesProgram.discreet.cycle(
      of: 1, after: Self.date("2026-11-25"), number: 2, today: Self.date("2026-11-25"), days: Self.days, at: .fixture)
    #expect(next.map(\.due) == [Self.date("2027-02-25")] && next[0].number == 2)
  }

  @Test("A chair's sessions are on its weekdays, each to be held within a day of its own")
  func sessions() {
    let place = StandingPlace(resource: .c(1), start: AgendaMinute(minutes: 420)!, weekdays: [.monday, .wednesday, .friday])
    let sessions = SeriesProgram.hemodialysis.sessions(of: 2, on: place, dates: Self.span("2026-11-24", "2026-12-01"), number: 7, at: .fixture)
    #expect(sessions.map(\.due) == ["2026-11-25", "2026-11-27", "2026-11-30"].map(Self.date))
    #expect(sessions.map(\.number) == [7, 8, 9] && sessions.allSatisfy { $0.start == place.start })
    #expect(sessions[0].window == Self.span("2026-11-24", "2026-11-26"))
  }

  @Test("By age alone the measles rule returns the dose that is due, and not one that was received")
  func doses() {
    let policy = SeriesPolicy(doses: [
      VaccineDose(code: "srp_1", name: "Sarampión 1", fromMonths: 12, throughMonths: 71),
      VaccineDose(code: "srp_2", name: "Sarampión 2", fromMonths: 18, throughMonths: 119),
      VaccineDose(code: "sr", name: "Sarampión y rubéola", fromMonths: 120, throughMonths: 599),
    ])
    let today = Self.date("2026-11-23")
    func due(_ born: String, _ received: [String] = []) -> [String] {
      policy.dueDoses(born: Self.date(born), received: received, on: today).map(\.code)
    }
    #expect(due("2025-11-24") == [])
    #expect(due("2025-11-23") == ["srp_1"])
    #expect(due("2025-05-23") == ["srp_1", "srp_2"])
    #expect(due("2025-05-23", ["srp_1"]) == ["srp_2"])
    #expect(due("2020-11-23") == ["srp_2"])
    #expect(due("1990-01-01") == ["sr"])
    #expect(due("1970-01-01") == [])
    #expect(due("2026-12-01") == [])
  }

  @Test("A check is due to who has had none for twelve months, and to nobody who expects one")
  func check() {
    let check = PreventiveCheck(service: ServiceCode("medicina_preventiva"), everyMonths: 12)
    let today = Self.date("2026-11-23")
    #expect(check.isDue(last: nil, isExpected: false, on: today))
    #expect(check.isDue(last: Self.date("2025-11-23"), isExpected: false, on: today))
    #expect(!check.isDue(last: Self.date("2025-11-24"), isExpected: false, on: today))
    #expect(!check.isDue(last: nil, isExpected: true, on: today))
  }
}
