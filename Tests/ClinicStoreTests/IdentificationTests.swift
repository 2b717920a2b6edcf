import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Counting failed identifications")
struct IdentificationTests {
  let folder = TemporaryFolder()

  static func subject(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 32) }

  static func failure(
    _ subject: UInt8 = 1, _ channel: Channel = .kiosk, device: String = "kiosk/uno", visit: UInt8? = nil, _ bounds: IdentificationBounds = .init()
  ) -> StoreCommand {
    let failure = IdentificationFailure(
      subject: Self.subject(subject), channel: channel, device: device, visit: visit.map(Self.subject), bounds: bounds)
    return StoreCommand(requestID: nil, digest: [], command: .identification(.failure(failure)), encodeReply: { _ in [] })
  }

  static func unlock(_ what: UnlockIdentification.What, _ number: UInt8 = 200) -> StoreCommand {
    .request(number, .identification(.unlock(UnlockIdentification(what: what, reason: .deviceChecked, by: StaffName("staff/uid:7")!))))
  }

  static func query(
    _ identifier: IdentificationQuery.Identifier = .nss(Patient.ana.nss!), born: String = "1985-04-30", subject: UInt8 = 1,
    _ channel: Channel = .kiosk, device: String = "kiosk/uno", visit: UInt8? = nil, on today: CivilDate = .fixture
  ) -> IdentificationQuery {
    IdentificationQuery(
      identifier: identifier, birthDate: CivilDate(iso: born)!, subject: Self.subject(subject), channel: channel, device: device,
      visit: visit.map(Self.subject), today: today)
  }

  func read<Value: Sendable>(_ body: @escaping @Sendable (StoreReader) throws(StoreFault) -> Value) async throws -> Value {
    let store = try ClinicStore(path: folder.file, rules: .fixture(), options: .small, clock: { .fixture })
    let value: Value
    do { value = try await store.read(body) } catch {
      await store.close()
      throw error
    }
    await store.close()
    return value
  }

  @Test("Failures count by visit, by identifier and door and day, and for nobody else")
  func counts() async throws {
    let core = try StoreCore.fixture(folder)
    for command in [Self.failure(1, visit: 9), Self.failure(1, visit: 9), Self.failure(1, .phone), Self.failure(2, visit: 8)] {
      _ = try core.apply(command)
    }
    core.close()
    let queries = [
      Self.query(visit: 9), Self.query(.nss(Patient.ana.nss!), .phone), Self.query(subject: 2, visit: 8), Self.query(subject: 3),
      Self.query(visit: 9, on: CivilDate.fixture.advanced(by: 1)),
    ]
    let counts = try await read { reader throws(StoreFault) in
      var counts: [FailureCounts] = []
      for query in queries { counts.append(try reader.failureCounts(query)) }
      return counts
    }
    #expect(counts == [
      FailureCounts(visit: 2, person: 2), FailureCounts(person: 1), FailureCounts(visit: 1, person: 1), FailureCounts(),
      FailureCounts(visit: 2),
    ])
  }

  @Test("A kiosk is locked by its twentieth failure in an hour, until staff unlock it; then it begins again")
  func lock() async throws {
    let core = try StoreCore.fixture(folder)
    var outcomes: [StoreOutcome] = []
    for number in 1...21 { outcomes.append(try core.apply(Self.failure(UInt8(number)))) }
    #expect(outcomes.map { $0 == .granted(.failure(FailureOutcome(locks: true)), reply: []) } == (1...21).map { $0 == 20 })
    // Another kiosk, and a bridge however much it fails, are not.
    for number in 1...30 { outcomes.append(try core.apply(Self.failure(UInt8(number), .phone, device: "ivr/uno"))) }
    _ = try core.apply(Self.failure(device: "kiosk/dos"))
    #expect(try core.apply(Self.unlock(.device("kiosk/uno"))) == .granted(.unlocked, reply: Array("ok".utf8)))
    // What was before the unlocking does not lock it again.
    for number in 1...19 { #expect(try core.apply(Self.failure(UInt8(number))) == .granted(.failure(FailureOutcome()), reply: [])) }
    core.close()
    let state = try await read { reader throws(StoreFault) in try reader.identificationState(now: .fixture, today: .fixture) }
    let other = try StoreCore.open(folder)
    #expect(other.check() == [])
    other.close()
    #expect(state.locked == [] && state.failuresLastHour == 71)
    #expect(state.today == [.init(channel: .kiosk, failures: 41), .init(channel: .phone, failures: 30)])
    #expect(state.events == [
      .init(at: .fixture, kind: .unlockDevice, device: "kiosk/uno", reason: .deviceChecked, by: "staff/uid:7"),
      .init(at: .fixture, kind: .lock, device: "kiosk/uno"),
    ])
  }

  @Test("Slowly tried, a kiosk is locked by its 120th failure of a day")
  func slowly() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let locked = try (1...125).map { number in
      // Nineteen in an hour.
      try core.apply(Self.failure(UInt8(number)), at: Instant.fixture.adding(seconds: number * 190))
        == .granted(.failure(FailureOutcome(locks: true)), reply: [])
    }
    #expect(locked.firstIndex(of: true) == 119 && locked.count { $0 } == 1)
  }

  @Test("An unlocked person begins again at every door, and everybody else does not")
  func pardon() async throws {
    let core = try StoreCore.fixture(folder)
    for subject: UInt8 in [1, 2] { for channel in Channel.allCases { for _ in 1...5 { _ = try core.apply(Self.failure(subject, channel, device: "d")) } } }
    _ = try core.apply(Self.unlock(.subject(Self.subject(1))))
    _ = try core.apply(Self.failure(1, .phone, device: "d"))
    core.close()
    let counts = try await read { reader throws(StoreFault) in
      [
        try reader.failureCounts(Self.query()).person, try reader.failureCounts(Self.query(.nss(Patient.ana.nss!), .phone)).person,
        try reader.failureCounts(Self.query(subject: 2)).person,
      ]
    }
    #expect(counts == [0, 1, 5])
  }

  @Test("The hundredth failure within an hour raises the alarm, once an hour")
  func alarm() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let raised = try (0..<300).map { number in
      try core.apply(Self.failure(UInt8(number % 250), .phone, device: "ivr/uno"), at: Instant.fixture.adding(seconds: number * 20))
        == .granted(.failure(FailureOutcome(raisesAlarm: true)), reply: [])
    }
    // One each 20 seconds: 100 in 33 minutes; then again an hour after that.
    #expect(raised.indices.filter { raised[$0] } == [99, 279])
  }

  @Test("Failures are forgotten after two days, a few with each new one; what happened and the new one stay")
  func forgetting() async throws {
    let core = try StoreCore.fixture(folder)
    for number in 1...21 { _ = try core.apply(Self.failure(UInt8(number))) }
    let later = Instant.fixture.adding(seconds: 2 * 86_400 + 1)
    for _ in 1...2 { _ = try core.apply(Self.failure(1), at: later) }
    core.close()
    let state = try await read { reader throws(StoreFault) in
      try reader.identificationState(now: later, today: .fixture)
    }
    #expect(state.today == [] && state.failuresLastHour == 2 && state.events.map(\.kind) == [.lock])
    #expect(state.locked.map(\.device) == ["kiosk/uno"])
  }

  @Test("What a killed server has counted is counted still")
  func killed() throws {
    let core = try StoreCore.fixture(folder)
    for number in 1...20 { _ = try core.apply(Self.failure(UInt8(number))) }
    // A copy of file and log while the server runs: what a kill leaves.
    let copy = TemporaryFolder()
    copy.write(folder.bytes("clinic.sqlite"), to: "clinic.sqlite")
    copy.write(folder.bytes("clinic.sqlite-wal"), to: "clinic.sqlite-wal")
    core.close()
    let other = try StoreCore.open(copy)
    defer { other.close() }
    #expect(other.check() == [])
    #expect(try other.apply(Self.failure(21)) == .granted(.failure(FailureOutcome()), reply: []))
  }

  @Test("Events can be neither changed nor deleted")
  func eventsStay() throws {
    let core = try StoreCore.fixture(folder)
    _ = try core.apply(Self.unlock(.device("kiosk/uno")))
    core.close()
    #expect(Shell.run("DELETE FROM identification_event", on: folder.file) == "an event is never deleted")
    #expect(Shell.run("UPDATE identification_event SET by = 'x'", on: folder.file) == "an event is never changed")
  }
}

