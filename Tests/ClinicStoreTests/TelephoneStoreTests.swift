import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Alarms, calls to return and records of guidance in the store")
struct TelephoneStoreTests {
  let folder = TemporaryFolder()

  static let guide = PlayedGuide(code: "dolor_de_pecho", version: 1, hash: Array(repeating: 9, count: 32))
  static let session = [UInt8](repeating: 7, count: 16)
  static let report = AlarmReport(
    session: session, guide: guide, sign: "dolor_de_pecho", code: .infarto, channel: .phone, device: "ivr/uid:7", toldAt: .fixture)
  static let record = GuidanceRecord(
    session: session, guide: guide, language: "es", channel: .phone, trail: [.init(step: "senales", key: 1), .init(step: "cuando", key: 2)],
    signs: ["dolor_de_pecho"], promptSigns: ["moretones"], isPregnant: true,
    onset: Instant.fixture.adding(seconds: -3600)...Instant.fixture, ending: .init(step: "llame_911", kind: .emergency911))
  static let nurse = StaffName("staff/uid:1000")!

  static func callback(_ phone: String = "5512345678", seed: UInt64 = 5, patient: PatientID? = nil) -> TelephoneCommand {
    .requestCallback(
      RequestCallback(
        phone: PhoneNumber(phone)!, reason: .guidance, patient: patient, guidance: session, channel: .phone, folioSeed: seed))
  }

  func read<Value: Sendable>(_ body: @escaping @Sendable (StoreReader) throws(StoreFault) -> Value) async throws -> Value {
    let store = try ClinicStore(path: folder.file, rules: .fixture(), options: .small, clock: { .fixture })
    let result: Result<Value, any Error>
    do { result = .success(try await store.read(body)) } catch { result = .failure(error) }
    await store.close()
    return try result.get()
  }

  private func apply(_ core: StoreCore, _ number: UInt8, _ command: TelephoneCommand, at now: Instant = .fixture) throws -> TelephoneOutcome {
    guard case .granted(.telephone(let outcome), _) = try core.apply([.request(number, .telephone(command))], at: now)[0] else {
      throw NotGranted()
    }
    return outcome
  }

  struct NotGranted: Error {}

