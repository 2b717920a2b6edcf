internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("What a clinic's rules leave open")
struct ClinicRulesTests {
  static let monday = CivilDate.fixture

  static func starts(_ rules: ClinicRules, _ resource: ResourceID, _ date: String) -> [String] {
    rules.turnoAgendas(of: resource, on: CivilDate(iso: date)!).flatMap(rules.slots).map(\.start.description)
  }

  @Test("A turno of six hours has 24 slots of a quarter of an hour, and a consultorio two turnos")
  func usualDay() {
    let agendas = ClinicRules.fixture().turnoAgendas(of: .c(1), on: Self.monday)
    #expect(agendas.map(\.turno) == [.matutino, .vespertino])
    #expect(agendas.map(\.hours) == [.hours(8, 14), .hours(14, 20)])
    #expect(agendas.map { ClinicRules.fixture().slots(of: $0).count } == [24, 24])
    #expect(agendas.allSatisfy { $0.closed == nil && $0.slotMinutes == 15 })
  }

  @Test("Turnos come by their start, in whatever order the rules are written")
  func turnoOrder() {
    let rules = ClinicRules.fixture { $0.resources[0].rules.reverse() }
    #expect(rules.turnoAgendas(of: .c(1), on: Self.monday).map(\.turno) == [.matutino, .vespertino])
  }

  @Test("A break takes its slots out, and the agenda goes on from its end")
  func breaks() {
    let morning = Self.starts(.fixture(), .c(2), "2026-11-23").prefix(22)
    #expect(morning.count == 22)
    #expect(!morning.contains("11:00") && !morning.contains("11:15"))
    #expect(morning.contains("10:45") && morning.contains("11:30"))
    let long = AgendaMinute(text: "8:20")!..<AgendaMinute(text: "13:25")!
    let last = AgendaMinute(text: "13:50")!..<AgendaMinute(text: "14:00")!
    let uneven = ClinicRules.fixture {
      $0.resources[0].rules = [WeeklyRule(turno: .matutino, weekdays: [.monday], breaks: [long, last])]
    }
    #expect(Self.starts(uneven, .c(1), "2026-11-23") == ["08:00", "13:25"])
  }

  @Test("No turno on other weekdays, none for a resource that does not exist")
  func noTurno() {
    let rules = ClinicRules.fixture()
    #expect(rules.turnoAgendas(of: .c(1), on: CivilDate(iso: "2026-11-28")!).isEmpty)
    #expect(rules.turnoAgendas(of: .c(9), on: Self.monday).isEmpty)
  }

  @Test("Closures by clinic, resource and turno; the institute's calendar before them, the file's order among them")
  func closures() {
    let day = Self.monday...Self.monday
    let rules = ClinicRules.fixture { clinic in
      clinic.nonWorkingDays = [CivilDate(iso: "2026-11-16")!, CivilDate(iso: "2026-11-24")!]
      clinic.closures = [
        Closure(resource: .c(1), turno: .vespertino, dates: day, reason: "curso"),
        Closure(resource: .c(2), turno: nil, dates: day, reason: "obra"),
        Closure(resource: nil, turno: .vespertino, dates: day, reason: "fumigación"),
        Closure(resource: nil, turno: nil, dates: CivilDate(iso: "2026-11-24")!...CivilDate(iso: "2026-11-25")!, reason: "sismo"),
      ]
    }
    func closed(_ resource: ResourceID, _ date: String) -> [ClosedReason?] {
      rules.turnoAgendas(of: resource, on: CivilDate(iso: date)!).map(\.closed)
    }
    #expect(closed(.c(1), "2026-11-23") == [nil, .closure("curso")])
    #expect(closed(.c(2), "2026-11-23") == [.closure("obra"), .closure("obra")])
    #expect(closed(.c(3), "2026-11-23") == [nil, .closure("fumigación")])
    #expect(closed(.c(1), "2026-11-24") == [.nonWorkingDay, .nonWorkingDay])
    #expect(closed(.c(1), "2026-11-25") == [.closure("sismo"), .closure("sismo")])
    #expect(closed(.c(1), "2026-11-26") == [nil, nil])
    #expect(closed(.c(1), "2026-11-16") == [.nonWorkingDay, .nonWorkingDay])
    #expect(rules.turnoAgendas(of: .c(1), on: CivilDate(iso: "2026-11-25")!).flatMap(rules.slots).isEmpty)
  }

  @Test("29 February is a day like another")
  func leapDay() {
    // 29 February 2028 is a Tuesday.
    #expect(Self.starts(.fixture(), .c(1), "2028-02-29").count == 48)
  }
}

