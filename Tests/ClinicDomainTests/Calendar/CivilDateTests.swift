internal import ClinicDomain
internal import Testing

@Suite("A day of the calendar")
struct CivilDateTests {
  @Test("Days since 1970, as other calendars count them", arguments: [
    (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2026, 11, 21, 20_778), (1, 1, 1, -719_162),
    (9999, 12, 31, 2_932_896), (1900, 3, 1, -25_508),
  ])
  func dayNumbers(year: Int, month: Int, day: Int, number: Int) throws {
    let date = try #require(CivilDate(year: year, month: month, day: day))
    #expect(date.daysSinceEpoch == number)
    #expect((date.year, date.month, date.day) == (year, month, day))
  }

  @Test("Days that no calendar has are refused", arguments: [
    (2026, 2, 29), (1900, 2, 29), (2100, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (2026, 1, 32),
    (0, 1, 1), (10_000, 1, 1), (-5, 1, 1),
  ])
  func unreal(year: Int, month: Int, day: Int) {
    #expect(CivilDate(year: year, month: month, day: day) == nil)
  }

  @Test("Every day of 800 years follows the day before it, in date and in weekday")
  func consecutive() throws {
    var (year, month, day) = (1600, 1, 1)
    var weekday = Weekday.saturday
    for date in try #require(CivilDate(year: 1600, month: 1, day: 1))...#require(CivilDate(year: 2400, month: 1, day: 1)) {
      try #require(date.components == (year, month, day))
      try #require(date.weekday == weekday)
      try #require(CivilDate(iso: date.description) == date)
      weekday = Weekday(rawValue: weekday.rawValue % 7 + 1)!
      day += 1
      if day > CivilDate.length(ofMonth: month, year: year) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
  }

  @Test("Weekdays that newspapers printed", arguments: [
    ("1970-01-01", Weekday.thursday), ("1985-09-19", .thursday), ("2026-11-21", .saturday), ("1810-09-16", .sunday),
    ("0001-01-01", .monday),
  ])
  func weekdays(iso: String, weekday: Weekday) {
    #expect(CivilDate(iso: iso)?.weekday == weekday)
  }

  @Test("Only ISO's long form is read as ISO", arguments: [
    "2026-1-21", "26-11-21", "20261121", "2026/11/21", "2026-11-31", " 2026-11-21", "2026-11-21T", "２０２６-11-21", "", "+026-11-21",
  ])
  func notISO(text: String) {
    #expect(CivilDate(iso: text) == nil)
  }

  @Test("A keypad gives the day first", arguments: [
    ("21111985", "1985-11-21"), ("29022000", "2000-02-29"), ("29022001", nil), ("31041999", nil), ("1985", nil),
    ("2111198", nil), ("2111198a", nil), ("19851121", nil),
  ])
  func keypad(text: String, iso: String?) {
    #expect(CivilDate(ddmmyyyy: text)?.description == iso)
  }

  @Test("An age is the count of birthdays reached", arguments: [
    ("1985-11-21", "2026-11-20", 40), ("1985-11-21", "2026-11-21", 41), ("2000-02-29", "2001-02-28", 0),
    ("2000-02-29", "2001-03-01", 1), ("2000-02-29", "2004-02-29", 4), ("2026-11-21", "2026-11-21", 0),
    ("2026-11-22", "2026-11-21", 0),
  ])
  func ages(born: String, on: String, years: Int) throws {
    #expect(try #require(CivilDate(iso: born)).age(on: #require(CivilDate(iso: on))) == years)
  }

  @Test("Spanish as it is read on a screen, a ticket and a form")
  func spanish() throws {
    let date = try #require(CivilDate(year: 2026, month: 11, day: 21))
    #expect(date.spanishText == "sábado 21 de noviembre de 2026")
    #expect(date.spanishDayText == "sábado 21 de noviembre")
    #expect(date.spanishShortText == "sáb 21 nov 2026")
    #expect(date.spanishBirthText == "21 de noviembre de 2026")
    #expect(date.spanishNumericText == "21/11/2026")
    #expect(date.adding(days: -10).spanishShortText == "mié 11 nov 2026")
  }

  @Test("Days are added across months and years, and ranges stride by days")
  func arithmetic() throws {
    let date = try #require(CivilDate(year: 2026, month: 12, day: 30))
    #expect(date.adding(days: 3).description == "2027-01-02")
    #expect((date...date.adding(days: 2)).map(\.day) == [30, 31, 1])
    #expect(date.distance(to: date.adding(days: 28)) == 28)
    #expect((CivilDate.latest...CivilDate.latest).map(\.description) == ["9999-12-31"])
    #expect(CivilDate(daysSinceEpoch: CivilDate.latest.daysSinceEpoch + 1) == nil)
    #expect(CivilDate(daysSinceEpoch: .min) == nil)
  }
}

@Suite("A weekday")
struct WeekdayTests {
  @Test("Spanish names are read whole or short, in any case, with or without accents", arguments: [
    ("lunes", Weekday.monday), ("Martes", .tuesday), ("MIÉRCOLES", .wednesday), ("miercoles", .wednesday),
    ("mié", .wednesday), ("mie\u{301}rcoles", .wednesday), ("jue", .thursday), ("viernes", .friday), ("sabado", .saturday),
    ("Sáb", .saturday), ("domingo", .sunday),
  ])
  func read(text: String, day: Weekday) {
    #expect(Weekday(spanish: text) == day)
  }

  @Test("Other words are no weekday", arguments: ["", "l", "lune", "monday", "luness", " lunes"])
  func unread(text: String) {
    #expect(Weekday(spanish: text) == nil)
  }

  @Test("The week begins on Monday")
  func order() {
    #expect(Weekday.allCases.map(\.spanishName)
      == ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"])
    #expect(Weekday.monday < .sunday)
  }
}
