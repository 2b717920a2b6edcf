import ClinicDomain
@testable import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("A store with years behind it")
struct LongHistoryTests {
  static let rules = ClinicRules(clinic: .large(consultorios: 8), zone: .mexicoCity)
  static let people = (1...400).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }

  /// 60 appointments of each person that are over, and three answers to each of them, in no order.
  static let history = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24000)
    INSERT OR IGNORE INTO appointment SELECT abs(random() % 899999999999) + 100000000000, i % 400 + 1, 'medicina_familiar', 'matutino',
      'C' || (i % 8 + 1), 20000 + i / 400, 0, 480 + i % 40, 490 + i % 40, 'noshow', 'kiosk', NULL, NULL, 1, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0 FROM n;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 72000)
    INSERT INTO request SELECT randomblob(16), zeroblob(32), zeroblob(250), NULL, 0 FROM n;
    """

  static func open(_ folder: TemporaryFolder, withHistory: Bool) throws -> StoreCore {
    let core = try StoreCore.open(.file(folder.file), rules: rules, options: .small, at: .fixture)
    _ = try core.apply([.people(people)], at: .fixture)
    if withHistory { try core.connection.execute("BEGIN; \(history) COMMIT") }
    return core
  }

  /// What 128 bookings of 128 people cost, in four batches, after as many that warm everything up.
  static func work(_ core: StoreCore) throws -> PageWork {
    for half in 0..<2 {
      _ = core.takePageWork()
      for batch in 0..<4 {
        let commands = (0..<32).map { place -> StoreCommand in
          let number = half * 128 + batch * 32 + place
          let start = AgendaMinute(minutes: 480 + 15 * (number % 48))!
          var chance = SeededGenerator(seed: UInt64(number))
          let id = (0..<16).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
          let command = Command.book(BookAppointment(
            actor: .person(people[number].id), patient: people[number].id,
            what: .slot(.familyMedicine, SlotChoice(resource: .c(1 + number / 48), date: CivilDate(iso: "2026-11-25")!, start: start)),
            channel: .kiosk, folioSeed: chance.next()))
          return StoreCommand(
            requestID: RequestID(id), digest: id + id, command: command, encodeReply: { _ in [UInt8](repeating: 7, count: 250) })
        }
        for outcome in try core.apply(commands, at: .fixture) { #expect(outcome.refusal == nil && outcome.appointment != nil || outcome.refusal == .notAccessible) }
      }
    }
    return core.takePageWork()
  }

  @Test("A booking touches no more than 1.3 times the pages that it touches in an empty store, and reads and writes few more")
  func pages() throws {
    let folders = (TemporaryFolder(), TemporaryFolder())
    let (empty, full) = (try Self.open(folders.0, withHistory: false), try Self.open(folders.1, withHistory: true))
    let (little, much) = (try Self.work(empty), try Self.work(full))
    #expect(Double(much.touched) <= 1.3 * Double(little.touched), "\(much) to \(little)")
    // For each booking one page of ids and one of folios may be far away; nothing of what the person had before is looked at.
    #expect(much.missed <= little.missed + 3 * 128, "\(much) to \(little)")
    #expect(much.written <= little.written + 3 * 128, "\(much) to \(little)")
    empty.close()
    full.close()
  }

  @Test("Every statement by patient is led by an index, and an answer is found by its id alone")
  func plans() throws {
    let folder = TemporaryFolder()
    let core = try Self.open(folder, withHistory: false)
    for name in [StoreStatements.Name.activeAppointments, .householdAppointments, .patientDay, .request, .appointment] {
      let rows = try Statement("EXPLAIN QUERY PLAN \(name.sql)", in: core.connection)
      var plan: [String] = []
      while try rows.step() { plan.append(rows.text(3)) }
      #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(name): \(plan)")
    }
    core.close()
  }

  @Test("Which numbers a call may still ring at is read from the calls in hand, not from those of the years")
  func linesInUse() throws {
    let folder = TemporaryFolder()
    let core = try Self.open(folder, withHistory: false)
    let rows = try Statement("EXPLAIN QUERY PLAN \(LinesInUse.sql)", in: core.connection)
    var plan: [String] = []
    while try rows.step() { plan.append(rows.text(3)) }
    #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
    for index in ["notice_calling", "outbound_call_calling"] { #expect(plan.contains { $0.contains("INDEX \(index) ") }, "\(plan)") }
    rows.reset()
    core.close()
  }

  @Test("A repeat is answered with the bytes of the first time, whatever has come in between")
  func repeats() throws {
    let folder = TemporaryFolder()
    let core = try Self.open(folder, withHistory: true)
    let command = StoreCommand.request(1, .book("C1 2026-11-25 08:15", for: Self.people[0], seed: 5))
    let first = try #require(try core.apply(command).appointment)
    _ = try core.apply(.request(2, .cancel(first.folio, by: Self.people[0])))
    let later = Instant.fixture.adding(seconds: 300 * 86_400)
    #expect(try core.apply(command, at: later) == .repeated(reply: Array(first.folio.description.utf8)))
    #expect(try core.apply(.request(1, content: 9, .book("C1 2026-11-25 08:15", for: Self.people[0], seed: 5)), at: later) == .conflictingRepeat)
    core.close()
  }

  @Test("A store of the version before keeps every answer, and lists each person's appointments of both kinds in one order")
  func migrated() async throws {
    let folder = TemporaryFolder()
    let core = try Self.open(folder, withHistory: false)
    let command = StoreCommand.request(1, .book("C1 2026-11-25 08:15", for: Self.people[0], seed: 5))
    let first = try #require(try core.apply(command).appointment)
    _ = try core.apply(.request(2, .cancel(first.folio, by: Self.people[0])))
    let second = try #require(try core.apply(.request(3, .book("C1 2026-11-25 08:00", for: Self.people[0], seed: 6))).appointment)
    core.close()
    #expect(Shell.run(OlderShape.back(to: 11), on: folder.file) == nil)
    let store = try ClinicStore(path: folder.file, rules: Self.rules, options: .small, clock: { .fixture })
    #expect(try await store.submit(command) == .repeated(reply: Array(first.folio.description.utf8)))
    let listed = try await store.appointments(of: Self.people[0].id, includePast: true, now: .fixture)
    #expect(listed.map(\.folio) == [second.folio, first.folio])
    #expect(try await store.check() == [])
    await store.close()
  }
}