@Suite("A turno across midnight")
struct NightTurnoTests {
  static func nightly(_ zone: ClinicZone = .mexicoCity, until hour: Int = 26) -> ClinicRules {
    .fixture(zone: zone) { clinic in
      clinic.turnos[2].hours = .hours(18, hour)
      clinic.resources[4].rules = [WeeklyRule(turno: .nocturno, weekdays: Weekday.allCases)]
    }
  }

  static func slots(_ rules: ClinicRules, _ date: String) -> [Slot] {
    rules.turnoAgendas(of: .c(5), on: CivilDate(iso: date)!).flatMap(rules.slots)
  }

  @Test("P16: from 18:00 to 02:00 it has 32 slots of 15 minutes, the last eight on the following local date", arguments: [
    ("2026-11-23", "2026-11-24"), ("2026-07-31", "2026-08-01"), ("2026-12-31", "2027-01-01"),
    ("2028-02-28", "2028-02-29"), ("2028-02-29", "2028-03-01"), ("2027-02-28", "2027-03-01"),
  ])
  func localDates(date: String, next: String) {
    let rules = Self.nightly()
    let slots = Self.slots(rules, date)
    #expect(slots.count == 32)
    #expect(slots.allSatisfy { $0.date.description == date })
    let local = slots.map { rules.zone.local(of: rules.start(of: $0)) }
    #expect(local.prefix(24).allSatisfy { $0.date.description == date })
    #expect(local.suffix(8).allSatisfy { $0.date.description == next })
    #expect(local.map { $0.minute.description }.suffix(9) == [
      "23:45", "00:00", "00:15", "00:30", "00:45", "01:00", "01:15", "01:30", "01:45",
    ])
    #expect(slots.allSatisfy { rules.end(of: $0) - rules.start(of: $0) == .seconds(900) })
  }

  @Test("P16: where the clock changes that night, slots still follow one another without overlap", arguments: [
    ("2026-03-07", "2026-03-08T10:00:00Z"), ("2026-10-31", "2026-11-01T10:00:00Z"),
  ])
  func clockChange(date: String, end: String) {
    let rules = Self.nightly(.tijuana)
    let slots = Self.slots(rules, date)
    #expect(slots.count == 32)
    for (slot, next) in zip(slots, slots.dropFirst()) { #expect(rules.end(of: slot) == rules.start(of: next)) }
    #expect(rules.end(of: slots[31]) == Instant(iso: end))
  }

  @Test("An hour that the clock skips is not offered: four slots fewer, and none of them can be booked")
  func skippedHour() {
    let rules = Self.nightly(.tijuana, until: 28)
    #expect(Self.slots(rules, "2026-03-06").count == 40)
    let slots = Self.slots(rules, "2026-03-07")
    #expect(slots.count == 36)
    #expect(!slots.contains { (AgendaMinute(text: "26:00")!..<AgendaMinute(text: "27:00")!).contains($0.start) })
    let now = Instant(iso: "2026-03-07T20:00:00Z")!
    let index = AgendaIndex(rules: rules, appointments: [], today: rules.today(at: now))
    let query = FindSlots(
      service: .familyMedicine, channel: .kiosk, date: CivilDate(iso: "2026-03-07")!, resource: .c(5), limit: 100)
    #expect(index.find(query, at: now).map(\.slot) == slots)
    var situation = HoldingTests.situation
    (situation.clinic, situation.zone, situation.now) = (rules.clinic, rules.zone, now)
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine, choice: SlotChoice("C5 2026-03-07 26:15"),
      channel: .kiosk, folioSeed: 7))
    #expect(situation.refusal() == .closed)
  }

  @Test("After midnight the rest of yesterday's turno can still be found and booked")
  func yesterdaysNight() {
    let rules = Self.nightly()
    // 00:40 on the 24th.
    let now = Instant(iso: "2026-11-24T06:40:00Z")!
    let index = AgendaIndex(rules: rules, appointments: [], today: rules.today(at: now))
    let query = FindSlots(service: .familyMedicine, channel: .kiosk, resource: .c(5), limit: 2)
    #expect(index.find(query, at: now).map(\.slot) == [Slot("C5 2026-11-23 24:45"), Slot("C5 2026-11-23 25:00")])
    var situation = HoldingTests.situation
    (situation.clinic, situation.now) = (rules.clinic, now)
    for (choice, refusal) in [("24:30", CommandRefusal.slotInThePast), ("24:45", nil)] {
      situation.command = .hold(HoldSlot(
        actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine,
        choice: SlotChoice("C5 2026-11-23 \(choice)"), channel: .kiosk, folioSeed: 7))
      #expect(situation.refusal() == refusal)
    }
  }
}
