import ClinicDomain
import Foundation
import IVRBridge
import IVRDialogue
import KioskTestSupport
import Logging
import Testing

/// A key that ends between two commands is thrown away, and Asterisk writes the name of each file that it plays into its log.
@Suite("All that a step says, as one sound")
struct JoiningTests {
  static let library = SoundLibrary(prefix: "ventanilla")
  static let question = TestBridge.field(
    1, TestBridge.text("eco.1"), .digits(["04", "82"]), TestBridge.text("eco.2"), .number(31), TestBridge.text("eco.tecla_1"))

  /// A folder of sounds, each filled with a number of its own.
  static func withSounds(_ names: [String], _ body: (String) async throws -> Void) async throws {
    try await FreshPlace.with { place in
      for (index, name) in names.enumerated() {
        let file = URL(filePath: "\(place)/\(name).wav")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(WaveFileTests.wave(sound: 32, fill: UInt8(index + 1))).write(to: file)
      }
      try await body(place)
    }
  }

  static let names =
    ["es/eco.1", "es/eco.2", "es/eco.tecla_1"]
    + ["0", "4", "8", "2", "30", "and", "1"].map { "asterisk/es_MX/digits/\($0)" }

  static func joiner(_ place: String) throws -> SoundJoiner {
    try #require(SoundJoiner(place, library, logger: Logger(label: "prueba") { _ in SwiftLogNoOpLogHandler() }))
  }

  @Test("Texts, digits, numbers and pauses follow one another in one file that Asterisk plays")
  func content() async throws {
    try await Self.withSounds(Self.names) { place in
      guard case .collect(let prompts, _) = Self.question else { return }
      let joined = try #require(try Self.joiner(place).join(Self.library.sounds(of: prompts)))
      let bytes = Array(try Data(contentsOf: URL(filePath: joined.file)))
      let wave = try #require(WaveFile(bytes))
      let pause = [UInt8](repeating: 0, count: 300 * 16)
      let expected = [1, 4, 5].flatMap { [UInt8](repeating: $0, count: 32) } + pause
        + [6, 7, 2, 8, 9, 10, 3].flatMap { [UInt8](repeating: $0, count: 32) }
      #expect(wave.isForAsterisk && Array(bytes[wave.sound]) == expected)
      guard case .file(let name, let length) = joined.sound else {
        Issue.record("no file")
        return
      }
      #expect(name == "ventanilla/juntos/\(joined.name)" && length == .milliseconds(expected.count / 16))
      joined.remove()
      #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/juntos") == [])
    }
  }

  @Test("A question of eight sounds is one command, between whose sounds no key is lost; what is read back is in no command, and nothing stays")
  func oneCommand() async throws {
    try await Self.withSounds(Self.names) { place in
      let log = EventLog()
      var script = PhoneScript().pressing("1", on: "ventanilla/juntos/").brisk
      script.disk = place
      let transcript = try await TestBridge.serving([Self.question], log: log, joiner: try Self.joiner(place)) {
        try await ScriptedAsterisk.call(script, port: $0.port)
      }
      #expect(log.afterStart == [.digits("1")])
      #expect(transcript.commands.count == 3 && transcript.commands[1].hasPrefix("GET DATA \"ventanilla/juntos/"))
      #expect(transcript.faults == [] && transcript.lostKeys == "")
      #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/juntos") == [])
    }
  }

  @Test("While the server is slow a caller hears «un momento» without a warning in Asterisk's log, and what is pressed is kept")
  func company() async throws {
    try await Self.withSounds(["es/primera", "es/un_momento", "es/pregunta"]) { place in
      let log = EventLog()
      let backEnd = TestBackEnd { _ in
        try? await Task.sleep(for: .milliseconds(1700))
        return .answer(.noSlots)
      }
      let steps = [
        TestBridge.field(1, TestBridge.text("primera")), CompanyTests.request, TestBridge.field(1, TestBridge.text("pregunta")),
      ]
      var script = PhoneScript().pressing("12", on: "ventanilla/juntos/", every: .milliseconds(600))
      script.disk = place
      let transcript = try await TestBridge.serving(steps, log: log, backEnd: backEnd, joiner: try Self.joiner(place)) {
        try await ScriptedAsterisk.call(script, port: $0.port)
      }
      #expect(log.afterStart == [.digits("1"), .answer(.noSlots), .digits("2")])
      #expect(transcript.lostKeys == "" && transcript.faults == [] && transcript.warnings == [])
      // The question, the silence before the key and after it, «un momento» with a silence behind it.
      #expect(transcript.commands.count { $0.contains("/juntos/") } == 4)
      #expect(transcript.heard.count == 2 && transcript.heard.allSatisfy { $0.hasPrefix("ventanilla/juntos/") })
      #expect(transcript.orderedSilence > .zero && transcript.orderedSilence < .seconds(2))
      #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/juntos") == [])
    }
  }

