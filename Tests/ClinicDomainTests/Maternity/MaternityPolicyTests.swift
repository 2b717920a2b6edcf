import ClinicDomain
import KioskTestSupport
import Testing

@Suite("Who is on duty for a pregnant person")
struct MaternityPolicyTests {
  @Test("The first of the roster who is there answers, past midnight too", arguments: [
    ("2026-11-23", "07:59", OnDuty.always), ("2026-11-23", "08:00", .morning), ("2026-11-23", "14:00", .always),
    ("2026-11-27", "20:00", .night), ("2026-11-28", "07:59", .night), ("2026-11-28", "08:00", .always), ("2026-11-29", "07:00", .night),
    ("2026-11-30", "07:00", .always),
  ])
  func onDuty(date: String, time: String, expected: OnDuty) {
    #expect(MaternityPolicy.fixture.onDuty(on: CivilDate(iso: date)!, at: AgendaMinute(text: time)!) == expected)
  }

  @Test("P19: at every minute of a week somebody with a name and a telephone is on duty")
  func everyMinute() {
    let policy = MaternityPolicy.fixture
    #expect(policy.gap == nil)
    for day in 0..<7 {
      for minute in 0..<1440 {
        let date = CivilDate.fixture.advanced(by: day)
        let person = policy.onDuty(on: date, at: AgendaMinute(minutes: minute)!)
        #expect(person.isOn(date.weekday, AgendaMinute(minutes: minute)!) && !person.name.isEmpty && person.phone.isMexican)
      }
    }
  }

  @Test("An hour at which nobody is on duty is found, wherever in the week it lies")
  func gaps() {
    let mornings = MaternityPolicy(service: .familyMedicine, days: 7, answerMinutes: 30, roster: [.morning])
    #expect(mornings.gap.map { [$0.weekday.spanishName, $0.minute.description] } == ["lunes", "00:00"])
    // As a search minute by minute finds them.
    for start in stride(from: 0, to: 1440, by: 97) {
      for length in [60, 600, 1439, 1440] {
        var person = OnDuty.always
        person.hours = AgendaMinute(minutes: start)!..<AgendaMinute(minutes: start + length)!
        let policy = MaternityPolicy(service: .familyMedicine, days: 7, answerMinutes: 30, roster: [person])
        let first = Weekday.allCases.lazy.flatMap { day in (0..<1440).lazy.map { (day, AgendaMinute(minutes: $0)!) } }
          .first { !person.isOn($0.0, $0.1) }
        #expect(policy.gap?.weekday == first?.0 && policy.gap?.minute == first?.1)
      }
    }
  }
}
