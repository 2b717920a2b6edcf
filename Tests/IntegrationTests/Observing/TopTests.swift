internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("kioskctl top", .timeLimit(.minutes(5)))
struct TopTests {
  private func terminal(_ server: CampaignServer, _ more: [String] = []) throws -> PseudoTerminal {
    try PseudoTerminal(
      BuiltPrograms.path("kioskctl"), ["top", "--servidor", server.folder.path("p.sock"), "--cada", "0.2"] + more)
  }

  private func shows(_ screen: PseudoTerminal.Screen, _ word: String) -> Bool { screen.lines.contains { $0.contains(word) } }

  @Test("On a terminal it redraws in its place within 80 × 24, and q gives the terminal back as it was")
  func live() async throws {
    try await withServer { server in
      let terminal = try terminal(server)
      let kiosk = try await server.connect()
      try terminal.until { shows($0, "Operations/") && shows($0, "q termina") }
      for _ in 0..<200 { _ = try await HealthClient(kiosk).check(Wire.HealthCheckRequest()) }
      for _ in 0..<3 {
        _ = await refusal { () async throws(RPCError) in
          try await PatientsClient(kiosk).identify(Wire.IdentifyRequest(identifier: .nss("0"), birthDate: "1985-04-30"))
        }
      }
      try terminal.until { screen in
        screen.lines.contains { $0.hasPrefix("Health/Check") && $0.contains(" 200") }
          && screen.lines.contains { $0.hasPrefix("Patients/Identify") && $0.contains("INVALID_ARGUMENT 3") }
      }
      let screen = terminal.screen
      #expect(screen.isAlternate && screen.isCursorHidden && !screen.isOverfull && screen.unknownOrders == [])
      #expect(screen.lines[0].hasPrefix("Ventanilla "))
      #expect(screen.lines[23] == "q termina")
      for word in ["Llamadas", "Conexiones", "Base", "Proceso"] { #expect(shows(screen, word)) }
      #expect(try terminal.flags & tcflag_t(ECHO | ICANON) == 0)

      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
      #expect(!terminal.screen.isAlternate && !terminal.screen.isCursorHidden)
      #expect(try terminal.flags == terminal.originalFlags)
      await kiosk.close()
    }
  }

  @Test("Ctrl-C ends it in order, SIGTERM at once, and both give the terminal back", arguments: [("\u{3}", 0), (nil, 143)] as [(String?, Int32)])
  func ends(key: String?, status: Int32) async throws {
    try await withServer { server in
      let terminal = try terminal(server)
      try terminal.until { shows($0, "q termina") }
      if let key { terminal.type(key) } else { terminal.signal(SIGTERM) }
      #expect(terminal.exitStatus() == status)
      #expect(!terminal.screen.isAlternate && !terminal.screen.isCursorHidden)
      #expect(try terminal.flags == terminal.originalFlags)
    }
  }

  @Test("A server that is lost is said and waited for; Ctrl-C then gives the terminal back too")
  func lost() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let first = try await CampaignServer.start(in: folder)
    let terminal = try terminal(first)
    try terminal.until { shows($0, "q termina") }
    await first.kill()
    try terminal.until { shows($0, "El servidor no contesta") && !shows($0, "Llamadas") }
    let second = try await CampaignServer.start(in: folder)
    try terminal.until { shows($0, "Llamadas") && !shows($0, "no contesta") }
    #expect(await second.stop() == 0)
    try terminal.until { shows($0, "El servidor no contesta") }
    terminal.type("\u{3}")
    #expect(terminal.exitStatus() == 0)
    #expect(!terminal.screen.isAlternate && !terminal.screen.isCursorHidden)
    #expect(try terminal.flags == terminal.originalFlags)
  }

  @Test("Where there is no terminal it writes plain text: one picture and an end, a line for each sample with --seguir, or JSON")
  func plain() async throws {
    try await withServer { server in
      let place = ["--servidor", server.folder.path("t.sock"), "--cada", "0.2"]
      let kioskctl = try BuiltPrograms.path("kioskctl")
      let once = try await ProgramRun.of(kioskctl, ["top", "--una-vez"] + place)
      #expect(once.status == 0 && once.lines.first?.hasPrefix("Ventanilla ") == true && !once.text.contains("\u{1B}"))
      #expect(once.lines.contains { $0.hasPrefix("Operations/ImportPatients") })
      let bare = try await ProgramRun.of(kioskctl, ["top"] + place)
      #expect(bare.status == 0 && bare.lines.first?.hasPrefix("Ventanilla ") == true && !bare.text.contains("\u{1B}"))
      #expect(["Llamadas", "Conexiones", "Red", "Base", "Disco       WAL ", "Proceso     memoria "].allSatisfy { word in
        bare.lines.contains { $0.hasPrefix(word) }
      })
      let json = try await ProgramRun.of(kioskctl, ["top", "--una-vez", "--json"] + place)
      #expect(json.status == 0 && json.lines.count == 1 && json.lines[0].contains(#""uptimeUs""#))

      let folder = try CampaignFolder()
      try folder.write("", to: "out")
      let running = try await ChildProcess.start(kioskctl, ["top", "--seguir"] + place, log: folder.path("out"))
      let isWritten = try await eventually {
        try String(contentsOfFile: folder.path("out"), encoding: .utf8).split(separator: "\n").count >= 3
      }
      #expect(isWritten)
      _ = await running.stop(within: .seconds(10))
      let lines = try String(contentsOfFile: folder.path("out"), encoding: .utf8).split(separator: "\n")
      #expect(lines.allSatisfy { $0.contains(" llamadas/s  p50 ") })
    }
  }

  @Test("A kiosk's door does not show it, and no server is said in one sentence")
  func refused() async throws {
    try await withServer { server in
      let kioskctl = try BuiltPrograms.path("kioskctl")
      let kiosk = try await ProgramRun.of(kioskctl, ["top", "--una-vez", "--servidor", server.folder.path("k.sock")])
      #expect(kiosk.status == 1 && kiosk.text.contains("Por esta entrada del servidor no se permite esa llamada"))
      let nobody = try await ProgramRun.of(kioskctl, ["top", "--una-vez", "--espera", "1", "--servidor", server.folder.path("nadie.sock")])
      #expect(nobody.status == 69 && nobody.text.contains("No se pudo conectar"))
    }
  }
}
