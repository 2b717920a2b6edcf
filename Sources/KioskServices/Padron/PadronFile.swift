internal import Foundation

/// A padrón file on disk, read piece by piece.
package struct PadronFile {
  /// Big enough that a piece costs nothing, small enough that a progress bar moves.
  private static let pieceLength = 262_144

  package let path: String
  /// For a progress bar; 0 when the system does not say.
  package let byteCount: Int
  private let handle: FileHandle

  /// - Throws: ``PadronFileFault/cannotOpen(path:)``.
  package init(path: String) throws(PadronFileFault) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
      let handle = FileHandle(forReadingAtPath: path)
    else { throw .cannotOpen(path: path) }
    self.path = path
    self.handle = handle
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    byteCount = attributes?[.size] as? Int ?? 0
  }

  /// Reads the whole file once; rows come in its order.
  ///
  /// - Parameters:
  ///   - progress: called after each piece with the bytes read so far.
  ///   - body: may throw to stop.
  /// - Throws: what `body` throws, or ``PadronFileFault/cannotRead(path:)``.
  package func read(
    rules: PadronRules, progress: (Int) throws -> Void = { _ in }, _ body: (PadronReader.Event) throws -> Void
  ) throws {
    var reader = PadronReader(rules: rules)
    var count = 0
    while let piece = try nextPiece() {
      try reader.read(piece, body)
      count += piece.count
      try progress(count)
    }
    try reader.finish(body)
  }

  private func nextPiece() throws(PadronFileFault) -> Data? {
    do {
      let piece = try handle.read(upToCount: Self.pieceLength)
      return piece?.isEmpty == true ? nil : piece
    } catch {
      throw .cannotRead(path: path)
    }
  }
}

/// What keeps a padrón file from being read.
package enum PadronFileFault: Error, Hashable, Sendable {
  case cannotOpen(path: String)
  case cannotRead(path: String)

  package var mensaje: String {
    switch self {
    case .cannotOpen(let path): "No se puede abrir «\(path)». Revise que el archivo exista y que tenga permiso de leerlo."
    case .cannotRead(let path): "Falló la lectura de «\(path)». Cópielo de nuevo e inténtelo otra vez."
    }
  }
}
