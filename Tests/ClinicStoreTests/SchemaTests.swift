import ClinicDomain
import ClinicStore
import KioskTestSupport
import Testing

@Suite("What the schema refuses, whoever writes")
struct SchemaTests {
  static func insert(
    folio: Int = 200_000_000_000, resource: String = "C1", day: Int = 20_780, lane: Int = 0, _ start: Int, _ end: Int,
    status: String = "booked", hold: String = "NULL", cancellation: String = "NULL", patient: Int = 1
  ) -> String {
    """
    INSERT INTO appointment VALUES (\(folio), \(patient), 's', 't', '\(resource)', \(day), \(lane), \(start), \(end), \
    '\(status)', 'kiosk', \(hold), \(cancellation), 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0)
    """
  }

  /// After one booked appointment from 540 to 570 on C1.
  @Test("Each row, and what it meets", arguments: [
    (insert(570, 585), nil),
    (insert(525, 540), nil),
    (insert(resource: "C2", 540, 570), nil),
    (insert(day: 20_781, 540, 570), nil),
    (insert(lane: 1, 540, 570), nil),
    (insert(540, 570, status: "cancelled", cancellation: "'clinic'"), nil),
    (insert(540, 570), "overlap"),
    (insert(555, 570), "overlap"),
    (insert(530, 541), "overlap"),
    (insert(500, 600), "overlap"),
    (insert(569, 570, status: "pending", hold: "9"), "overlap"),
    (insert(folio: 123_456_789_012, 600, 615), "UNIQUE constraint failed: appointment.folio"),
    (insert(folio: 99, 600, 615), "CHECK constraint failed: folio BETWEEN 100000000000 AND 999999999999"),
    (insert(600, 600), "CHECK constraint failed: start_minute < end_minute"),
    (insert(600, 2881), "CHECK constraint failed: end_minute BETWEEN 1 AND 2880"),
    (insert(600, 615, status: "free"), "CHECK constraint failed: status IN"),
    (insert(600, 615, status: "pending"), "CHECK constraint failed: (status = 'pending')"),
    (insert(600, 615, hold: "9"), "CHECK constraint failed: (status = 'pending')"),
    (insert(600, 615, status: "cancelled"), "CHECK constraint failed: (status = 'cancelled')"),
    (insert(600, 615, cancellation: "'clinic'"), "CHECK constraint failed: (status = 'cancelled')"),
    (insert(600, 615, patient: 99), "FOREIGN KEY constraint failed"),
    ("DELETE FROM audit WHERE seq = 1", "audit is append-only"),
    ("UPDATE audit SET reason = 'x' WHERE seq = 1", "audit is append-only"),
    ("UPDATE appointment SET confirmed_at = 1", "CHECK constraint failed: (confirmed_at IS NULL)"),
    ("UPDATE appointment SET replaced_by = 1", "CHECK constraint failed: (cancellation IS 'rescheduled')"),
    ("UPDATE appointment SET folio = 'x'", "datatype mismatch"),
    ("UPDATE appointment SET start_minute = 'soon'", "cannot store TEXT value"),
  ] as [(String, String?)])
  func constraint(sql: String, expected: String?) throws {
    let folder = TemporaryFolder()
    try StoreCore.fixture(folder).close()
    let first = Self.insert(folio: 123_456_789_012, 540, 570)
    let words = Shell.run(sql, on: folder.file, pragmas: "PRAGMA foreign_keys = ON; \(first)")
    if let expected { #expect(words?.contains(expected) == true, "\(words ?? "nothing")") } else { #expect(words == nil) }
  }

  @Test("A cancelled appointment cannot come back into a slot that somebody else has")
  func revival() throws {
    let folder = TemporaryFolder()
    try StoreCore.fixture(folder).close()
    let rows = Self.insert(540, 570, status: "cancelled", cancellation: "'clinic'")
      + ";" + Self.insert(folio: 200_000_000_001, 555, 570)
    #expect(
      Shell.run(
        "UPDATE appointment SET status = 'booked', cancellation = NULL WHERE folio = 200000000000", on: folder.file,
        pragmas: rows) == "overlap")
  }
}
