import CSQLite
import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Opening a store that an older server wrote")
struct MigrationTests {
  let folder = TemporaryFolder()

  /// A file of version 1 with people, a consent, an appointment, a cancelled one and a kept answer.
  func writeVersion1() throws {
    let connection = try Connection(folder.file, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    defer { connection.close() }
    try connection.execute(
      """
      \(Schema.migration001)
      INSERT INTO clinic VALUES (1, '\(ClinicRules.fixture().clinic.identity.clues)', 0);
      INSERT INTO clock VALUES (1, \(Instant.fixture.milliseconds), 0);
      INSERT INTO appointment VALUES (\(Folio.seeded(1).number), 1, 'medicina_familiar', 'matutino', 'C1', 20780, 0, 495, 510, 'booked', 'kiosk',
        NULL, NULL, 5, 6, 0);
      INSERT INTO appointment VALUES (\(Folio.seeded(2).number), 2, 'medicina_familiar', 'matutino', 'C1', 20780, 0, 495, 510, 'cancelled',
        'phone', NULL, 'clinic', 5, 6, 0);
      INSERT INTO request VALUES (x'\(String(repeating: "01", count: 16))', zeroblob(32), x'07', \(Folio.seeded(1).number), 0);
      PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = 1
      """)
    for person in [Patient.ana, .beto] {
      var row = FirstColumns(
        try Statement("INSERT INTO patient VALUES (\(Array(repeating: "?", count: 20).joined(separator: ", ")))", in: connection), 19)
      person.write(identityKey: "\(person.id.rawValue)", to: &row)
      try row.writer.write()
    }
    var row = FirstColumns(try Statement("INSERT INTO consent VALUES (?, ?, ?, ?)", in: connection), 3)
    Consent(grantor: Patient.ana.id, grantee: Patient.beto.id, grantedAt: .fixture).write(to: &row)
    try row.writer.write()
    for (table, key) in [("clinic", "id"), ("clock", "id"), ("appointment", "folio")] {
      try Migration.sumAgain(table, key: key, in: connection)
    }
    let sums = try Statement("SELECT id, content, reply, folio FROM request", in: connection)
    var sum = RowSum()
    _ = try sums.step()
    sums.feed(0..<4, into: &sum)
    sums.reset()
    try connection.execute("UPDATE request SET row_sum = \(sum.value); PRAGMA journal_mode = WAL")
  }

  @Test("Every row is kept as it was, and the history begins with one row for each")
  func fromVersion1() throws {
    try writeVersion1()
    let core = try StoreCore.open(folder)
    #expect(core.check() == [])
    #expect(try core.allPatients() == [.ana, .beto])
    let booked = Appointment(
      folio: .seeded(1), patient: Patient.ana.id, service: .familyMedicine, turno: .matutino,
      slot: Slot(resource: .c(1), date: CivilDate(daysSinceEpoch: 20780)!, minutes: AgendaMinute(minutes: 495)!..<AgendaMinute(minutes: 510)!),
      status: .booked, channel: .kiosk, holdExpiresAt: nil, cancellation: nil, createdAt: Instant(milliseconds: 5),
      changedAt: Instant(milliseconds: 6))
    #expect(try core.allAppointments().first { $0.folio == .seeded(1) } == booked)
    #expect(try core.history().map { [$0.act.rawValue, $0.object] } == [
      ["start", "history"], ["inherit", "appointment:\(min(Folio.seeded(1), .seeded(2)).number)"],
      ["inherit", "appointment:\(max(Folio.seeded(1), .seeded(2)).number)"], ["inherit", "patient:1"], ["inherit", "patient:2"],
      ["inherit", "consent:1:2"],
    ])
    // A kept answer still belongs to its appointment, and what comes now continues the history.
    _ = try core.apply(.request(9, .cancel(.seeded(1))))
    #expect(try core.history(after: 6).map(\.act) == [.cancel])
    #expect(core.check() == [])
    core.close()
    let again = try StoreCore.open(folder)
    #expect(again.head.seq == 7)
    #expect(again.check() == [])
    again.close()
    #expect(Shell.run("DELETE FROM appointment", on: folder.file, pragmas: "PRAGMA foreign_keys = ON") == nil)
    #expect(try StoreVerification(path: folder.file).findings.contains { $0.check == .unwritten && $0.text.contains("se borró") })
  }
}

/// A row as an older table has it: the columns that came later are left out.
private struct FirstColumns: ColumnSink {
  var writer: RowWriter
  private var left: Int

  init(_ statement: Statement, _ count: Int) {
    writer = RowWriter(statement)
    left = count
  }

  private mutating func takes() -> Bool {
    left -= 1
    return left >= 0
  }

  mutating func null() { if takes() { writer.null() } }
  mutating func integer(_ value: Int64) { if takes() { writer.integer(value) } }
  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) { if takes() { writer.text(utf8) } }
  mutating func blob(_ bytes: UnsafeRawBufferPointer) { if takes() { writer.blob(bytes) } }
}
