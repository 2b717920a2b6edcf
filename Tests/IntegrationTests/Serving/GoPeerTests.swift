internal import Foundation
internal import TTRPCNIO
internal import Testing

@testable internal import kiosk_dev

@Suite("Go's ttrpc, a peer that this project did not write")
struct GoPeerTests {
  private static let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build-interop/interop").path

  /// Runs the peer, which prints one line for each check.
  private func run(_ arguments: [String]) async throws {
    try #require(
      FileManager.default.isExecutableFile(atPath: Self.program), "\(Self.program) is missing: run `make -C Tests/Interop` first")
    let run = try await ProgramRun.of(Self.program, arguments)
    #expect(run.status == 0, "\(run.lines.filter { $0.hasPrefix("FAILED") }.joined(separator: "\n"))")
    #expect(run.lines.last?.hasSuffix(" passed, 0 failed") == true, "\(run.text)")
  }

  @Test("It books an appointment, and gets the right status for what it does wrong", arguments: [false, true])
  func book(overTCP: Bool) async throws {
    try await withServer { server in
      let person = CampaignPerson(number: 1)
      try await run([
        "book", "--addr", overTCP ? "tcp:\(server.tcp)" : "unix:\(server.folder.path("k.sock"))", "--nss", person.nss,
        "--birth-date", CampaignPerson.birthDate,
      ])
      let rows = try await StoreFileReader.rows("SELECT status FROM appointment", in: server.databasePath)
      #expect(rows == [["cancelled"]])
    }
  }
}
