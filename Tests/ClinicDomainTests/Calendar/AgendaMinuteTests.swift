internal import ClinicDomain
internal import Testing

@Suite("A time on an agenda")
struct AgendaMinuteTests {
  @Test("Times are read with one or two digits of hours, up to 48:00", arguments: [
    ("8:15", 495), ("08:15", 495), ("0:00", 0), ("18:30", 1110), ("24:00", 1440), ("26:00", 1560), ("48:00", 2880),
  ])
  func read(text: String, minutes: Int) {
    #expect(AgendaMinute(text: text)?.minutes == minutes)
  }

  @Test("Other texts are no time", arguments: [
    "48:01", "49:00", "8:5", "8", "", ":", "8:60", "-8:00", "08:15:00", " 8:15", "8:15 ", "008:15", "8.15", "٨:15", "8:+5",
  ])
  func unread(text: String) {
    #expect(AgendaMinute(text: text) == nil)
  }

  @Test("Every minute has a text of five characters that reads back")
  func roundTrip() {
    for minutes in 0...2880 {
      let time = AgendaMinute(minutes: minutes)!
      #expect(time.description.utf8.count == 5)
      #expect(AgendaMinute(text: time.description) == time)
    }
    #expect(AgendaMinute(minutes: -1) == nil)
    #expect(AgendaMinute(minutes: 2881) == nil)
  }

  @Test("Past midnight a person reads the next day's time", arguments: [
    (495, "08:15"), (1439, "23:59"), (1440, "00:00 (del día siguiente)"), (1530, "01:30 (del día siguiente)"),
    (2880, "24:00 (del día siguiente)"),
  ])
  func people(minutes: Int, text: String) {
    #expect(AgendaMinute(minutes: minutes)?.spanishText == text)
  }

  @Test("Minutes are added within the agenda only")
  func arithmetic() {
    #expect(AgendaMinute.midnight.adding(minutes: 15)?.description == "00:15")
    #expect(AgendaMinute.latest.adding(minutes: 1) == nil)
    #expect(AgendaMinute.midnight.adding(minutes: -1) == nil)
    #expect(AgendaMinute.latest.adding(minutes: .max) == nil)
  }
}
