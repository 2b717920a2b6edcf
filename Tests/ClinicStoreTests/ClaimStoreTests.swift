import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Further agendas in the store")
struct ClaimStoreTests {
  let folder = TemporaryFolder()

  func open(_ rules: ClinicRules = .telemedicine(), people: [Patient] = [.ana, .beto, .carla, .dario]) throws -> StoreCore {
    let core = try StoreCore.open(folder, rules: rules)
    _ = try core.apply([.people(people)], at: .fixture)
    return core
  }

  static func claims(_ core: StoreCore) throws -> [AgendaClaim] {
    try Statement("SELECT \(AgendaClaim.columns) FROM appointment_claim ORDER BY appointment, place", in: core.connection)
      .all { row throws(StoreFault) in try AgendaClaim(row) }
  }

  static func standing(_ core: StoreCore) throws -> [String] {
    try claims(core).filter(\.isStanding).map { "\($0.slot.resource) \($0.slot.start)" }
  }

  static func telemedicine(_ choice: String, for patient: Patient, seed: UInt64) -> Command {
    .book(choice, for: patient, service: .telemedicine, seed: seed)
  }

  @Test("P05: Booking fails atomically if any of the three resources is taken", arguments: [
    // The room, the only specialist, both professionals of the place.
    (["C6 2026-11-24 09:00"], CommandRefusal.slotTaken(by: .seeded(2))),
    (["C7 2026-11-24 09:00"], .companionTaken(role: "especialista_remoto")),
    ([], .companionTaken(role: "profesional_local")),
  ])
  func takenResource(taken: [String], expected: CommandRefusal) throws {
    let rules = ClinicRules.telemedicine { clinic in
      if taken.isEmpty { clinic.services[3].companions[1].resources = [.p(2)] }
      // A family doctor whose own agenda takes the professional's time.
      clinic.resources[8 + 1].services = [.familyMedicine]
    }
    let core = try open(rules)
    for choice in taken { #expect(try core.apply(.request(2, Self.telemedicine(choice, for: .dario, seed: 2))).appointment != nil) }
    if taken.isEmpty { #expect(try core.apply(.request(2, .book("P2 2026-11-24 09:15", for: .dario, seed: 2))).appointment != nil) }
    let before = (try core.dumpSHA256(), core.index)
    #expect(try core.apply(.request(1, Self.telemedicine("C6 2026-11-24 09:00", for: .ana, seed: 1))).refusal == expected)
    #expect(try core.dumpSHA256() == before.0 && core.index == before.1)
    #expect(core.check() == [])
    core.close()
  }

  @Test("A booking has all three, cancelling frees all three, and the history has every change of every row")
  func cancelling() throws {
    let core = try open()
    let made = try #require(try core.apply(.request(1, Self.telemedicine("C6 2026-11-24 09:00", for: .ana, seed: 1))).appointment)
    #expect(try Self.standing(core) == ["P1 09:00", "P2 09:00"])
    #expect(core.check() == [])
    _ = try core.apply(.request(2, .cancel(made.folio)), at: Instant.fixture.adding(seconds: 1))
    #expect(try Self.standing(core) == [])
    #expect(try Self.claims(core).count == 2)
    let acts = try core.history().suffix(6).map { "\($0.act.rawValue) \($0.object.prefix { $0 != ":" })" }
    #expect(acts == [
      "book appointment", "book appointment_claim", "book appointment_claim", "cancel appointment", "cancel appointment_claim",
      "cancel appointment_claim",
    ])
    #expect(core.check() == [])
    #expect(try StoreVerification(path: folder.file).findings == [])
    #expect(try core.apply(.request(3, Self.telemedicine("C7 2026-11-24 09:00", for: .dario, seed: 3))).appointment != nil)
    core.close()
    let again = try StoreCore.open(folder, rules: .telemedicine())
    #expect(again.check() == [])
    again.close()
  }

