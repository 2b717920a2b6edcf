internal import CSQLite

/// Another program's look at a store's file while the server has it open.
package enum BehindTheServer {
  /// Runs statements; `nil` when SQLite is content, otherwise its words.
  @discardableResult
  package static func run(_ sql: String, on path: String) -> String? {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    guard sqlite3_open(path, &connection) == SQLITE_OK else { return "cannot open" }
    sqlite3_busy_timeout(connection, 5000)
    return sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK ? nil : String(cString: sqlite3_errmsg(connection))
  }
}
