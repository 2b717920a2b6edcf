import ClinicDomain
import ClinicStore
import Dispatch
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

/// A person goes while the disk still writes; each example holds the writing thread where it matters.
@Suite("A hold whose caller gives up")
struct GivenUpTests {
  static let slot = "C1 2026-11-24 08:15"

  private func askFor(_ names: [String], in clinic: TestClinic) async throws {
    try #require(try await clinic.doors.hello(.kiosk, taking: names) == names)
  }

  private func isFree(_ clinic: TestClinic) async throws -> Bool {
    let found = try await clinic.appointments().find(
      Wire.FindRequest(service: "medicina_familiar", date: "2026-11-24", earliestMinute: 495, resource: "C1", limit: 1))
    return found.slots.first?.startMinute == 495
  }

  @Test("While it waits for the writer it is not done: nothing is written, and the repeat is the first time", arguments: Depth.allCases)
  func beforeItsBatch(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      try await askFor(["cancel"], in: clinic)
      let token = try await clinic.session(.ana)
      let gate = WriterGate(clinic.store)
      await gate.closed()
      let id = someID
      let call = Task { try await status { () throws(RPCError) in try await clinic.holdCall(Self.slot, token, id) } }
      while clinic.store.queueLength == 0 { await Task.yield() }
      call.cancel()
      try await clinic.cancelHasArrived()
      let commands = clinic.store.statistics.commands
      gate.open()
      #expect(try await call.value.code == .cancelled)
      #expect(try await isFree(clinic))
      // A command of its own, so that the batch that the hold stood in is over.
      _ = try await clinic.store.submit(.nothing)
      #expect(clinic.store.statistics.commands == commands + 1)
      #expect(try await clinic.holdCall(Self.slot, token, id).appointment?.status == .pending)
    }
  }

  @Test("When it was too late for that, the hold is released as soon as it is durable", arguments: Depth.allCases)
  func duringItsBatch(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      try await askFor(["cancel", "holds"], in: clinic)
      let token = try await clinic.session(.ana)
      try await cancelInsideBatch(clinic) { try await clinic.holdCall(Self.slot, token, someID) }
      #expect(try await eventually { try await isFree(clinic) })
      #expect(clinic.counter.holds.count == 0)
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .holdFolio(try await clinic.holdCall(Self.slot, token, someID).appointment!.folio)),
          options: .write())
      }
      #expect(error.refusal?.reason == .holdExpired)
      #expect(error.refusal?.alternatives.first?.startMinute == 495)
    }
  }

  @Test("Without the extension it stands until its time is over")
  func plain() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      try await cancelInsideBatch(clinic) { try await clinic.holdCall(Self.slot, token, someID) }
      // A write behind it: had the hold been released, that would stand before this one.
      try await clinic.hold("C2 2026-11-24 08:15", try await clinic.session(.dario))
      #expect(try await !isFree(clinic))
    }
  }

  @Test("A call whose time ran out, or is about to, keeps its hold: the client repeats it, and books", arguments: [
    Duration.seconds(3), .milliseconds(1500),
  ])
  func timedOut(passed: Duration) async throws {
    try await withClinic { clinic in
      try await askFor(["holds"], in: clinic)
      let token = try await clinic.session(.ana)
      try await cancelInsideBatch(clinic, after: passed) {
        try await clinic.holdCall(Self.slot, token, someID, timeout: .seconds(2))
      }
      let held = try #require(try await clinic.holdCall(Self.slot, token, someID).appointment)
      let booked = try await clinic.appointments().book(
        Wire.BookRequest(sessionToken: token, what: .holdFolio(held.folio)), options: .write())
      #expect(booked.appointment?.status == .booked)
      #expect(clinic.counter.holds.count == 0)
    }
  }

  @Test("A call that is cancelled long before its time is given up")
  func longBefore() async throws {
    try await withClinic { clinic in
      try await askFor(["holds"], in: clinic)
      let token = try await clinic.session(.ana)
      try await cancelInsideBatch(clinic, after: .milliseconds(500)) {
        try await clinic.holdCall(Self.slot, token, someID, timeout: .seconds(2))
      }
      #expect(try await eventually { try await isFree(clinic) })
    }
  }

  @Test("What a session held is free when it ends; what it booked stays")
  func sessionEnds() async throws {
    try await withClinic { clinic in
      try await askFor(["holds"], in: clinic)
      let token = try await clinic.session(.ana)
      let booked = try await clinic.book("C4 2026-11-24 08:30", token, service: "estomatologia")
      try await clinic.hold(Self.slot, token)
      #expect(try await !isFree(clinic))
      _ = try await clinic.patients().endSession(Wire.EndSessionRequest(sessionToken: token))
      #expect(try await eventually { try await isFree(clinic) })
      let again = try await clinic.session(.ana)
      let stands = try await clinic.appointments().list(Wire.ListRequest(sessionToken: again))
      #expect(stands.appointments.map(\.folio) == [booked.folio])
    }
  }

  @Test("A queue that is full when a connection ends only delays the release")
  func fullQueue() async throws {
    try await withClinic { clinic in
      try await askFor(["holds"], in: clinic)
      try await clinic.hold(Self.slot, try await clinic.session(.ana))
      let gate = WriterGate(clinic.store)
      await gate.closed()
      while clinic.store.queueLength < StoreOptions().queueBound { clinic.store.submit(.nothing) { _ in } }
      clinic.counter.clientHasGone(from: 0)
      gate.open()
      #expect(try await eventually { try await isFree(clinic) })
    }
  }

  /// Runs a call, cancels its task after its command's batch was taken and before it is durable, and waits for it.
  private func cancelInsideBatch(
    _ clinic: TestClinic, after time: Duration = .zero, _ call: @escaping @Sendable () async throws -> some Sendable
  ) async throws {
    let (before, inside) = (WriterGate(clinic.store), InnerGate())
    await before.closed()
    clinic.store.submit(.waiting(at: inside)) { _ in }
    let task = Task { _ = try? await call() }
    while clinic.store.queueLength < 2 { await Task.yield() }
    before.open()
    await inside.entered()
    clinic.clock.advance(time)
    task.cancel()
    try await clinic.cancelHasArrived()
    inside.open()
    await task.value
    // The client has its answer at once: what is read from here on is read after that batch.
    _ = try await clinic.store.submit(.nothing)
  }
}

