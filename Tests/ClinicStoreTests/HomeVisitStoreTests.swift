import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Visits at home in the store")
struct HomeVisitStoreTests {
  let folder = TemporaryFolder()

  func open(_ rules: ClinicRules = .homeVisits()) throws -> StoreCore {
    let core = try StoreCore.open(folder, rules: rules)
    _ = try core.apply([.people([.ana, .beto, .carla, .dario])], at: .fixture)
    return core
  }

  static func visits(_ core: StoreCore) throws -> [HomeVisit] {
    try Statement("SELECT \(HomeVisit.columns) FROM home_visit ORDER BY changed_at, appointment", in: core.connection)
      .all { row throws(StoreFault) in try HomeVisit(row) }
  }

  static func ask(_ slot: String, for patient: Patient, seed: UInt64) -> Command {
    .homeVisit(
      RequestHomeVisit(
        actor: .person(patient.id), patient: patient.id, form: .fixture(consultorio: .c(1), turno: .matutino), choice: SlotChoice(slot),
        channel: .kiosk, folioSeed: seed << 40))
  }

  static let staff = Actor.staff(StaffName("staff/uid:7")!, .correction)
  static func life(_ folio: Folio, _ step: LifeCommand.Step) -> Command {
    .life(LifeCommand(actor: staff, folio: folio, step: step, channel: .desk))
  }

  @Test("A visit is an appointment of the one inventory: it is moved, taken back and cancelled with its home, and no hour is used twice")
  func life() throws {
    let core = try open()
    let made = try #require(try core.apply(.request(1, Self.ask("P1 2026-11-24 09:00", for: .ana, seed: 1))).appointment)
    #expect(made.folio == .seeded(1) && made.slot == Slot("P1 2026-11-24 09:00", minutes: 60))
    #expect(try core.apply(.request(2, Self.ask("P1 2026-11-24 09:00", for: .dario, seed: 2))).refusal == .slotTaken(by: made.folio))
    let moved = try #require(
      try core.apply(.request(3, Self.life(made.folio, .reschedule(SlotChoice("P2 2026-11-30 10:00"), folioSeed: 9 << 40)))).appointment)
    let visits = try Self.visits(core)
    #expect(visits.map(\.appointment).sorted() == [made.folio, moved.folio].sorted() && visits.allSatisfy { $0.address == HomeVisitForm.fixture().address })
    #expect(visits.first { $0.appointment == moved.folio }?.date == CivilDate(iso: "2026-11-30"))
    let wrongDay = Self.life(moved.folio, .reschedule(SlotChoice("P2 2026-11-26 10:00"), folioSeed: 10 << 40))
    #expect(try core.apply(.request(4, wrongDay)).refusal == .homeVisit(.notVisited(zone: "norte")))
    #expect(try core.apply(.request(5, Self.life(moved.folio, .undo)), at: Instant.fixture.adding(seconds: 5)).appointment?.folio == made.folio)
    #expect(try core.apply(.request(6, .cancel(made.folio)), at: Instant.fixture.adding(seconds: 6)).appointment?.status == .cancelled)
    #expect(try core.apply(.request(7, Self.ask("P1 2026-11-24 09:00", for: .dario, seed: 3)), at: Instant.fixture.adding(seconds: 7)).appointment != nil)
    let acts = try core.history().filter { $0.object.hasPrefix("home_visit:") }.map(\.act)
    #expect(acts == [.requestHomeVisit, .reschedule, .requestHomeVisit])
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
    #expect(Shell.run("UPDATE home_visit SET street = 'Otra 1' WHERE appointment = \(made.folio.number)", on: folder.file) == nil)
    #expect(try StoreVerification(path: folder.file).findings.isEmpty == false)
  }

  @Test("A zone has as many visits on a date as it may, whoever goes, and a cancelled one counts no more")
  func cap() throws {
    let core = try open()
    let people = [Patient.ana, .beto, .dario]
    for (number, slot) in ["P1 2026-11-24 09:00", "P2 2026-11-24 09:00", "P1 2026-11-24 12:00"].enumerated() {
      let ask = Self.ask(slot, for: people[number], seed: UInt64(number) + 1)
      #expect(try core.apply(.request(UInt8(number) + 1, ask)).appointment != nil)
    }
    // Carla is a minor of Ana's NSS.
    var child = Self.ask("P2 2026-11-24 13:00", for: .carla, seed: 7)
    if case .homeVisit(var visit) = child { visit.actor = .person(Patient.ana.id); child = .homeVisit(visit) }
    #expect(try core.apply(.request(10, child)).refusal == .homeVisit(.zoneFull(cap: 3)))
    #expect(try core.apply(.request(11, .cancel(.seeded(2), by: .beto))).appointment != nil)
    #expect(try core.apply(.request(12, child)).appointment != nil)
    #expect(core.check() == [])
    core.close()
  }

  @Test("What is granted outlives a kill, and asked again is the same visit")
  func killed() throws {
    let core = try open()
    let ask = StoreCommand.request(1, Self.ask("P1 2026-11-24 09:00", for: .ana, seed: 1))
    #expect(try core.apply(ask).appointment != nil)
    let visits = try Self.visits(core)
    let copy = TemporaryFolder()
    copy.write(folder.bytes("clinic.sqlite"), to: "clinic.sqlite")
    copy.write(folder.bytes("clinic.sqlite-wal"), to: "clinic.sqlite-wal")
    core.close()
    let again = try StoreCore.open(copy, rules: .homeVisits())
    #expect(try Self.visits(again) == visits && visits.count == 1)
    #expect(try again.apply(ask) == .repeated(reply: Array(Folio.seeded(1).description.utf8)))
    #expect(again.check() == [])
    again.close()
  }

  @Test("A store of the shape before opens with its rows")
  func migration() throws {
    let first = try open(.fixture())
    let booked = try #require(try first.apply(.request(1, .book("C1 2026-11-24 08:15"))).appointment)
    first.close()
    #expect(Shell.run(OlderShape.back(to: 11), on: folder.file) == nil)
    let core = try StoreCore.open(folder, rules: .homeVisits())
    defer { core.close() }
    #expect(try core.allAppointments() == [booked])
    #expect(try core.apply(.request(2, Self.ask("P1 2026-11-24 09:00", for: .dario, seed: 2))).appointment != nil)
    #expect(core.check() == [])
  }
}
