import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("A turno's cap")
struct CapTests {
  /// A consultorio's morning of eight slots that sees seven, a nurse's agenda of five slots that sees five, all days.
  static let rules = ClinicRules.fixture { clinic in
    clinic.waitlist = WaitlistPolicy(
      sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 0, maxAsks: 50, maxDays: 30, maxPerPatient: 5)
    clinic.turnos = [Turno(code: .matutino, name: "matutino", hours: .hours(8, 10))]
    clinic.policy.horizonDays = 1
    clinic.policy.maxActivePerPatient = 4
    for place in clinic.services.indices { clinic.services[place].maxActivePerPatient = 2 }
    clinic.resources = [
      AgendaResource(id: .c(1), services: [.familyMedicine], floor: 0, tags: [], rules: [WeeklyRule(turno: .matutino, weekdays: Weekday.allCases)]),
      AgendaResource(
        id: .v(1), services: [.clinicChange], floor: 0, tags: [],
        rules: [WeeklyRule(turno: .matutino, weekdays: Weekday.allCases, breaks: [AgendaMinute(minutes: 520)!..<AgendaMinute(minutes: 540)!])]),
    ]
    clinic.capacity.caps = [
      TurnoCap(scope: TurnoScope(resources: [.c(1)]), places: 7), TurnoCap(scope: TurnoScope(resources: [.v(1)]), places: 5),
    ]
  }

  static let staff = Actor.staff(StaffName("uid:1000")!, .emergency)

