internal import ClinicConfiguration
internal import Foundation
internal import IVRBridge
internal import KioskTestSupport
internal import Logging
internal import NIOPosix
internal import TTRPCNIO
internal import Testing

@testable internal import kiosk_dev

/// What the telephone's tests share: the shipped dialogues and guides on a campaign's clinic.
enum Telephone {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path(percentEncoded: false)

  static func address(in folder: CampaignFolder) -> TTRPCAddress { .unix(path: folder.path("f.sock")) }

  /// A server with a telephone's socket, on a clinic whose holds by telephone last so many seconds.
  static func startServer(in folder: CampaignFolder, holds: Int = 3600, isNew: Bool = true) async throws -> CampaignServer {
    if isNew {
      let clinic = CampaignClinic(consultorios: 4, slots: 60)
      try CampaignServer.prepare(clinic, in: folder, limits: limits)
      try folder.write(clinic.clinicYAML.replacing("telefono: 3600", with: "telefono: \(holds)"), to: "clinic.yaml")
    }
    return try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("f.sock"))=telefono"])
  }

  private static let limits = """
    limites:
      llamadas: [{papel: kiosco, por_segundo: 1000000, de_golpe: 1000000}, {papel: telefono, por_segundo: 1000000, de_golpe: 1000000}]
    """

  /// Writes ivr-bridge.yaml into the folder and returns its path.
  ///
  /// - Parameter sounds: their folder; those that all tests share unless another is given.
  static func writeConfiguration(
    in folder: CampaignFolder, port: Int, dialogues: String? = nil, server: String = "f.sock", sounds: String? = nil, more: String = ""
  ) throws -> String {
    let sounds = try sounds ?? sharedSounds.get()
    try folder.write(
      """
      escucha: 127.0.0.1:\(port)
      asterisk: [127.0.0.1]
      servidores: [{unix: \(server)}]
      clinica: clinic.yaml
      guias: \(root)kiosk-config/guidance
      dialogos: \(dialogues ?? "\(root)kiosk-config/dialogues")
      perfil: prueba
      grabaciones: grabaciones
      sonidos: \(sounds)
      sonidos_en_asterisk: ventanilla
      drenado_segundos: 5
      \(more)
      """, to: "ivr-bridge.yaml")
    return folder.path("ivr-bridge.yaml")
  }

  /// No sound is there: each is a command of its own.
  static let noSounds = "sonidos"

  /// A sound for every text of the shipped line in the sample clinic, each of which says its name, so that a bridge joins them as it does in
  /// a clinic. Made once, and gone with the tests' process.
  private static let sharedSounds: Result<String, any Error> = Result {
    try writeSounds(in: sharedFolder)
    atexit { try? FileManager.default.removeItem(atPath: Telephone.sharedFolder) }
    return sharedFolder
  }

  private static let sharedFolder = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "ventanilla-sonidos-\(getpid())"

  static func writeSounds(in folder: String) throws {
    let place = try CampaignFolder()
    let path = try writeConfiguration(in: place, port: 4573, sounds: folder)
    let sample = try String(contentsOfFile: path, encoding: .utf8)
      .replacing("clinica: clinic.yaml", with: "clinica: \(root)kiosk-config/clinics/umf-muestra-30/clinic.yaml")
    try place.write(sample, to: "ivr-bridge.yaml")
    for sound in try BridgeMaterial.load(path: path).sounds { try NamedSound.write("\(sound.folder)/\(sound.name)", milliseconds: 40, in: folder) }
  }

  /// A call from an Asterisk that sees the sounds which all tests share.
  static func call(_ script: PhoneScript, port: Int) async throws -> PhoneTranscript {
    var script = script
    if script.disk == nil { script.disk = try sharedSounds.get() }
    return try await ScriptedAsterisk.call(script, port: port)
  }

  /// A bridge inside the test's process, on a port of its own.
  static func serving<Value: Sendable>(
    in folder: CampaignFolder, dialogues: String? = nil, server: String = "f.sock", sounds: String? = nil, more: String = "",
    _ body: (IVRBridge) async throws -> Value
  ) async throws -> Value {
    let material = try BridgeMaterial.load(
      path: try writeConfiguration(in: folder, port: 4573, dialogues: dialogues, server: server, sounds: sounds, more: more))
    let group = MultiThreadedEventLoopGroup.singleton
    var options = try material.options(group: group)
    options.port = 0
    let bridge = try await IVRBridge.start(options, group: group, logger: Logger(label: "prueba") { _ in SwiftLogNoOpLogHandler() })
    async let serving: Void = bridge.run()
    do {
      let value = try await body(bridge)
      await bridge.stop()
      await serving
      return value
    } catch {
      await bridge.stop()
      await serving
      throw error
    }
  }

  /// Identifies a person and takes the first slot that is offered.
  static func booking(_ person: CampaignPerson, speed: Double = 20) -> PhoneScript {
    PhoneScript(script: "citas", speed: speed)
      .pressing(person.nss, on: "pide_nss").pressing("30041985", on: "pide_nacimiento").pressing("1", on: "eco.tecla_1")
      .pressing("1", on: "acciones.tecla_1").pressing("1", on: "servicio.tecla_1").pressing("1", on: "ofrece.tecla_1")
      .pressing("1", on: "confirma.tecla_1")
  }

  /// Identifies a person, hears what was understood, and asks for somebody of the clinic.
  static func identifying(_ person: CampaignPerson, speed: Double = 10) -> PhoneScript {
    PhoneScript(script: "citas", speed: speed)
      .pressing(person.nss, on: "pide_nss").pressing("30041985", on: "pide_nacimiento").pressing("1", on: "eco.tecla_1")
      .pressing("0", on: "acciones.tecla_1")
  }

  static func rows(_ query: String, _ server: CampaignServer) async throws -> [[String]] {
    try await StoreFileReader.rows(query, in: server.databasePath)
  }

  /// How many holds stand.
  static func pending(_ server: CampaignServer) async throws -> String {
    try await rows("SELECT count(*) FROM appointment WHERE status = 'pending'", server)[0][0]
  }
}
