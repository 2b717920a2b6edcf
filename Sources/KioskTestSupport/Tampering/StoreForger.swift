internal import CSQLite
internal import ClinicDomain
internal import Crypto
internal import Glibc

/// Somebody who has the store's file and knows how it is written: changes rows behind the server's back and, to hide it, makes their sums
/// and hashes anew. Its CRC and its bytes are written from the description alone, so that they check the store's own.
package struct StoreForger {
  /// What was done, and what a report of it must name: one of these numbers.
  package struct Deed: Sendable, CustomStringConvertible {
    package var description: String
    package var names: [Int64]
    /// Of the history: the first bad row is the one that is reported first.
    package var isHistory = false

    /// Whether a number stands in a finding as a whole; in the first one, for a deed to the history.
    package func isNamed(in findings: [String]) -> Bool {
      findings.prefix(isHistory ? 1 : findings.count).contains { finding in
        let numbers = Set(finding.split { !$0.isASCII || !$0.isNumber }.map(String.init))
        return names.contains { numbers.contains("\($0)") }
      }
    }
  }

  package enum Kind: CaseIterable, Sendable {
    case editHistory, editHistoryAndHash, deleteHistory, swapHistory, truncateHistory
    case editAppointment, deleteAppointment, swapAppointments, truncateAppointments, insertAppointment
  }

  private var chance: SeededGenerator

  package init(seed: UInt64) { chance = SeededGenerator(seed: seed) }

  /// Does one deed to a file that nobody has open.
  ///
  /// - Returns: `nil` when the store is too small for it.
  package mutating func forge(_ kind: Kind, in path: String) -> Deed? {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else { return nil }
    defer { sqlite3_close(handle) }
    let file = ForgedFile(handle: handle)
    file.run("PRAGMA synchronous = OFF")
    for trigger in file.texts("SELECT name FROM sqlite_schema WHERE type = 'trigger'") { file.run("DROP TRIGGER \(trigger)") }
    file.run("DROP INDEX appointment_slot")
    return switch kind {
    case .editHistory, .editHistoryAndHash: editHistory(file, rehashed: kind == .editHistoryAndHash)
    case .deleteHistory: deleteHistory(file)
    case .swapHistory: swapHistory(file)
    case .truncateHistory: truncateHistory(file)
    case .editAppointment: editAppointment(file)
    case .deleteAppointment: deleteAppointment(file)
    case .swapAppointments: swapAppointments(file)
    case .truncateAppointments: truncateAppointments(file)
    case .insertAppointment: insertAppointment(file)
    }
  }
}

// MARK: - The history

extension StoreForger {
  /// The last row with its hash made anew is left out: nothing comes after it to remember the old one but the head that is kept elsewhere.
  private mutating func editHistory(_ file: ForgedFile, rehashed: Bool) -> Deed? {
    let last = file.number("SELECT max(seq) FROM audit")
    guard last > 2 else { return nil }
    let seq = Int64(chance.within(2...Int(rehashed ? last - 1 : last)))
    let edit = chance.pick([
      "at = at + 1", "actor = 'person:999999'", "door = door || 'x'", "act = CASE act WHEN 'book' THEN 'cancel' ELSE 'book' END",
      "reason = coalesce(reason, '') || 'x'", "object = object || '1'", "content = zeroblob(16)",
    ])
    file.run("UPDATE audit SET \(edit) WHERE seq = \(seq)")
    if rehashed { file.hashAgain(seq) }
    file.sumAgain("audit", "seq = \(seq)")
    return Deed(description: "audit \(seq): \(edit)\(rehashed ? ", hash made anew" : "")", names: [seq], isHistory: true)
  }

  private mutating func deleteHistory(_ file: ForgedFile) -> Deed? {
    let last = file.number("SELECT max(seq) FROM audit")
    guard last > 2 else { return nil }
    let seq = Int64(chance.within(1...Int(last) - 1))
    file.run("DELETE FROM audit WHERE seq = \(seq)")
    return Deed(description: "audit \(seq) deleted", names: [seq], isHistory: true)
  }

  private mutating func swapHistory(_ file: ForgedFile) -> Deed? {
    let last = file.number("SELECT max(seq) FROM audit")
    guard last > 3 else { return nil }
    let first = Int64(chance.within(2...Int(last) - 1))
    let second = Int64(chance.within(Int(first) + 1...Int(last)))
    file.run(
      """
      UPDATE audit SET seq = -1 WHERE seq = \(first); UPDATE audit SET seq = \(first) WHERE seq = \(second);
      UPDATE audit SET seq = \(second) WHERE seq = -1
      """)
    for seq in [first, second] { file.sumAgain("audit", "seq = \(seq)") }
    return Deed(description: "audit \(first) and \(second) swapped", names: [first], isHistory: true)
  }

