internal import Foundation
internal import KioskTestSupport
internal import Testing

@testable internal import kiosk_dev

@Suite("What the bridge measures, and ivr-bridge's own reports")
struct BridgeFiguresTests {
  @Test("At SIGUSR1 and at its end the bridge tells what callers had trouble with, step by step, and nothing of who they were or why they called")
  func figures() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let bridge = try await BridgeProcess.start(in: folder)
    var script = PhoneScript(script: "citas", speed: 20).pressing("00000000012", on: "pide_nss").hangingUp(on: "linea.digito_cambiado")
    script.callerID = "5551234567"
    #expect(try await Telephone.call(script, port: bridge.port).hungUp)
    let other = PhoneScript(script: "orientacion", speed: 20).pressing("4", on: "orientacion.temas.tecla_4")
      .pressing("4", on: "orientacion.mas_temas.tecla_4").pressing("1", on: "orientacion.otros_temas.tecla_1").hangingUp(on: "guia.exposicion_vih.cuando.1")
    #expect(try await Telephone.call(other, port: bridge.port).hungUp)
    #expect(try await eventually {
      bridge.child.send(SIGUSR1)
      try await Task.sleep(for: .milliseconds(50))
      return bridge.said.contains("colg")
    })
    let line = "paso=identificacion.pide_nss"
    #expect(bridge.said.contains(line) && !bridge.child.hasEnded, "\(bridge.said)")
    #expect(await bridge.stop() == 0)
    let last = bridge.said.split(separator: "\n").last { $0.contains(line) } ?? ""
    for word in ["teclas_malas=1", "silencios=0", "colgaron=1"] { #expect(last.contains(word), "\(last)") }
    #expect(bridge.said.contains("paso=guia "), "\(bridge.said)")
    #expect(!bridge.said.contains("vih") && !bridge.said.contains("otros_temas"))
    #expect(bridge.said.contains("primer_sonido_p99_ms="))
    #expect(!bridge.said.contains("00000000012") && !bridge.said.contains("5551234567"))
  }

  @Test("check and coverage, as a technician sees them: each sound that is missing, each language, and an exit status")
  func reports() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let configuration = try Telephone.writeConfiguration(in: folder, port: 4573, sounds: Telephone.noSounds)
    let program = try BuiltPrograms.path("ivr-bridge")
    let coverage = try await ProgramRun.of(program, ["prompts", "coverage", "--config", configuration])
    #expect(coverage.status == 0 && coverage.lines.count == 7)
    #expect(coverage.text.contains("español (es): ") && coverage.text.contains("SIN REVISIÓN de un hablante nativo"))
    #expect(coverage.text.contains("náhuatl (nah): 0 de ") && coverage.text.contains("se anuncia que contesta una persona, y contesta"))
    let check = try await ProgramRun.of(program, ["check", "--config", configuration])
    #expect(check.status == 1)
    #expect(check.text.contains(": no está") && check.text.contains("✗ 0 de ") && check.text.contains("✓ La configuración"))
    try folder.write("escucha: nada\n", to: "ivr-bridge.yaml")
    #expect(try await ProgramRun.of(program, ["check", "--config", configuration]).status == 78)
  }
}
