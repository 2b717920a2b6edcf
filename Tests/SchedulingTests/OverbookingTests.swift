internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Overbooking")
struct OverbookingTests {
  /// C1 on Mondays from 08:00 to 09:00, seven days ahead: one person more than the four slots. 30 people in a turno of C1 at most.
  static func rules(people: Int = 1, cap: Int? = 30) -> ClinicRules {
    .fixture { clinic in
      clinic.capacity.overbooking = [
        OverbookingRule(resources: [.c(1)], weekdays: [.monday], hours: .hours(8, 9), lead: 7, people: people)
      ]
      if let cap { clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)]), places: cap)] }
    }
  }

  static let nextMonday = CivilDate(iso: "2026-11-30")!
  static let hour = ["08:00", "08:15", "08:30", "08:45"]

  /// Somebody in each of these slots of C1.
  static func taken(_ starts: [String], on date: CivilDate = nextMonday, from folio: UInt64 = 100, lane: Int = 0) -> [Appointment] {
    starts.enumerated().map { number, start in
      var appointment = Appointment.fixture(Slot("C1 \(date) \(start)"), folio: folio + UInt64(number), patient: Patient.dario.id)
      appointment.lane = lane
      return appointment
    }
  }

  /// Which of the first hour's slots a search finds.
  static func found(
    _ rules: ClinicRules, _ taken: [Appointment], on date: CivilDate = nextMonday, at now: Instant = .fixture, includingOverbooked: Bool = true,
    for person: Patient? = nil
  ) -> [String] {
    var query = FindSlots(service: .familyMedicine, person: person.map { PersonView($0) }, channel: .kiosk, date: date, resource: .c(1), limit: 100)
    query.includesOverbooked = includingOverbooked
    let index = AgendaIndex(rules: rules, appointments: taken, today: rules.today(at: now))
    return index.find(query, at: now).map(\.slot.start.description).filter { $0 < "10:00" }
  }

  static func booking(
    _ choice: String, for patient: Patient = .ana, _ rules: ClinicRules, _ taken: [Appointment], at now: Instant = .fixture
  ) throws(CommandRefusal) -> Appointment {
    let slot = Slot(choice)
    let index = AgendaIndex(rules: rules, appointments: taken, today: rules.today(at: now))
    var scope = CommandScope(actor: patient, patient: patient, day: taken.filter { $0.slot.minutes.overlaps(slot.minutes) })
    scope.load = index.load(at: slot.choice, now: now)
    scope.crowd = index.crowd(at: slot.choice, now: now)
    return try BookAppointment(
      actor: .person(patient.id), patient: patient.id, what: .slot(.familyMedicine, slot.choice), channel: .kiosk, folioSeed: 1
    ).decide(in: scope, rules: rules, at: now, folio: .fixture(9)).outcome
  }

  static let later = ["09:00", "09:15", "09:30", "09:45"]

  @Test("It is off unless it is configured: a slot that somebody has is found by nobody and given to nobody")
  func off() {
    let rules = ClinicRules.fixture { $0.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)]), places: 30)] }
    #expect(Clinic.fixture().capacity.overbooking.isEmpty)
    #expect(Self.found(rules, Self.taken(Self.hour)) == Self.later)
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(100))) { try Self.booking("C1 2026-11-30 08:00", rules, Self.taken(Self.hour)) }
  }

  @Test("By lead time, weekday and hour, and only where nobody could have a slot of those hours alone", arguments: [
    ("a Monday, seven days ahead", "2026-11-30", hour, "2026-11-23T13:00:00Z", hour + later),
    ("the same Monday, six days ahead", "2026-11-30", hour, "2026-11-24T13:00:00Z", later),
    ("a Tuesday", "2026-12-01", hour, "2026-11-23T13:00:00Z", later),
    ("the hour after", "2026-11-30", later, "2026-11-23T13:00:00Z", hour),
    ("one of the four is free", "2026-11-30", ["08:00", "08:30", "08:45"], "2026-11-23T13:00:00Z", ["08:15"] + later),
  ])
  func when(_ name: String, date: String, taken: [String], now: String, expected: [String]) throws {
    let (rules, date, now) = (Self.rules(), CivilDate(iso: date)!, Instant(iso: now)!)
    let rows = Self.taken(taken, on: date)
    #expect(Self.found(rules, rows, on: date, at: now) == expected, "\(name)")
    #expect(Self.found(rules, rows, on: date, at: now, includingOverbooked: false) == expected.filter { !taken.contains($0) })
    // What is found is given, and what is not is refused.
    for start in taken {
      let isGiven = (try? Self.booking("C1 \(date) \(start)", rules, rows, at: now))?.lane == 1
      #expect(isGiven == expected.contains(start), "\(name), \(start)")
    }
  }

  @Test("As many people more as the rule says, however they came there; in one slot never more than two")
  func people() {
    let one = Self.taken(Self.hour) + Self.taken(["08:15"], from: 200, lane: 1)
    #expect(Self.found(Self.rules(), one) == Self.later)
    #expect(Self.found(Self.rules(people: 2), one) == ["08:00", "08:30", "08:45"] + Self.later)
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(101))) { try Self.booking("C1 2026-11-30 08:15", Self.rules(people: 2), one) }
    // Who came first cancels: the slot is again one person's, and the next stands in a lane that is free.
    let left = Self.taken(["08:00", "08:30", "08:45"]) + Self.taken(["08:15"], from: 200, lane: 1)
    #expect((try? Self.booking("C1 2026-11-30 08:15", Self.rules(), left))?.lane == 2)
  }

  @Test("The turno's cap holds beside it, and where a turno has none nothing is overbooked")
  func cap() {
    let rows = Self.taken(Self.hour)
    #expect(throws: CommandRefusal.turnoFull(cap: 4)) { try Self.booking("C1 2026-11-30 08:00", Self.rules(cap: 4), rows) }
    #expect((try? Self.booking("C1 2026-11-30 08:00", Self.rules(cap: 5), rows))?.lane == 1)
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(100))) { try Self.booking("C1 2026-11-30 08:00", Self.rules(cap: nil), rows) }
    #expect(Self.found(Self.rules(cap: 4), rows) == [])
    #expect(Self.found(Self.rules(cap: nil), rows) == Self.later)
  }

  @Test("Never by person: whoever asks and whoever has the slot, the answer is the same", arguments: 0..<200)
  func anybody(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    func person(_ id: Int64) -> Patient {
      var person = Patient.fixture(
        id, nss: chance.chance(1, in: 2) ? "00809012347" : nil, born: "\(1930 + chance.below(78))-0\(1 + chance.below(9))-15",
        needs: chance.chance(1, in: 3) ? [Patient.noStairs] : [], consultorio: chance.chance(1, in: 2) ? .c(1 + chance.below(3)) : nil,
        turno: chance.chance(1, in: 2) ? .matutino : .vespertino)
      person.language = chance.pick(["es", "nah", "myn"])
      return person
    }
    let rules = Self.rules(people: 1 + chance.below(2), cap: 4 + chance.below(3))
    var rows = Self.taken(Self.hour.filter { _ in chance.chance(9, in: 10) })
    for place in rows.indices { rows[place].patient = person(Int64(300 + place)).id }
    let now = Instant.fixture.adding(seconds: chance.pick([0, 86_400]))
    let choice = "C1 2026-11-30 \(chance.pick(Self.hour))"
    func answer(_ patient: Patient) -> String {
      do throws(CommandRefusal) { return "\(try Self.booking(choice, for: patient, rules, rows, at: now).lane)" } catch { return "\(error)" }
    }
    let (one, other) = (person(500), person(501))
    #expect(answer(one) == answer(other))
    #expect(Set(Self.found(rules, rows, at: now, for: one)) == Set(Self.found(rules, rows, at: now, for: other)))
  }

  @Test("What is left in hours that are overbooked is offered to nobody who waits: it was given already")
  func freed() {
    let rules = ClinicRules.fixture { clinic in
      clinic.capacity = Self.rules().clinic.capacity
      clinic.waitlist = WaitlistPolicy(
        sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 30, maxAsks: 5, maxDays: 30, maxPerPatient: 2)
    }
    for source in FreedPlace.Source.allCases {
      #expect(rules.freeing(.fixture(Slot("C1 2026-11-30 08:15")), by: source, at: .fixture).isEmpty)
      #expect(rules.freeing(.fixture(Slot("C1 2026-11-30 09:00")), by: source, at: .fixture).count == 1)
      #expect(rules.freeing(.fixture(Slot("C1 2026-12-01 08:15")), by: source, at: .fixture).count == 1)
    }
  }

  @Test("Within the same hours of an agenda nobody moves beside somebody else; from another agenda they do")
  func moving() throws {
    let move = LifeCommand(
      actor: .person(Patient.ana.id), folio: .fixture(102), step: .reschedule(SlotChoice("C1 2026-11-30 08:00"), folioSeed: 1), channel: .kiosk)
    func lane(from slot: String) throws(CommandRefusal) -> Int {
      let old = Appointment.fixture(Slot(slot), folio: 102)
      var scope = CommandScope(actor: .ana, patient: .ana, named: old, active: [old], day: Self.taken(["08:00"]))
      scope.crowd = Crowd(free: 0, beyond: 0)
      return try move.decide(in: scope, rules: Self.rules(), at: .fixture, folio: .fixture(9)).outcome.lane
    }
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(100))) { try lane(from: "C1 2026-11-30 08:30") }
    #expect(try lane(from: "C2 2026-11-30 08:30") == 1)
  }

  @Test("A household that comes together takes free slots only")
  func households() throws {
    var scope = CommandScope()
    scope.members = [Patient.ana, .carla].enumerated().map { number, person in
      var member = CommandScope(actor: .ana, patient: person, day: number == 0 ? [] : Self.taken(["08:15"]))
      member.crowd = Crowd(free: 0, beyond: 0)
      return member
    }
    let together = BookTogether(
      actor: .person(Patient.ana.id), service: .familyMedicine,
      members: [
        .init(patient: Patient.ana.id, choice: SlotChoice("C1 2026-11-30 08:00")), .init(patient: Patient.carla.id, choice: SlotChoice("C1 2026-11-30 08:15")),
      ], channel: .kiosk, folioSeed: 1)
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(100))) {
      try together.decide(in: scope, rules: Self.rules(), at: .fixture, folio: .fixture(9))
    }
  }
}
