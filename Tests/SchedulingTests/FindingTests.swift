internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Finding free slots")
struct FindingTests {
  static let rules = ClinicRules.fixture()

  static func find(
    _ query: FindSlots, taken: [Appointment] = [], rules: ClinicRules = rules, at now: Instant = .fixture
  ) -> [String] {
    AgendaIndex(rules: rules, appointments: taken, today: rules.today(at: now)).find(query, at: now).map {
      "\($0.slot.resource) \($0.slot.date) \($0.slot.start)\($0.ownDoctor ? " own" : "")"
    }
  }

  @Test("The own doctor's slots come first, on whatever date; then everybody's by date, start and resource")
  func ownDoctorFirst() {
    let everySlot = FindSlots(
      service: .familyMedicine, person: PersonView(.ana), channel: .kiosk, turno: .matutino, limit: 100)
    let found = Self.find(everySlot)
    #expect(found.prefix(2) == ["C1 2026-11-23 08:00 own", "C1 2026-11-23 08:15 own"])
    var few = everySlot
    few.limit = 24 * 21 + 3
    // 21 weekdays of the own doctor's mornings up to the horizon, then the others.
    #expect(Self.find(few).suffix(4) == [
      "C1 2026-12-21 13:45 own", "C2 2026-11-23 08:00", "C3 2026-11-23 08:00", "C2 2026-11-23 08:15",
    ])
  }

  @Test("A search for nobody has no own doctor")
  func nobody() {
    let found = Self.find(FindSlots(service: .familyMedicine, channel: .kiosk, limit: 4))
    #expect(found == [
      "C1 2026-11-23 08:00", "C2 2026-11-23 08:00", "C3 2026-11-23 08:00", "C1 2026-11-23 08:15",
    ])
  }

  @Test("Each wish narrows the search", arguments: [
    (FindSlots(service: .familyMedicine, channel: .kiosk, turno: .vespertino, limit: 1), ["C1 2026-11-23 14:00"]),
    (FindSlots(service: .familyMedicine, channel: .kiosk, date: CivilDate(iso: "2026-11-25")!, limit: 1), ["C1 2026-11-25 08:00"]),
    (
      FindSlots(service: .familyMedicine, channel: .kiosk, earliestDate: CivilDate(iso: "2026-11-28")!, limit: 1),
      ["C5 2026-11-28 18:00"]
    ),
    (
      FindSlots(service: .familyMedicine, channel: .kiosk, earliestMinute: AgendaMinute(text: "10:50")!, resource: .c(2), limit: 1),
      ["C2 2026-11-23 11:30"]
    ),
    (FindSlots(service: .dentist, channel: .phone, limit: 2), ["C4 2026-11-23 08:00", "C4 2026-11-23 08:30"]),
    (FindSlots(service: .clinicChange, channel: .kiosk, limit: 2), ["V1 2026-11-23 08:00", "V1 2026-11-23 08:20"]),
    (FindSlots(service: .familyMedicine, channel: .kiosk, turno: .nocturno, limit: 1), ["C5 2026-11-27 18:00"]),
  ])
  func wishes(query: FindSlots, expected: [String]) {
    #expect(Self.find(query) == expected)
  }

  @Test("What cannot be had finds nothing", arguments: [
    FindSlots(service: .clinicChange, channel: .phone), FindSlots(service: ServiceCode("cirugia"), channel: .kiosk),
    FindSlots(service: .familyMedicine, channel: .kiosk, date: CivilDate(iso: "2026-12-22")!),
    FindSlots(service: .familyMedicine, channel: .kiosk, date: CivilDate(iso: "2026-11-20")!),
    FindSlots(service: .familyMedicine, channel: .kiosk, date: CivilDate.latest),
    FindSlots(service: .familyMedicine, channel: .kiosk, resource: .c(4)),
    FindSlots(service: .familyMedicine, channel: .kiosk, resource: .c(9)),
    FindSlots(service: .familyMedicine, channel: .kiosk, turno: TurnoCode("mixto")),
    FindSlots(service: .familyMedicine, channel: .kiosk, limit: 0),
    FindSlots(
      service: .familyMedicine, person: PersonView(.fixture(rights: Rights(state: .fallecido, date: nil))), channel: .kiosk),
  ])
  func nothing(query: FindSlots) {
    #expect(Self.find(query).isEmpty)
  }

  @Test("P07: a person 56 days after the baja still finds today's slots, and none of tomorrow; the day after, none at all")
  func rights() {
    let person = PersonView(.fixture(rights: Rights(state: .baja, date: CivilDate(iso: "2026-09-28")!)))
    let query = FindSlots(service: .familyMedicine, person: person, channel: .kiosk, limit: 1000)
    let found = Self.find(query)
    #expect(found.count == 48 + 46 + 48)
    #expect(found.allSatisfy { $0.contains(" 2026-11-23 ") })
    #expect(Self.find(query, at: Instant(iso: "2026-11-24T13:00:00Z")!).isEmpty)
    #expect(!Self.rules.clinic.nextSteps(for: .rightsEndBefore(last: CivilDate(iso: "2026-11-23")!)).isEmpty)
  }

  @Test("P13: who cannot climb stairs is never shown a slot on an upper floor")
  func stairs() {
    let person = PersonView(.fixture(needs: [Patient.noStairs], consultorio: .c(3)))
    let found = AgendaIndex(rules: Self.rules, appointments: [], today: .fixture).find(
      FindSlots(service: .familyMedicine, person: person, channel: .kiosk, limit: 10_000), at: .fixture)
    #expect(found.count > 1000)
    #expect(found.allSatisfy { $0.slot.resource != .c(3) && !$0.ownDoctor })
  }

  @Test("A slot is found until the instant it begins")
  func past() {
    let query = FindSlots(service: .familyMedicine, channel: .kiosk, limit: 1)
    #expect(Self.find(query, at: Instant(iso: "2026-11-23T14:14:59Z")!) == ["C1 2026-11-23 08:15"])
    #expect(Self.find(query, at: Instant(iso: "2026-11-23T14:15:00Z")!) == ["C1 2026-11-23 08:30"])
    #expect(Self.find(query, at: Instant(iso: "2026-11-24T01:45:00Z")!) == ["C1 2026-11-24 08:00"])
  }

  @Test("An index of yesterday answers for today, the new last day included")
  func notRolledYet() {
    let index = AgendaIndex(rules: Self.rules, appointments: [], today: .fixture)
    let query = FindSlots(service: .familyMedicine, channel: .kiosk, date: CivilDate(iso: "2026-12-22")!, limit: 1)
    #expect(index.find(query, at: .fixture).isEmpty)
    #expect(index.find(query, at: Instant(iso: "2026-11-24T13:00:00Z")!).map(\.slot) == [Slot("C1 2026-12-22 08:00")])
  }

  @Test("A search of a large clinic, 90 % full, looks at a few slots and no more days than it needs")
  func work() {
    let rules = ClinicRules(clinic: .large(), zone: .mexicoCity)
    let index = AgendaIndex(rules: rules, appointments: Appointment.ninetyPercent(of: rules), today: .fixture)
    let nobody = index.findCounting(FindSlots(service: .familyMedicine, channel: .kiosk, limit: 12), at: .fixture)
    #expect(nobody.slots.count == 12)
    // Yesterday, whose night might not be over, and today, which has what is wanted.
    #expect(nobody.work == SearchWork(cells: 2 * 30, slots: 12))
    let person = PersonView(.fixture(consultorio: .c(7)))
    let own = index.findCounting(FindSlots(service: .familyMedicine, person: person, channel: .kiosk, limit: 100), at: .fixture)
    #expect(own.slots.count == 100)
    // The own doctor's agenda of each date, then everybody's of yesterday and today, where the hundred are full.
    #expect(own.work == SearchWork(cells: 30 + 2 * 30, slots: 100))
  }

  @Test("Even a search that finds nothing looks at each resource-day once")
  func fruitless() {
    let rules = ClinicRules(clinic: .large(), zone: .mexicoCity)
    let index = AgendaIndex(rules: rules, appointments: Appointment.filling(rules) { _ in true }, today: .fixture)
    let search = index.findCounting(FindSlots(service: .familyMedicine, channel: .kiosk), at: .fixture)
    #expect(search.slots.isEmpty)
    #expect(search.work == SearchWork(cells: 30 * 30, slots: 0))
  }
}

extension Appointment {
  /// Nine slots of ten of the whole window, scattered by a fixed seed.
  static func ninetyPercent(of rules: ClinicRules) -> [Appointment] {
    var chance = SeededGenerator(seed: 90)
    return filling(rules) { _ in chance.chance(9, in: 10) }
  }

  /// A booking in each slot that `isTaken`, from the fixture's today to the horizon.
  static func filling(_ rules: ClinicRules, where isTaken: (Slot) -> Bool) -> [Appointment] {
    let last = CivilDate.fixture.advanced(by: rules.clinic.policy.horizonDays)
    var appointments: [Appointment] = []
    for date in CivilDate.fixture...last {
      for resource in rules.clinic.resources {
        for agenda in rules.turnoAgendas(of: resource.id, on: date) {
          for slot in rules.slots(of: agenda) where isTaken(slot) {
            appointments.append(.fixture(
              slot, folio: UInt64(appointments.count + 1), service: resource.services[0], turno: agenda.turno))
          }
        }
      }
    }
    return appointments
  }
}