  private mutating func truncateHistory(_ file: ForgedFile) -> Deed? {
    let last = file.number("SELECT max(seq) FROM audit")
    guard last > 4 else { return nil }
    let kept = Int64(chance.within(2...Int(last) - 1))
    file.run("DELETE FROM audit WHERE seq > \(kept)")
    return Deed(description: "audit cut off after \(kept)", names: [kept, last], isHistory: true)
  }
}

extension StoreForger {
  /// Says of a row of the history that somebody else did it, writes every row after it anew, and the head that is kept beside the file: who
  /// holds the store's folder can do all of it.
  ///
  /// - Returns: `nil` when the history is too short for it.
  package mutating func rewriteToTheEnd(_ path: String) -> Deed? {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else { return nil }
    defer { sqlite3_close(handle) }
    let file = ForgedFile(handle: handle)
    let triggers = file.texts("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'")
    for trigger in file.texts("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'") { file.run("DROP TRIGGER \(trigger)") }
    let last = file.number("SELECT max(seq) FROM audit")
    guard last > 3 else { return nil }
    let seq = Int64(chance.within(2...Int(last) - 1))
    file.run("UPDATE audit SET actor = 'staff:uid:4711' WHERE seq = \(seq)")
    for row in seq...last {
      if row > seq { file.run("UPDATE audit SET previous = (SELECT hash FROM audit WHERE seq = \(row - 1)) WHERE seq = \(row)") }
      file.hashAgain(row)
      file.sumAgain("audit", "seq = \(row)")
    }
    for trigger in triggers { file.run(trigger) }
    let head = file.texts("SELECT seq || ':' || lower(hex(hash)) FROM audit WHERE seq = \(last)")[0]
    if let beside = fopen(path + ".head", "w") {
      fputs(head + "\n", beside)
      fclose(beside)
    }
    return Deed(description: "audit written anew from \(seq) to \(last)", names: [seq])
  }
}

extension StoreForger {
  /// Has an appointment have been made so many days earlier: what only days make happens now.
  package static func backdate(_ folio: Int64, byDays days: Int64, in path: String) {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else { return }
    defer { sqlite3_close(handle) }
    let file = ForgedFile(handle: handle)
    let triggers = file.texts("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'appointment'")
    for trigger in file.texts("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'appointment'") { file.run("DROP TRIGGER \(trigger)") }
    file.run("UPDATE appointment SET created_at = created_at - \(days * 86_400_000) WHERE folio = \(folio)")
    file.sumAgain("appointment", "folio = \(folio)")
    for trigger in triggers { file.run(trigger) }
  }
}

// MARK: - Bookings

extension StoreForger {
  private mutating func folio(_ file: ForgedFile) -> Int64? {
    let count = file.number("SELECT count(*) FROM appointment")
    guard count > 0 else { return nil }
    return file.number("SELECT folio FROM appointment LIMIT 1 OFFSET \(chance.below(Int(count)))")
  }

  private mutating func editAppointment(_ file: ForgedFile) -> Deed? {
    guard let folio = folio(file) else { return nil }
    let edit = chance.pick([
      "patient = (SELECT id FROM patient WHERE id <> patient LIMIT 1)", "service = service || 'x'", "day = day + 1",
      "resource = 'C98'", "lane = lane + 1", "end_minute = end_minute + 1", "created_at = created_at - 1",
      "changed_at = changed_at + 1", "channel = CASE channel WHEN 'desk' THEN 'kiosk' ELSE 'desk' END",
      "status = 'noshow', cancellation = NULL, hold_expires_at = NULL, replaced_by = NULL",
      "confirmed_at = coalesce(confirmed_at, 0) + 1, confirmed_through = 'phone'", "arrived_at = coalesce(arrived_at, 0) + 1", "before_minutes = 5, after_minutes = 0, capacity = 2",
    ])
    file.run("UPDATE appointment SET \(edit) WHERE folio = \(folio)")
    file.sumAgain("appointment", "folio = \(folio)")
    return Deed(description: "appointment \(folio): \(edit)", names: [folio])
  }

  private mutating func deleteAppointment(_ file: ForgedFile) -> Deed? {
    guard let folio = folio(file) else { return nil }
    file.run("DELETE FROM request WHERE folio = \(folio); DELETE FROM appointment WHERE folio = \(folio)")
    return Deed(description: "appointment \(folio) deleted", names: [folio])
  }

