import ClinicDomain
import Foundation
import Guidance
import IVRBridge
import IVRDialogue
import KioskTestSupport
import NIOPosix
import Testing

@Suite("What ivr-bridge check and prompts coverage find")
struct BridgeCheckTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path(percentEncoded: false)

  /// The shipped line with all its sounds, in a folder of its own, and a server that is not there.
  static func withSounds(reviewed: String = "[]", _ body: (BridgeMaterial) async throws -> Void) async throws {
    try await FreshPlace.with { place in
      let file = place + "/ivr-bridge.yaml"
      try """
        escucha: 127.0.0.1:4573
        asterisk: [127.0.0.1]
        servidores: [{unix: nadie.sock}]
        clinica: \(root)kiosk-config/clinics/umf-muestra-30/clinic.yaml
        guias: \(root)kiosk-config/guidance
        dialogos: \(root)kiosk-config/dialogues
        perfil: prueba
        grabaciones: grabaciones
        sonidos: sonidos
        sonidos_en_asterisk: ventanilla
        revisados: \(reviewed)
        """.write(toFile: file, atomically: true, encoding: .utf8)
      let material = try BridgeMaterial.load(path: file)
      var manifests: [String: PromptManifest] = [:]
      for sound in material.sounds {
        try NamedSound.write("\(sound.folder)/\(sound.name)", milliseconds: 10, in: material.soundFolder.path)
        manifests[sound.folder, default: PromptManifest()].sounds[sound.name] = PromptManifest.Entry(
          hash: sound.hash, voice: "prueba", milliseconds: 10, isReviewed: sound.isReviewed)
      }
      for (folder, manifest) in manifests { try manifest.write(folder: "\(material.soundFolder.path)/\(folder)") }
      try await body(material)
    }
  }

  /// What does not hold, the server left out.
  static func faults(_ material: BridgeMaterial) async -> [String] {
    await BridgeCheck.run(material).findings.filter { !$0.holds && !$0.text.hasPrefix("El servidor") }.map(\.text)
  }

  @Test("With all sounds nothing is wrong but the server, which does not answer")
  func whole() async throws {
    try await Self.withSounds { material in
      let check = await BridgeCheck.run(material)
      #expect(check.findings.filter { !$0.holds }.count == 1 && check.findings.last?.text.contains("no contesta") == true)
      #expect(check.findings.contains { $0.text.hasPrefix("\(material.sounds.count) de \(material.sounds.count) sonidos están") })
    }
  }

  @Test("Each fault of a sound is told with its name and what is wrong with it")
  func sounds() async throws {
    try await Self.withSounds { material in
      func put(_ bytes: [UInt8]?, _ name: String) throws {
        let file = "\(material.soundFolder.path)/\(name).wav"
        guard let bytes else { return try FileManager.default.removeItem(atPath: file) }
        try Data(bytes).write(to: URL(filePath: file))
      }
      let names = material.sounds.filter { $0.folder == "es" }.map(\.name)
      try put(nil, "es/\(names[0])")
      try put(WaveFileTests.wave(rate: 16_000), "es/\(names[1])")
      try put(WaveFileTests.wave(channels: 2), "es/\(names[2])")
      try put(Array("RIFX".utf8), "es/\(names[3])")
      try put(WaveFileTests.wave(sound: 0), "es/\(names[4])")
      var manifest = PromptManifest(folder: "\(material.soundFolder.path)/es")
      manifest.sounds[names[5]]?.hash = "otro"
      try manifest.write(folder: "\(material.soundFolder.path)/es")
      try put(nil, "asterisk/es_MX/digits/mon-3")
      let faults = await Self.faults(material)
      for (name, what) in [
        ("es/\(names[0])", "no está"), ("es/\(names[1])", "es de 16000 Hz, 1 canal, 16 bits; Asterisk sólo toca 8000 Hz, 1 canal, 16 bits"),
        ("es/\(names[2])", "es de 8000 Hz, 2 canales, 16 bits; Asterisk sólo toca 8000 Hz, 1 canal, 16 bits"),
        ("es/\(names[3])", "no es un archivo WAV"), ("es/\(names[4])", "no tiene sonido"),
        ("es/\(names[5])", "dice otra cosa que el texto de ahora"), ("asterisk/es_MX/digits/mon-3", "no está"),
      ] { #expect(faults.contains("\(name): \(what)"), "\(name)") }
      #expect(faults.contains { $0.hasPrefix("\(material.sounds.count - 7) de \(material.sounds.count) sonidos") })
      #expect(BridgeCheck.missingSounds(material).map(\.name).sorted() == [names[0], "digits/mon-3"].sorted())
    }
  }

  @Test("Every unit of the directory is a sound that check asks for; a call that finds it missing says that a person tells which, and no silence")
  func units() async throws {
    try await Self.withSounds { material in
      let unit = try #require(material.sounds.first { $0.name == "linea.unidad.dfims999306" })
      #expect(unit.folder == "es" && unit.words == "UMF 930 de muestra, en avenida Inventada 1, colonia Muestra")
      let directory = material.clinic.directory.units
      #expect(directory.allSatisfy { one in material.sounds.contains { $0.name == "linea.unidad.\(one.clues.description.lowercased())" } })
      func parts() throws -> [Prompt.Part] {
        let decider = try material.options(group: MultiThreadedEventLoopGroup.singleton).decider()
        var call = try #require(decider as? Call)
        let start = CallStart(script: "aviso", today: CivilDate(iso: "2026-11-24")!, time: AgendaMinute(minutes: 600)!, notice: "7")
        _ = call.handle(.started(start), at: .epoch)
        _ = call.handle(.played, at: .epoch)
        let slot = SlotChoice(resource: ResourceID(.consultorio, 1)!, date: start.today, start: start.time)
        let turn = call.handle(
          .answer(.announced(.handedOver(CaringUnit(clues: CLUES("DFIMS999306"))), OfferedSlot(service: ServiceCode(""), slot: slot))), at: .epoch)
        guard case .collect(let prompts, _) = turn.step else { return [] }
        return prompts.flatMap(\.parts)
      }
      #expect(try parts().contains(.text(PromptID(unit.name))) && !parts().contains(.text(PromptID("linea.otra_unidad"))))
      try FileManager.default.removeItem(atPath: material.soundFolder.file(of: unit))
      var manifest = PromptManifest(folder: "\(material.soundFolder.path)/es")
      manifest.sounds[unit.name] = nil
      try manifest.write(folder: "\(material.soundFolder.path)/es")
      #expect(await Self.faults(material).contains("es/\(unit.name): no está"))
      #expect(try !parts().contains(.text(PromptID(unit.name))) && parts().contains(.text(PromptID("linea.otra_unidad"))))
    }
  }

  @Test("Each language is told: which is whole, who has read it, and that a person answers in the others", arguments: ["[]", "[es]"])
  func languages(reviewed: String) async throws {
    try await Self.withSounds(reviewed: reviewed) { material in
      let all = LanguageCoverage.all(of: material.line, in: material.soundFolder, reviewed: material.reviewed)
      #expect(all.map(\.name) == [
        "español (es)", "náhuatl (nah)", "maya (yua)", "tseltal (tzh)", "tsotsil (tzo)", "mixteco (mix)", "zapoteco (zap)",
      ])
      let read = reviewed == "[es]" ? "completo; revisado por un hablante nativo" : "completo; SIN REVISIÓN de un hablante nativo"
      #expect(all.map(\.sentence) == [read] + [String](repeating: "se anuncia que contesta una persona, y contesta", count: 6))
      let texts = await BridgeCheck.run(material).findings.map(\.text)
      for one in all { #expect(texts.contains("\(one.name): \(one.withSound) de \(one.wanted) textos; \(one.sentence)")) }
      try FileManager.default.removeItem(atPath: "\(material.soundFolder.path)/es/\(material.line.texts(in: .spanish)[0].id).wav")
      let now = LanguageCoverage.all(of: material.line, in: material.soundFolder, reviewed: material.reviewed)
      #expect(now.first?.sentence.hasPrefix("faltan 1 sonidos; ") == true)
    }
  }
}