  @Test("A hold keeps all three for its time, a booking of it for good, and what runs out is everybody's again")
  func holds() throws {
    let core = try open()
    func hold(_ choice: String, _ patient: Patient, _ seed: UInt64) -> Command {
      .hold(
        HoldSlot(
          actor: .person(patient.id), patient: patient.id, service: .telemedicine, choice: SlotChoice(choice), channel: .kiosk,
          folioSeed: seed << 40))
    }
    let later = Instant.fixture.adding(seconds: 121)
    #expect(try core.apply(.request(1, hold("C6 2026-11-24 09:00", .ana, 1))).appointment?.status == .pending)
    #expect(try core.apply(.request(2, hold("C7 2026-11-24 09:00", .dario, 2))).refusal == .companionTaken(role: "especialista_remoto"))
    let held = try #require(try core.apply(.request(3, hold("C7 2026-11-24 09:00", .dario, 3)), at: later).appointment)
    let book = Command.book(
      BookAppointment(actor: .person(Patient.dario.id), patient: Patient.dario.id, what: .hold(held.folio), channel: .kiosk, folioSeed: 0))
    #expect(try core.apply(.request(4, book), at: later).appointment?.status == .booked)
    #expect(try Self.claims(core).filter { $0.appointment == held.folio }.map(\.until) == [nil, nil])
    #expect(core.check() == [])
    core.close()
  }

