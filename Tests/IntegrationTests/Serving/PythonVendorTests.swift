internal import Foundation
internal import Testing

@testable internal import kiosk_dev

@Suite("A vendor's client in plain Python, by somebody who had only the page of the wire")
struct PythonVendorTests {
  private static let client = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Tests/Interop/python-vendor/cliente_vendor.py").path

  /// Runs one of its orders; it ends with 0 when everything was as the page says.
  private func run(_ order: String, _ more: [String] = [], at address: String) async throws -> String {
    let run = try await ProgramRun.of("/usr/bin/env", ["python3", Self.client, "--servidor", address, order] + more)
    #expect(run.status == 0, "\(order): \(run.text)")
    return run.text
  }

  @Test("It greets, books and cancels, watches, and repeats what a broken connection left open", arguments: [false, true])
  func page(overTCP: Bool) async throws {
    try await withServer { server in
      let address = overTCP ? "tcp://\(server.tcp)" : "unix:\(server.folder.path("k.sock"))"
      let person = ["--nss", CampaignPerson(number: 1).nss, "--nacimiento", CampaignPerson.birthDate]
      #expect(try await run("salud", at: address).contains("12 UNIMPLEMENTED: method Chek"))
      let visit = try await run("visita", person, at: address)
      #expect(visit.contains("Repetida con el mismo request-id") && visit.contains("bytes, iguales"), "\(visit)")
      #expect(try await run("seguir", ["--segundos", "1"], at: address).contains("Terminó como se pidió: estado 1 CANCELLED"))
      let errors = try await run("errores", person, at: address)
      for code in ["3 INVALID_ARGUMENT", "4 DEADLINE_EXCEEDED", "5 NOT_FOUND", "6 ALREADY_EXISTS", "7 PERMISSION_DENIED", "13 INTERNAL", "16 UNAUTHENTICATED"] {
        #expect(errors.contains("→ \(code)"), "\(errors)")
      }
      #expect(!errors.contains("no se esperaba"), "\(errors)")
      #expect(try await run("caida", person, at: address).ranges(of: "citas en ese lugar: 1; otra vez: bytes iguales").count == 3)
      let rows = try await StoreFileReader.rows("SELECT DISTINCT status FROM appointment", in: server.databasePath)
      #expect(rows == [["cancelled"]])
    }
  }
}