  /// Two people change places.
  private mutating func swapAppointments(_ file: ForgedFile) -> Deed? {
    guard let first = folio(file), let second = folio(file), first != second,
      file.number("SELECT count(DISTINCT patient) FROM appointment WHERE folio IN (\(first), \(second))") == 2
    else { return nil }
    let patient = file.number("SELECT patient FROM appointment WHERE folio = \(first)")
    file.run(
      """
      UPDATE appointment SET patient = (SELECT patient FROM appointment WHERE folio = \(second)) WHERE folio = \(first);
      UPDATE appointment SET patient = \(patient) WHERE folio = \(second)
      """)
    for folio in [first, second] { file.sumAgain("appointment", "folio = \(folio)") }
    return Deed(description: "the people of \(first) and \(second) swapped", names: [first, second])
  }

  /// The last ones that were made are gone, and their rows of the history with them: as an older copy of the file would look.
  private mutating func truncateAppointments(_ file: ForgedFile) -> Deed? {
    let last = file.number("SELECT max(seq) FROM audit")
    guard last > 4 else { return nil }
    let kept = Int64(chance.within(2...Int(last) - 1))
    file.run(
      """
      DELETE FROM request WHERE folio IN (SELECT CAST(substr(object, 13) AS INTEGER) FROM audit WHERE seq > \(kept));
      DELETE FROM appointment WHERE folio IN (SELECT CAST(substr(object, 13) AS INTEGER) FROM audit WHERE seq > \(kept));
      DELETE FROM audit WHERE seq > \(kept)
      """)
    return Deed(description: "appointments and audit cut off after \(kept)", names: [kept, last], isHistory: true)
  }

  /// A place given without anybody having written who gave it.
  private mutating func insertAppointment(_ file: ForgedFile) -> Deed? {
    guard let folio = folio(file) else { return nil }
    let given = Int64(Folio(random: chance.next()).number)
    file.run(
      """
      INSERT INTO appointment SELECT \(given), patient, service, turno, resource, day + 400, lane, start_minute, end_minute, 'booked',
        channel, NULL, NULL, created_at, changed_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0 FROM appointment WHERE folio = \(folio)
      """)
    file.sumAgain("appointment", "folio = \(given)")
    return Deed(description: "appointment \(given) put in", names: [given])
  }
}

/// The little of SQLite's interface that a forger needs.
private struct ForgedFile {
  let handle: OpaquePointer

  func run(_ sql: String) {
    precondition(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
  }

  func texts(_ sql: String) -> [String] {
    rows(sql) { String(cString: sqlite3_column_text($0, 0)) }
  }

  func number(_ sql: String) -> Int64 { rows(sql) { sqlite3_column_int64($0, 0) }.first ?? 0 }

  /// Makes the hash of a row of the history fit what it says.
  func hashAgain(_ seq: Int64) {
    let bytes = rows("SELECT previous, * FROM audit WHERE seq = \(seq)") { row in
      Self.content(row, 0)[5...] + (1...11).flatMap { Self.content(row, $0) }
    }[0]
    let hex = SHA256.hash(data: Array(bytes)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    run("UPDATE audit SET hash = x'\(hex)' WHERE seq = \(seq)")
  }

  /// Makes the row sums of rows fit what they say.
  func sumAgain(_ table: String, _ rows: String) {
    let sums = self.rows("SELECT rowid, * FROM \(table) WHERE \(rows)") { row in
      (sqlite3_column_int64(row, 0), Self.crc((1..<sqlite3_column_count(row) - 1).flatMap { Self.content(row, $0) }))
    }
    for (rowid, sum) in sums { run("UPDATE \(table) SET row_sum = \(sum) WHERE rowid = \(rowid)") }
  }

  private func rows<Value>(_ sql: String, _ read: (OpaquePointer) -> Value) -> [Value] {
    var statement: OpaquePointer?
    precondition(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, sql)
    defer { sqlite3_finalize(statement) }
    var values: [Value] = []
    while sqlite3_step(statement) == SQLITE_ROW { values.append(read(statement!)) }
    return values
  }

  /// A column's type, the length of a text or blob in four bytes, and its bytes; an integer's eight; both little-endian.
  private static func content(_ row: OpaquePointer, _ column: Int32) -> [UInt8] {
    switch sqlite3_column_type(row, column) {
    case SQLITE_NULL: return [0]
    case SQLITE_INTEGER:
      let value = UInt64(bitPattern: sqlite3_column_int64(row, column))
      return [1] + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    case let type:
      let count = Int(sqlite3_column_bytes(row, column))
      let bytes = UnsafeRawBufferPointer(start: sqlite3_column_blob(row, column), count: count)
      return [type == SQLITE_TEXT ? 2 : 3] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + bytes
    }
  }

  /// CRC-32C, bit by bit.
  private static func crc(_ bytes: [UInt8]) -> Int64 {
    var state: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 1 ? 0x82F6_3B78 ^ (state >> 1) : state >> 1 }
    }
    return Int64(state ^ 0xFFFF_FFFF)
  }
}
