import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

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
    "P38: no sequence of bookings, waitlist, emergencies, imports and paper exceeds a cap without an audited override; nurses' agendas too",
    arguments: 1...12)
  func anySequence(seed: UInt64) throws {
    let folder = TemporaryFolder()
    let people = (1...30).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    var now = Instant.fixture
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: now)
    _ = try core.apply([.people(people)], at: now)
    var chance = SeededGenerator(seed: seed)
    var refused = 0
    var overrides: [Folio] = []
    var seen: Set<String> = []
    for step in 0..<700 {
      now = now.adding(seconds: chance.pick([5, 10, 30, 100]))
      let command = Self.command(&chance, people, core, at: now, UInt64(step + 1))
      let outcome = try core.apply(StoreCommand(requestID: nil, digest: [], command: command, encodeReply: { _ in [] }), at: now)
      if case .refused(.turnoFull, _) = outcome { refused += 1 }
      if case .admit(let admit) = command, admit.isOverCap, let appointment = outcome.appointment { overrides.append(appointment.folio) }
      if case .override = command, let appointment = outcome.appointment { overrides.append(appointment.folio) }
      if case .granted(.resolved(let booking, _), _) = outcome, booking.state == .appointment, let folio = booking.folio,
        try core.history().last(where: { $0.object == "appointment:\(folio.number)" })?.act == .acceptConflict, !overrides.contains(folio)
      {
        overrides.append(folio)
      }
      if case .granted = outcome { seen.insert(Self.kind(of: command)) }
      try Self.check(core, overrides: overrides, at: now)
    }
    #expect(refused > 0)
    #expect(!overrides.isEmpty)
    for kind in ["join", "round", "import", "paper", "admit", "book"] { #expect(seen.contains(kind), "\(kind)") }
    let history = try core.history()
    // Each change of an appointment says why it was made.
    #expect(history.filter { $0.object.hasPrefix("appointment:") && $0.reason == nil }.map(\.act) == [])
    #expect([Act.undo, .reschedule, .closeAgenda, .reopenAgenda].count { act in history.contains { $0.act == act } } >= 3)
    for folio in overrides {
      let rows = history.filter { $0.object == "appointment:\(folio.number)" && [.admitOverCap, .overrideCap, .acceptConflict].contains($0.act) }
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
    if chance.chance(1, in: 10) { return lifeOrClosure(&chance, core, on: resource, date, mine, seed) }
    switch chance.below(18) {
    case 11, 12:
      let dates = date...date.advanced(by: 1)
      return .waitlist(.join(JoinWaitlist(
        actor: .person(person), patient: person, wish: WaitlistWish(services: [service], dates: dates), reach: .inPerson, channel: .desk)))
    case 13:
      let offers = openOffers(core)
      guard let offer = offers.isEmpty ? nil : chance.pick(offers) else { fallthrough }
      return .waitlist(.take(TakePlace(
        actor: .person(offer.patient), patient: nil, what: .offer(offer.id), channel: .desk, folioSeed: seed << 40)))
    case 14, 15:
      let (reference, isKnown) = ("R\(chance.within(1...40))", chance.chance(3, in: 4))
      let row = ExternalRow(
        line: 2, reference: reference, choice: SlotChoice(resource: resource, date: date.advanced(by: chance.below(3)), start: start),
        identity: isKnown ? .number(chance.pick(people).number) : nil, isCancelled: chance.chance(1, in: 6))
      if chance.chance(1, in: 4) {
        return .resolve(ResolveConflict(actor: staff, source: "simf", reference: reference, how: .accept, folioSeed: seed << 40))
      }
      return .exchange(ImportBookings(actor: staff, source: "simf", rows: [row], isDryRun: false, folioSeed: seed << 40))
    case 16, 17:
      let sheets = blankRows(core).filter { $0.resource == resource }
      guard let sheet = sheets.isEmpty ? nil : chance.pick(sheets) else {
        return .paper(.reserve(ReservePaper(
          actor: staff, resource: resource, date: date, turno: .matutino, count: 6, folioSeed: seed << 40)))
      }
      return .paper(.enter(EnterPaper(
        actor: staff, folio: sheet.folio, patient: person, start: start, visit: chance.pick(EnterPaper.Visit.allCases))))
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
    case 6 where blocks < 4:
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

  private static func openOffers(_ core: StoreCore) -> [SlotOffer] {
    let rows = try? Statement("SELECT \(SlotOffer.columns) FROM slot_offer WHERE state = 'open' ORDER BY id", in: core.connection)
    return (try? rows?.all { row throws(StoreFault) in try SlotOffer(row) }) ?? []
  }

  private static func blankRows(_ core: StoreCore) -> [PaperRow] {
    let rows = try? Statement("SELECT \(PaperRow.columns) FROM paper_row WHERE appointment IS NULL ORDER BY folio", in: core.connection)
    return (try? rows?.all { row throws(StoreFault) in try PaperRow(row) }) ?? []
  }

  private static func kind(of command: Command) -> String {
    switch command {
    case .waitlist(.join): "join"
    case .waitlist(.round): "round"
    case .waitlist(.take(let take)): if case .offer = take.what { "offer" } else { "place" }
    case .exchange: "import"
    case .resolve: "accept"
    case .paper(.enter): "paper"
    case .admit: "admit"
    case .book: "book"
    default: ""
    }
  }

  /// Counted from the rows alone; today's line is nobody's place.
  private static func check(_ core: StoreCore, overrides: [Folio], at now: Instant) throws {
    let rows = try core.allAppointments().filter { $0.occupies(at: now) && !$0.isInTodaysLine }
    for (resource, cap) in [(ResourceID.c(1), 7), (.v(1), 5)] {
      for day in Set(rows.map(\.slot.date)) {
        let there = rows.filter { $0.slot.resource == resource && $0.slot.date == day }
        let beyond = there.count { overrides.contains($0.folio) }
        #expect(there.count <= cap + beyond, "\(resource) \(day)")
        #expect(there.allSatisfy { resource == .c(1) || !$0.slot.minutes.overlaps(AgendaMinute(minutes: 520)!..<AgendaMinute(minutes: 540)!) })
      }
    }
  }

  @Test("A place that was left by who stood there beyond the cap is nobody's: it is neither offered nor taken, and the turno is as full as it was")
  func leftBeyond() throws {
    let folder = TemporaryFolder()
    let people = (1...12).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: .fixture)
    defer { core.close() }
    _ = try core.apply([.people(people)], at: .fixture)
    for number: UInt8 in 1...7 {
      let minute = AgendaMinute(minutes: 465 + 15 * Int(number))!
      _ = try core.apply(.request(number, .book("C1 2026-11-24 \(minute)", for: people[Int(number)], seed: UInt64(number))))
    }
    let beyond = try #require(try core.apply(.request(20, .override(OverrideCap(
      actor: Self.staff, patient: people[8].id, service: .familyMedicine, choice: SlotChoice("C1 2026-11-24 09:45"), folioSeed: 90 << 40)))).appointment)
    let wish = WaitlistWish(services: [.familyMedicine], dates: CivilDate(iso: "2026-11-24")!...CivilDate(iso: "2026-11-24")!)
    _ = try core.apply(.request(21, .waitlist(.join(JoinWaitlist(
      actor: .person(people[9].id), patient: people[9].id, wish: wish, reach: .inPerson, channel: .kiosk)))))
    _ = try core.apply(.request(22, .cancel(beyond.folio, by: people[8])))
    let place = try #require(try core.keptPlaces().first)
    guard case .granted(.place(let settled), _) = try core.apply(.request(23, .waitlist(.round(OfferRound(place: place))))) else {
      Issue.record("the round was refused")
      return
    }
    #expect(settled.state == .released)
    #expect(try core.apply(.request(24, .book("C1 2026-11-24 09:45", for: people[10], seed: 91))).refusal == .turnoFull(cap: 7))
    // Who leaves within the cap leaves a place.
    _ = try core.apply(.request(25, .cancel(.seeded(3), by: people[3])))
    let other = try #require(try core.keptPlaces().first)
    guard case .granted(.place(let offered), _) = try core.apply(.request(26, .waitlist(.round(OfferRound(place: other))))) else {
      Issue.record("the round was refused")
      return
    }
    #expect(offered.state == .offered)
    let offer = try #require(Self.openOffers(core).first)
    let taken = try core.apply(.request(27, .waitlist(.take(TakePlace(
      actor: .person(people[9].id), patient: nil, what: .offer(offer.id), channel: .kiosk, folioSeed: 92 << 40)))))
    #expect(taken.appointment?.slot == Slot("C1 2026-11-24 08:30"))
    #expect(core.checkNight(at: .fixture) == [])
  }

  @Test("A walk-in takes the place that somebody left for them before any other slot, within the cap, and it is theirs in the history")
  func walkInPlace() throws {
    let folder = TemporaryFolder()
    let people = (1...12).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    let now = Instant(iso: "2026-11-23T14:05:00Z")!
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: .fixture)
    defer { core.close() }
    _ = try core.apply([.people(people)], at: .fixture)
    // 08:30 to 09:45: six of the cap's seven; 08:15 is free.
    for number: UInt8 in 1...6 {
      let minute = AgendaMinute(minutes: 495 + 15 * Int(number))!
      _ = try core.apply(.request(number, .book("C1 2026-11-23 \(minute)", for: people[Int(number)], seed: UInt64(number))))
    }
    func admit(_ person: Int, _ kind: AdmitPatient.Kind, over: Bool = false, at later: Instant) throws -> StoreOutcome {
      try core.apply(.request(UInt8(100 + person), .admit(AdmitPatient(
        actor: Self.staff, patient: people[person].id, service: .familyMedicine, at: SlotChoice("C1 2026-11-23 08:20"), kind: kind, isOverCap: over,
        folioSeed: UInt64(person + 50) << 40))), at: later)
    }
    _ = try core.apply(.request(20, .cancel(.seeded(3), by: people[3])), at: now)
    let id = try #require(try core.keptPlaces().first)
    let settled = now.adding(seconds: 600)
    guard case .granted(.place(let place), _) = try core.apply(.request(21, .waitlist(.round(OfferRound(place: id)))), at: settled) else {
      Issue.record("the round was refused")
      return
    }
    #expect(place.state == .forWalkIns && place.slot == Slot("C1 2026-11-23 09:00"))
    // An emergency is seen first, and takes nobody's place.
    #expect(try admit(8, .emergency, at: settled).appointment?.slot == Slot("C1 2026-11-23 08:15"))
    // Six people and the place: the cap holds, and the place is not one more.
    let given = try #require(try admit(9, .walkIn, at: settled).appointment)
    #expect(given.slot == place.slot && given.lane == 0 && given.status == .arrived)
    #expect(try admit(10, .walkIn, at: settled).refusal == .turnoFull(cap: 7))
    #expect(try core.keptPlaces().isEmpty)
    let history = try core.history()
    #expect(history.filter { $0.object == "appointment:\(given.folio.number)" }.map(\.act) == [.takePlace])
    #expect(history.last { $0.object == "freed_place:\(id)" }?.act == .takePlace)
    #expect(core.check() == [] && core.checkNight(at: settled) == [])
    let reader = try StoreReader(path: folder.file, options: .small)
    defer { reader.close() }
    let measures = try reader.measures(Self.rules, period: .fixture ... .fixture, at: settled.adding(seconds: 3 * 3600))
    #expect(measures.rows[0].freedAndReused == Proportion(1, of: 1))
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
