internal import ClinicDomain
internal import Testing

@Suite("A clinic's time zone")
struct ClinicZoneTests {
  /// Tijuana's clock in 2026 by tzdata 2025b: −8, −7 from 8 March 10:00 UTC, −8 again from 1 November 09:00 UTC.
  static let tijuana = ClinicZone(
    name: "America/Tijuana", initialOffsetSeconds: -8 * 3600,
    transitions: [
      .init(at: Instant(iso: "2026-03-08T10:00:00Z")!, offsetSeconds: -7 * 3600),
      .init(at: Instant(iso: "2026-11-01T09:00:00Z")!, offsetSeconds: -8 * 3600),
    ])!

  @Test("Wall times and their instants", arguments: [
    ("2026-01-15", "08:00", "2026-01-15T16:00:00Z"), ("2026-07-15", "08:00", "2026-07-15T15:00:00Z"),
    ("2026-03-08", "01:59", "2026-03-08T09:59:00Z"), ("2026-03-08", "03:00", "2026-03-08T10:00:00Z"),
    ("2026-10-31", "23:59", "2026-11-01T06:59:00Z"), ("2026-11-01", "02:00", "2026-11-01T10:00:00Z"),
    ("2026-11-01", "08:00", "2026-11-01T16:00:00Z"),
  ])
  func wallToWorld(date: String, time: String, instant: String) throws {
    let (date, minute) = try (#require(CivilDate(iso: date)), #require(AgendaMinute(text: time)))
    let answer = Self.tijuana.instant(of: date, minute: minute)
    #expect(answer == Instant(iso: instant))
    #expect(Self.tijuana.local(of: answer) == (date, minute))
  }

  @Test("A time that the clock skips in spring is the instant of the jump", arguments: ["02:00", "02:30", "02:59", "03:00"])
  func gap(time: String) throws {
    let instant = try Self.tijuana.instant(of: #require(CivilDate(iso: "2026-03-08")), minute: #require(AgendaMinute(text: time)))
    #expect(instant == Instant(iso: "2026-03-08T10:00:00Z"))
  }

  @Test("A time that the clock shows twice in autumn is the first of the two")
  func repeated() throws {
    let (date, minute) = try (#require(CivilDate(iso: "2026-11-01")), #require(AgendaMinute(text: "01:30")))
    #expect(Self.tijuana.instant(of: date, minute: minute) == Instant(iso: "2026-11-01T08:30:00Z"))
    for instant in ["2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z"] {
      #expect(try Self.tijuana.local(of: #require(Instant(iso: instant))) == (date, minute))
    }
  }

  @Test("Minutes past 1440 are wall times of the next day, also in a night that is an hour longer or shorter", arguments: [
    ("2026-07-14", "26:00", "2026-07-15T09:00:00Z"),
    ("2026-03-07", "26:30", "2026-03-08T10:00:00Z"), ("2026-03-07", "27:00", "2026-03-08T10:00:00Z"),
    ("2026-10-31", "25:00", "2026-11-01T08:00:00Z"), ("2026-10-31", "26:00", "2026-11-01T10:00:00Z"),
    ("2026-07-14", "48:00", "2026-07-16T07:00:00Z"),
  ])
  func nights(date: String, time: String, instant: String) throws {
    let answer = try Self.tijuana.instant(of: #require(CivilDate(iso: date)), minute: #require(AgendaMinute(text: time)))
    #expect(answer == Instant(iso: instant))
  }

  @Test("A later time of an agenda is never an earlier instant", arguments: ["2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01"])
  func neverBackwards(date: String) throws {
    let date = try #require(CivilDate(iso: date))
    let instants = (0...2880).map { Self.tijuana.instant(of: date, minute: AgendaMinute(minutes: $0)!) }
    #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 <= $1 })
    let nextMorning = Self.tijuana.instant(of: date.adding(days: 1), minute: AgendaMinute(text: "08:00")!)
    #expect(instants[1440 + 480] == nextMorning)
  }

  @Test("A zone without transitions shifts every instant alike, to the ends of time")
  func fixed() throws {
    let cancun = try #require(ClinicZone(name: "America/Cancun", initialOffsetSeconds: -5 * 3600))
    #expect(cancun.local(of: .epoch) == (CivilDate(iso: "1969-12-31")!, AgendaMinute(text: "19:00")!))
    #expect(cancun.localSeconds(of: Instant(milliseconds: 59_999)).second == 19 * 3600 + 59)
    #expect(cancun.date(of: .earliest).description == "0001-12-31")
    #expect(ClinicZone.utc.date(of: .latest).description == "9998-12-31")
    #expect(cancun.instant(of: .latest, minute: .latest) == .latest)
    #expect(cancun.instant(of: .earliest, minute: .midnight) == .earliest)
  }

  @Test("A table out of order, or with an offset that no place on earth has, is refused")
  func badTables() {
    let (early, late) = (Instant(seconds: 0), Instant(seconds: 1))
    #expect(ClinicZone(name: "", initialOffsetSeconds: 0, transitions: [
      .init(at: late, offsetSeconds: 0), .init(at: early, offsetSeconds: 60)]) == nil)
    #expect(ClinicZone(name: "", initialOffsetSeconds: 0, transitions: [
      .init(at: late, offsetSeconds: 0), .init(at: late, offsetSeconds: 60)]) == nil)
    #expect(ClinicZone(name: "", initialOffsetSeconds: 64_801) == nil)
    #expect(ClinicZone(name: "", initialOffsetSeconds: 0, transitions: [.init(at: early, offsetSeconds: -64_801)]) == nil)
  }
}
