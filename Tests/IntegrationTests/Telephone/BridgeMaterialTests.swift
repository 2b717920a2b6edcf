internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation
internal import IVRBridge
internal import IVRDialogue
internal import Testing

@testable internal import kiosk_dev

@Suite("What the bridge takes from the clinic's own files")
struct BridgeMaterialTests {
  /// The sample clinic's configuration with guides of its own.
  private static func load(changing guide: String, _ old: String, _ new: String) throws -> BridgeMaterial {
    let folder = try CampaignFolder()
    let root = "\(Telephone.root)kiosk-config"
    try FileManager.default.copyItem(atPath: "\(root)/guidance", toPath: folder.path("guidance"))
    let path = folder.path("guidance/\(guide).yaml")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacing(old, with: new, maxReplacements: 1).write(toFile: path, atomically: true, encoding: .utf8)
    let configured = try Telephone.writeConfiguration(in: folder, port: 4573)
    let written = try String(contentsOfFile: configured, encoding: .utf8)
    try folder.write(
      written.replacing("guias: \(root)/guidance", with: "guias: guidance")
        .replacing("clinica: clinic.yaml", with: "clinica: \(root)/clinics/umf-muestra-30/clinic.yaml"), to: "ivr-bridge.yaml")
    return try BridgeMaterial.load(path: configured)
  }

  @Test("Its telephone is closed on the days and in the turnos on which the clinic is, and says when somebody answers again")
  func closed() throws {
    let line = try Self.load(changing: "dengue", "version: 1", "version: 2").line
    let (christmas, ten) = (CivilDate(iso: "2026-12-25")!, AgendaMinute(minutes: 600)!)
    #expect(!line.isStaffed(on: christmas, at: ten) && line.isStaffed(on: christmas.advanced(by: -1), at: ten))
    #expect(line.nextAnswering(from: christmas, at: ten)?.date == CivilDate(iso: "2026-12-28"))
  }

  @Test("A guide that gives a teleconsultation of a service which the clinic gives only in its rooms is refused: it would be an ordinary slot")
  func teleconsultation() {
    let error = #expect(throws: ConfigurationProblems.self) {
      try Self.load(changing: "dengue", "destino: cita", "destino: teleconsulta")
    }
    #expect(error?.description.contains("la guía dengue da una teleconsulta de \"medicina_familiar\", que la unidad no da a distancia") == true, "\(error?.description ?? "")")
  }

  @Test("The yearly check that is offered by telephone is the one that the dialogue looks for, or the bridge does not start", arguments: [
    ("medicina_preventiva", true), ("medicina_familiar", false),
  ])
  func yearlyCheck(service: String, isTaken: Bool) throws {
    let folder = try CampaignFolder()
    let clinic = "clinics/umf-muestra-30/clinic.yaml"
    let text = try String(contentsOfFile: "\(Telephone.root)kiosk-config/\(clinic)", encoding: .utf8)
    #expect(text.contains("revision: {servicio: medicina_preventiva,"))
    for name in ["clinics", "directorio"] {
      try FileManager.default.copyItem(atPath: "\(Telephone.root)kiosk-config/\(name)", toPath: folder.path(name))
    }
    try folder.write(text.replacing("revision: {servicio: medicina_preventiva,", with: "revision: {servicio: \(service),"), to: clinic)
    let configured = try Telephone.writeConfiguration(in: folder, port: 4573)
    let written = try String(contentsOfFile: configured, encoding: .utf8)
    try folder.write(written.replacing("clinica: clinic.yaml", with: "clinica: \(clinic)"), to: "ivr-bridge.yaml")
    guard !isTaken else {
      _ = try BridgeMaterial.load(path: configured)
      return
    }
    let error = #expect(throws: ConfigurationProblems.self) { try BridgeMaterial.load(path: configured) }
    let said = error?.description ?? ""
    #expect(said.contains("la revisión de cada año es de \"medicina_familiar\""), "\(said)")
    #expect(said.contains("en citas.ofrece_revision llega a citas.busca_preventiva, que busca \"medicina_preventiva\""), "\(said)")
    #expect(said.contains("agregue un paso de pide: horarios con servicio: medicina_familiar"), "\(said)")
  }
}
