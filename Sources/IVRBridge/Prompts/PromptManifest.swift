internal import Foundation

/// What lies in a folder of sounds, and what it was made of: `manifest.json` in it.
package struct PromptManifest: Hashable, Sendable, Codable {
  package struct Entry: Hashable, Sendable, Codable {
    /// SHA-256 of the words and of how they are spoken, or of the recording; hexadecimal.
    package var hash: String
    /// "espeak-ng es-419", "grabación".
    package var voice: String
    package var milliseconds: Int
    /// Whether a native speaker has read the text.
    package var isReviewed: Bool

    package init(hash: String, voice: String, milliseconds: Int, isReviewed: Bool) {
      (self.hash, self.voice, self.milliseconds, self.isReviewed) = (hash, voice, milliseconds, isReviewed)
    }
  }

  /// By the sound's name.
  package var sounds: [String: Entry] = [:]

  package static let fileName = "manifest.json"

  package init() {}

  /// An empty one where there is none, or none that can be read: everything is then made again.
  package init(folder: String) {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.fileName)"),
      let read = try? JSONDecoder().decode(Self.self, from: data)
    else { return }
    self = read
  }

  /// Written beside it and renamed: whoever reads sees the old or the new one.
  package func write(folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(filePath: "\(folder)/\(Self.fileName)"), options: .atomic)
  }
}
