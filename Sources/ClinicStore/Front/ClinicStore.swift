package import ClinicDomain
package import Scheduling
internal import Synchronization

/// The store's door: commands join a bounded queue, and a group of them becomes durable at once.
///
/// Commands are judged in the order in which they came. A read sees every commit that was told before it began.
package final class ClinicStore: Sendable {
  package let rules: ClinicRules
  package let path: String
  private let writer: StoreWriter
  private let readers: ReaderPool
  private let ending: Mutex<Ending>
  private let hasLongRead = Mutex(false)

  private enum Ending {
    case running
    case closing([UnsafeContinuation<Void, Never>])
    case closed
  }

  /// Opens a clinic's file, or makes it, and starts its threads.
  ///
  /// - Parameters:
  ///   - clock: asked once for each batch; may stand still or jump, time in the store never goes back.
  ///   - meter: told how long each commit took.
  ///   - onFault: told every fault that a batch met, for the log. Called on the writing thread: quick, and says nothing to it.
  package init(
    path: String, rules: ClinicRules, options: StoreOptions = StoreOptions(),
    clock: @escaping @Sendable () -> Instant, meter: StoreMeter = .silent,
    onFault: @escaping @Sendable (StoreFault) -> Void = { _ in }
  ) throws(OpeningFault) {
    let path = FileNames.resolved(path)
    let open: @Sendable (Instant) throws(OpeningFault) -> Handover<StoreCore> = { now throws(OpeningFault) in
      Handover(try StoreCore.open(.file(path), rules: rules, options: options, at: now))
    }
    let core = try open(clock()).value
    do throws(StoreFault) { readers = try ReaderPool(path: path, options: options) } catch {
      core.close()
      throw OpeningFault(error, path: path)
    }
    self.rules = rules
    self.path = path
    writer = StoreWriter(core, options: options, clock: clock, meter: meter, onFault: onFault, reopen: open)
    ending = Mutex(.running)
    StoreThread.start { [writer, readers, weak self] in
      writer.run { readers.close() }
      self?.hasEnded()
    }
  }

  deinit { writer.queue.close() }

  /// What is free, as of the last commit; no reply of that commit was given before.
  package var snapshot: AgendaIndex { writer.shown.withLock { $0.snapshot } }

  package var statistics: StoreStatistics { writer.shown.withLock { $0.statistics } }

  /// An element after each commit; those that come while nobody looks are one.
  package func commits() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number = writer.shown.withLock { shown in
      shown.lastListener += 1
      shown.listeners[shown.lastListener] = continuation
      return shown.lastListener
    }
    continuation.onTermination = { [writer] _ in writer.shown.withLock { $0.listeners[number] = nil } }
    return stream
  }

  /// Commands that wait.
  package var queueLength: Int { writer.queue.count }
}

// MARK: - Writing

extension ClinicStore {
  /// Has a command judged and, if granted, made durable. A caller whose task is cancelled before its batch is taken gets nothing done.
  ///
  /// - Throws: `queueFull` and `closed` at once; otherwise `cancelled`, or what the command's batch met.
  package func submit(_ command: StoreCommand) async throws(StoreFault) -> StoreOutcome {
    let interest = Interest()
    let result = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        submit(command, interest) { continuation.resume(returning: $0) }
      }
    } onCancel: {
      interest.lose()
    }
    return try result.get()
  }

  /// As ``submit(_:)``, for a caller on an event loop. `completion` runs once: on the writing thread, or here and now
  /// when the command is turned away. It must be quick: everyone else waits for it.
  package func submit(
    _ command: StoreCommand, completion: @escaping @Sendable (Result<StoreOutcome, StoreFault>) -> Void
  ) {
    submit(command, nil, completion: completion)
  }

  private func submit(
    _ command: StoreCommand, _ interest: Interest?,
    completion: @escaping @Sendable (Result<StoreOutcome, StoreFault>) -> Void
  ) {
    switch writer.queue.add(.command(command, interest, completion)) {
    case .added: break
    case .full: completion(.failure(StoreFault(.queueFull, operation: "submit")))
    case .closed: completion(.failure(StoreFault(.closed, operation: "submit")))
    }
  }

  /// Has the writing thread run something between two batches.
  private func visit<Value: Sendable>(
    _ body: @escaping @Sendable (StoreCore) -> Value
  ) async throws(StoreFault) -> Value {
    let result: Result<Value, StoreFault> = await withUnsafeContinuation { continuation in
      let added = writer.queue.add(.visit { continuation.resume(returning: .success(body($0))) }, beyondBound: true)
      if added == .closed { continuation.resume(returning: .failure(StoreFault(.closed, operation: "visit"))) }
    }
    return try result.get()
  }

  /// Takes no more commands, answers those that wait, folds the log into the file and lets the next server in.
  ///
  /// May be called again; returns when all is done.
  package func close() async {
    writer.queue.close()
    await withUnsafeContinuation { continuation in
      let isClosed = ending.withLock { ending in
        switch ending {
        case .running: ending = .closing([continuation])
        case .closing(let others): ending = .closing(others + [continuation])
        case .closed: return true
        }
        return false
      }
      if isClosed { continuation.resume() }
    }
  }

  private func hasEnded() {
    let waiting = ending.withLock { ending in
      defer { ending = .closed }
      return if case .closing(let waiting) = ending { waiting } else { [UnsafeContinuation<Void, Never>]() }
    }
    for continuation in waiting { continuation.resume() }
  }
}

