package import ClinicDomain
package import Scheduling

/// The store itself: one file, one writing connection, one batch of commands at a time.
///
/// Synchronous and deterministic: time, ids and chance come in with the batch, so the simulator and the crash disk drive it
/// directly. One thread uses it at a time; ``ClinicStore`` is that thread's owner. It never checks and then writes: what a
/// decision reads, it reads inside the transaction that writes, and the schema refuses what a decision should have.
package final class StoreCore {
  /// The only connection that writes, and the only one that checkpoints.
  let connection: Connection
  let statements: StoreStatements
  let options: StoreOptions
  /// What keeps other servers out and holds space in reserve; nothing for a VFS.
  let files: StoreFiles?
  package let rules: ClinicRules

  /// What is free: between batches as committed, within one as its commands have left it.
  package internal(set) var index: AgendaIndex
  /// The latest batch's instant; the next one's is never earlier, also after a restart.
  package private(set) var lastInstant: Instant
  /// The history's last row: as committed, or of the batch that is being written.
  package internal(set) var head: AuditHead
  /// Why nothing more can be written on this connection, once that is so.
  package private(set) var standing: StoreFault?

  var known = KnownWords()

  init(
    connection: Connection, files: StoreFiles?, rules: ClinicRules, options: StoreOptions,
    index: AgendaIndex, lastInstant: Instant, head: AuditHead
  ) {
    self.connection = connection
    self.files = files
    self.rules = rules
    self.options = options
    self.index = index
    self.lastInstant = lastInstant
    self.head = head
    statements = StoreStatements(connection)
  }

  /// Checkpoints, closes the file and lets the next server in. Nothing may be asked of the store afterwards.
  package func close() {
    if standing == nil { try? Checkpoint.truncate(connection, waits: true) }
    abandon()
  }

  /// Closes the file as it is: SQLite tidies up at the next opening.
  package func abandon() {
    standing = standing ?? StoreFault(.closed, operation: "close")
    statements.finalize()
    connection.close()
    files?.close()
  }
}

// MARK: - A batch

extension StoreCore {
  /// Applies a batch of commands in one durable transaction, each that writes in a savepoint of its own.
  ///
  /// - Parameter instant: for the whole batch; one before ``lastInstant`` counts as that.
  /// - Returns: one outcome per command, in order. Commands see what those before them in the batch did.
  /// - Throws: when SQLite fails; then the index is untouched, and nothing of the batch is durable, unless the kind is
  ///   `unknownOutcome`. All of it may be sent again with the same request ids.
  package func apply(_ batch: [StoreCommand], at instant: Instant) throws(StoreFault) -> [StoreOutcome] {
    if let standing { throw standing }
    try files?.makeRoom()
    let now = max(instant, lastInstant)
    // Decisions count places in the index; it follows the batch, and goes back with it.
    let committed = index
    index.roll(to: rules.today(at: now))
    var outcomes: [StoreOutcome] = []
    outcomes.reserveCapacity(batch.count)
    var isCommitting = false
    let headBefore = head
    do throws(StoreFault) {
      try statements[.begin].run()
      for command in batch { outcomes.append(try apply(command, at: now, clock: instant)) }
      if outcomes.contains(where: \.isGranted) { try setClock(now) }
      isCommitting = true
      try statements[.commit].run()
    } catch {
      index = committed
      head = headBefore
      throw rolledBack(after: error, isCommitting: isCommitting)
    }
    lastInstant = now
    files?.keep(head)
    return outcomes
  }

  private func setClock(_ now: Instant) throws(StoreFault) {
    var row = RowWriter(try statements[.setClock])
    row.integer(1)
    row.integer(now.milliseconds)
    try row.write()
  }

  /// Leaves no transaction behind, and says what the error means for the batch.
  private func rolledBack(after error: StoreFault, isCommitting: Bool) -> StoreFault {
    // A full disk or an I/O error may have rolled back everything already; what still stands goes now.
    if connection.transactionStands { try? statements[.rollback].run() }
    var fault = error
    // A row that went bad on the disk says nothing of the connection: who needs it is refused, and everybody else is served.
    if fault.isUnreadableRow, !connection.transactionStands {
      fault.kind = .conflict
      return fault
    }
    if fault.kind == .broken || connection.transactionStands {
      fault.kind = isCommitting && fault.isIOError ? .unknownOutcome : .broken
      standing = StoreFault(.broken, operation: fault.operation, code: fault.code, detail: fault.detail)
    }
    if fault.kind == .full {
      files?.giveReserve()
      try? Checkpoint.truncate(connection, waits: false)
    }
    return fault
  }

