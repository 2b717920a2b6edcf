internal import ArgumentParser
internal import ClinicConfiguration
internal import ClinicDomain
internal import Crypto
internal import Foundation
internal import Guidance
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl guia …`: hears a guide as a caller would, draws it, gives its hash. Needs no server.
struct GuiaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guia",
    abstract: "Recorre en la terminal una guía médica de kiosk-config/guidance, sin servidor.",
    discussion: """
      Se oye lo que oiría quien llama; escriba la tecla y Entrar. 0 es una persona, * repite; Ctrl-D cuelga. Sin guía, las lista. \
      Una guía con un error no se toca: se muestra el error, como en `config check`.

      Ejemplos:
        kioskctl guia
        kioskctl guia dolor_de_pecho
        kioskctl guia cara_caida --mapa
        kioskctl guia dolor_de_pecho --huella
      """)

  @Argument(help: ArgumentHelp("El código de una guía, o su archivo.", valueName: "guía"))
  var guide: String?

  @Flag(help: "Escribe todos los pasos en lugar de recorrerlos.")
  var mapa = false

  @Flag(help: "Escribe solo la huella SHA-256 del contenido: lo que firma un médico.")
  var huella = false

  @Option(help: ArgumentHelp("El idioma de quien llama.", valueName: "código"))
  var idioma = "es"

  @Flag(help: "Admite lo que espera la firma de un médico; con quien llama no se usa.")
  var prueba = false

  func run() throws {
    let output = Output.standard
    guard let guide else { return output.lines(try GuideFolder.list(GuideFolder.path)) }
    let path = try GuideFolder.file(of: guide)
    let loaded: GuidanceConfiguration.Loaded
    do throws(ConfigurationProblems) {
      loaded = try GuidanceConfiguration.load(path: path, profile: prueba ? .trial : .production, digest: GuideFolder.sha256).value
    } catch {
      output.lines(error.problems.map { $0.line(output.style) })
      throw ExitCode(CommandStatus.refused.rawValue)
    }
    if huella { return output.text(loaded.hash.description) }
    if mapa { return output.lines(GuideMap(loaded.guide, hash: loaded.hash).lines(output.style)) }
    var player = GuidePlayer(loaded.guide, hash: loaded.hash, language: Language(idioma))
    player.play(output, now: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }, read: { readLine() })
  }
}

/// The guides that a clinic has.
enum GuideFolder {
  static let path = "kiosk-config/guidance"

  static let sha256: GuidanceConfiguration.Digest = { Array(SHA256.hash(data: $0)) }

  /// The file of a guide that is named by its code, or by the file itself.
  static func file(of guide: String) throws(Failure) -> String {
    guard !guide.hasSuffix(".yaml") else { return guide }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".yaml") }.map { $0.dropLast(5) }
    guard !names.contains(Substring(guide)) else { return "\(path)/\(guide).yaml" }
    let near = Nearest.word(to: guide, in: names.map(String.init).sorted())
    throw Failure(
      .noInput, "No hay ninguna guía \"\(guide.printable)\" en \(path).", next: near.map { "¿Quiso decir \($0)?" } ?? "Las que hay: kioskctl guia")
  }

  static func list(_ folder: String) throws -> [String] {
    do throws(ConfigurationProblems) {
      let guides = try GuidanceConfiguration.load(folder: folder, profile: .production, digest: sha256).value.map(\.guide)
      let width = guides.map(\.id.rawValue.count).max() ?? 0
      return guides.map { guide in
        let name = guide.id.rawValue + String(repeating: " ", count: width - guide.id.rawValue.count)
        return "\(name)  v\(guide.version)  \(guide.title) (\(guide.validation))"
      }
    } catch {
      throw Failure(.badData, "Hay guías con errores en \(folder).", next: "Véalos con: kioskctl config check")
    }
  }
}

extension Guide {
  /// Who answers for the content.
  var validation: String {
    signature.map { "firmada por \($0.clinician), cédula \($0.licence)" } ?? "no validado clínicamente"
  }
}
