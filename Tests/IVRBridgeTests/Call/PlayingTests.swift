import ClinicDomain
import Guidance
import IVRBridge
import IVRDialogue
import KioskTestSupport
import Testing

/// Against an Asterisk as design/TELEPHONY.md describes it, on a real socket; four or twenty of its seconds in one of ours.
@Suite("A call's prompts and keys")
struct PlayingTests {
  static let nss = TestBridge.field(11, TestBridge.text("citas.saludo"), TestBridge.text("citas.pide_nss"))
  static let menu = TestBridge.field(1, TestBridge.text("menu"))

  /// What the dialogue hears of what the caller presses, and what becomes of the rest.
  @Test("Digits arrive as they were pressed", arguments: [
    // Leading zeros; typed while the last prompt plays.
    (PhoneScript().pressing("04820115703", on: "pide_nss"), [CallEvent.digits("04820115703")], ""),
    // Typed through the first of two prompts.
    (PhoneScript().pressing("04820115703", on: "saludo", every: .milliseconds(400)), [.digits("04820115703")], ""),
    // Typed after the prompts, slowly.
    (PhoneScript().pressing("04820115703", on: "pide_nss", after: .seconds(5), every: .seconds(2)), [.digits("04820115703")], ""),
    // The first after the time between two keys, within the first key's; then one that comes after the time between two.
    (PhoneScript().pressing("04820115703", on: "pide_nss", after: .seconds(9)), [.digits("04820115703")], ""),
    (PhoneScript().pressing("04", on: "pide_nss", every: .seconds(5)), [.partial("0")], ""),
    // The end key comes early, at once, behind a full field.
    (PhoneScript().pressing("048#", on: "pide_nss"), [.digits("048")], ""),
    (PhoneScript().pressing("#", on: "pide_nss"), [.digits("")], ""),
    (PhoneScript().pressing("04820115703#", on: "pide_nss", every: .milliseconds(400)), [.digits("04820115703")], ""),
    // Two keys too many are taken off the line.
    (PhoneScript().pressing("0482011570399", on: "pide_nss", every: .milliseconds(400)), [.digits("04820115703")], ""),
    // Not enough; nothing.
    (PhoneScript().pressing("0482", on: "pide_nss"), [.partial("0482")], ""),
    (PhoneScript(), [.silence], ""),
    // `*` among the digits is the dialogue's to see.
    (PhoneScript().pressing("04*", on: "pide_nss"), [.partial("04*")], ""),
  ])
  func field(script: PhoneScript, expected: [CallEvent], lost: String) async throws {
    let log = EventLog()
    let transcript = try await TestBridge.serving([Self.nss], log: log) { try await ScriptedAsterisk.call(script.brisk, port: $0.port) }
    #expect(log.afterStart == expected)
    #expect(transcript.lostKeys == lost)
    #expect(transcript.faults == [])
    #expect(transcript.dialplan == "Hangup")
    #expect(transcript.commands.last == #"SET VARIABLE "IVR_RESULTADO" "ok""#)
  }

  @Test("A # behind a menu's key belongs to it, and does not answer the next question")
  func trailingMark() async throws {
    let log = EventLog()
    let script = PhoneScript().pressing("1#", on: "menu", every: .seconds(2)).pressing("2", on: "otra", after: .seconds(4))
    let transcript = try await TestBridge.serving([Self.menu, TestBridge.field(1, TestBridge.text("otra"))], log: log) {
      try await ScriptedAsterisk.call(script.quick, port: $0.port)
    }
    #expect(log.afterStart == [.digits("1"), .digits("2")])
    #expect(transcript.faults == [])
  }

  @Test("Who knows the menus types ahead through the next question")
  func typedThrough() async throws {
    let log = EventLog()
    let transcript = try await TestBridge.serving([Self.menu, TestBridge.field(1, TestBridge.text("otra"))], log: log) {
      try await ScriptedAsterisk.call(PhoneScript().pressing("12", on: "menu", every: .seconds(2)).quick, port: $0.port)
    }
    #expect(log.afterStart == [.digits("1"), .digits("2")])
    #expect(transcript.heard == ["ventanilla/es/menu", "ventanilla/es/otra"])
  }

  @Test("What only this call knows is spoken digit by digit, by day and by hour, whatever zone Asterisk's machine believes in")
  func spoken() async throws {
    let parts: [Prompt.Part] = [
      .text(PromptID("citas.resultado.1")), .digits(["0482", "1157"]), .day(CivilDate(year: 2026, month: 11, day: 24)!),
      .time(AgendaMinute(minutes: 8 * 60 + 15)!), .birthDate(CivilDate(year: 1955, month: 2, day: 5)!), .number(12),
    ]
    let log = EventLog()
    let transcript = try await TestBridge.serving([.say([Prompt(.spanish, parts)], stoppedBy: .all)], log: log) {
      try await ScriptedAsterisk.call(PhoneScript().quick, port: $0.port)
    }
    #expect(log.afterStart == [.played])
    #expect(
      transcript.heard == [
        "ventanilla/es/citas.resultado.1", "digits:0482", "digits:1157",
        "digits/day-2", "number:24", "digits/es-de", "digits/mon-10", "number:8", "number:15", "digits/a-m",
        "number:5", "digits/es-de", "digits/mon-1", "digits/es-de", "number:1955", "number:12",
      ])
  }

  @Test("A key of those that stop a message stops it, another does not, and emergency words no key stops", arguments: [
    (KeySet("1*"), "21", [CallEvent.digits("1")]), (KeySet("1*"), "23", [.played]), (.none, "0123456789*#", [.played]),
  ])
  func stopping(keys: KeySet, pressed: String, expected: [CallEvent]) async throws {
    let log = EventLog()
    _ = try await TestBridge.serving([.say(TestBridge.prompt(TestBridge.text("aviso")), stoppedBy: keys)], log: log) {
      try await ScriptedAsterisk.call(PhoneScript().pressing(pressed, on: "aviso").quick, port: $0.port)
    }
    #expect(log.afterStart == expected)
  }

  @Test("A missing sound is told from a hang-up, wherever it stands", arguments: [
    ("pide_nss", [CallEvent.deadPrompt]), ("saludo", [.deadPrompt]),
  ])
  func missing(sound: String, expected: [CallEvent]) async throws {
    let log = EventLog()
    var script = PhoneScript().quick
    script.missing = [sound]
    let (transcript, counts) = try await TestBridge.serving([Self.nss], log: log) {
      (try await ScriptedAsterisk.call(script, port: $0.port), $0.figures.now)
    }
    #expect(log.afterStart == expected)
    #expect(counts.missingSounds == 1)
    #expect(transcript.commands.contains("CHANNEL STATUS"))
    #expect(transcript.dialplan == "persona")
  }
}


extension PhoneScript {
  /// Four times as fast as a person: a key between two commands has time enough on a busy machine.
  var brisk: Self {
    var script = self
    script.speed = 4
    return script
  }

  /// Twenty times as fast as a person.
  var quick: Self {
    var script = self
    script.speed = 20
    return script
  }
}
