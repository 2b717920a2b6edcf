internal import CBenchLoad
internal import ClinicStore
internal import Foundation
internal import Glibc
internal import CSQLite

/// SQLite alone, writing rows that a store wrote before: what the disk and the library can do with them.
enum RawSQLite {
  /// Writes the bookings of one store's file into another, in transactions of `batch` bookings.
  ///
  /// - Parameters:
  ///   - source: a closed store; its appointments, their kept replies and their rows of the history are read into memory first.
  ///   - path: a closed store with the same people and nothing booked, so that schema, indexes and triggers are the store's.
  ///   - batch: may be a fraction; it is kept on average.
  static func replay(_ source: String, over path: String, batch: Double) throws -> BookingRate {
    let (appointments, requests, history) = try rows(of: source)
    let database = try Database(path)
    defer { database.close() }
    let options = StoreOptions()
    try database.execute(
      """
      PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -\(options.writerCacheKiB); PRAGMA journal_size_limit = \(options.walLimitBytes);
      PRAGMA wal_autocheckpoint = 1000
      """)
    let begin = try database.prepare("BEGIN IMMEDIATE")
    let insertAppointment = try database.prepare("INSERT INTO appointment VALUES (\(Self.parameters(24)))")
    let insertHistory = try database.prepare("INSERT INTO audit VALUES (\(Self.parameters(14)))")
    let insertRequest = try database.prepare("INSERT INTO request VALUES (?, ?, ?, ?, ?)")
    let setClock = try database.prepare("REPLACE INTO clock VALUES (?, ?, ?)")
    let commit = try database.prepare("COMMIT")
    let cpu = bench_process_cpu_ns(getpid())
    let clock = ContinuousClock()
    let start = clock.now
    var (written, batches) = (0, 0)
    while written < appointments.count {
      batches += 1
      let end = max(written + 1, min(appointments.count, Int((Double(batches) * batch).rounded())))
      try begin.run()
      for number in written..<end {
        try insertAppointment.run(appointments[number])
        try insertHistory.run(history[number])
        try insertRequest.run(requests[number])
      }
      try setClock.run([.integer(1), .integer(Int64(batches)), .integer(0)])
      try commit.run()
      written = end
    }
    let seconds = (clock.now - start) / .seconds(1)
    let spent = Double(bench_process_cpu_ns(getpid()) - cpu) / Double(written) / 1e3
    for statement in [begin, insertAppointment, insertHistory, insertRequest, setClock, commit] { statement.finalize() }
    return BookingRate(perSecond: Double(written) / seconds, meanBatch: Double(written) / Double(batches), cpuMicroseconds: spent)
  }

  /// Bookings per transaction of a closed store: all of one have the same instant.
  static func meanBatch(of path: String) throws -> Double {
    let database = try Database(path)
    defer { database.close() }
    let counts = try database.rows("SELECT count(*), count(DISTINCT created_at) FROM appointment")
    guard case .integer(let bookings) = counts[0][0], case .integer(let instants) = counts[0][1], instants > 0 else {
      throw BenchFault("nothing was booked in \(path)")
    }
    return Double(bookings) / Double(instants)
  }

  private static func parameters(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

  /// A store's appointments in the order of their making, the kept reply of each, and as many rows of the history in its order.
  private static func rows(of path: String) throws -> (appointments: [[Value]], requests: [[Value]], history: [[Value]]) {
    let database = try Database(path)
    defer { database.close() }
    let order = "ORDER BY appointment.created_at, appointment.folio"
    return (
      try database.rows("SELECT * FROM appointment \(order)"),
      try database.rows("SELECT request.* FROM request JOIN appointment ON appointment.folio = request.folio \(order)"),
      try database.rows("SELECT * FROM audit WHERE act = 'book' ORDER BY seq")
    )
  }

  // MARK: The little of SQLite's interface that this needs

  enum Value {
    case null
    case integer(Int64)
    case text([UInt8])
    case blob([UInt8])
  }

  final class Database {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
      guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK else {
        throw BenchFault("cannot open \(path)")
      }
    }

    func close() { sqlite3_close(handle) }

    func execute(_ sql: String) throws {
      guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw fault }
    }

    func prepare(_ sql: String) throws -> Prepared {
      var statement: OpaquePointer?
      guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK, let statement else {
        throw fault
      }
      return Prepared(statement: statement, database: self)
    }

    func rows(_ sql: String) throws -> [[Value]] {
      let prepared = try prepare(sql)
      defer { prepared.finalize() }
      var rows: [[Value]] = []
      while sqlite3_step(prepared.statement) == SQLITE_ROW {
        rows.append((0..<sqlite3_column_count(prepared.statement)).map { Self.value(prepared.statement, $0) })
      }
      return rows
    }

    var fault: BenchFault { BenchFault("SQLite: \(String(cString: sqlite3_errmsg(handle)))") }

    private static func value(_ row: OpaquePointer, _ column: Int32) -> Value {
      switch sqlite3_column_type(row, column) {
      case SQLITE_INTEGER: .integer(sqlite3_column_int64(row, column))
      case SQLITE_TEXT: .text(bytes(sqlite3_column_text(row, column), sqlite3_column_bytes(row, column)))
      case SQLITE_BLOB: .blob(bytes(sqlite3_column_blob(row, column), sqlite3_column_bytes(row, column)))
      default: .null
      }
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int32) -> [UInt8] {
      Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
    }
  }

  struct Prepared {
    let statement: OpaquePointer
    let database: Database

    /// Runs to the end with these values; they outlive the run, so that SQLite copies nothing.
    func run(_ values: [Value] = []) throws {
      for (index, value) in values.enumerated() {
        let place = Int32(index + 1)
        switch value {
        case .null: sqlite3_bind_null(statement, place)
        case .integer(let number): sqlite3_bind_int64(statement, place, number)
        case .text(let bytes):
          _ = bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { sqlite3_bind_text(statement, place, $0.baseAddress, Int32($0.count), nil) }
          }
        case .blob(let bytes): _ = bytes.withUnsafeBytes { sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), nil) }
        }
      }
      let code = sqlite3_step(statement)
      sqlite3_reset(statement)
      guard code == SQLITE_DONE || code == SQLITE_ROW else { throw database.fault }
    }

    func finalize() { sqlite3_finalize(statement) }
  }
}
