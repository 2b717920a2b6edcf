internal import Foundation
internal import Testing

@testable internal import kiosk_dev

@Suite("What a server does as it starts")
struct StartingTests {
  @Test("It raises its soft limit of open files to the hard one")
  func descriptors() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    try folder.write("", to: "log")
    let child = try await ChildProcess.start(
      "/bin/sh",
      ["-c", "ulimit -Sn 64 && exec \"$0\" \"$@\"", try BuiltPrograms.path("kiosk-server")] + CampaignServer.arguments(in: folder),
      log: folder.path("log"))
    defer { child.send(SIGKILL) }
    #expect(
      try await eventually {
        try String(contentsOfFile: folder.path("log"), encoding: .utf8).contains("lista: ") || child.hasEnded
      })
    let limits = try String(contentsOfFile: "/proc/\(child.pid)/limits", encoding: .utf8).split(separator: "\n")
    let words = try #require(limits.first { $0.hasPrefix("Max open files") }).split(separator: " ")
    // "Max open files", soft, hard, "files".
    #expect(words[3] == words[4] && words[3] != "64", "\(words)")
    child.send(SIGTERM)
    #expect(await child.exitStatus() == 0)
  }

  @Test("Nobody but its owner may enter its data folder; its sockets are for owner and group")
  func permissions() async throws {
    try await withServer { server in
      func mode(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: server.folder.path(name)))?[.posixPermissions] as? Int
      }
      #expect(mode("datos") == 0o700)
      #expect(mode("k.sock") == 0o660)
    }
  }

  @Test("It says where it listens, and at the end that it closed, and nothing else")
  func words() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let server = try await CampaignServer.start(in: folder, logLevel: "error")
    #expect(await server.stop() == 0)
    let sockets = ["k.sock", "p.sock", "t.sock"].map(folder.path).joined(separator: " ")
    #expect(server.said == "lista: \(server.tcp) \(sockets)\ncerrado en orden\n")
  }
}
