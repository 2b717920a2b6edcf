import CSQLite
import ClinicStore
import Foundation
import Scheduling
import Synchronization
import Testing

@testable import kiosk_dev

/// Work is counted, not timed: these are the counts on which the promised rates stand.
@Suite("The work of a booking")
struct BookingWorkTests {
  @Test("A batch of bookings costs 3 statements and 8 more for each booking, one of them its row of the history; whether the slot is free costs none", arguments: [1, 8, 64])
  func statements(batch: Int) throws {
    let folder = try BenchFolder(in: NSTemporaryDirectory())
    defer { folder.remove() }
    StatementTrace.install()
    let core = try BenchClinic.makeStore(at: folder.path("work.sqlite"), people: 130)
    defer { core.close() }
    let today = BenchClinic.rules.today(at: BenchClinic.now)
    func book(_ numbers: Range<Int>) throws {
      let commands = numbers.map { BenchClinic.booking(of: BenchClinic.choice($0, today: today), for: $0 + 1) }
      for outcome in try core.apply(commands, at: BenchClinic.now) {
        guard case .granted = outcome else { throw BenchFault("not granted: \(outcome)") }
      }
    }
    try book(0..<1)
    let before = StatementTrace.count(in: folder.path("work.sqlite"))
    try book(1..<1 + batch)
    #expect(StatementTrace.count(in: folder.path("work.sqlite")) - before == 3 + 8 * batch)
  }

  @Test("Raw SQLite writes every row that the store wrote, in its batches")
  func rawRows() throws {
    let folder = try BenchFolder(in: NSTemporaryDirectory())
    defer { folder.remove() }
    let (store, raw) = (folder.path("store.sqlite"), folder.path("raw.sqlite"))
    try BenchClinic.makeStore(at: raw, people: 40).close()
    let core = try BenchClinic.makeStore(at: store, people: 40)
    let today = BenchClinic.rules.today(at: BenchClinic.now)
    let commands = (0..<40).map { BenchClinic.booking(of: BenchClinic.choice($0, today: today), for: $0 + 1) }
    _ = try core.apply(commands, at: BenchClinic.now)
    core.close()
    let rate = try RawSQLite.replay(store, over: raw, batch: 12.5)
    #expect(rate.meanBatch == 10)
    #expect(try RawSQLite.meanBatch(of: store) == 40)
    #expect(try RawSQLite.meanBatch(of: raw) == 40)
  }

  @Test("Every slot of the clinic is one of the row's, and nobody has more than they may")
  func choices() {
    let today = BenchClinic.rules.today(at: BenchClinic.now)
    let choices = (0..<BenchClinic.slots).map { BenchClinic.choice($0, today: today) }
    #expect(Set(choices).count == BenchClinic.slots)
    let people = choices.map { BenchClinic.person(for: $0, today: today) }
    #expect(Set(people) == Set(1...BenchClinic.people))
    let most = Dictionary(grouping: people, by: \.self).values.map(\.count).max()
    #expect(most == BenchClinic.slotsPerPerson)
  }
}

/// Counts the statements that connections of this process run, by file.
enum StatementTrace {
  private static let counts = Mutex<[String: Int]>([:])

  /// From now on every new connection is counted.
  static func install() { _ = installed }

  private static let installed: Void = {
    typealias EntryPoint = @convention(c) (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, UnsafeRawPointer?) -> Int32
    let traceNewConnection: EntryPoint = { database, _, _ in
      sqlite3_trace_v2(database, UInt32(SQLITE_TRACE_STMT), { _, database, statement, text in
        // The statements of a trigger are traced as comments.
        guard let text = text?.assumingMemoryBound(to: CChar.self), text[0] != CChar(bitPattern: UInt8(ascii: "-")) else { return 0 }
        let path = sqlite3_db_filename(sqlite3_db_handle(OpaquePointer(statement)), "main")
        StatementTrace.add(path.map { String(cString: $0) } ?? "")
        return 0
      }, UnsafeMutableRawPointer(database))
    }
    sqlite3_auto_extension(unsafeBitCast(traceNewConnection, to: (@convention(c) () -> Void).self))
  }()

  private static func add(_ path: String) { counts.withLock { $0[path, default: 0] += 1 } }

  static func count(in path: String) -> Int {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return counts.withLock { $0[real] ?? 0 }
  }
}