  @Test(
    "P38: no sequence of bookings, claims and emergencies exceeds a cap unless an audited override exists; nurses' agendas too", arguments: 1...12)
  func anySequence(seed: UInt64) throws {
    let folder = TemporaryFolder()
    let people = (1...30).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    var now = Instant.fixture
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: now)
    _ = try core.apply([.people(people)], at: now)
    var chance = SeededGenerator(seed: seed)
    var refused = 0
    var overrides: [Folio] = []
    for step in 0..<220 {
      now = now.adding(seconds: chance.pick([5, 20, 60, 200]))
      let command = Self.command(&chance, people, core, at: now, UInt64(step + 1))
      let outcome = try core.apply(StoreCommand(requestID: nil, digest: [], command: command, encodeReply: { _ in [] }), at: now)
      if case .refused(.turnoFull, _) = outcome { refused += 1 }
      if case .admit(let admit) = command, admit.isOverCap, let appointment = outcome.appointment { overrides.append(appointment.folio) }
      if case .override = command, let appointment = outcome.appointment { overrides.append(appointment.folio) }
      try Self.check(core, overrides: overrides, at: now)
    }
    #expect(refused > 0)
    #expect(!overrides.isEmpty)
    let history = try core.history()
    // Each change of an appointment says why it was made.
    #expect(history.filter { $0.object.hasPrefix("appointment:") && $0.reason == nil }.map(\.act) == [])
    #expect(history.contains { $0.act == .undo } && history.contains { $0.act == .reschedule })
    for folio in overrides {
      let rows = history.filter { $0.object == "appointment:\(folio.number)" && ($0.act == .admitOverCap || $0.act == .overrideCap) }
      #expect(rows.map { [$0.actor, $0.reason ?? ""] } == [["staff:uid:1000", "emergency"]])
    }
    #expect(core.check() == [])
    #expect(core.checkNight(at: now) == [])
    core.close()
  }

  private static func command(_ chance: inout SeededGenerator, _ people: [Patient], _ core: StoreCore, at now: Instant, _ seed: UInt64) -> Command {
    let person = chance.pick(people).id
    let isConsultorio = chance.chance(1, in: 2)
    let (resource, service, length) = isConsultorio ? (ResourceID.c(1), ServiceCode.familyMedicine, 15) : (.v(1), .clinicChange, 20)
    let date = rules.today(at: now).advanced(by: chance.below(2))
    let start = AgendaMinute(minutes: 480 + length * chance.below(120 / length))!
    let minute = rules.zone.local(of: now).minute
    let mine = ((try? core.allAppointments()) ?? []).filter { $0.status == .booked }
    let places = (try? core.keptPlaces()) ?? []
    if chance.chance(1, in: 4) { return lifeOrClosure(&chance, core, on: resource, date, mine, seed) }
    switch chance.below(11) {
    case 0..<4:
      return .book(BookAppointment(
        actor: .person(person), patient: person, what: .slot(service, SlotChoice(resource: resource, date: date, start: start)), channel: .desk,
        folioSeed: seed << 40))
    case 4..<6:
      guard let victim = mine.isEmpty ? nil : chance.pick(mine) else { fallthrough }
      return .cancel(CancelAppointment(actor: .person(victim.patient), folio: victim.folio, reason: .cannotCome, channel: .desk))
    case 6:
      guard let place = places.isEmpty ? nil : chance.pick(places) else { fallthrough }
      return chance.chance(1, in: 2)
        ? .waitlist(.round(OfferRound(place: place)))
        : .waitlist(.take(TakePlace(actor: .person(person), patient: person, what: .place(place), channel: .desk, folioSeed: seed << 40)))
    case 10 where chance.chance(1, in: 3):
      return .override(OverrideCap(
        actor: staff, patient: person, service: service, choice: SlotChoice(resource: resource, date: date, start: start), folioSeed: seed << 40))
    default:
      return .admit(AdmitPatient(
        actor: staff, patient: person, service: service, at: SlotChoice(resource: resource, date: rules.today(at: now), start: minute),
        kind: chance.pick(AdmitPatient.Kind.allCases), isOverCap: chance.chance(1, in: 8), folioSeed: seed << 40))
    }
  }

  /// What staff do with what there is: changes of date, places given up, acts taken back, closures made and lifted.
  private static func lifeOrClosure(
    _ chance: inout SeededGenerator, _ core: StoreCore, on resource: ResourceID, _ date: CivilDate, _ mine: [Appointment], _ seed: UInt64
  ) -> Command {
    let lately = ((try? core.history()) ?? []).suffix(12).filter { $0.actor == "staff:uid:1000" && $0.object.hasPrefix("appointment:") }
    let blocks = ((try? core.history()) ?? []).count { $0.act == .closeAgenda }
    func life(_ step: LifeCommand.Step, _ folio: Folio) -> Command { .life(LifeCommand(actor: staff, folio: folio, step: step, channel: .desk)) }
    switch chance.below(8) {
    case 0..<3:
      guard let act = lately.last(where: { _ in chance.chance(2, in: 3) }), let number = UInt64(act.object.dropFirst(12)), let folio = Folio(number: number)
      else { fallthrough }
      return life(.undo, folio)
    case 3:
      guard let one = mine.isEmpty ? nil : chance.pick(mine) else { fallthrough }
      let length = one.slot.resource == .c(1) ? 15 : 20
      let start = AgendaMinute(minutes: 480 + length * chance.below(120 / length))!
      return life(.reschedule(SlotChoice(resource: one.slot.resource, date: date, start: start), folioSeed: seed << 40), one.folio)
    case 4, 5:
      guard let one = mine.isEmpty ? nil : chance.pick(mine) else { fallthrough }
      if chance.chance(1, in: 3) { return life(chance.pick([.free, .enterInError, .checkIn]), one.folio) }
      return .cancel(CancelAppointment(actor: staff, folio: one.folio, reason: .clinic, channel: .desk))
    case 6 where blocks < 12:
      let first = 480 + 15 * chance.below(7)
      return .closure(.close(CloseAgenda(
        actor: staff, resource: resource, dates: date...date, hours: AgendaMinute(minutes: first)!..<AgendaMinute(minutes: first + 30)!)))
    default:
      guard blocks > 0, chance.chance(3, in: 4) else {
        let to = SlotChoice(resource: resource, date: date, start: AgendaMinute(minutes: 480 + 15 * chance.below(8))!)
        return .closure(.displace(DisplaceAppointment(folio: mine.last?.folio ?? .seeded(1), to: .slot(to), folioSeed: seed << 40)))
      }
      return .closure(.reopen(ReopenAgenda(actor: staff, block: Int64(1 + chance.below(blocks)))))
    }
  }

  /// Counted from the rows alone.
  private static func check(_ core: StoreCore, overrides: [Folio], at now: Instant) throws {
    let rows = try core.allAppointments().filter { $0.occupies(at: now) }
    for (resource, cap) in [(ResourceID.c(1), 7), (.v(1), 5)] {
      for day in Set(rows.map(\.slot.date)) {
        let there = rows.filter { $0.slot.resource == resource && $0.slot.date == day }
        let beyond = there.count { overrides.contains($0.folio) }
        #expect(there.count <= cap + beyond, "\(resource) \(day)")
        #expect(there.allSatisfy { resource == .c(1) || !$0.slot.minutes.overlaps(AgendaMinute(minutes: 520)!..<AgendaMinute(minutes: 540)!) })
      }
    }
  }

  @Test("An emergency stands beside whoever has the slot; a walk-in has one of their own while there is one")
  func lanes() throws {
    let folder = TemporaryFolder()
    let people = (1...12).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    let now = Instant(iso: "2026-11-23T14:05:00Z")!
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: now)
    _ = try core.apply([.people(people)], at: Instant.fixture)
    func admit(_ person: Int64, _ kind: AdmitPatient.Kind, over: Bool = false, by actor: Actor = CapTests.staff) throws -> StoreOutcome {
      try core.apply(.request(UInt8(100 + person), .admit(AdmitPatient(
        actor: actor, patient: PatientID(rawValue: person), service: .familyMedicine, at: SlotChoice("C1 2026-11-23 08:05"), kind: kind,
        isOverCap: over, folioSeed: UInt64(person) << 40))), at: now)
    }
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15", seed: 90)), at: now)
    let first = try #require(try admit(2, .emergency).appointment)
    let second = try #require(try admit(3, .emergency).appointment)
    #expect([first, second].map(\.slot.start.description) == ["08:00", "08:00"])
    #expect([first, second].map(\.lane) == [0, 1])
    #expect([first, second].map(\.status) == [.arrived, .arrived])
    // 08:15 is taken; then one by one.
    #expect(try (4...7).map { try admit($0, .walkIn).appointment?.slot.start.description } == ["08:30", "08:45", "09:00", "09:15"])
    #expect(try admit(8, .walkIn).refusal == .turnoFull(cap: 7))
    #expect(try admit(8, .emergency).refusal == .turnoFull(cap: 7))
    #expect(try admit(8, .emergency, by: .person(PatientID(rawValue: 8))).refusal == .notAllowed)
    #expect(try core.apply(.request(9, .book("C1 2026-11-23 09:30", for: people[8], seed: 91)), at: now).refusal == .turnoFull(cap: 7))
    #expect(try admit(8, .emergency, over: true).appointment?.lane == 2)
    #expect(core.check() == [])
    core.close()
  }
}
