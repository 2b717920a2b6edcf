internal import ClinicDomain
internal import Glibc
internal import CSQLite

/// Copies a store to another file while it is in use, and reads the copy back.
///
/// From a connection that only reads: SQLite's backup takes one snapshot of the source in one step, and never checkpoints it.
/// One at a time. The copy is written under another name and becomes the backup by being renamed, so a backup is whole or
/// not there.
enum Backup {
  /// - Returns: the copy's identity, which is the source's at the moment of the copy.
  /// - Throws: `conflict` when there is a file already; what SQLite says; `broken` when the copy is not the source.
  static func copy(
    _ source: Connection, to path: String, for clues: CLUES
  ) throws(StoreFault) -> [UInt8] {
    guard !FileNames.exists(path) else {
      throw StoreFault(.conflict, operation: "backup", detail: "there is a file at the destination")
    }
    let draft = FileNames.draft(of: path)
    defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) } }
    // The snapshot that is hashed is the one that is copied.
    try source.execute("BEGIN")
    defer { try? source.execute("ROLLBACK") }
    let identity = try CanonicalDump.sha256(of: source)
    try write(source, to: draft)
    try verify(draft, path: path, identity: identity, for: clues)
    guard rename(draft, path) == 0, FileNames.syncFolder(of: path) else {
      throw StoreFault(.broken, operation: "backup", detail: String(cString: strerror(errno)))
    }
    return identity
  }

  private static func write(_ source: Connection, to draft: String) throws(StoreFault) {
    unlink(draft)
    let target = try Connection(draft, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    defer { target.close() }
    chmod(draft, 0o600)
    try target.execute("PRAGMA synchronous = EXTRA")
    guard let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main") else {
      throw target.fault("backup", code: sqlite3_errcode(target.handle))
    }
    sqlite3_backup_step(backup, -1)
    let code = sqlite3_backup_finish(backup)
    guard code == SQLITE_OK else { throw target.fault("backup", code: code) }
  }

  /// Reads the copy as the next opening would.
  private static func verify(
    _ draft: String, path: String, identity: [UInt8], for clues: CLUES
  ) throws(StoreFault) {
    let copy = try Connection(
      FileNames.uri(draft, "mode=ro&immutable=1"), flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    defer { copy.close() }
    do throws(OpeningFault) { try FileCheck.check(copy, path: path, for: clues) } catch {
      throw StoreFault(.broken, operation: "backup", detail: "the copy does not open: \(error)")
    }
    guard try CanonicalDump.sha256(of: copy) == identity else {
      throw StoreFault(.broken, operation: "backup", detail: "the copy is not the original")
    }
  }
}
