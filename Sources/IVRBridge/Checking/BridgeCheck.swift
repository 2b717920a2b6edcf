internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation
internal import Guidance
internal import KioskClient
internal import NIOPosix
internal import TTRPCCore
internal import VentanillaMessages

/// What `ivr-bridge check` looks at: files, every sound, the server.
package struct BridgeCheck: Sendable {
  package struct Finding: Hashable, Sendable {
    package let holds: Bool
    package let text: String
  }

  package let findings: [Finding]
  package var holds: Bool { findings.allSatisfy(\.holds) }

  package static func run(_ material: BridgeMaterial) async -> BridgeCheck {
    let file = Finding(holds: true, text: "La configuración, las guías y los diálogos cumplen todas las reglas.")
    return await BridgeCheck(
      findings: [file] + sounds(material) + joining(material) + coverage(material) + outbound(material) + [server(material)])
  }

  // MARK: Sounds

  package static func missingSounds(_ material: BridgeMaterial) -> [SoundWanted] {
    material.sounds.filter { !FileManager.default.fileExists(atPath: material.soundFolder.file(of: $0)) }
  }

  private static func sounds(_ material: BridgeMaterial) -> [Finding] {
    let sounds = material.sounds
    let manifests = material.soundFolder.manifests(of: sounds)
    let problems = sounds.compactMap { sound in
      problem(of: sound, material.soundFolder, manifests[sound.folder] ?? PromptManifest())
        .map { Finding(holds: false, text: "\(sound.folder)/\(sound.name): \($0)") }
    }
    let shown = Array(problems.prefix(20))
    let more = problems.count - shown.count
    return shown
      + (more > 0 ? [Finding(holds: false, text: "y otros \(more) sonidos; hágalos con: ivr-bridge prompts render")] : [])
      + [Finding(holds: problems.isEmpty, text: "\(sounds.count - problems.count) de \(sounds.count) sonidos están y son de 8 kHz, un canal y 16 bits; los dígitos y los meses también.")]
  }

  private static func problem(of sound: SoundWanted, _ folder: SoundFolder, _ manifest: PromptManifest) -> String? {
    guard let bytes = FileManager.default.contents(atPath: folder.file(of: sound)) else { return "no está" }
    guard let wave = WaveFile(Array(bytes)) else { return "no es un archivo WAV" }
    guard wave.isForAsterisk else { return "es de \(wave.text); Asterisk sólo toca 8000 Hz, 1 canal, 16 bits" }
    guard wave.milliseconds > 0 else { return "no tiene sonido" }
    if case .ready = folder.standing(of: sound, manifest) { return nil }
    return "dice otra cosa que el texto de ahora"
  }

  /// Where the bridge joins the sounds of a step; without it a key between two of them can be lost.
  private static func joining(_ material: BridgeMaterial) -> [Finding] {
    let folder = "\(material.configuration.soundsFolder)/\(SoundJoiner.folderName)"
    let files = FileManager.default
    // Nothing is made here: in a folder that root made, the service could not write.
    let place = files.fileExists(atPath: folder) ? folder : material.configuration.soundsFolder
    return [
      files.isWritableFile(atPath: place)
        ? Finding(holds: true, text: "Se puede escribir en \(folder), donde cada pregunta se junta en un sonido.")
        : Finding(
          holds: false, text: "No se puede escribir en \(folder): una tecla entre dos sonidos puede perderse. Dé permiso al usuario de ivr-bridge.")
    ]
  }

  private static func coverage(_ material: BridgeMaterial) -> [Finding] {
    LanguageCoverage.all(of: material.line, in: material.soundFolder, reviewed: material.reviewed).map {
      Finding(holds: !$0.isComplete || $0.withSound == $0.wanted, text: "\($0.name): \($0.withSound) de \($0.wanted) textos; \($0.sentence)")
    }
  }

  // MARK: The clinic's own calls

  private static func outbound(_ material: BridgeMaterial) -> [Finding] {
    guard let outbound = material.configuration.outbound else { return [] }
    var hours: [Finding] = []
    if material.clinic.waitlist?.calls == nil {
      hours = [Finding(holds: false, text: "Hay salientes y clinic.yaml no dice a qué horas se llama: agregue llamadas a lista_espera.")]
    }
    return hours + CallSpool(folder: outbound.spoolFolder).sharedFolders.map { folder in
      FileManager.default.isWritableFile(atPath: folder)
        ? Finding(holds: true, text: "Se puede escribir en \(folder).")
        : Finding(
          holds: false,
          text: "No se puede escribir en \(folder), que es de Asterisk y de ivr-bridge: "
            + "install -d -o asterisk -g asterisk -m 2770 \(folder), y ponga al usuario de ivr-bridge en ese grupo.")
    }
  }

  // MARK: The server

  private static func server(_ material: BridgeMaterial) async -> Finding {
    let options: KioskClientOptions
    do throws(BridgeStartFault) { options = try material.clientOptions(.ofOneCall) } catch { return Finding(holds: false, text: error.description) }
    let client = KioskClient(material.configuration.servers.map(\.ttrpc), group: MultiThreadedEventLoopGroup.singleton, options: options)
    let places = material.configuration.servers.map(\.description).joined(separator: ", ")
    let finding: Finding
    do throws(RPCError) {
      let reply = try await HealthClient(client).check(.init(), options: CallOptions(timeout: .seconds(5)))
      finding = Finding(holds: reply.status == .serving, text: reply.status == .serving ? "El servidor en \(places) contesta." : "El servidor en \(places) contesta, y no atiende.")
    } catch {
      finding = Finding(holds: false, text: "El servidor en \(places) no contesta: \(error.message) Sin él, quien llama oye la orientación y pasa a una persona.")
    }
    await client.close()
    return finding
  }
}