  /// - Parameter clock: what the clock said, which a deadline is judged by; after it was set back, `now` is ahead of it.
  private func apply(
    _ command: StoreCommand, at now: Instant, clock: Instant
  ) throws(StoreFault) -> StoreOutcome {
    if let id = command.requestID, let stored = try storedReply(of: id) {
      return stored.digest == command.digest ? .repeated(reply: stored.reply) : .conflictingRepeat
    }
    if let deadline = command.deadline, deadline < clock { return .late }
    switch command.command.course {
    case .imported(let people):
      return try inSavepoint { () throws(StoreFault) in
        let outcome = CommandOutcome.imported(try importPatients(people, for: command, at: now))
        return try keep(outcome, folio: nil, for: command)
      }
    case .counted(let counted):
      return try inSavepoint { () throws(StoreFault) in try keep(try count(counted, of: command, at: now), folio: nil, for: command) }
    case .decided(let decided): return try decide(decided, for: command, at: now)
    case .telephoned(let telephone): return try decide(telephone, for: command, at: now)
    case .exchanged(let bookings): return try perform(bookings, for: command, at: now)
    case .undone(let undo): return try perform(undo, for: command, at: now)
    }
  }

  /// Decides, and writes what was decided; a folio that is taken gives way to the seed's next one.
  private func decide(
    _ decided: SchedulingCommand, for command: StoreCommand, at now: Instant
  ) throws(StoreFault) -> StoreOutcome {
    let scope = try scope(of: command.command, at: now)
    let today = rules.today(at: now)
    for attempt in 0..<FolioCandidates.bound {
      let decision: Decision<CommandOutcome>
      do throws(CommandRefusal) {
        let folio = FolioCandidates(seed: command.command.folioSeed, day: today)[attempt]
        decision = try decided.decide(in: scope, rules: rules, at: now, folio: folio)
      } catch {
        return .refused(error, wish: decided.wish(after: error, in: scope))
      }
      do throws(StoreFault) {
        let outcome = try inSavepoint { () throws(StoreFault) in
          for change in decision.changes { try write(change, of: command, in: scope, at: now) }
          return try keep(decision.outcome, folio: decision.outcome.folio, for: command)
        }
        index.apply(decision.changes)
        return outcome
      } catch {
        guard connection.transactionStands else { throw error }
        if error.isFolioClash { continue }
        guard error.isOverlap, let folio = try occupant(of: decision) else { throw error }
        let refusal = CommandRefusal.slotTaken(by: folio)
        return .refused(refusal, wish: decided.wish(after: refusal, in: scope))
      }
    }
    throw StoreFault(.conflict, operation: "folio", detail: "no free folio among the seed's candidates")
  }

  /// Has the index follow what a savepoint has written.
  func follow(_ changes: [AgendaChange]) { index.apply(changes) }

  /// Keeps the reply under the request id, in the same savepoint as the effect.
  func keep(
    _ outcome: CommandOutcome, folio: Folio?, for command: StoreCommand
  ) throws(StoreFault) -> StoreOutcome {
    let reply = command.encodeReply(outcome)
    if let id = command.requestID { try insertRequest(id, digest: command.digest, reply: reply, folio: folio) }
    return .granted(outcome, reply: reply)
  }

  func inSavepoint(
    _ body: () throws(StoreFault) -> StoreOutcome
  ) throws(StoreFault) -> StoreOutcome {
    try statements[.savepoint].run()
    let headBefore = head
    do throws(StoreFault) {
      let outcome = try body()
      try statements[.release].run()
      return outcome
    } catch {
      head = headBefore
      if connection.transactionStands {
        try statements[.rollbackToSavepoint].run()
        try statements[.release].run()
      }
      throw error
    }
  }
}

extension StoreOutcome {
  fileprivate var isGranted: Bool {
    if case .granted = self { true } else { false }
  }
}

extension CommandOutcome {
  /// The appointment that the outcome is about; of several the first.
  var folio: Folio? {
    if case .appointments(let all) = self { all.first?.folio } else { appointment?.folio }
  }
}