  @Test("An Asterisk on another disk does not see it: the same is heard sound by sound, and after three times at once")
  func notSeen() async throws {
    try await Self.withSounds(Self.names) { place in
      try await Self.withSounds(Self.names) { other in
        let log = EventLog()
        var script = PhoneScript().quick
        for _ in 1...4 { script = script.pressing("1", on: "eco.tecla_1") }
        script.disk = other
        let steps = [CallStep](repeating: Self.question, count: 4)
        let transcript = try await TestBridge.serving(steps, log: log, joiner: try Self.joiner(place)) {
          try await ScriptedAsterisk.call(script, port: $0.port)
        }
        #expect(log.afterStart == [CallEvent](repeating: .digits("1"), count: 4))
        #expect(transcript.commands.count { $0.contains("/juntos/") } == 3)
        #expect(transcript.dialplan == "Hangup")
      }
    }
  }

  @Test("A part that is not on this disk, or no folder of sounds: each sound for itself; one sound alone is joined too, and its name tells nothing")
  func notJoined() async throws {
    try await Self.withSounds(Array(Self.names.dropLast())) { place in
      guard case .collect(let prompts, _) = Self.question else { return }
      let joiner = try Self.joiner(place)
      #expect(joiner.join(Self.library.sounds(of: prompts)) == nil)
      #expect(joiner.join(Self.library.sounds(of: TestBridge.prompt(TestBridge.text("eco.1")))) != nil)
      #expect(SoundJoiner(place + "/falta", Self.library, logger: Logger(label: "prueba") { _ in SwiftLogNoOpLogHandler() }) == nil)
    }
  }

  @Test("The keys of a field have the time between keys, and the first one its own, with no command between the first and the last")
  func times() async throws {
    try await Self.withSounds(["es/pregunta"]) { place in
      let log = EventLog()
      var script = PhoneScript().pressing("12", on: "ventanilla/juntos/", after: .seconds(6), every: .seconds(3)).brisk
      script.disk = place
      let transcript = try await TestBridge.serving([TestBridge.field(2, TestBridge.text("pregunta"))], log: log, joiner: try Self.joiner(place)) {
        try await ScriptedAsterisk.call(script, port: $0.port)
      }
      #expect(log.afterStart == [.digits("12")])
      let commands = transcript.commands.filter { $0.hasPrefix("GET DATA") }
      #expect(commands.count == 2 && commands.first?.hasSuffix(#"" "4000" "2""#) == true && commands.last == #"GET DATA "" "4000" "2""#)
      #expect(transcript.lostKeys == "" && transcript.faults == [])
    }
  }

  @Test("A sound that is made anew is heard at once, and what is kept of sounds has a bound")
  func kept() async throws {
    try await FreshPlace.with { place in
      func write(_ name: String, _ fill: UInt8) throws {
        try Data(WaveFileTests.wave(sound: 320, fill: fill)).write(to: URL(filePath: "\(place)/\(name).wav"), options: .atomic)
      }
      let store = SampleStore(bound: 1000)
      try write("a", 1)
      #expect(store.samples(of: "\(place)/a.wav") == [UInt8](repeating: 1, count: 320))
      try write("a", 2)
      #expect(store.samples(of: "\(place)/a.wav") == [UInt8](repeating: 2, count: 320))
      for name in ["b", "c", "d", "e"] {
        try write(name, 3)
        #expect(store.samples(of: "\(place)/\(name).wav")?.count == 320)
        #expect(store.bytes <= 1000)
      }
      #expect(store.samples(of: "\(place)/a.wav") == [UInt8](repeating: 2, count: 320))
      try FileManager.default.removeItem(atPath: "\(place)/a.wav")
      #expect(store.samples(of: "\(place)/a.wav") == nil)
      #expect(SampleStore(bound: 100).samples(of: "\(place)/b.wav")?.count == 320)
    }
  }

  @Test("What a bridge left that was killed is gone at the next start, what is being played stays")
  func leftovers() async throws {
    try await Self.withSounds(Self.names) { place in
      _ = try Self.joiner(place)
      for name in ["vieja.wav", "nueva.wav"] { try Data([1]).write(to: URL(filePath: "\(place)/juntos/\(name)")) }
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -120)], ofItemAtPath: place + "/juntos/vieja.wav")
      _ = try Self.joiner(place)
      #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/juntos") == ["nueva.wav"])
      let mode = try FileManager.default.attributesOfItem(atPath: place + "/juntos")[.posixPermissions] as? Int
      #expect(mode == 0o711)
    }
  }

  @Test("Hours are said as people say them: noon is no morning, and the hour is full", arguments: [
    (8 * 60, ["8", "oclock", "a-m"]), (8 * 60 + 5, ["8", "0", "5", "a-m"]), (12 * 60 + 15, ["12", "15", "afternoon"]),
    (13 * 60 + 45, ["1F", "45", "afternoon"]), (18 * 60 + 30, ["6", "30", "afternoon"]), (19 * 60, ["7", "oclock", "p-m"]),
    (30, ["12", "30", "p-m"]),
  ])
  func hours(minutes: Int, words: [String]) throws {
    let time = try #require(AgendaMinute(minutes: minutes))
    let said = Self.library.sounds(of: TestBridge.prompt(.time(time))).map { sound in
      switch sound {
      case .word(let name): String(name.dropFirst("digits/".count))
      case .number(let number): "\(number)"
      default: "?"
      }
    }
    #expect(said == words)
  }
}
