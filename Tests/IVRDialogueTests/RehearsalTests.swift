internal import ClinicDomain
internal import Foundation
#if canImport(FoundationXML)
internal import FoundationXML
#endif
internal import IVRDialogue
internal import Testing

@Suite("Dialogues tried out without a telephone")
struct RehearsalTests {
  static let tuesday = CivilDate(year: 2026, month: 11, day: 24)!

  @Test("A call at a terminal: what is heard, what is typed, what happens behind; the end of the input is a hang-up")
  func textCall() {
    var typed = ["1", "2"]
    var lines: [TextCall.Line] = []
    var effects: [CallEffect] = []
    var call = TextCall(shippedLine, CallStart(script: "orientacion", today: Self.tuesday, time: AgendaMinute(minutes: 600)!))
    let result = call.play(
      now: { .epoch }, read: { typed.isEmpty ? nil : typed.removeFirst() }, write: { lines.append($0) }, effect: { effects.append($0) },
      answer: { _ in .backEndAway(mayHaveHappened: false) })
    #expect(result == .person)
    #expect(lines.first == .heard("Si es una emergencia, cuelgue y marque 911."))
    #expect(lines.contains(.prompt("una tecla")))
    #expect(lines.suffix(3) == [
      .behind("registro de la guía dolor_de_pecho, versión 1"), .heard("Le comunico con una persona. Si empeora, cuelgue y marque 911."),
      .behind("fin: operadora"),
    ])
    #expect(effects.count == 1)
  }

  @Test("At a terminal an empty line is silence, # ends a number, and nothing more is a hang-up")
  func textKeys() {
    var typed = ["", "123#"]
    var heard: [String] = []
    var call = TextCall(shippedLine, CallStart(script: "citas", today: Self.tuesday, time: AgendaMinute(minutes: 600)!))
    let result = call.play(
      now: { .epoch }, read: { typed.isEmpty ? nil : typed.removeFirst() }, write: { if case .heard(let words) = $0 { heard.append(words) } },
      effect: { _ in }, answer: { _ in .backEndAway(mayHaveHappened: false) })
    #expect(result == .gone)
    #expect(heard[2].hasPrefix("No oí ninguna tecla. Seguro Social, 11 dígitos"))
    #expect(heard[3].hasPrefix("Faltan dígitos, o hay de más. Seguro Social, 11 dígitos"))
  }

  @Test("The map of every dialogue is XML with a box for each step", arguments: shippedLine.dialogues.map(\.id.rawValue))
  func map(id: String) {
    let dialogue = shippedLine[DialogueID(id)]!
    let svg = DialogueMap(dialogue).svg
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    for step in dialogue.steps { #expect(svg.contains(">\(step.id)</text>")) }
    #expect(svg.components(separatedBy: "<g>").count - 1 == dialogue.steps.count)
  }

  @Test("A transcript that is not as the call goes says at which line, and what is heard instead", arguments: [
    ("llamada: menu, 2026-11-24 10:00\noye: Buenas tardes.", "línea 2: no se oye \"Buenas tardes.\"; se oye \"Si es una emergencia, cuelgue y marque 911. / Bienvenido a su clínica."),
    ("llamada: menu, 2026-11-24 10:00\nmarca: 0\nfin: ok", "línea 3: la llamada termina en operadora"),
    ("llamada: menu, 2026-11-24 10:00\ncalla\nalarma: dengue", "línea 3: no hay alarma dengue; hay: "),
    ("llamada: menu, 2026-11-24 10:00\nfin: ok", "línea 2: la llamada no ha terminado"),
    ("marca: 1", "línea 1: primero va llamada: con el diálogo, la fecha y la hora"),
    ("llamada: menu, 2026-11-24 10:00\nsusurra", "línea 2: \"susurra\" no se entiende"),
  ])
  func wrongTranscripts(text: String, expected: String) {
    let failure: Transcript.Failure?
    do throws(Transcript.Failure) { failure = try Transcript(text).check(on: shippedLine) } catch { failure = error }
    #expect(failure?.description.hasPrefix(expected) == true, "\(failure?.description ?? "nil")")
  }
}
