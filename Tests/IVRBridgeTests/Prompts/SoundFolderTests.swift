import Foundation
import Guidance
import IVRBridge
import KioskTestSupport
import Logging
import Testing

/// With espeak-ng and sox, which `make test` installs.
@Suite("Making sounds")
struct SoundFolderTests {
  static let words = SoundWanted(folder: "es", name: "prueba.saludo", words: "-Buenos días.", language: .spanish, isReviewed: false)
  static let other = SoundWanted(folder: "es", name: "prueba.otra", words: "Oprima 1.", language: .spanish, isReviewed: true)
  static let nahuatl = SoundWanted(folder: "nah", name: "prueba.saludo", words: "Piyali", language: Language("nah"), isReviewed: false)

  @Test("Only what is missing or says something else is made; recordings take the machine's place; no voice is no sound")
  func render() async throws {
    try await FreshPlace.with { place in
      let folder = SoundFolder(path: place + "/sonidos", recordings: place + "/grabaciones")
      let maker = try SoundMaker()
      let first = try await folder.render([Self.words, Self.other, Self.nahuatl], with: maker) { _, _ in }
      #expect(first == SoundFolder.Report(made: 2, unrecorded: [Self.nahuatl]))
      let made = try #require(try WaveFile(Self.bytes(folder.file(of: Self.words))))
      #expect(made.isForAsterisk && (500...3000).contains(made.milliseconds))

      let again = try await folder.render([Self.words, Self.other], with: maker) { _, _ in Issue.record("nothing is to be made") }
      #expect(again == SoundFolder.Report(kept: 2))
      let entry = try #require(PromptManifest(folder: place + "/sonidos/es").sounds["prueba.saludo"])
      #expect(entry.voice == "espeak-ng es-419" && entry.milliseconds == made.milliseconds && !entry.isReviewed)

      var changed = Self.words
      changed.words = "Buenas tardes a todas las personas que llaman."
      let third = try await folder.render([changed, Self.other], with: maker) { _, _ in }
      #expect(third == SoundFolder.Report(made: 1, kept: 1))

      // Somebody records it, in stereo and at another rate.
      try FileManager.default.createDirectory(atPath: place + "/grabaciones/nah", withIntermediateDirectories: true)
      try Data(WaveFileTests.wave(rate: 16_000, channels: 2, sound: 64_000)).write(to: URL(filePath: place + "/grabaciones/nah/prueba.saludo.wav"))
      let fourth = try await folder.render([Self.nahuatl], with: maker) { _, _ in }
      #expect(fourth == SoundFolder.Report(made: 1))
      #expect(PromptManifest(folder: place + "/sonidos/nah").sounds["prueba.saludo"]?.voice == "grabación")
      #expect(try WaveFile(Self.bytes(folder.file(of: Self.nahuatl)))?.milliseconds == 1000)
    }
  }

  @Test("The digits that somebody recorded are what a joined number says, without a machine's voice among them")
  func recordedDigits() async throws {
    try await FreshPlace.with { place in
      let folder = SoundFolder(path: place + "/sonidos", recordings: place + "/grabaciones")
      let digits = ["4", "8"].map {
        SoundWanted(folder: "asterisk/es_MX", name: "digits/\($0)", words: $0, language: .spanish, isReviewed: false)
      }
      let recordings = place + "/grabaciones/asterisk/es_MX/digits"
      try FileManager.default.createDirectory(atPath: recordings, withIntermediateDirectories: true)
      for (digit, length) in [("4", 1600), ("8", 3200)] {
        try Data(WaveFileTests.wave(sound: length, fill: 0x22)).write(to: URL(filePath: "\(recordings)/\(digit).wav"))
      }
      #expect(try await folder.render(digits, with: try SoundMaker()) { _, _ in } == SoundFolder.Report(made: 2))
      let manifest = PromptManifest(folder: place + "/sonidos/asterisk/es_MX")
      #expect(manifest.sounds.values.map(\.voice) == ["grabación", "grabación"])
      let joiner = try #require(SoundJoiner(folder.path, SoundLibrary(prefix: ""), logger: Logger(label: "prueba") { _ in SwiftLogNoOpLogHandler() }))
      let joined = try #require(joiner.join([.digits("484")]))
      #expect(joined.sound == .file("juntos/\(joined.name)", length: .milliseconds(100 + 200 + 100)))
    }
  }

  @Test("Who has read a text is kept right in the manifest, although its sound is not made again")
  func reviewed() async throws {
    try await FreshPlace.with { place in
      let folder = SoundFolder(path: place + "/sonidos", recordings: place + "/grabaciones")
      let maker = try SoundMaker()
      _ = try await folder.render([Self.words], with: maker) { _, _ in }
      var read = Self.words
      read.isReviewed = true
      for sound in [read, Self.words] {
        #expect(try await folder.render([sound], with: maker) { _, _ in } == SoundFolder.Report(kept: 1))
        #expect(PromptManifest(folder: place + "/sonidos/es").sounds["prueba.saludo"]?.isReviewed == sound.isReviewed)
      }
    }
  }

  @Test("A program that is missing is named, with what to do")
  func noProgram() throws {
    let error = #expect(throws: SoundFault.self) { try SoundMaker(path: "/nonexistent") }
    #expect(error?.description == "Falta el programa espeak-ng. Instálelo con: apt-get install espeak-ng sox")
  }

  private static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
}

enum FreshPlace {
  /// A folder that nobody else has, for as long as `body` runs.
  static func with(_ body: (String) async throws -> Void) async throws {
    let place = NSTemporaryDirectory() + "ventanilla-puente-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: place) }
    try await body(place)
  }
}