extension TestClinic {
  /// Frames of one connection are read in order: when this is answered the server has read what was sent before.
  func cancelHasArrived() async throws { _ = try await appointments().listServices(.init()) }

  func holdCall(
    _ slot: String, _ token: String, _ id: String, timeout: Duration? = nil
  ) async throws(RPCError) -> Wire.HoldResponse {
    try await appointments().hold(
      Wire.HoldRequest(sessionToken: token, slot: Wire.SlotChoice(slot)), options: .write(id, timeout: timeout))
  }
}

/// Keeps the writing thread between two batches.
struct WriterGate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let store: ClinicStore

  init(_ store: ClinicStore) { self.store = store }

  /// Returns when the thread stands at it.
  func closed() async {
    await withCheckedContinuation { continuation in
      store.submit(.nothing) { _ in
        continuation.resume()
        semaphore.wait()
      }
    }
  }

  func open() { semaphore.signal() }
}

/// Keeps the writing thread inside a transaction.
final class InnerGate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)

  func entered() async { for await _ in arrivals { return } }
  func open() { semaphore.signal() }

  func pass() {
    arrived.yield()
    semaphore.wait()
  }
}

extension StoreCommand {
  /// A padrón of nobody.
  static let nothing = StoreCommand(
    requestID: nil, digest: [], command: .importPatients(ImportPatients(rows: [])), encodeReply: { _ in [] })

  static func waiting(at gate: InnerGate) -> StoreCommand {
    StoreCommand(
      requestID: nil, digest: [], command: .importPatients(ImportPatients(rows: [])),
      encodeReply: { _ in
        gate.pass()
        return []
      })
  }
}

/// Asks until the answer is yes, for thirty seconds.
func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
  for _ in 0..<3000 {
    if try await isSo() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}
