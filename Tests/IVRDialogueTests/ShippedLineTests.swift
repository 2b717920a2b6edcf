internal import ClinicConfiguration
internal import ClinicDomain
internal import Guidance
internal import IVRDialogue
internal import Testing

@Suite("The dialogues of kiosk-config")
struct ShippedLineTests {
  @Test("They are taken without a warning and keep every rule")
  func areTaken() throws {
    do throws(ConfigurationProblems) {
      let read = try DialogueConfiguration.load(folder: "\(configuration)/dialogues", guides: shippedGuides)
      #expect(read.warnings == [])
      #expect(read.value.dialogues.map(\.id.rawValue) == [
        "aviso", "citas", "encuesta", "folio", "identificacion", "lenguas", "llamada", "menu", "orientacion", "persona", "reanudar", "tramites",
      ])
    } catch {
      Issue.record(Comment(rawValue: "\(error)"))
    }
  }

  @Test("P32, P40: what the clinic's own call says is a day and an hour: no service of any sample clinic, no room, no doctor, no illness")
  func neutralCall() throws {
    let dialogue = try #require(shippedLine[DialogueID.notice])
    var spoken: [Spoken] = []
    for step in dialogue.steps {
      spoken.append(step.text)
      if case .menu(let menu) = step.kind { spoken += menu.options.map(\.text) }
    }
    // The unit is one of family medicine: `NoticeTests`.
    #expect(Set(spoken.flatMap(\.values)) == [.day, .time, .unit])
    var secrets = ["consultorio", "medico", "doctor", "enfermer", "tratamiento", "cita", "paciente", "vacuna", "receta", "salud"]
    for unit in ["umf-muestra-30", "umf-rural-2"] {
      let clinic = try ClinicConfiguration.load(path: "\(configuration)/clinics/\(unit)/clinic.yaml").value
      secrets += clinic.services.flatMap { [$0.name, $0.code.rawValue.replacing("_", with: " ")] + ($0.discreetName.map { [$0] } ?? []) }
    }
    for text in spoken.flatMap(\.entries) {
      let words = text.pieces.map { piece in if case .words(let words) = piece { words } else { "" } }.joined(separator: " ").folded
      for secret in secrets { #expect(!words.contains(secret.folded), "\(words)") }
    }
  }
}

extension String {
  /// Lower case, without accents.
  fileprivate var folded: String {
    lowercased().map { ["á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u"][$0] ?? $0 }.map(String.init).joined()
  }
}
