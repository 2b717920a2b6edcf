import ClinicDomain
import ClinicStore
import Glibc
import KioskTestSupport
import Scheduling
import Synchronization
import Testing

@Suite("The store's door")
struct ClinicStoreTests {
  let folder = TemporaryFolder()

  func store(_ options: StoreOptions = .small, rules: ClinicRules = .fixture()) throws -> ClinicStore {
    try ClinicStore(path: folder.file, rules: rules, options: options, clock: { .fixture })
  }

  @Test("64 clients for the 24 slots of a turno: 24 appointments, everyone else is refused, in fewer commits than commands")
  func rush() async throws {
    let store = try store(rules: .fixture { $0.policy.maxActivePerPatient = 3 })
    let people = (1...64).map { Patient.fixture(Int64($0), nss: nil) }
    _ = try await store.submit(.people(people))
    let outcomes = await withTaskGroup(of: StoreOutcome?.self) { group in
      for (number, person) in people.enumerated() {
        group.addTask {
          let start = AgendaMinute(minutes: 480 + number % 24 * 15)!
          return try? await store.submit(
            .request(UInt8(number), .book("C1 2026-11-23 \(start)", for: person, seed: UInt64(number + 1))))
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count { $0?.appointment != nil } == 24)
    #expect(outcomes.count { if case .refused(.slotTaken, _) = $0 { true } else { false } } == 40)
    #expect(try await store.counts() == StoreCounts(patients: 64, appointments: 24, consents: 0, requests: 24))
    #expect(store.statistics.commands == 65)
    #expect(try await store.check() == [])
    await store.close()
  }

  @Test("The snapshot has a booking before its reply is given, and a read sees it after")
  func snapshotFirst() async throws {
    let store = try store()
    _ = try await store.submit(.people([.ana]))
    let empty = store.snapshot
    let seen: AgendaIndex = await withCheckedContinuation { continuation in
      store.submit(.request(1, .book("C1 2026-11-23 08:15"))) { _ in continuation.resume(returning: store.snapshot) }
    }
    #expect(seen != empty)
    let found = try await store.appointments(of: Patient.ana.id, includePast: false, now: .fixture)
    #expect(found.map(\.folio) == [.seeded(1)])
    await store.close()
  }

  @Test("A full queue turns a command away at once; the others are answered")
  func queueFull() async throws {
    var options = StoreOptions.small
    options.queueBound = 4
    let store = try store(options)
    let gate = DispatchGate()
    let answers = Mutex<[StoreFault.Kind?]>([])
    // The first batch's reply keeps the writing thread; what comes meanwhile fills the queue.
    store.submit(.people([.ana])) { _ in gate.wait() }
    while store.queueLength > 0 { usleep(1000) }
    for number: UInt8 in 1...7 {
      store.submit(.request(number, .book("C1 2026-11-23 08:15"))) { result in
        answers.withLock { $0.append(result.failure?.kind) }
      }
    }
    #expect(answers.withLock { $0 } == [.queueFull, .queueFull, .queueFull])
    gate.open()
    await store.close()
    #expect(answers.withLock { $0.count } == 7)
    #expect(answers.withLock { $0.count { $0 == nil } } == 4)
  }

  @Test("Closing answers what waits, folds the log, frees the lock, and may be asked twice")
  func close() async throws {
    let store = try store()
    _ = try await store.submit(.people([.ana]))
    let last = Mutex<Result<StoreOutcome, StoreFault>?>(nil)
    store.submit(.request(1, .book("C1 2026-11-23 08:15"))) { result in last.withLock { $0 = result } }
    await store.close()
    await store.close()
    #expect(last.withLock { try? $0?.get().appointment } != nil)
    #expect(!folder.names.contains("clinic.sqlite-wal"))
    await #expect(throws: StoreFault(.closed, operation: "submit")) { try await store.submit(.people([.ana])) }
    await #expect(throws: StoreFault(.closed, operation: "read")) { try await store.counts() }
    try StoreCore.open(folder).close()
  }

  @Test("A command that the store cannot carry out does not take its batch with it")
  func poison() async throws {
    let store = try store()
    let people = (1...10).map { Patient.fixture(Int64($0), nss: nil) }
    _ = try await store.submit(.people(people))
    // Eight bookings of one seed use up its folios.
    for number in 0..<8 {
      _ = try await store.submit(
        .request(UInt8(number), .book("C1 2026-11-23 \(AgendaMinute(minutes: 480 + number * 15)!)", for: people[number], seed: 1)))
    }
    let gate = DispatchGate()
    store.submit(.people([people[0]])) { _ in gate.wait() }
    let answers = Mutex<[Result<StoreOutcome, StoreFault>]>([])
    store.submit(.request(20, .book("C1 2026-11-23 11:00", for: people[8], seed: 1))) { result in
      answers.withLock { $0.append(result) }
    }
    store.submit(.request(21, .book("C1 2026-11-23 11:15", for: people[9], seed: 2))) { result in
      answers.withLock { $0.append(result) }
    }
    gate.open()
    await store.close()
    let (bad, good) = answers.withLock { ($0[0], $0[1]) }
    #expect(bad.failure?.kind == .conflict)
    #expect(try good.get().appointment != nil)
  }

  @Test("A row that went bad on the disk refuses whom it is about; the rest of the batch is done, and the file stays open")
  func damagedRow() async throws {
    let first = try store()
    _ = try await first.submit(.people([.ana, .beto, .carla, .dario]))
    await first.close()
    Shell.run("UPDATE patient SET nss = 'x' WHERE id = \(Patient.ana.id.rawValue)", on: folder.file)
    let store = try store()
    let gate = DispatchGate()
    store.submit(.people([])) { _ in gate.wait() }
    while store.queueLength > 0 { usleep(1000) }
    let answers = Mutex<[Result<StoreOutcome, StoreFault>]>([])
    store.submit(.request(1, .book("C1 2026-11-23 08:15"))) { result in answers.withLock { $0.append(result) } }
    store.submit(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 2))) { result in
      answers.withLock { $0.append(result) }
    }
    gate.open()
    await store.close()
    let (bad, good) = answers.withLock { ($0[0], $0[1]) }
    #expect(bad.failure?.kind == .conflict)
    #expect(try good.get().appointment != nil)
    #expect(store.statistics.reopenings == 0)
  }

