internal import ClinicConfiguration
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
        "aviso", "citas", "folio", "identificacion", "lenguas", "llamada", "menu", "orientacion", "persona", "reanudar", "tramites",
      ])
    } catch {
      Issue.record(Comment(rawValue: "\(error)"))
    }
  }
}