  @Test("A change of date moves all three at once, and taking it back moves them back")
  func rescheduling() throws {
    let core = try open()
    let made = try #require(try core.apply(.request(1, Self.telemedicine("C6 2026-11-24 09:00", for: .ana, seed: 1))).appointment)
    let staff = Actor.staff(StaffName("staff/uid:7")!, .correction)
    func life(_ folio: Folio, _ step: LifeCommand.Step) -> Command {
      .life(LifeCommand(actor: staff, folio: folio, step: step, channel: .desk))
    }
    // Half an hour later the specialist's own time is in nobody's way.
    let moved = try #require(
      try core.apply(.request(2, life(made.folio, .reschedule(SlotChoice("C7 2026-11-24 09:00"), folioSeed: 9 << 40)))).appointment)
    #expect(try Self.standing(core) == ["P1 09:00", "P2 09:00"])
    #expect(try Self.claims(core).filter(\.isStanding).allSatisfy { $0.appointment == moved.folio })
    #expect(try core.apply(.request(3, life(moved.folio, .undo)), at: Instant.fixture.adding(seconds: 5)).appointment?.folio == made.folio)
    #expect(try Self.claims(core).filter(\.isStanding).map(\.appointment) == [made.folio, made.folio])
    #expect(core.check() == [])
    core.close()
  }

  @Test("No rows overlap, whoever writes: a claim on an appointment, an appointment on a claim, a claim on a claim")
  func schema() throws {
    let core = try open()
    let made = try #require(try core.apply(.request(1, Self.telemedicine("C6 2026-11-24 09:00", for: .ana, seed: 1))).appointment)
    core.close()
    let day = made.slot.date.daysSinceEpoch
    func claim(_ resource: String, _ start: Int, _ end: Int, standing: Int = 1) -> String {
      "INSERT INTO appointment_claim VALUES (\(made.folio.number), 9, 'r', '\(resource)', \(day), \(start), \(end), 'kiosk', NULL, \(standing), 1, 0)"
    }
    #expect(Shell.run(claim("C6", 555, 585), on: folder.file) == "overlap")
    #expect(Shell.run(claim("C6", 570, 585), on: folder.file) == nil)
    let other = SchemaTests.insert(resource: "P1", day: day, 555, 570)
    #expect(Shell.run(other, on: folder.file) == "overlap")
    #expect(Shell.run(SchemaTests.insert(resource: "P1", day: day, 570, 585), on: folder.file) == nil)
  }

  @Test("P05: Of fifty at once over one specialist, each has all three or nothing", .timeLimit(.minutes(2)))
  func rush() async throws {
    let people = (0..<50).map { Patient.fixture(Int64(1 + $0), nss: nil, consultorio: nil, turno: nil) }
    let rules = ClinicRules.telemedicine()
    let store = try ClinicStore(path: folder.file, rules: rules, options: .small, clock: { .fixture })
    _ = try await store.submit(.people(people))
    // Two rooms, twelve half hours of one specialist: twelve appointments at the most, whatever the order.
    let outcomes = try await withThrowingTaskGroup(of: StoreOutcome.self) { group in
      for (place, person) in people.enumerated() {
        group.addTask {
          let hour = 8 * 60 + place % 12 * 30
          let choice = "C\(6 + place % 2) 2026-11-24 \(AgendaMinute(minutes: hour)!)"
          return try await store.submit(.request(UInt8(place + 1), Self.telemedicine(choice, for: person, seed: UInt64(place + 1))))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let made = outcomes.compactMap(\.appointment)
    #expect(made.count == 12)
    #expect(outcomes.filter { $0.appointment == nil }.allSatisfy { outcome in
      switch outcome.refusal {
      case .slotTaken, .companionTaken: true
      default: false
      }
    })
    let claims = try await store.read { reader throws(StoreFault) in
      var claims: [AgendaClaim] = []
      for appointment in made { claims += try reader.claims(of: appointment.folio) }
      return claims
    }
    #expect(claims.count == 24 && claims.allSatisfy(\.isStanding))
    #expect(Set(claims.map(\.slot)).count == 24)
    for appointment in made {
      let theirs = claims.filter { $0.appointment == appointment.folio }
      #expect(theirs.map(\.place) == [1, 2] && theirs.allSatisfy { $0.slot.minutes == appointment.slot.minutes })
    }
    #expect(try await store.check() == [])
    // Cancelling them all leaves nothing taken anywhere.
    for (place, appointment) in made.enumerated() {
      let person = people.first { $0.id == appointment.patient }!
      _ = try await store.submit(.request(UInt8(100 + place), .cancel(appointment.folio, by: person)))
    }
    let free = store.snapshot.find(FindSlots(service: .telemedicine, channel: .kiosk, date: CivilDate(iso: "2026-11-24"), limit: 100), at: .fixture)
    #expect(free.count == 24)
    #expect(try await store.check() == [])
    await store.close()
  }

  @Test("Forty families at once over one morning: each has all of its slots or none", .timeLimit(.minutes(2)))
  func families() async throws {
    let households = (0..<40).map { family in
      (0..<3).map { member in
        var person = Patient.fixture(Int64(1 + family * 3 + member), nss: nil, born: member == 0 ? "1985-04-30" : "2015-04-30")
        person.nss = NSS(digits: family)
        return person
      }
    }
    let store = try ClinicStore(path: folder.file, rules: .fixture(), options: .small, clock: { .fixture })
    for household in households { _ = try await store.submit(.people(household)) }
    let outcomes = try await withThrowingTaskGroup(of: StoreOutcome.self) { group in
      for (place, household) in households.enumerated() {
        group.addTask {
          let members = household.enumerated().map { number, person in
            let minute = 480 + (place * 2 % 22 + number) * 15
            return BookTogether.Member(patient: person.id, choice: SlotChoice("C1 2026-11-24 \(AgendaMinute(minutes: minute)!)"))
          }
          let together = BookTogether(
            actor: .person(household[0].id), service: .familyMedicine, members: members, channel: .kiosk, folioSeed: UInt64(place + 1) << 40)
          return try await store.submit(.request(UInt8(place + 1), .together(together)))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let made = outcomes.compactMap { if case .granted(.appointments(let made), _) = $0 { made } else { nil } }
    #expect(made.count >= 4 && made.allSatisfy { $0.count == 3 })
    let counts = try await store.read { reader throws(StoreFault) in
      var counts: [Int] = []
      for household in households {
        var count = 0
        for person in household { count += try reader.appointments(of: person.id, since: nil).count }
        counts.append(count)
      }
      return counts
    }
    #expect(counts.allSatisfy { $0 == 0 || $0 == 3 })
    #expect(counts.count { $0 == 3 } == made.count)
    #expect(try await store.check() == [])
    await store.close()
  }
}

extension NSS {
  /// The `number`-th of a row of well-formed ones that are nobody's.
  fileprivate init(digits number: Int) {
    let head = "00" + "\(10_000_000 + number * 7)"
    self = (0...9).lazy.compactMap { NSS("\(head)\($0)") }.first!
  }
}
