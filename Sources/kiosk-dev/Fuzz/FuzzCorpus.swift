internal import Foundation

/// Tests/FuzzCorpus: what a fuzzer has found, and what it has reached.
///
/// A folder for each target, in it files of hexadecimal lines, one input each; `#` begins a remark.
struct FuzzCorpus: Sendable {
  let folder: URL

  /// - Parameter root: the project's folder.
  init(root: URL) { folder = root.appending(path: "Tests/FuzzCorpus", directoryHint: .isDirectory) }

  /// The targets that have inputs.
  func names() throws -> Set<String> {
    Set(try contents(of: folder).filter(\.hasDirectoryPath).map(\.lastPathComponent))
  }

  /// Every input of a target, in the order of the files' names and of their lines; none when it has no folder.
  ///
  /// - Throws: for a file that cannot be read, and for a line that is no hexadecimal.
  func inputs(of name: String) throws -> [[UInt8]] {
    let folder = folder.appending(path: name, directoryHint: .isDirectory)
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try contents(of: folder).filter { $0.pathExtension == "hex" }.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
        guard let input = Self.bytes(line) else { throw WrongLine(description: "\(file.path) has a line that is no hexadecimal: \(line)") }
        return input
      }
    }
  }

  /// Writes a file of a target's inputs in the place of the one of that name.
  func write(_ inputs: [[UInt8]], remark: String, to file: String, of name: String) throws {
    let folder = folder.appending(path: name, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = "# \(remark)\n" + inputs.map { Self.text($0) + "\n" }.joined()
    try text.write(to: folder.appending(path: file + ".hex"), atomically: true, encoding: .utf8)
  }

  struct WrongLine: Error, CustomStringConvertible {
    let description: String
  }

  static func text(_ input: [UInt8]) -> String {
    input.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(_ line: Substring) -> [UInt8]? {
    let digits = line.compactMap(\.hexDigitValue)
    guard digits.count == line.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private func contents(of folder: URL) throws -> [URL] {
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.isDirectoryKey])
      .sorted { $0.path < $1.path }
  }
}