@Suite("Looking for who says they are here")
struct IdentifyingWorkTests {
  let folder = TemporaryFolder()

  @Test("The same rows of people are read for who is there, for who is unknown and for a wrong birth date; only the first is found", arguments: [
    (.nss(Patient.ana.nss!), "1985-04-30", [Patient.ana.id]), (.nss(Patient.ana.nss!), "1985-05-01", []),
    (.nss(NSS("92919084431")!), "1985-04-30", []),
    (.number(Patient.ana.number), "1985-04-30", [Patient.ana.id]), (.number(Patient.ana.number), "1984-02-29", []),
    (.number(PatientNumber(random: 12345)), "1985-04-30", []),
    (.curp(CURP("LOGA010101XJCPRNA0")!), "2001-01-01", [PatientID(rawValue: 4)]), (.curp(CURP("LOGA010101XJCPRNA0")!), "2001-01-02", []),
    (.curp(CURP("PEXJ000229HDFRXNA0")!), "2000-02-29", []),
  ] as [(IdentificationQuery.Identifier, String, [PatientID])])
  func rows(identifier: IdentificationQuery.Identifier, born: String, expected: [PatientID]) async throws {
    var withCURP = Patient.fixture(4, nss: "00997000070", born: "2001-01-01")
    withCURP.curp = CURP("LOGA010101XJCPRNA0")
    try StoreCore.fixture(folder, people: [.ana, .beto, .carla, withCURP]).close()
    let store = try ClinicStore(path: folder.file, rules: .fixture(), options: .small, clock: { .fixture })
    let query = IdentificationTests.query(identifier, born: born, subject: 77)
    let found = try await store.read { reader throws(StoreFault) in try reader.identify(query) }
    await store.close()
    #expect(found.people.map(\.id) == expected)
    #expect(found.rowsRead == StoreReader.rowsReadPerAttempt)
  }

  @Test("A store of the third shape opens with its people and counts from then on")
  func migration() throws {
    try StoreCore.fixture(folder).close()
    #expect(Shell.run(OlderShape.back(to: 3), on: folder.file) == nil)
    let core = try StoreCore.open(folder)
    defer { core.close() }
    #expect(core.check() == [])
    #expect(try core.allPatients() == [.ana, .beto, .carla, .dario])
    #expect(try core.apply(IdentificationTests.failure()) == .granted(.failure(FailureOutcome()), reply: []))
  }
}
