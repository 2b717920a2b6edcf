internal import CSQLite

/// One SQLite connection, used by one thread at a time.
///
/// Straight onto the system's libsqlite3. The store itself must say when `synchronous` is set, which file may be touched, through
/// which VFS, and which connection checkpoints; a library's pool decides these for its caller (GRDB's sets NORMAL on its
/// writer and writes to a file on opening it), and a wrong one of them loses acknowledged appointments.
final class Connection {
  private(set) var handle: OpaquePointer?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - name: a path, or a `file:` URI when `flags` say so.
  ///   - vfs: the name of a registered VFS; `nil` is the system's.
  init(_ name: String, flags: Int32, vfs: String? = nil) throws(StoreFault) {
    let code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs)
    guard code == SQLITE_OK else {
      let fault = fault("open", code: code)
      close()
      throw fault
    }
    sqlite3_enable_load_extension(handle, 0)
  }

  deinit { close() }

  /// Closes the file; statements must be finalized before.
  func close() {
    sqlite3_close(handle)
    handle = nil
  }

  /// Rows that the last INSERT, UPDATE or DELETE wrote.
  var changedRows: Int { Int(sqlite3_changes(handle)) }

  /// Whether a transaction stands: a full disk inside a savepoint, say, rolls everything back.
  var transactionStands: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Runs one or more statements without parameters; rows are dropped.
  func execute(_ sql: String) throws(StoreFault) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw fault(sql.firstWords, code: code) }
  }

  /// The first column of the only row, as a whole number; 0 when there is no row.
  func integer(_ sql: String) throws(StoreFault) -> Int64 {
    let statement = try Statement(sql, in: self)
    return try statement.step() ? statement.integer(0) : 0
  }

  /// The first column of every row, as text.
  func texts(_ sql: String) throws(StoreFault) -> [String] {
    let statement = try Statement(sql, in: self)
    var texts: [String] = []
    while try statement.step() { texts.append(statement.optionalText(0) ?? "") }
    return texts
  }

  /// What SQLite says about the operation that just failed.
  func fault(_ operation: String, code: Int32) -> StoreFault {
    let detail = handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    return StoreFault(
      .init(sqliteCode: code), operation: operation, code: code, detail: detail.map { String(cString: $0) } ?? "")
  }
}

extension StoreFault.Kind {
  /// Which kind a result code is, when it does not come from a COMMIT.
  init(sqliteCode code: Int32) {
    self = switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT, SQLITE_NOMEM, SQLITE_SCHEMA, SQLITE_PROTOCOL: .busy
    case SQLITE_FULL: .full
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readOnly
    case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE: .conflict
    default: .broken
    }
  }
}

extension String {
  /// Enough of an SQL text to find it again.
  fileprivate var firstWords: String { split(separator: " ").prefix(3).joined(separator: " ") }
}
