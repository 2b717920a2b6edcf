internal import ClinicDomain
internal import Glibc
internal import CSQLite

/// Looks at an existing file before anything is done to it: a file that is refused stays byte for byte what it was, and
/// nothing appears beside it.
enum FileCheck {
  /// - Throws: in this order `foreign`, `newer`, `damaged`, `otherClinic`.
  static func run(_ path: String, for clues: CLUES) throws(OpeningFault) {
    // Ours never have one: a store becomes one by being renamed, in WAL mode. SQLite would roll it back into the file.
    if let size = FileNames.size(of: "\(path)-journal"), size > 0 {
      throw .foreign(path: path, detail: "hay un archivo -journal junto a ella")
    }
    try reading(path) { connection throws(OpeningFault) in try check(connection, path: path, for: clues) }
  }

  /// Lets somebody read a file that nobody need have open. Leaves it, and what is beside it, byte for byte as it was.
  static func reading<Value>(
    _ path: String, _ body: (Connection) throws(OpeningFault) -> Value
  ) throws(OpeningFault) -> Value {
    let hasLog = (FileNames.size(of: "\(path)-wal") ?? 0) > 0
    let hadMemory = FileNames.exists("\(path)-shm")
    defer { if hasLog, !hadMemory { unlink("\(path)-shm") } }
    // A log that a crash left is part of the file. Without one nothing but the file is looked at, or left behind.
    let uri = FileNames.uri(path, hasLog ? "mode=ro" : "mode=ro&immutable=1")
    let connection = try opening(path) { () throws(StoreFault) in
      try Connection(uri, flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }
    defer { connection.close() }
    return try body(connection)
  }

  /// Who wrote the file, whose it is, and whether SQLite finds it whole.
  static func check(_ connection: Connection, path: String, for clues: CLUES) throws(OpeningFault) {
    try checkOrigin(connection, path: path)
    let findings = try opening(path) { () throws(StoreFault) in try connection.texts("PRAGMA quick_check(8)") }
    guard findings == ["ok"] else { throw .damaged(path: path, findings: findings) }
    let found = try opening(path) { () throws(StoreFault) in try connection.texts("SELECT clues FROM clinic") }
    guard found == [clues.description] else {
      throw .otherClinic(path: path, found: found.joined(separator: ", "), expected: clues.description)
    }
  }

  static func checkOrigin(_ connection: Connection, path: String) throws(OpeningFault) {
    let (origin, version) = try opening(path) { () throws(StoreFault) in
      (try connection.integer("PRAGMA application_id"), try connection.integer("PRAGMA user_version"))
    }
    guard origin == Schema.applicationID else {
      throw .foreign(path: path, detail: "application_id \(origin)")
    }
    guard version <= Schema.version else {
      throw .newer(path: path, version: Int(version), known: Int(Schema.version))
    }
  }

  /// Runs something of SQLite's as a part of opening.
  static func opening<Value>(
    _ path: String, _ body: () throws(StoreFault) -> Value
  ) throws(OpeningFault) -> Value {
    do throws(StoreFault) { return try body() } catch { throw OpeningFault(error, path: path) }
  }
}
