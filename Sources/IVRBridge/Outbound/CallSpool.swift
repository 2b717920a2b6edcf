internal import Foundation

/// Asterisk's folder of calls to make, and beside it those of calls that are being written and of calls that are over.
package struct CallSpool: Sendable {
  /// Asterisk takes every file here as it appears: they come whole, by a rename.
  package let folder: String

  package init(folder: String) { self.folder = folder }

  /// Where Asterisk leaves what it is done with.
  package var doneFolder: String { "\(folder)_done" }
  /// Beside, and so on the same disk: a rename from there is one step.
  package var writingFolder: String { URL(filePath: folder).deletingLastPathComponent().appending(path: "tmp").path(percentEncoded: false) }

  /// Hands a call to Asterisk, unless it has it or has had it.
  ///
  /// - Returns: whether it is new there.
  @discardableResult
  package func place(_ name: String, _ text: String) throws -> Bool {
    let files = FileManager.default
    guard !files.fileExists(atPath: "\(folder)/\(name)"), !files.fileExists(atPath: "\(doneFolder)/\(name)") else { return false }
    try files.createDirectory(atPath: writingFolder, withIntermediateDirectories: true)
    let draft = "\(writingFolder)/\(name)"
    // A number is in it: for Asterisk's group, and nobody else.
    guard files.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o660]) else { throw CocoaError(.fileWriteNoPermission) }
    try giveToAsterisk(draft)
    let file = try FileHandle(forWritingTo: URL(filePath: draft))
    try file.write(contentsOf: Data(text.utf8))
    try file.synchronize()
    try file.close()
    try files.moveItem(atPath: draft, toPath: "\(folder)/\(name)")
    return true
  }

  /// The spool's group is Asterisk's: a file of another group it cannot open, and takes for a call that failed.
  private func giveToAsterisk(_ file: String) throws {
    let files = FileManager.default
    guard let group = try files.attributesOfItem(atPath: folder)[.groupOwnerAccountID] else { return }
    try files.setAttributes([.groupOwnerAccountID: group], ofItemAtPath: file)
  }

  /// Folders that Asterisk and the bridge both write in; one that cannot be written in keeps calls from being made, or made known.
  package var sharedFolders: [String] { [folder, writingFolder, doneFolder] }

  /// Our calls that Asterisk has and is not done with.
  package func waiting() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).count { CallFile.token(in: $0) != nil }
  }

  /// A call that Asterisk is done with.
  package struct Done: Hashable, Sendable {
    package let token: String
    package let news: News

    package init(token: String, news: News) {
      self.token = token
      self.news = news
    }
  }

  package enum News: Hashable, Sendable {
    case answered, noAnswer, failed
  }

  /// By their names. A folder that is not there yet is empty.
  package func done() throws -> [Done] {
    guard FileManager.default.fileExists(atPath: doneFolder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: doneFolder).sorted().compactMap { name in
      guard let token = CallFile.token(in: name) else { return nil }
      let text = try String(contentsOfFile: "\(doneFolder)/\(name)", encoding: .utf8)
      return Done(token: token, news: Self.news(of: text))
    }
  }

  /// Takes a number off the disk once the server knows what became of the call.
  package func forget(_ token: String) throws {
    try FileManager.default.removeItem(atPath: "\(doneFolder)/\(CallFile.prefix)\(token)\(CallFile.suffix)")
  }

  /// The last line of its kind counts: Asterisk adds at the end.
  static func news(of text: String) -> News {
    let status = text.split(whereSeparator: \.isNewline).last { $0.hasPrefix("Status:") }?.dropFirst("Status:".count)
      .trimmingCharacters(in: .whitespaces)
    return switch status {
    case "Completed": .answered
    case "Expired": .noAnswer
    default: .failed
    }
  }
}
