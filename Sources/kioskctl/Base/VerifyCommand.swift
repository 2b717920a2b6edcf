internal import ArgumentParser
internal import ClinicStore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl db verify`: the history of a store's file, without a server.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Revisa la bitácora de una base, renglón por renglón, y las citas contra ella; solo lee.",
    discussion: """
      Para una base o un respaldo que nadie tiene abierto; de un servidor en marcha la revisa `kioskctl db check`. Dice cuál es el \
      primer renglón malo: cambiado, borrado, movido o cortado al final.

      Lo último que escribe es la cabeza: cuántos renglones hay y la suma del último. Anótela fuera de esta máquina y désela la próxima \
      vez con --cabeza: así se nota también una copia vieja puesta en lugar de la base, y una bitácora escrita otra vez hasta el final.

      El servidor lo hace solo si server.yaml tiene cabezas: cada minuto guarda una, firmada, en una carpeta de otra máquina. Dé esa carpeta \
      con --cabezas y la llave pública con --llave; la llave pública la dice el servidor al iniciar, y `kioskctl db llave`.

      Termina con 0 si todo está bien y con 1 si hay problemas.

      Ejemplos:
        kioskctl db verify .ventanilla/ventanilla.sqlite
        kioskctl db verify respaldo.sqlite --cabeza 1534:9f86d081884c7d65…
        kioskctl db verify respaldo.sqlite --cabezas /mnt/centro/cabezas --llave 3d4017c3e843895a…

      Con --json: {"problems": [texto…], "head", "rows", "appointments"}.
      """)

  @Argument(help: ArgumentHelp("La base o el respaldo.", valueName: "archivo", visibility: .default))
  var file = ".ventanilla/ventanilla.sqlite"

  @Option(
    help: ArgumentHelp("Una cabeza anotada antes; se puede repetir.", valueName: "renglón:suma"),
    transform: { text in
      guard let head = AuditHead(text: text) else { throw ValidationError("van el número del renglón, dos puntos y 64 dígitos hexadecimales") }
      return head
    })
  var cabeza: [AuditHead] = []

  @Option(help: ArgumentHelp("Carpeta con las cabezas firmadas, o uno de sus archivos.", valueName: "carpeta"))
  var cabezas: String?

  @Option(
    help: ArgumentHelp("La llave pública con que se conocen.", valueName: "hex"),
    transform: { text in
      guard let key = HeadPublicKey(text: text) else { throw ValidationError("van 64 dígitos hexadecimales") }
      return key
    })
  var llave: HeadPublicKey?

  @Flag(help: "Escribe JSON en lugar de texto; las claves no cambian.")
  var json = false

  func validate() throws {
    guard (cabezas == nil) == (llave == nil) else { throw ValidationError("--cabezas y --llave van juntas.") }
  }

  func run() async throws {
    let output = Output.standard
    var signed: (heads: [SignedHead], key: HeadPublicKey)?
    if let cabezas, let llave { signed = (try HeadFolder.heads(in: cabezas), llave) }
    let verification: StoreVerification
    do throws(OpeningFault) { verification = try StoreVerification(path: file, noted: cabeza, signed: signed) } catch {
      throw Failure(.noInput, error.spanishText)
    }
    if json { output.json(verification.json) } else { output.lines(verification.lines(output.style)) }
    if !verification.findings.isEmpty { throw ExitCode(CommandStatus.refused.rawValue) }
  }
}

extension StoreVerification {
  fileprivate var json: JSONValue {
    .object([
      .init("problems", .array(findings.map { .string($0.text) })), .init("head", .string("\(head)")),
      .init("rows", .number("\(historyRows)")), .init("appointments", .number("\(appointments)")),
    ])
  }

  fileprivate func lines(_ style: TerminalStyle) -> [String] {
    let found = findings.map { "\(style.red("✗")) \($0.text.printable)" }
    let sum = findings.isEmpty
      ? style.green("La bitácora está completa: \(historyRows) renglones, \(appointments) citas.")
      : style.red("Problemas: \(findings.count).")
    return found + [sum, "Cabeza: \(head)"]
  }
}
