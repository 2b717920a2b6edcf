package import ClinicDomain
internal import Glibc
internal import CSQLite
package import Scheduling

extension StoreCore {
  /// Opens a clinic's store, or makes it.
  ///
  /// - Parameter now: for the index's window; a clock that runs behind the store's counts as the store's.
  package static func open(
    _ location: StoreLocation, rules: ClinicRules, options: StoreOptions = StoreOptions(), at now: Instant
  ) throws(OpeningFault) -> StoreCore {
    let clues = rules.clinic.identity.clues
    switch location {
    case .vfs(let name, let path):
      let connection = try openOnDisk(name, path, for: clues)
      return try start(connection, path: path, files: nil, rules: rules, options: options, at: now)
    case .file(let given):
      let path = FileNames.resolved(given)
      let files = try StoreFiles(of: path, reserveBytes: options.reserveBytes)
      do throws(OpeningFault) {
        let connection = try openFile(path, for: clues)
        return try start(connection, path: path, files: files, rules: rules, options: options, at: now)
      } catch {
        files.close()
        throw error
      }
    }
  }

  private static func openFile(_ path: String, for clues: CLUES) throws(OpeningFault) -> Connection {
    if FileNames.exists(path), FileNames.size(of: path) == nil {
      throw .foreign(path: path, detail: "no es un archivo")
    }
    if (FileNames.size(of: path) ?? 0) > 0 {
      try FileCheck.run(path, for: clues)
    } else {
      // A log without its file: somebody took the file away, and its last commits are in there.
      if let size = FileNames.size(of: "\(path)-wal"), size > 0 {
        throw .damaged(path: path, findings: ["falta el archivo y queda su registro -wal"])
      }
      try NewFile.create(path, for: clues)
    }
    let connection = try FileCheck.opening(path) { () throws(StoreFault) in
      try Connection(path, flags: SQLITE_OPEN_READWRITE)
    }
    // SQLite opens a file that it may not write as one to read.
    guard sqlite3_db_readonly(connection.handle, "main") == 0 else { throw .readOnly(path: path) }
    return connection
  }

  /// A named VFS has no names to look at before, and its files are ours: a making that was cut off is done again.
  private static func openOnDisk(
    _ vfs: String, _ path: String, for clues: CLUES
  ) throws(OpeningFault) -> Connection {
    let connection = try FileCheck.opening(path) { () throws(StoreFault) in
      let connection = try Connection(path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs: vfs)
      if try connection.integer("PRAGMA schema_version") == 0 { try NewFile.fill(connection, for: clues) }
      return connection
    }
    try FileCheck.check(connection, path: path, for: clues)
    return connection
  }

  private static func start(
    _ connection: Connection, path: String, files: StoreFiles?, rules: ClinicRules, options: StoreOptions,
    at now: Instant
  ) throws(OpeningFault) -> StoreCore {
    try FileCheck.opening(path) { () throws(StoreFault) in
      try configure(connection, options)
      try Schema.migrate(connection, from: try connection.integer("PRAGMA user_version"))
      let last = Instant(milliseconds: try connection.integer("SELECT now FROM clock"))
      let today = rules.today(at: max(now, last))
      let head = try AuditHead(of: connection)
      try files?.takeHead(of: connection)
      files?.keep(head)
      return StoreCore(
        connection: connection, files: files, rules: rules, options: options,
        index: try AgendaIndex(rules: rules, committedTo: connection, today: today), lastInstant: last, head: head)
    }
  }

  /// The writer's settings. FULL is read back, because a commit that is told must have reached the disk.
  private static func configure(_ writer: Connection, _ options: StoreOptions) throws(StoreFault) {
    sqlite3_busy_timeout(writer.handle, Checkpoint.patience)
    try writer.execute("PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    guard try writer.texts("PRAGMA journal_mode") == ["wal"], try writer.integer("PRAGMA synchronous") == 2 else {
      throw StoreFault(.broken, operation: "configure", detail: "journal_mode is not WAL, or synchronous not FULL")
    }
    try writer.execute(
      """
      PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -\(options.writerCacheKiB); PRAGMA journal_size_limit = \(options.walLimitBytes);
      PRAGMA wal_autocheckpoint = 1000
      """)
  }
}

extension AgendaIndex {
  /// The index that the committed rows make.
  init(rules: ClinicRules, committedTo connection: Connection, today: CivilDate) throws(StoreFault) {
    let rows = try Statement(
      """
      SELECT \(Appointment.columns) FROM appointment WHERE day >= ? \
      AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      """, in: connection)
    rows.bind(Int64(today.daysSinceEpoch - 1), at: 1)
    var known = KnownWords()
    self.init(
      rules: rules, appointments: try Appointment.all(rows, &known), kept: try KeptStretch.all(in: connection, since: today.advanced(by: -1), by: rules),
      claims: try AgendaClaim.standing(in: connection, since: today.advanced(by: -1)), handovers: try PatientHandover.standing(in: connection), today: today)
  }
}
