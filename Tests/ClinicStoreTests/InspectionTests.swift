import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Checking a store")
struct InspectionTests {
  let folder = TemporaryFolder()

  /// A store with some of everything, closed.
  func filled() throws {
    let core = try StoreCore.fixture(folder)
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    _ = try core.apply(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 2)))
    _ = try core.apply(.request(3, .hold("C2 2026-11-23 09:00", for: .beto, seed: 3)))
    _ = try core.apply(.request(4, .cancel(.seeded(2), by: .dario)))
    _ = try core.apply(
      .request(5, .grantConsent(GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id))))
    core.close()
  }

  @Test("A whole store has no findings")
  func whole() throws {
    try filled()
    let core = try StoreCore.open(folder)
    defer { core.close() }
    #expect(core.check() == [])
  }

  @Test("Each damage is found by its check, and told in Spanish without naming a person", arguments: [
    ("UPDATE patient SET given = 'Otra' WHERE id = 1", CheckFinding.Check.rowSum, "La fila 1 de patient"),
    ("UPDATE appointment SET changed_at = changed_at + 1", .rowSum, "de appointment no es la que se escribió"),
    ("UPDATE request SET reply = x'00'", .rowSum, "de request"),
    ("UPDATE clock SET now = now + 1", .rowSum, "de clock"),
    ("UPDATE consent SET granted_at = 5", .rowSum, "de consent"),
    ("DELETE FROM patient WHERE id = 1", .foreignKey, "de patient que no existe"),
    ("DELETE FROM appointment WHERE status = 'cancelled'", .request, "que no existe"),
    (
      """
      DROP TRIGGER appointment_overlap_insert; DROP INDEX appointment_slot;
      INSERT INTO appointment SELECT \(Folio.seeded(9)), patient, service, turno, resource, day, lane, start_minute + 5, end_minute,
        status, channel, hold_expires_at, cancellation, created_at, changed_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0 FROM appointment WHERE status = 'booked'
      """, .overlap, "se encima con otra cita en C1 el 2026-11-23"
    ),
  ] as [(String, CheckFinding.Check, String)])
  func damage(sql: String, check: CheckFinding.Check, text: String) throws {
    try filled()
    let words = Shell.run(sql, on: folder.file)
    #expect(words == nil, "\(words ?? "")")
    let core = try StoreCore.open(folder)
    defer { core.close() }
    let findings = core.check()
    #expect(findings.contains { $0.check == check && $0.text.contains(text) }, "\(findings)")
    #expect(findings.allSatisfy { !$0.text.contains("Persona") && !$0.text.contains("00809012347") })
  }

  @Test("A row that goes behind the server's back is found in the index")
  func index() throws {
    try filled()
    let core = try StoreCore.open(folder)
    defer { core.close() }
    Shell.run("UPDATE appointment SET status = 'cancelled', cancellation = 'clinic' WHERE status = 'booked'", on: folder.file)
    #expect(core.checkIndex().map(\.check) == [.index])
  }

  @Test("Of 200 bits flipped in what a row says, each is reported")
  func bitFlips() throws {
    try filled()
    let original = folder.bytes("clinic.sqlite")
    // Every copy of these texts in the file: table rows and index entries.
    let words = ["Persona 1", "De Ejemplo", "00809012347", "medicina_familiar", "matutino"]
    let places = words.flatMap { word in original.places(of: Array(word.utf8)).map { $0..<($0 + word.utf8.count) } }
    var chance = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      var bytes = original
      let place = chance.pick(places)
      let index = place.lowerBound + chance.below(place.count)
      bytes[index] ^= 1 << UInt8(chance.below(8))
      folder.write(bytes, to: "clinic.sqlite")
      // Refused at the door is reported too.
      guard let core = try? StoreCore.open(folder) else { continue }
      #expect(!core.check().isEmpty, "byte \(index)")
      core.close()
    }
  }
}

extension [UInt8] {
  /// Where a text begins, each time.
  fileprivate func places(of text: [UInt8]) -> [Int] {
    indices.filter { self[$0] == text[0] && self[$0...].starts(with: text) }
  }
}
