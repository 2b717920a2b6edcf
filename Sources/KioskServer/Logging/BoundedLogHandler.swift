internal import Logging
internal import Synchronization
internal import TTRPCCore
internal import TTRPCNIO

/// A log that no flood makes fill the disk: so many lines a minute, and then one that says how many were left out.
struct BoundedLogHandler: LogHandler {
  private var base: any LogHandler
  private let budget: SharedLogBudget

  init(_ base: any LogHandler, budget: SharedLogBudget) {
    self.base = base
    self.budget = budget
  }

  var logLevel: Logger.Level {
    get { base.logLevel }
    set { base.logLevel = newValue }
  }
  var metadata: Logger.Metadata {
    get { base.metadata }
    set { base.metadata = newValue }
  }
  var metadataProvider: Logger.MetadataProvider? {
    get { base.metadataProvider }
    set { base.metadataProvider = newValue }
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { base[metadataKey: key] }
    set { base[metadataKey: key] = newValue }
  }

  func log(event: LogEvent) {
    let answer = budget.admit(event.level >= .error, at: .now)
    tell(answer.leftOut)
    if answer.isAdmitted { base.log(event: event) }
  }

  /// Says what was left out of a minute that is over; called now and then, because a flood may end as suddenly as it began.
  func sweep() { tell(budget.sweep(at: .now)) }

  private func tell(_ leftOut: Int) {
    guard leftOut > 0 else { return }
    base.log(
      event: LogEvent(
        level: .warning, message: "\(leftOut) líneas más no se escribieron: en un minuto caben \(LogBudget.linesPerMinute) de cada clase",
        error: nil, metadata: nil, source: "KioskServer", file: #fileID, function: #function, line: #line))
  }
}

/// Which lines of a log are written.
struct LogBudget {
  /// Lines in a minute, of errors and as many of all others, so that a flood of one kind hides none of the other.
  ///
  /// At 250 bytes each 100 kB a minute and 144 MB a day at the very worst; a clinic's normal day has fewer than a hundred in all.
  static let linesPerMinute = 200
  private static let minute: UInt64 = 60_000_000_000

  private var began: MonotonicTime?
  private var written = (errors: 0, others: 0)
  private var leftOut = 0

  /// Decides about one line.
  ///
  /// - Returns: whether it is written, and how many lines of the minute before were not.
  mutating func admit(_ isError: Bool, at now: MonotonicTime) -> (isAdmitted: Bool, leftOut: Int) {
    let before = sweep(at: now)
    if began == nil { began = now }
    let count = isError ? written.errors : written.others
    guard count < Self.linesPerMinute else {
      leftOut += 1
      return (false, before)
    }
    if isError { written.errors += 1 } else { written.others += 1 }
    return (true, before)
  }

  /// Ends a minute that is over.
  ///
  /// - Returns: how many of its lines were not written.
  mutating func sweep(at now: MonotonicTime) -> Int {
    guard let began, now.nanoseconds >= began.nanoseconds + Self.minute else { return 0 }
    defer { self = LogBudget() }
    return leftOut
  }
}

/// One budget for every logger of the process.
final class SharedLogBudget: Sendable {
  private let budget = Mutex(LogBudget())
  func admit(_ isError: Bool, at now: MonotonicTime) -> (isAdmitted: Bool, leftOut: Int) {
    budget.withLock { $0.admit(isError, at: now) }
  }
  func sweep(at now: MonotonicTime) -> Int { budget.withLock { $0.sweep(at: now) } }
}
