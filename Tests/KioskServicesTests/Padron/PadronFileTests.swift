internal import ClinicDomain
internal import Foundation
internal import Testing

@testable internal import KioskServices

@Suite("A padrón file on disk")
struct PadronFileTests {
  @Test("It is read to its end in pieces, with the bytes read so far after each")
  func pieces() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("padron-\(UUID().uuidString).csv").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let row = "Ana,Luna,1990-02-05,VIGENTE\n"
    let text = "nombre,primer_apellido,fecha_nacimiento,derechos_estado\n" + String(repeating: row, count: 20_000)
    try text.write(toFile: path, atomically: true, encoding: .utf8)

    let file = try PadronFile(path: path)
    var (counts, people) = ([Int](), 0)
    try file.read(rules: PadronRules(today: CivilDate(iso: "2026-11-21")!), progress: { counts.append($0) }) { event in
      if case .person = event { people += 1 }
    }
    #expect(people == 20_000)
    #expect(file.byteCount == text.utf8.count)
    #expect(counts.last == file.byteCount)
    #expect(counts.count == 3)
  }

  @Test("A file that is not there, and a folder, cannot be opened", arguments: ["/nonexistent/padron.csv", "/tmp"])
  func unopened(path: String) {
    #expect(throws: PadronFileFault.cannotOpen(path: path)) { try PadronFile(path: path) }
  }
}
