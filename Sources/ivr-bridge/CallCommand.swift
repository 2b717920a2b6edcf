internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import IVRBridge
internal import IVRDialogue

struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Una llamada entera en la terminal: se lee lo que se oiría, se escriben las teclas.",
    discussion: """
      Contesta una clínica inventada. Una línea vacía es silencio, «#» termina un número, Ctrl-D cuelga.

      Ejemplos:
        ivr-bridge call --text
        ivr-bridge call --text --dialogo orientacion
      """)

  @OptionGroup var place: ConfigurationOption

  @Flag(help: "Con texto; es la única manera que hay.")
  var text = false

  @Option(help: ArgumentHelp("El diálogo con que empieza.", valueName: "código"))
  var dialogo = "menu"

  func validate() throws {
    guard text else { throw ValidationError("Escriba --text: por ahora una llamada sólo se toca con texto.") }
  }

  func run() async throws {
    let material = try Terminal.load(place.config)
    let clock = try material.clock()
    let now = clock.now
    let (date, time) = clock.wall(now())
    var clinic = RehearsedClinic(today: date)
    var call = TextCall(material.line, CallStart(script: dialogo, today: date, time: time, notice: RehearsedClinic.notice(of: dialogo)))
    let result = call.play(
      now: now, read: { readLine() },
      write: { line in
        switch line {
        case .heard(let words): print("  \(words)")
        case .behind(let words): print("  [\(words)]")
        case .prompt(let what): print("\(what) > ", terminator: "")
        }
        fflush(nil)
      },
      effect: { if case .giveBack(let folio) = $0 { clinic.giveBack(folio) } }, answer: { clinic.answer($0) })
    if result == .gone { print("") }
  }
}

struct MapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Dibuja un diálogo (SVG).",
    discussion: """
      Ejemplo:
        ivr-bridge map citas > citas.svg
      """)

  @Argument(help: ArgumentHelp("El código del diálogo.", valueName: "diálogo"))
  var dialogue: String

  @OptionGroup var place: ConfigurationOption

  func run() async throws {
    let material = try Terminal.load(place.config)
    guard let found = material.line.dialogues.first(where: { $0.id.rawValue == dialogue }) else {
      throw ValidationError("No hay ningún diálogo \(dialogue): hay \(material.line.dialogues.map(\.id.rawValue).joined(separator: ", ")).")
    }
    print(DialogueMap(found).svg)
  }
}
