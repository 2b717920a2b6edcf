internal import CSQLite

/// Folding the write-ahead log into the file: here and nowhere else, and on the writing connection alone.
///
/// SQLite 3.7.0 to 3.51.2, Debian's among them, corrupts a WAL database when a second connection checkpoints while the first
/// commits (sqlite.org/wal.html, "The WAL-Reset Bug"). Besides this, only the writer's own automatic checkpoint runs.
enum Checkpoint {
  /// How long a writer waits for whoever reads, or looks at the file from outside.
  static let patience: Int32 = 2500

  /// Folds all of the log and empties it; leaves that to the next time while a reader needs it.
  ///
  /// - Parameter waits: whether to wait for readers first, at the end of everything; meanwhile nothing is written.
  static func truncate(_ writer: Connection, waits: Bool) throws(StoreFault) {
    sqlite3_busy_timeout(writer.handle, waits ? patience : 0)
    defer { sqlite3_busy_timeout(writer.handle, patience) }
    let code = sqlite3_wal_checkpoint_v2(writer.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw writer.fault("checkpoint", code: code) }
  }
}
