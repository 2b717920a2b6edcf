import ClinicDomain
import Guidance
import Foundation
import Synchronization
import TerminalText
import Testing

@testable import kioskctl

@Suite("kioskctl guia")
struct GuidePlayerTests {
  private static let hash = ContentHash(bytes: Array(repeating: 0, count: 32))

  private static let guide = Guide(
    id: GuideID("pecho"), version: 2, title: "Dolor de pecho", languages: [LanguageEntry(.spanish, .complete)], start: NodeID("senales"),
    nodes: [
      Node(
        NodeID("senales"),
        .question([
          Answer(
            1, .yes, NodeID("llame"), Marks(alarm: SignCode("dolor"), code: .infarto), GuideText(spanish: "Si es así, oprima 1.")),
          Answer(2, .no, NodeID("cita"), Marks(), GuideText(spanish: "Si no, oprima 2.")),
        ]), GuideText(spanish: "¿Le duele el pecho?")),
      Node(NodeID("llame"), .disposition(.emergency911), GuideText(spanish: "Marque 911.")),
      Node(
        NodeID("cita"),
        .disposition(.appointment(AppointmentTerm(service: ServiceCode("medicina_familiar"), days: 0), otherwise: NodeID("persona"))),
        GuideText(spanish: "Le busco una cita.")),
      Node(NodeID("persona"), .disposition(.person), GuideText(spanish: "Le comunico.")),
    ])

  private func play(_ keys: String...) -> String {
    let text = Mutex("")
    let output = Output { piece, _ in text.withLock { $0 += piece } }
    var rest = keys[...]
    var player = GuidePlayer(Self.guide, hash: Self.hash, language: .spanish)
    player.play(output, now: { .epoch }, read: { rest.popFirst() })
    return text.withLock { $0 }
  }

  @Test("A key that alarms shows the alarm before what is said, then the end and the record")
  func alarm() {
    #expect(play("7", "1") == """
      Dolor de pecho (versión 2, no validado clínicamente)

      ¿Le duele el pecho? Si es así, oprima 1. Si no, oprima 2.
      Esa tecla no está entre las opciones.
      [Alarma al personal: dolor, código infarto]

      Marque 911.
      Fin: 911 ahora
      Registro: pecho versión 2, huella 000000000000…
      Teclas: senales (1)

      """)
  }

  @Test("A date that is not found goes on; 0 is a person; no more keys is a caller who hung up", arguments: [
    (["2", "2"], "Fin: una persona\n"), (["2", "1"], "Fin: cita de medicina_familiar hoy\n"),
    (["0"], "Fin: una persona, porque se oprimió 0\n"), ([], "Colgó.\n"), (["2"], "Colgó.\n"),
  ])
  func endings(keys: [String], end: String) {
    let text = Mutex("")
    let output = Output { piece, _ in text.withLock { $0 += piece } }
    var rest = keys[...]
    var player = GuidePlayer(Self.guide, hash: Self.hash, language: .spanish)
    player.play(output, now: { .epoch }, read: { rest.popFirst() })
    #expect(text.withLock { $0 }.contains(end))
  }

  @Test("* repeats what was said")
  func repetition() {
    let heard = play("*", "1")
    #expect(heard.components(separatedBy: "¿Le duele el pecho?").count == 3)
  }

  @Test("The map shows every step with where each key leads")
  func map() {
    let lines = GuideMap(Self.guide, hash: Self.hash).lines(.plain)
    #expect(lines.contains("senales (inicio): pregunta"))
    #expect(lines.contains("    1 sí → llame (alarma dolor, código infarto)"))
    #expect(lines.contains("cita: fin, cita de medicina_familiar hoy"))
    #expect(lines.contains("    sin lugar → persona"))
  }
}
