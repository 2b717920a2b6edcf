internal import Foundation
internal import Testing

@testable internal import kiosk_dev

@Suite("A vendor's client in plain Go, by somebody who had only the page of the wire")
struct GoVendorTests {
  private static let client = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build-interop/cliente-go").path

  @Test("It finds at TCP and at a Unix socket what the page says, from the first byte to the server's farewell")
  func page() async throws {
    try #require(
      FileManager.default.isExecutableFile(atPath: Self.client), "\(Self.client) is missing: run `make interop`, as `make test` does")
    try await withServer { server in
      let folder = try CampaignFolder()
      try folder.write("", to: "output")
      let client = try await ChildProcess.start(
        Self.client,
        [
          "-nss", CampaignPerson(number: 1).nss, "-nacimiento", CampaignPerson.birthDate, "-despedida",
          "tcp:\(server.tcp)", "unix:\(server.folder.path("k.sock"))",
        ], log: folder.path("output"))
      var said: String { (try? String(contentsOfFile: folder.path("output"), encoding: .utf8)) ?? "" }
      // Each of its steps has a bound of its own.
      while !said.contains("apague ahora el servidor\n"), !client.hasEnded { try await Task.sleep(for: .milliseconds(20)) }
      server.child.send(SIGTERM)
      #expect(await client.exitStatus() == 0, "\(said)")
      #expect(said.contains(#/\ncliente go: [0-9]+ comprobaciones\n$/#), "\(said)")
      let rows = try await StoreFileReader.rows("SELECT DISTINCT status FROM appointment", in: server.databasePath)
      #expect(rows == [["cancelled"]])
    }
  }
}
