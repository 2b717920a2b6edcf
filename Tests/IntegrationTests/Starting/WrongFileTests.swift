internal import Foundation
internal import Testing

@testable internal import ClinicStore
@testable internal import kiosk_dev

@Suite("A database file that is not this server's")
struct WrongFileTests {
  let folder: CampaignFolder
  private let path: String

  init() throws {
    folder = try CampaignFolder()
    path = CampaignServer.databasePath(in: folder)
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    try FileManager.default.createDirectory(atPath: folder.path("datos"), withIntermediateDirectories: true)
  }

  /// Starts a server on the file, which must end with status 1, one sentence, and the file byte for byte as it was.
  private func refused(sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let run = try await ProgramRun.of(try BuiltPrograms.path("kiosk-server"), CampaignServer.arguments(in: folder))
    #expect(run.status == 1, sourceLocation: sourceLocation)
    #expect(run.lines.count == 1, sourceLocation: sourceLocation)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, sourceLocation: sourceLocation)
    for ending in ["-wal", "-shm", "-journal"] {
      #expect(!FileManager.default.fileExists(atPath: path + ending), sourceLocation: sourceLocation)
    }
    return run.lines.first ?? ""
  }

  /// A file that a server of the clinic has made, and left in order.
  private func makeStore() async throws {
    let server = try await CampaignServer.start(in: folder)
    try await server.importPeople(1...1)
    #expect(await server.stop() == 0)
  }

  private func sqlite(_ sql: String) async throws {
    let run = try await ProgramRun.of("/usr/bin/sqlite3", ["-batch", path, sql])
    #expect(run.status == 0, "\(run.text)")
  }

  @Test("A text")
  func text() async throws {
    try Data("Esto no es una base.\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(
      try await refused() == "\(path) no es una base de Ventanilla (no es una base de datos SQLite). No se tocó. "
        + "Revise la ruta; si quiere una base nueva, indique un archivo que no exista.")
  }

  @Test("Another program's database")
  func foreign() async throws {
    try await sqlite("CREATE TABLE notas (texto TEXT); INSERT INTO notas VALUES ('mía')")
    #expect(
      try await refused() == "\(path) no es una base de Ventanilla (application_id 0). No se tocó. "
        + "Revise la ruta; si quiere una base nueva, indique un archivo que no exista.")
  }

  @Test("A later version's file")
  func newer() async throws {
    try await makeStore()
    try await sqlite("PRAGMA journal_mode = DELETE; PRAGMA user_version = 99")
    #expect(
      try await refused() == "La base \(path) es de una versión más nueva (99) que este servidor (\(Schema.version)). No se tocó. "
        + "Instale la versión nueva de Ventanilla.")
  }

  @Test("Another clinic's file")
  func otherClinic() async throws {
    try await makeStore()
    try CampaignServer.prepare(CampaignClinic(clues: "DFIMS999306"), in: folder)
    #expect(
      try await refused() == "La base \(path) es de otra clínica (DFIMS009996) y la configuración dice DFIMS999306. No se tocó. "
        + "Revise la ruta o el archivo clinic.yaml.")
  }

  @Test("A damaged file")
  func damaged() async throws {
    try await makeStore()
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seek(toOffset: 4096)
    try handle.write(contentsOf: Data(repeating: 0xA5, count: 2048))
    try handle.close()
    let sentence = try await refused()
    #expect(sentence.hasPrefix("La base \(path) está dañada: "))
    #expect(sentence.hasSuffix("No se tocó. Guarde una copia del archivo y restaure el último respaldo."))
  }
}
