internal import ClinicDomain
internal import Glibc
internal import CSQLite

/// Makes a new store.
///
/// In a file of another name, which becomes the store by being renamed: a power cut leaves a whole store or none, and no
/// rollback journal that could ever meet it. `synchronous` is EXTRA meanwhile, because with less the journal of the switch
/// to WAL can come back after a cut and undo everything.
enum NewFile {
  static func create(_ path: String, for clues: CLUES) throws(OpeningFault) {
    let draft = "\(path).new"
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(draft + suffix) }
    do throws(StoreFault) {
      let connection = try Connection(draft, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      defer { connection.close() }
      try fill(connection, for: clues)
    } catch {
      unlink(draft)
      throw OpeningFault(error, path: path)
    }
    chmod(draft, 0o600)
    guard rename(draft, path) == 0 else { throw .system(errno, path: path) }
    guard FileNames.syncFolder(of: path) else { throw .system(errno, path: path) }
  }

  /// Writes the schema and the clinic's identity, durably, and turns to WAL.
  static func fill(_ connection: Connection, for clues: CLUES) throws(StoreFault) {
    try connection.execute("PRAGMA synchronous = EXTRA")
    var sum = RowSum()
    sum.integer(1)
    sum.text(clues.description)
    try connection.execute("BEGIN IMMEDIATE")
    for (number, migration) in Schema.migrations.enumerated() {
      try migration.run(connection)
      if number == 0 { try connection.execute("INSERT INTO clinic VALUES (1, '\(clues)', \(sum.value))") }
    }
    try connection.execute(
      "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(Schema.version); COMMIT")
    try connection.execute("PRAGMA journal_mode = WAL")
  }
}
