internal import Foundation

/// A padrón file on disk, read piece by piece and never whole.
struct PadronSource {
  private static let pieceLength = 65_536

  let path: String
  let byteCount: Int
  private let handle: FileHandle

  init(path: String) throws(Failure) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.noInput, "No existe el archivo \(path).", next: "Revise la ruta.")
    }
    guard !isFolder.boolValue, let handle = FileHandle(forReadingAtPath: path) else {
      throw Failure(.noInput, "No se puede leer \(path).", next: "Revise que sea un archivo y que tenga permiso de leerlo.")
    }
    self.path = path
    self.handle = handle
    byteCount = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  /// The next bytes; `nil` at the end.
  func next() throws(Failure) -> Data? {
    do {
      let data = try handle.read(upToCount: Self.pieceLength)
      return data?.isEmpty == true ? nil : data
    } catch {
      throw Failure(.noInput, "Falló la lectura de \(path).", next: "Cópielo de nuevo e importe otra vez: nadie se duplica.")
    }
  }
}
