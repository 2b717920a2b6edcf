package import ClinicDomain
internal import CSQLite

/// One connection that reads: it cannot write, checkpoint, take long, or go on when nobody waits any more.
///
/// What it reads is what was committed when the read began.
package final class StoreReader {
  let connection: Connection
  private let limit: Duration
  private var statements: [String: Statement] = [:]
  private var known = KnownWords()
  private let end = End()

  init(path: String, options: StoreOptions) throws(StoreFault) {
    connection = try Connection(path, flags: SQLITE_OPEN_READONLY)
    limit = options.readLimit
    try connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -\(options.readerCacheKiB)")
    sqlite3_busy_timeout(connection.handle, 1000)
  }

  deinit { close() }

  func close() {
    statements.removeAll()
    connection.close()
  }

  /// What a read is interrupted by.
  private final class End {
    var deadline: ContinuousClock.Instant?
    var interest: Interest?

    var hasCome: Bool { interest?.isLost == true || deadline.map { $0 < .now } == true }
  }

  /// Runs what somebody waits for, and interrupts it when they wait no longer.
  ///
  /// - Throws: `cancelled` when that was so.
  func work<Value>(
    for interest: Interest, _ body: (StoreReader) throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value {
    guard !interest.isLost else { throw StoreFault(.cancelled, operation: "read") }
    end.interest = interest
    // Every thousand steps of SQLite's machine: some ten microseconds.
    sqlite3_progress_handler(connection.handle, 1000, { end in
      Unmanaged<End>.fromOpaque(end!).takeUnretainedValue().hasCome ? 1 : 0
    }, Unmanaged.passUnretained(end).toOpaque())
    defer {
      sqlite3_progress_handler(connection.handle, 0, nil, nil)
      end.interest = nil
    }
    do throws(StoreFault) { return try body(self) } catch {
      throw interest.isLost ? StoreFault(.cancelled, operation: "read") : error
    }
  }

  /// Runs a read, and interrupts it when its time is over: a reader left open keeps the write-ahead log from being folded.
  func limited<Value>(
    _ body: (StoreReader) throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value {
    end.deadline = .now + limit
    defer { end.deadline = nil }
    return try body(self)
  }

  /// Runs a read for as long as it takes.
  func unlimited<Value>(
    _ body: (StoreReader) throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value {
    try body(self)
  }

  func statement(_ sql: String) throws(StoreFault) -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = try Statement(sql, in: connection)
    statements[sql] = statement
    return statement
  }
}

// MARK: - People

extension StoreReader {
  /// By NSS and birth date, by id: twins are two.
  package func patients(nss: NSS, birthDate: CivilDate) throws(StoreFault) -> [Patient] {
    let rows = try statement("SELECT \(Patient.columns) FROM patient WHERE nss = ? AND birth_date = ? ORDER BY id")
    rows.bind(nss.description, at: 1)
    rows.bind(Int64(birthDate.daysSinceEpoch), at: 2)
    return try Patient.all(rows)
  }

  package func patient(number: PatientNumber) throws(StoreFault) -> Patient? {
    let rows = try statement("SELECT \(Patient.columns) FROM patient WHERE number = ?")
    rows.bind(Int64(number.number), at: 1)
    return try Patient.first(rows)
  }

  /// By CURP, by id: a padrón may have one twice, by mistake.
  package func patients(curp: CURP) throws(StoreFault) -> [Patient] {
    let rows = try statement("SELECT \(Patient.columns) FROM patient WHERE curp = ? ORDER BY id")
    rows.bind(curp.description, at: 1)
    return try Patient.all(rows)
  }

  package func patient(id: PatientID) throws(StoreFault) -> Patient? {
    let rows = try statement("SELECT \(Patient.columns) FROM patient WHERE id = ?")
    rows.bind(id.rawValue, at: 1)
    return try Patient.first(rows)
  }

  /// Everyone of an NSS, by birth date and id.
  package func family(of nss: NSS) throws(StoreFault) -> [Patient] {
    let rows = try statement("SELECT \(Patient.columns) FROM patient WHERE nss = ? ORDER BY birth_date, id")
    rows.bind(nss.description, at: 1)
    return try Patient.all(rows)
  }

  /// What a person gave, by grantee.
  package func consents(grantor: PatientID) throws(StoreFault) -> [Consent] {
    let rows = try statement("SELECT \(Consent.columns) FROM consent WHERE grantor = ? AND revoked_at IS NULL ORDER BY grantee")
    rows.bind(grantor.rawValue, at: 1)
    return try Consent.all(rows)
  }

  /// What a person was given, by grantor.
  package func consents(grantee: PatientID) throws(StoreFault) -> [Consent] {
    let rows = try statement("SELECT \(Consent.columns) FROM consent WHERE grantee = ? AND revoked_at IS NULL ORDER BY grantor")
    rows.bind(grantee.rawValue, at: 1)
    return try Consent.all(rows)
  }
}

// MARK: - Appointments

extension StoreReader {
  package func appointment(folio: Folio) throws(StoreFault) -> Appointment? {
    let rows = try statement("SELECT \(Appointment.columns) FROM appointment WHERE folio = ?")
    rows.bind(Int64(folio.number), at: 1)
    return try Appointment.first(rows, &known)
  }

  /// A person's appointments whose slots begin on or after a date (`nil`: all of them), whatever their status; by date and start.
  package func appointments(
    of patient: PatientID, since date: CivilDate?
  ) throws(StoreFault) -> [Appointment] {
    let rows = try statement(
      """
      SELECT \(Appointment.columns) FROM appointment WHERE patient = ?1 AND day >= ?2 AND \(Appointment.active) UNION ALL \
      SELECT \(Appointment.columns) FROM appointment WHERE patient = ?1 AND day >= ?2 AND \(Appointment.settled) \
      ORDER BY day, start_minute, folio
      """)
    rows.bind(patient.rawValue, at: 1)
    rows.bind(Int64(date?.daysSinceEpoch ?? CivilDate.earliest.daysSinceEpoch), at: 2)
    return try Appointment.all(rows, &known)
  }

  /// The rows of a statement that asks for ``Appointment/columns``.
  func appointments(_ rows: Statement) throws(StoreFault) -> [Appointment] { try Appointment.all(rows, &known) }

  /// Who keeps a place on an agenda's date, holds that have run out among them, whose appointment elsewhere claims it, and who missed
  /// theirs; by start.
  package func appointments(of resource: ResourceID, on date: CivilDate) throws(StoreFault) -> [Appointment] {
    var all: [Appointment] = []
    for statuses in ["status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')", "status = 'noshow'"] {
      let rows = try statement("SELECT \(Appointment.columns) FROM appointment WHERE resource = ? AND day = ? AND \(statuses)")
      rows.bind(resource.description, at: 1)
      rows.bind(Int64(date.daysSinceEpoch), at: 2)
      all += try Appointment.all(rows, &known)
    }
    let claiming = try statement(
      """
      SELECT \(Appointment.columns) FROM appointment \
      WHERE folio IN (SELECT appointment FROM appointment_claim WHERE resource = ? AND day = ? AND standing = 1)
      """)
    claiming.bind(resource.description, at: 1)
    claiming.bind(Int64(date.daysSinceEpoch), at: 2)
    all += try Appointment.all(claiming, &known)
    return all.sorted { ($0.slot.start, $0.folio) < ($1.slot.start, $1.folio) }
  }

  package func counts() throws(StoreFault) -> StoreCounts {
    StoreCounts(
      patients: Int(try connection.integer("SELECT count(*) FROM patient")),
      appointments: Int(try connection.integer("SELECT count(*) FROM appointment")),
      consents: Int(try connection.integer("SELECT count(*) FROM consent WHERE revoked_at IS NULL")),
      requests: Int(try connection.integer("SELECT count(*) FROM request")))
  }
}

/// How many rows there are.
package struct StoreCounts: Hashable, Sendable {
  package var patients: Int
  package var appointments: Int
  package var consents: Int
  package var requests: Int

  package init(patients: Int, appointments: Int, consents: Int, requests: Int) {
    self.patients = patients
    self.appointments = appointments
    self.consents = consents
    self.requests = requests
  }
}
