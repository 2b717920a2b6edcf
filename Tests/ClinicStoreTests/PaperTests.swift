import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Rows of paper in the store")
struct PaperTests {
  let folder = TemporaryFolder()
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)

  static func reserve(_ count: Int, seed: UInt64 = 1, resource: ResourceID = .c(1), date: CivilDate = .fixture) -> Command {
    .paper(.reserve(ReservePaper(actor: staff, resource: resource, date: date, turno: .matutino, count: count, folioSeed: seed << 40)))
  }

  static func enter(_ row: PaperRow, _ person: Patient, _ hour: String, attended: Bool = false) -> Command {
    .paper(.enter(EnterPaper(actor: staff, folio: row.folio, patient: person.id, start: AgendaMinute(text: hour)!, visit: attended ? .attended : .ahead)))
  }

  @Test("A folio that is reserved is never given to anybody else, whatever chance proposes, and outlives a kill")
  func reserved() throws {
    let core = try StoreCore.fixture(folder)
    let rows = try #require(try core.apply(.request(1, Self.reserve(3, seed: 5))).paper).rows
    #expect(rows.map(\.number) == [1, 2, 3] && rows[0].folio == .seeded(5) && Set(rows.map(\.folio)).count == 3)
    // Printed again: the same; with one row more: one more.
    #expect(try core.apply(.request(2, Self.reserve(3, seed: 6))).paper?.rows == rows)
    #expect(try core.apply(.request(3, Self.reserve(4, seed: 7))).paper?.rows.dropLast() == rows[...])
    let booked = try #require(try core.apply(.request(4, .book("C2 2026-11-24 08:15", seed: 5))).appointment)
    #expect(booked.folio != .seeded(5))
    let other = try #require(try core.apply(.request(5, .book("C2 2026-11-24 08:30", for: .beto, seed: 9))).appointment)
    let more = try #require(try core.apply(.request(6, Self.reserve(2, seed: 9, resource: .c(2)))).paper).rows
    #expect(!more.map(\.folio).contains(other.folio))
    // What a kill leaves: file and log as they are.
    let copy = TemporaryFolder()
    copy.write(folder.bytes("clinic.sqlite"), to: "clinic.sqlite")
    copy.write(folder.bytes("clinic.sqlite-wal"), to: "clinic.sqlite-wal")
    core.close()
    let again = try StoreCore.open(copy)
    #expect(again.check() == [])
    #expect(try again.apply(.request(7, Self.reserve(3, seed: 8))).paper?.rows.prefix(3) == rows[...])
    #expect(try again.history().count { $0.act == .reservePaper } == 6)
    again.close()
    #expect(Shell.run("DELETE FROM paper_row", on: copy.file) == "a reserved folio is never given back")
    #expect(
      Shell.run(SchemaTests.insert(folio: Int(Folio.seeded(5).number), 600, 615), on: copy.file) == "reserved folio")
    #expect(try StoreVerification(path: copy.file).findings == [])
    #expect(Shell.run("UPDATE paper_row SET number = 99 WHERE number = 1", on: copy.file) == nil)
    #expect(try StoreVerification(path: copy.file).findings.isEmpty == false)
  }

  @Test("What is keyed in takes its slot, today's line or the appointment that was there, and stays so when it is keyed in again")
  func entered() throws {
    let core = try StoreCore.fixture(folder)
    let own = try #require(try core.apply(.request(3, .book("C2 2026-11-23 12:00", for: .carla, seed: 2))).appointment)
    let now = Instant(iso: "2026-11-23T16:00:00Z")! // 10:00
    let rows = try #require(try core.apply(.request(1, Self.reserve(4)), at: now).paper).rows
    let phoned = try #require(try core.apply(.request(2, .book("C1 2026-11-23 10:15", for: .beto)), at: now).appointment)
    func key(_ number: UInt8, _ command: Command) throws -> PaperOutcome? { try core.apply(.request(number, command), at: now).paper }
    let free = try #require(try key(4, Self.enter(rows[0], .ana, "09:07", attended: true)))
    #expect(free.rows[0].outcome == .slot && free.appointment?.slot == Slot("C1 2026-11-23 09:00"))
    #expect(free.appointment?.status == .fulfilled && free.appointment?.folio == rows[0].folio)
    let taken = try #require(try key(5, Self.enter(rows[1], .dario, "10:15")))
    #expect(taken.rows[0].outcome == .todaysLine && taken.rows[0].conflict == phoned.folio)
    #expect(taken.appointment?.isInTodaysLine == true && taken.appointment?.status == .checkedIn)
    let same = try #require(try key(6, Self.enter(rows[2], .carla, "09:30", attended: true)))
    #expect(same.rows[0].outcome == .sameAppointment && same.appointment?.folio == own.folio && same.appointment?.status == .fulfilled)
    #expect(try key(7, Self.enter(rows[1], .dario, "10:15")) == taken)
    #expect(try core.apply(.request(8, Self.enter(rows[1], .ana, "10:15")), at: now).refusal == .wrongState(.checkedIn))
    #expect(try core.apply(.request(9, Self.enter(rows[3], .ana, "17:00")), at: now).refusal == .closed)
    var nobodys = rows[3]
    nobodys.folio = .fixture(77)
    #expect(try core.apply(.request(10, Self.enter(nobodys, .ana, "09:00")), at: now).refusal == .appointmentNotFound)
    #expect(try core.apply(.request(11, Self.enter(rows[3], .ana, "11:00", attended: true)), at: now).refusal == .tooEarly(from: Instant(iso: "2026-11-23T17:00:00Z")!))
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
  }

  @Test("Of a day that is over the outcome is said: seen or gone, nobody waits in it for ever; their own appointment is ended too")
  func pastDay() throws {
    let core = try StoreCore.fixture(folder)
    let rows = try #require(try core.apply(.request(1, Self.reserve(4))).paper).rows
    _ = try #require(try core.apply(.request(2, .book("C2 2026-11-23 09:00", for: .carla, seed: 2))).appointment)
    let next = Instant(iso: "2026-11-24T15:00:00Z")!
    func key(_ number: UInt8, _ row: Int, _ person: Patient, _ hour: String, _ visit: EnterPaper.Visit, at now: Instant) throws -> StoreOutcome {
      let enter = EnterPaper(
        actor: Self.staff, folio: rows[row].folio, patient: person.id, start: AgendaMinute(text: hour)!, visit: visit)
      return try core.apply(.request(number, .paper(.enter(enter))), at: now)
    }
    for (number, person): (UInt8, Patient) in [(3, .ana), (4, .carla)] {
      #expect(try key(number, 0, person, "09:00", .ahead, at: next).refusal == .slotInThePast)
    }
    let gone = try #require(try key(5, 0, .ana, "09:00", .left, at: next).paper?.appointment)
    #expect(gone.status == .noshow && gone.slot == Slot("C1 2026-11-23 09:00"))
    #expect(try key(6, 1, .carla, "09:00", .left, at: next).paper?.appointment?.status == .noshow)
    #expect(try key(7, 2, .beto, "10:00", .attended, at: next).paper?.appointment?.status == .fulfilled)
    #expect(try core.allAppointments().allSatisfy { !$0.status.isActive })
    #expect(core.check() == [])
    core.close()
  }

  @Test("Limits of a sheet", arguments: [
    (reserve(3, date: CivilDate.fixture.advanced(by: 8)), CommandRefusal.beyondHorizon(last: CivilDate.fixture.advanced(by: 7))),
    (reserve(3, date: CivilDate.fixture.advanced(by: -2)), .slotInThePast), (reserve(3, date: CivilDate.fixture.advanced(by: 5)), .closed),
    (reserve(3, resource: .c(77)), .resourceNotOffered),
    (.paper(.reserve(ReservePaper(actor: .person(Patient.ana.id), resource: .c(1), date: .fixture, turno: .matutino, count: 1, folioSeed: 1))), .notAllowed),
  ])
  func limits(command: Command, refusal: CommandRefusal) throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    #expect(try core.apply(.request(1, command)).refusal == refusal)
  }

  @Test("A store of the sixth shape opens with its rows, and reserves from then on")
  func migration() throws {
    let first = try StoreCore.fixture(folder)
    let booked = try #require(try first.apply(.request(1, .book("C1 2026-11-24 08:15"))).appointment)
    first.close()
    #expect(Shell.run(OlderShape.back(to: 10), on: folder.file) == nil)
    let core = try StoreCore.open(folder)
    defer { core.close() }
    #expect(core.check() == [])
    #expect(try core.allAppointments() == [booked])
    #expect(try core.apply(.request(2, Self.reserve(2))).paper?.rows.count == 2)
  }
}

extension StoreOutcome {
  /// What was granted about paper.
  var paper: PaperOutcome? {
    if case .granted(.paper(let paper), _) = self { paper } else { nil }
  }
}