// MARK: - Reading

extension ClinicStore {
  /// Runs a read on a connection that reads; interrupted after ``StoreOptions/readLimit``.
  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (StoreReader) throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    try await readers.read { reader throws(StoreFault) in try reader.limited(body) }
  }

  /// See ``StoreReader/patients(nss:birthDate:)``.
  package func patients(nss: NSS, birthDate: CivilDate) async throws(StoreFault) -> [Patient] {
    try await read { reader throws(StoreFault) in try reader.patients(nss: nss, birthDate: birthDate) }
  }

  package func patient(number: PatientNumber) async throws(StoreFault) -> Patient? {
    try await read { reader throws(StoreFault) in try reader.patient(number: number) }
  }

  /// `nil` also when two people have this CURP in the padrón: it cannot tell them apart.
  package func patient(curp: CURP) async throws(StoreFault) -> Patient? {
    try await read { reader throws(StoreFault) in
      let found = try reader.patients(curp: curp)
      return found.count == 1 ? found[0] : nil
    }
  }

  package func patient(id: PatientID) async throws(StoreFault) -> Patient? {
    try await read { reader throws(StoreFault) in try reader.patient(id: id) }
  }

  /// See ``StoreReader/family(of:)``.
  package func family(of nss: NSS) async throws(StoreFault) -> [Patient] {
    try await read { reader throws(StoreFault) in try reader.family(of: nss) }
  }

  package func consents(grantor: PatientID) async throws(StoreFault) -> [Consent] {
    try await read { reader throws(StoreFault) in try reader.consents(grantor: grantor) }
  }

  package func consents(grantee: PatientID) async throws(StoreFault) -> [Consent] {
    try await read { reader throws(StoreFault) in try reader.consents(grantee: grantee) }
  }

  package func appointment(folio: Folio) async throws(StoreFault) -> Appointment? {
    try await read { reader throws(StoreFault) in try reader.appointment(folio: folio) }
  }

  /// A person's appointments, by date and start: all of them, or those whose slot has not ended at `now`.
  package func appointments(
    of patient: PatientID, includePast: Bool, now: Instant
  ) async throws(StoreFault) -> [Appointment] {
    // A night turno's date is yesterday's until its end.
    let since = includePast ? nil : rules.today(at: now).advanced(by: -1)
    let found = try await read { reader throws(StoreFault) in try reader.appointments(of: patient, since: since) }
    return includePast ? found : found.filter { now < rules.end(of: $0.slot) }
  }

  /// How far the history has come.
  package func head() async throws(StoreFault) -> AuditHead {
    try await read { reader throws(StoreFault) in try AuditHead(of: reader.connection) }
  }

  package func counts() async throws(StoreFault) -> StoreCounts {
    try await read { reader throws(StoreFault) in try reader.counts() }
  }
}

// MARK: - Looking after it

extension ClinicStore {
  /// Everything that is wrong with the store; none when all is well. Other requests go on meanwhile.
  ///
  /// - Throws: `busy` while another check or backup runs.
  package func check() async throws(StoreFault) -> [CheckFinding] {
    let rows = try await readLong("check") { [path] reader throws(StoreFault) in
      try reader.unlimited { reader throws(StoreFault) in Inspection(connection: reader.connection, path: path).findings() }
    }
    return rows + (try await visit { $0.checkIndex() })
  }

  /// What the check of a night finds, at most ``Inspection/bound`` sentences of each kind, and the history's last row that it looked at.
  ///
  /// - Throws: `busy` while another check or backup runs.
  package func checkNight(at now: Instant) async throws(StoreFault) -> (findings: [CheckFinding], lastRow: Int64) {
    try await readLong("nightly check") { [path, rules] reader throws(StoreFault) in
      try reader.unlimited { reader throws(StoreFault) in
        let inspection = Inspection(connection: reader.connection, path: path, night: (rules, now))
        return (inspection.nightly(), try AuditHead(of: reader.connection).seq)
      }
    }
  }

  /// Copies the store to a new file, while it is in use, and reads the copy back.
  ///
  /// - Returns: SHA-256 of the copy's content, as ``StoreCore/dumpSHA256()`` has it.
  /// - Throws: `busy` while another check or backup runs; `conflict` when there is a file already; `full`, `readOnly`, `broken` as
  ///   they come.
  package func backup(to path: String) async throws(StoreFault) -> [UInt8] {
    let clues = rules.clinic.identity.clues
    return try await readLong("backup") { reader throws(StoreFault) in
      try Backup.copy(reader.connection, to: path, for: clues)
    }
  }

  /// A read without a limit, one at a time: there is always a connection left for the reads that people wait for.
  func readLong<Value: Sendable>(
    _ operation: String, _ body: @escaping @Sendable (StoreReader) throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    let isFree = hasLongRead.withLock { isTaken in
      defer { isTaken = true }
      return !isTaken
    }
    guard isFree else { throw StoreFault(.busy, operation: operation, detail: "another check or backup is running") }
    defer { hasLongRead.withLock { $0 = false } }
    return try await readers.read(body)
  }
}
