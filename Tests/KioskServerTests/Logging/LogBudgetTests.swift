import Logging
import Synchronization
import TTRPCCore
import Testing

@testable import KioskServer

@Suite("A log that a flood cannot fill the disk with")
struct LogBudgetTests {
  private static func second(_ count: UInt64) -> MonotonicTime { MonotonicTime(nanoseconds: count * 1_000_000_000) }

  @Test("So many lines are written in a minute; the next minute begins with how many were not")
  func minute() {
    var budget = LogBudget()
    let written = (0..<500).count { _ in budget.admit(false, at: Self.second(5)).isAdmitted }
    #expect(written == LogBudget.linesPerMinute)
    #expect(budget.admit(false, at: Self.second(64)) == (false, 0))
    #expect(budget.admit(false, at: Self.second(65)) == (true, 301))
    #expect(budget.admit(false, at: Self.second(66)) == (true, 0))
  }

  @Test("A flood of warnings hides no error")
  func errors() {
    var budget = LogBudget()
    for _ in 0..<1000 { _ = budget.admit(false, at: Self.second(0)) }
    #expect((0..<300).count { _ in budget.admit(true, at: Self.second(1)).isAdmitted } == LogBudget.linesPerMinute)
  }

  @Test("What was left out is said although nothing more comes")
  func sweep() {
    var budget = LogBudget()
    for _ in 0..<203 { _ = budget.admit(false, at: Self.second(0)) }
    #expect(budget.sweep(at: Self.second(59)) == 0)
    #expect(budget.sweep(at: Self.second(60)) == 3)
    #expect(budget.sweep(at: Self.second(61)) == 0)
  }

  @Test("The handler writes through, and says in one line what it left out")
  func handler() {
    let lines = Mutex<[String]>([])
    struct Recorder: LogHandler {
      var metadataProvider: Logger.MetadataProvider?
      var metadata: Logger.Metadata = [:]
      var logLevel = Logger.Level.debug
      let write: @Sendable (String) -> Void
      subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
      }
      func log(event: LogEvent) { write("\(event.message)") }
    }
    let logger = Logger(label: "test") { _ in
      BoundedLogHandler(Recorder { line in lines.withLock { $0.append(line) } }, budget: SharedLogBudget())
    }
    for number in 0..<250 { logger.notice("\(number)") }
    #expect(lines.withLock { $0 } == (0..<200).map { "\($0)" })
  }
}
