import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Synchronization
import Testing

@Suite("Work that nobody waits for any more")
struct CancelledWorkTests {
  let folder = TemporaryFolder()

  private func store(_ options: StoreOptions = .small) async throws -> ClinicStore {
    let store = try ClinicStore(path: folder.file, rules: .fixture(), options: options, clock: { .fixture })
    _ = try await store.submit(.people([.ana, .beto, .carla, .dario]))
    return store
  }

  @Test("A command whose caller is cancelled while it waits is not done; its neighbours are")
  func command() async throws {
    let store = try await store()
    let gate = DispatchGate()
    await withCheckedContinuation { continuation in
      store.submit(.people([])) { _ in
        continuation.resume()
        gate.wait()
      }
    }
    let before = store.statistics.commands
    let first = Task { try await store.submit(.request(1, .book("C1 2026-11-23 08:15"))) }
    while store.queueLength < 1 { try await Task.sleep(for: .milliseconds(1)) }
    let second = Task { try await store.submit(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 2))) }
    while store.queueLength < 2 { try await Task.sleep(for: .milliseconds(1)) }
    first.cancel()
    gate.open()
    await #expect(throws: StoreFault(.cancelled, operation: "submit")) { try await first.value }
    #expect(try await second.value.appointment?.folio == .seeded(2))
    #expect(store.statistics.commands == before + 1)
    #expect(store.statistics.faults == 0)
    #expect(try await store.appointment(folio: .seeded(1)) == nil)
    await store.close()
  }

  @Test("A caller that is cancelled before it asks gets nothing done")
  func beforehand() async throws {
    let store = try await store()
    let before = store.statistics.commands
    let call = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await store.submit(.request(1, .book("C1 2026-11-23 08:15")))
    }
    call.cancel()
    await #expect(throws: StoreFault(.cancelled, operation: "submit")) { try await call.value }
    #expect(store.statistics.commands == before)
    await store.close()
  }

  @Test("A read that has begun stops when its caller is cancelled, long before its time is over", .timeLimit(.minutes(1)))
  func begunRead() async throws {
    var options = StoreOptions.small
    options.readLimit = .seconds(3600)
    let store = try await store(options)
    let hasBegun = Atomic(false)
    let endless = Task {
      try await store.read { reader throws(StoreFault) in
        while true {
          _ = try reader.patient(id: Patient.ana.id)
          hasBegun.store(true, ordering: .releasing)
        }
      }
    }
    while !hasBegun.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(1)) }
    endless.cancel()
    await #expect(throws: StoreFault(.cancelled, operation: "read")) { try await endless.value }
    #expect(try await store.counts().patients == 4)
    await store.close()
  }

  @Test("A read whose caller is cancelled while it waits for a connection is not done")
  func read() async throws {
    var options = StoreOptions.small
    options.readerCount = 1
    options.readLimit = .seconds(60)
    let store = try await store(options)
    let gate = DispatchGate()
    let hasBegun = Atomic(false)
    let slow = Task {
      try await store.read { _ in
        hasBegun.store(true, ordering: .releasing)
        gate.wait()
      }
    }
    while !hasBegun.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(1)) }
    let wasRead = Atomic(false)
    let waiting = Task { try await store.read { _ in wasRead.store(true, ordering: .releasing) } }
    waiting.cancel()
    let other = Task { try await store.counts().patients }
    gate.open()
    try await slow.value
    await #expect(throws: StoreFault(.cancelled, operation: "read")) { try await waiting.value }
    #expect(try await other.value == 4)
    let read = wasRead.load(ordering: .acquiring)
    #expect(!read)
    await store.close()
  }
}