  @Test("Checks and backups go one at a time: a second one is told so, and keeps no short read waiting")
  func longReads() async throws {
    var options = StoreOptions.small
    options.readerCount = 1
    let store = try store(options)
    let gate = DispatchGate()
    let isHeld = Atomic(false)
    async let held: Void = store.read { _ throws(StoreFault) in
      isHeld.store(true, ordering: .releasing)
      gate.wait()
    }
    while !isHeld.load(ordering: .acquiring) { await Task.yield() }
    // The only reader is busy: whichever check comes first waits for it, and the other one meets it.
    let ends = await withTaskGroup(of: StoreFault.Kind?.self) { group in
      for _ in 0..<2 {
        group.addTask {
          do throws(StoreFault) {
            _ = try await store.check()
            return nil
          } catch { return error.kind }
        }
      }
      let first = await group.next()
      gate.open()
      return [first, await group.next()]
    }
    try await held
    #expect(ends == [.some(.busy), .some(nil)])
    #expect(try await store.check() == [])
    await store.close()
  }

  @Test("People are found by each of their identifiers")
  func people() async throws {
    let store = try store()
    var twin = Patient.fixture(5, born: "2015-09-10")
    twin.curp = CURP("HEGG560427MVZRRL04")
    _ = try await store.submit(.people([.ana, .beto, .carla, .dario, twin]))
    let nss = try #require(Patient.ana.nss)
    #expect(try await store.patients(nss: nss, birthDate: Patient.carla.birthDate) == [.carla, twin])
    #expect(try await store.family(of: nss) == [.beto, .ana, .carla, twin])
    #expect(try await store.patient(number: Patient.dario.number) == .dario)
    #expect(try await store.patient(id: Patient.beto.id) == .beto)
    #expect(try await store.patient(id: PatientID(rawValue: 99)) == nil)
    if let curp = twin.curp { #expect(try await store.patient(curp: curp) == twin) }
    _ = try await store.submit(
      .request(1, .grantConsent(GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id))))
    let consent = Consent(grantor: Patient.ana.id, grantee: Patient.beto.id, grantedAt: .fixture)
    #expect(try await store.consents(grantor: Patient.ana.id) == [consent])
    #expect(try await store.consents(grantee: Patient.beto.id) == [consent])
    #expect(try await store.consents(grantee: Patient.ana.id) == [])
    await store.close()
  }

  @Test("A read that takes too long is interrupted, and the next one is served")
  func readLimit() async throws {
    var options = StoreOptions.small
    options.readLimit = .zero
    options.readerCount = 1
    let store = try store(options)
    _ = try await store.submit(.people((1...200).map { .fixture(Int64($0), nss: "00809012347") }))
    _ = try await store.submit(.people((201...400).map { .fixture(Int64($0), nss: "00809012347") }))
    do throws(StoreFault) {
      _ = try await store.family(of: NSS("00809012347")!)
      Issue.record("not interrupted")
    } catch { #expect(error.kind == .busy) }
    #expect(try await store.patient(id: PatientID(rawValue: 7))?.id.rawValue == 7)
    await store.close()
  }

  @Test("A backup is a whole store of its own, taken while bookings go on, and never replaces a file")
  func backup() async throws {
    let store = try store()
    _ = try await store.submit(.people([.ana, .beto, .carla, .dario]))
    _ = try await store.submit(.request(1, .book("C1 2026-11-23 08:15")))
    let copy = TemporaryFolder()
    let identity = try await store.backup(to: copy.file)
    _ = try await store.submit(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 2)))
    await #expect(throws: StoreFault.self) { try await store.backup(to: copy.file) }
    #expect(copy.names == ["clinic.sqlite"])
    await store.close()
    let other = try StoreCore.open(copy)
    defer { other.close() }
    #expect(try other.dumpSHA256() == identity)
    #expect(try other.allAppointments().map(\.folio) == [.seeded(1)])
    #expect(other.check() == [])
  }
}

/// A gate that a thread waits at.
final class DispatchGate: Sendable {
  private let isOpen = Atomic(false)
  func wait() { while !isOpen.load(ordering: .acquiring) { usleep(1000) } }
  func open() { isOpen.store(true, ordering: .releasing) }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
