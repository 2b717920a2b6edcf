internal import ClinicDomain
internal import Scheduling
internal import Synchronization

/// The writing thread: each time the last batch is durable, what waits becomes the next one.
final class StoreWriter: @unchecked Sendable {
  typealias Completion = @Sendable (Result<StoreOutcome, StoreFault>) -> Void

  enum Work: Sendable {
    /// - Parameter interest: lost when the caller has gone; `nil` for one that cannot go.
    case command(StoreCommand, Interest?, Completion)
    /// Something that must see the core between two batches.
    case visit(@Sendable (StoreCore) -> Void)
  }

  /// What the thread shows to others: set after each commit, before its replies go.
  struct Shown: Sendable {
    var snapshot: AgendaIndex
    var statistics = StoreStatistics()
    /// Who is told that there was a commit.
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var lastListener = 0
  }

  let queue: WorkQueue<Work>
  let shown: Mutex<Shown>
  private let options: StoreOptions
  private let clock: @Sendable () -> Instant
  private let meter: StoreMeter
  /// Told every fault that a batch met, on the writing thread.
  private let onFault: @Sendable (StoreFault) -> Void
  private let reopen: @Sendable (Instant) throws(OpeningFault) -> Handover<StoreCore>
  /// Used by the writing thread alone.
  private var core: StoreCore
  private var hasUnfoldedLog = false

  init(
    _ core: StoreCore, options: StoreOptions, clock: @escaping @Sendable () -> Instant, meter: StoreMeter,
    onFault: @escaping @Sendable (StoreFault) -> Void,
    reopen: @escaping @Sendable (Instant) throws(OpeningFault) -> Handover<StoreCore>
  ) {
    self.core = core
    self.options = options
    self.clock = clock
    self.meter = meter
    self.onFault = onFault
    self.reopen = reopen
    queue = WorkQueue(bound: options.queueBound)
    shown = Mutex(Shown(snapshot: core.index))
  }

  /// The thread's body: until the queue is closed and empty.
  ///
  /// - Parameter end: run when nothing more will be written, before the file is closed.
  func run(end: () -> Void) {
    while let work = queue.take(upTo: options.batchBound, waiting: options.idleCheckpointMilliseconds) {
      work.isEmpty ? rest() : perform(work)
    }
    end()
    core.close()
  }

  /// Commands that stand together become one batch; a visit stands between two.
  private func perform(_ work: [Work]) {
    var batch: [StoreCommand] = []
    var completions: [Completion] = []
    for piece in work {
      switch piece {
      case .command(_, let interest?, let completion) where interest.isLost:
        completion(.failure(StoreFault(.cancelled, operation: "submit")))
      case .command(let command, _, let completion):
        batch.append(command)
        completions.append(completion)
      case .visit(let visit):
        apply(batch, completions)
        batch.removeAll()
        completions.removeAll()
        visit(core)
      }
    }
    apply(batch, completions)
  }

  private func apply(_ batch: [StoreCommand], _ completions: [Completion]) {
    guard !batch.isEmpty else { return }
    do throws(StoreFault) {
      reopenIfBroken()
      let start = meter.now
      let outcomes = try core.apply(batch, at: clock())
      meter.committed(since: start)
      hasUnfoldedLog = true
      show(batch: batch.count)
      for (completion, outcome) in zip(completions, outcomes) { completion(.success(outcome)) }
    } catch {
      // One command that the schema refuses must not take the others with it.
      guard error.kind == .conflict, batch.count > 1 else {
        shown.withLock { $0.statistics.faults += 1 }
        onFault(error)
        return completions.forEach { $0(.failure(error)) }
      }
      for (command, completion) in zip(batch, completions) { apply([command], [completion]) }
    }
  }

  private func show(batch count: Int) {
    let index = core.index
    let listeners = shown.withLock { shown in
      shown.snapshot = index
      shown.statistics.batches += 1
      shown.statistics.commands += count
      shown.statistics.largestBatch = max(shown.statistics.largestBatch, count)
      return shown.listeners
    }
    for listener in listeners.values { listener.yield() }
  }

  /// After a failed write or sync nothing on the old connection is to be believed: the file is opened and looked at anew.
  private func reopenIfBroken() {
    guard core.standing != nil else { return }
    core.abandon()
    guard let opened = try? reopen(clock()) else { return }
    core = opened.value
    shown.withLock { shown in
      shown.snapshot = core.index
      shown.statistics.reopenings += 1
    }
  }

  /// In a quiet moment the log is folded, so that the next start, and a copy of the file, find little to do.
  private func rest() {
    guard hasUnfoldedLog, core.standing == nil else { return }
    hasUnfoldedLog = false
    try? core.checkpoint()
  }
}

/// What the store has done since it was opened.
package struct StoreStatistics: Hashable, Sendable {
  /// Commits.
  package var batches = 0
  /// Commands in them.
  package var commands = 0
  package var largestBatch = 0
  /// Batches that were nacked whole.
  package var faults = 0
  /// Times the file was opened anew after a failed write.
  package var reopenings = 0

  package init() {}

  /// Commands per commit; 0 before the first.
  package var meanBatch: Double { batches == 0 ? 0 : Double(commands) / Double(batches) }
}
