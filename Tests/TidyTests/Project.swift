import Foundation

/// The project's own files, read as text.
enum Project {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path(percentEncoded: false)

  static func folders(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root + folder).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: root + folder + "/" + $0, isDirectory: &isFolder)
        && isFolder.boolValue
    }.sorted()
  }

  /// Paths from the root, sorted; build folders left out.
  static func files(in folder: String, ending: String) throws -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: root + folder) else { return [] }
    return walk.compactMap { $0 as? String }
      .filter { $0.hasSuffix(ending) && !$0.contains(".build") }
      .map { folder + "/" + $0 }
      .sorted()
  }

  static func swiftFiles(in folder: String) throws -> [String] { try files(in: folder, ending: ".swift") }

  static func text(of file: String) throws -> String {
    try String(contentsOfFile: root + file, encoding: .utf8)
  }

  static func lines(of file: String) throws -> [Substring] {
    try text(of: file).split(separator: "\n", omittingEmptySubsequences: false)
  }

  static func imports(of file: String) throws -> [String] { imports(ofText: try text(of: file)) }

  /// The modules that a Swift text imports, in order.
  static func imports(ofText text: String) -> [String] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    return text.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ")[...]
      while let word = words.first, word.hasPrefix("@") || ["package", "public", "internal", "private", "fileprivate"].contains(word) {
        words = words.dropFirst()
      }
      guard words.first == "import" else { return nil }
      words = words.dropFirst()
      if let kind = words.first, kinds.contains(kind) { words = words.dropFirst() }
      return words.first.map { String($0.split(separator: ".")[0]) }
    }
  }
}
