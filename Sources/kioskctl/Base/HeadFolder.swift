internal import ArgumentParser
internal import ClinicStore
internal import Foundation
internal import TerminalText
internal import VentanillaMessages

/// Heads as the server keeps them elsewhere.
enum HeadFolder {
  /// Those of a folder's files, or of one file. A line that a power cut tore is none.
  static func heads(in path: String) throws(Failure) -> [SignedHead] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.noInput, "No existe \(path.printable).", next: "Es la carpeta que server.yaml nombra en cabezas.")
    }
    let names = isFolder.boolValue ? ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() : []
    let files = isFolder.boolValue ? names.filter { $0.hasSuffix(".cabezas") }.map { "\(path)/\($0)" } : [path]
    return files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
      .flatMap { $0.split(separator: "\n") }.compactMap { SignedHead(line: String($0)) }
  }
}

/// `kioskctl db llave`: by what signed heads are known.
struct HeadKeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "llave",
    abstract: "Escribe la llave pública de las cabezas, de la llave que está en un archivo; solo lee.",
    discussion: """
      Anótela fuera de esta máquina: con ella `db verify --cabezas` sabe que las cabezas son de esta clínica.

      Ejemplo:
        kioskctl db llave secretos/cabezas.llave

      Con --json: {"public_key"}.
      """)

  @Argument(help: ArgumentHelp("El archivo que server.yaml nombra en cabezas: llave.", valueName: "archivo"))
  var file: String

  @Flag(help: "Escribe JSON en lugar de texto; las claves no cambian.")
  var json = false

  func run() async throws {
    guard let bytes = FileManager.default.contents(atPath: file) else { throw Failure(.noInput, "No se puede leer \(file.printable).") }
    guard let key = HeadKey(Array(bytes)) else { throw Failure(.badData, "\(file.printable) no es una llave: debe tener \(HeadKey.length) bytes.") }
    if json { return Output.standard.json(.object([.init("public_key", .string("\(key.publicKey)"))])) }
    Output.standard.text("\(key.publicKey)")
  }
}
