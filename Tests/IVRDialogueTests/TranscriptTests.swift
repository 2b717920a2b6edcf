internal import Foundation
internal import IVRDialogue
internal import Testing

@Suite("Calls as they are written down in Transcripts")
struct TranscriptTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Transcripts").path
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".txt") }.sorted()

  @Test("Each call goes as it is written", arguments: files)
  func goesAsWritten(file: String) throws {
    let text = try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
    let failure = try Transcript(text).check(on: shippedLine)
    #expect(failure == nil, "\(file), \(failure?.description ?? "")")
  }
}
