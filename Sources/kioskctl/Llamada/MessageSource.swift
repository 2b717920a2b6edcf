internal import Foundation

/// Where the JSON of a call comes from.
enum MessageSource: Equatable {
  case argument(String)
  case standardInput
  case file(String)

  /// No server of ours takes more in one message.
  static let maximumBytes = 4 << 20

  /// `{…}`, `-`, `@archivo`; nothing is the empty message.
  init(typed text: String?) {
    self =
      switch text {
      case nil: .argument("{}")
      case "-": .standardInput
      case let text? where text.hasPrefix("@"): .file(String(text.dropFirst()))
      case let text?: .argument(text)
      }
  }

  func text() throws(Failure) -> String {
    switch self {
    case .argument(let text): return text
    case .standardInput: return try Self.read(FileHandle.standardInput, named: "la entrada estándar")
    case .file(let path):
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw Failure(.noInput, "No se puede leer \(path).", next: "Revise que el archivo exista y que tenga permiso de leerlo.")
      }
      return try Self.read(handle, named: path)
    }
  }

  private static func read(_ handle: FileHandle, named name: String) throws(Failure) -> String {
    let data: Data
    do { data = try handle.read(upToCount: maximumBytes + 1) ?? Data() } catch {
      throw Failure(.noInput, "Falló la lectura de \(name).", next: "Revise que sea un archivo.")
    }
    guard data.count <= maximumBytes else { throw Failure(.badData, "El mensaje pasa de 4 MiB, más de lo que un servidor toma.") }
    guard let text = String(validating: data, as: UTF8.self) else { throw Failure(.badData, "El texto de \(name) no está en UTF-8.") }
    return text
  }
}