  @Test("What is written is read back, also by the next server; the history has each act, and no telephone number")
  func roundTrip() async throws {
    let core = try StoreCore.fixture(folder)
    let before = core.head.seq
    guard case .alarm(let alarm) = try apply(core, 1, .tellAlarm(Self.report)) else { return }
    _ = try apply(core, 2, .keepGuidance(Self.record))
    let later = Instant.fixture.adding(seconds: 31)
    guard case .alarm(let escalated) = try apply(core, 3, .escalateAlarm(alarm.id), at: later) else { return }
    guard case .callback(let callback) = try apply(core, 4, Self.callback(patient: Patient.ana.id), at: later) else { return }
    _ = try apply(core, 5, .takeCallback(callback.folio, by: Self.nurse), at: later)
    _ = try apply(core, 6, .noteAttempt(NoteAttempt(folio: callback.folio, result: .answered, by: Self.nurse)), at: later)
    guard case .callback(let closed) = try apply(
      core, 7, .closeCallback(CloseCallback(folio: callback.folio, outcome: .attended, by: Self.nurse)), at: later) else { return }
    #expect(core.check() == [])
    #expect(try core.history(after: before).map { "\($0.act.rawValue) \($0.object.prefix { $0 != ":" })" } == [
      "tell-alarm telephone_alarm", "keep-guidance guidance_record", "escalate-alarm telephone_alarm", "request-callback callback",
      "take-callback callback", "note-attempt callback", "note-attempt callback_attempt", "close-callback callback",
    ])
    core.close()

    var record = Self.record
    (record.id, record.keptAt) = (1, .fixture)
    let found = try await read { reader throws(StoreFault) in
      (
        alarms: try reader.alarms(), records: try reader.guidanceRecords(limit: 9), open: try reader.callbacks(closed: false),
        closed: try reader.callbacks(closed: true)
      )
    }
    #expect(found.alarms == [AlarmEntry(alarm: escalated, onset: record.onset)])
    #expect(found.records == [record])
    #expect(found.open == [])
    let attempt = CallbackAttempt(id: 1, callback: callback.folio, number: 1, at: later, by: "staff/uid:1000", result: .answered)
    #expect(found.closed == [CallbackEntry(callback: closed, attempts: [attempt], patient: Patient.ana.number)])
    // Nowhere in the file: the number is forgotten with the call.
    for name in folder.names where name.hasPrefix("clinic.sqlite") {
      #expect(!String(decoding: folder.bytes(name), as: UTF8.self).contains("5512345678"), "\(name)")
    }
  }

  @Test("A repeated request is the same alarm, and a number is called once")
  func repeats() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let first = try core.apply([.request(1, .telephone(.tellAlarm(Self.report)))], at: .fixture)[0]
    guard case .granted(_, let reply) = first else { return }
    #expect(try core.apply([.request(1, .telephone(.tellAlarm(Self.report)))], at: .latest)[0] == .repeated(reply: reply))
    let callback = try apply(core, 2, Self.callback(seed: 5))
    #expect(try apply(core, 3, Self.callback(seed: 6)) == callback)
    #expect(try apply(core, 4, Self.callback("5598765432", seed: 5)) != callback)
  }

  @Test("A folio is never an appointment's and a call's at once: the next of the seed is taken, and nothing of the other is touched")
  func folios() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    guard case .granted(.appointment(let appointment), _) = try core.apply(.request(1, .book("C1 2026-11-24 08:15", seed: 5))) else { return }
    guard case .callback(let first) = try apply(core, 2, Self.callback(seed: 5 << 40)) else { return }
    guard case .callback(let second) = try apply(core, 3, Self.callback("5598765432", seed: 5 << 40)) else { return }
    #expect(Set([appointment.folio, first.folio, second.folio]).count == 3)
    #expect(first.phone != second.phone && core.check() == [])
    // The other way round too: a call's and a referral's folio are no appointment's.
    guard case .callback(let owed) = try apply(core, 4, Self.callback("5511112222", seed: 7 << 40)) else { return }
    let booked = try core.apply(.request(5, .book("C1 2026-11-24 08:30", for: .dario, seed: 7))).appointment
    #expect(owed.folio == .seeded(7) && booked != nil && booked?.folio != owed.folio)
    guard case .granted(.duty(let duty), _) = try core.apply(.request(6, DutyStoreTests.refer(9))) else { return }
    let referral = duty.referral
    let next = try core.apply(.request(7, .book("C2 2026-11-24 08:30", for: .beto, seed: 9))).appointment
    #expect(referral?.folio == .seeded(9) && next != nil && next?.folio != referral?.folio)
    #expect(core.check() == [])
  }

  @Test("What is refused leaves nothing")
  func refused() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let before = core.head
    for (number, command) in [TelephoneCommand.escalateAlarm(9), .takeCallback(.fixture(1), by: Self.nurse)].enumerated() {
      let outcome = try core.apply([.request(UInt8(number + 1), .telephone(command))], at: .fixture)[0]
      #expect(outcome == .refused(.telephone(number == 0 ? .alarmNotFound : .callbackNotFound), wish: nil))
    }
    #expect(core.head == before)
  }

  @Test("The schema refuses what no decision gives", arguments: [
    ("UPDATE callback SET state = 'closed'", "CHECK constraint failed"),
    ("UPDATE callback SET owner = 'nobody'", "CHECK constraint failed: owner"),
    ("UPDATE callback SET state = 'taken'", "CHECK constraint failed: state <> 'taken'"),
    ("UPDATE telephone_alarm SET acknowledged_at = raised_at", "CHECK constraint failed: (acknowledged_at IS NULL)"),
    ("UPDATE telephone_alarm SET escalated_at = raised_at - 1", "CHECK constraint failed: escalated_at"),
    ("UPDATE guidance_record SET pregnant = 0", "a record of guidance is never changed"),
    ("DELETE FROM guidance_record", "a record of guidance is never deleted"),
  ])
  func schema(sql: String, words: String) throws {
    let core = try StoreCore.fixture(folder)
    for (number, command) in [.tellAlarm(Self.report), .keepGuidance(Self.record), Self.callback()].enumerated() {
      _ = try apply(core, UInt8(number + 1), command)
    }
    core.close()
    let said = Shell.run(sql, on: folder.file, pragmas: "PRAGMA foreign_keys = ON")
    #expect(said?.contains(words) == true, "\(said ?? "nothing")")
  }
}
