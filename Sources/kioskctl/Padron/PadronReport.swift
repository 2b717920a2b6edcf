internal import Foundation
internal import VentanillaMessages

/// The rows that were not taken: `línea;columna;motivo`, made with the first of them.
final class PadronReport {
  private static let header = "línea;columna;motivo\n"

  let path: String
  private var handle: FileHandle?

  init(path: String) { self.path = path }

  func add(_ problems: [Wire.RowProblem]) throws(Failure) {
    guard !problems.isEmpty else { return }
    let text = problems.map { "\($0.line);\(Self.field($0.column));\(Self.field($0.text))\n" }.joined()
    do { try open().write(contentsOf: Data(text.utf8)) } catch let failure as Failure { throw failure } catch {
      throw Failure(.cannotCreate, "No se pudo escribir el informe \(path).", next: "Revise que haya espacio en el disco.")
    }
  }

  /// Closes the report, and takes away one of ours that an earlier run left and this one has no rows for.
  ///
  /// - Returns: its path; `nil` when there is nothing in it.
  func finish() throws(Failure) -> String? {
    if let handle {
      try? handle.close()
      return path
    }
    if let old = FileHandle(forReadingAtPath: path) {
      let length = Self.header.utf8.count
      let isOurs = (try? old.read(upToCount: length)).flatMap { $0 } == Data(Self.header.utf8)
      try? old.close()
      if isOurs { try? FileManager.default.removeItem(atPath: path) }
    }
    return nil
  }

  private func open() throws -> FileHandle {
    if let handle { return handle }
    guard FileManager.default.createFile(atPath: path, contents: Data(Self.header.utf8)),
      let opened = FileHandle(forWritingAtPath: path)
    else {
      throw Failure(.cannotCreate, "No se puede escribir el informe \(path).", next: "Elija otro lugar con --informe.")
    }
    try opened.seekToEnd()
    handle = opened
    return opened
  }

  /// Quoted where a spreadsheet would cut it.
  private static func field(_ text: String) -> String {
    guard text.contains(where: { ";\"\n\r".contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
