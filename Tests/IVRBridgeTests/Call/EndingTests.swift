import ClinicDomain
import IVRBridge
import IVRDialogue
import KioskTestSupport
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TTRPCCore
import Testing

@Suite("How a call ends")
struct EndingTests {
  static let folio = Folio(random: 7)
  static let menu = TestBridge.field(1, TestBridge.text("menu"))

  @Test("The dialplan is told how to go on with the last command, whatever that is", arguments: [
    (CallResult.ok, "Hangup", CallEnding.done), (.person, "persona", .person), (.emergency, "emergencias", .emergency),
  ])
  func results(result: CallResult, dialplan: String, ending: CallEnding) async throws {
    let (transcript, counts) = try await TestBridge.serving([.end(result)]) { bridge in
      (try await ScriptedAsterisk.call(PhoneScript().quick, port: bridge.port), try await settled(bridge))
    }
    #expect(transcript.dialplan == dialplan)
    #expect(transcript.commands == ["ANSWER", "SET VARIABLE \"IVR_RESULTADO\" \"\(result.rawValue)\""])
    #expect(counts.ended == [ending: 1])
  }

  @Test("A call for another clinic goes to a person at once, with one line in the log and nothing heard; without a CLUES, or with ours, it is served", arguments: [
    ("citas?clinica=JCIMS000123", true), ("citas?clinica=DFIMS999306", false), ("citas?clinica=", false), ("citas?clinica=7", false), ("citas", false),
  ])
  func otherClinic(script: String, isForeign: Bool) async throws {
    let lines = LogLines()
    let (transcript, counts) = try await TestBridge.serving(
      [.end(.ok)], clues: CLUES("DFIMS999306"), logger: Logger(label: "prueba") { _ in lines }
    ) { bridge in (try await ScriptedAsterisk.call(PhoneScript(script: script).quick, port: bridge.port), try await settled(bridge)) }
    #expect(transcript.dialplan == (isForeign ? "persona" : "Hangup"))
    #expect(transcript.heard == [] && transcript.faults == [])
    #expect(counts.ended == [isForeign ? .person : .done: 1])
    #expect(lines.said.count { $0.contains("otra clínica") } == (isForeign ? 1 : 0))
  }

  @Test("A hang-up ends the call at once, and gives back what it held", arguments: [true, false], [true, false])
  func hangUp(exits: Bool, late: Bool) async throws {
    let (log, backEnd) = (EventLog(), TestBackEnd())
    var script = PhoneScript().hangingUp(on: "menu").quick
    (script.exitsOnHangUp, script.tellsHangUpLate) = (exits, late)
    let (transcript, counts) = try await TestBridge.serving(
      [Self.menu], effectsAtHangUp: [.giveBack(Self.folio), .endSession], log: log, backEnd: backEnd
    ) { bridge in
      (try await ScriptedAsterisk.call(script, port: bridge.port), try await settled(bridge))
    }
    #expect(log.afterStart == [.hangUp])
    #expect(backEnd.done == [.giveBack(Self.folio), .endSession])
    #expect(backEnd.wasClosed)
    #expect(counts.ended == [.hungUp: 1])
    #expect(counts.hangUps == ["prueba.paso": 1])
    #expect(transcript.dialplan == "h")
    #expect(!transcript.commands.contains { $0.contains("IVR_RESULTADO") })
  }

  @Test("What callers had trouble with is counted by step, the worst first, and how long the first sound took")
  func figures() async throws {
    let menus = [CallStep](repeating: Self.menu, count: 4)
    let script = PhoneScript().pressing("7", on: "menu").pressing("1", on: "menu").pressing("7", on: "menu").hangingUp(on: "menu").quick
    let counts = try await TestBridge.serving(menus, backEnd: TestBackEnd()) { bridge in
      _ = try await ScriptedAsterisk.call(script, port: bridge.port)
      return try await settled(bridge)
    }
    #expect(counts.wrongKeys == ["prueba.paso": 2] && counts.hangUps == ["prueba.paso": 1])
    #expect(counts.firstSound.quantile(1) != nil)
    #expect(counts.metadata["primer_sonido_p99_ms"] != nil)
    var more = counts
    (more.silences, more.hangUps["otra"]) = (["mala": 9, "prueba.paso": 1], 1)
    #expect(more.stepsInTrouble == [
      ["paso": "mala", "silencios": "9", "teclas_malas": "0", "colgaron": "0"],
      ["paso": "prueba.paso", "silencios": "1", "teclas_malas": "2", "colgaron": "1"],
      ["paso": "otra", "silencios": "0", "teclas_malas": "0", "colgaron": "1"],
    ])
  }

  @Test("A hang-up while the server works ends the request")
  func hangUpInRequest() async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .seconds(60))
      return .answer(.noSlots)
    }
    let script = PhoneScript().hangingUp(on: "menu", after: .seconds(8)).quick
    let menu = CallStep.say(TestBridge.prompt(TestBridge.text("menu")), stoppedBy: .none)
    _ = try await TestBridge.serving([menu, .request(.list, moment: [])], log: log, backEnd: backEnd) { bridge in
      (try await ScriptedAsterisk.call(script, port: bridge.port), try await settled(bridge))
    }
    #expect(log.afterStart == [.played, .hangUp])
    #expect(backEnd.cancellations == 1)
  }

  @Test("A bridge that ends hands its calls to a person, in the middle of a question too, and takes no more")
  func shutdown() async throws {
    let log = EventLog()
    let transcripts = try await TestBridge.serving([Self.menu], log: log) { bridge in
      async let first = ScriptedAsterisk.call(PhoneScript(), port: bridge.port)
      async let second = ScriptedAsterisk.call(PhoneScript(), port: bridge.port)
      while bridge.figures.now.sounds < 2 { try await Task.sleep(for: .milliseconds(5)) }
      await bridge.stop()
      await #expect(throws: (any Error).self) { try await ScriptedAsterisk.call(PhoneScript(), port: bridge.port) }
      return try await [first, second]
    }
    #expect(transcripts.map(\.dialplan) == ["persona", "persona"])
    #expect(transcripts.allSatisfy { $0.variables["IVR_RESULTADO"] == "operadora" && $0.faults.isEmpty })
    #expect(log.all.filter { $0 == .shutdown }.count == 2)
  }

  @Test("Emergency words are heard to their end before a bridge that ends hands the call over")
  func shutdownInEmergency() async throws {
    let log = EventLog()
    let words = CallStep.say(TestBridge.prompt(TestBridge.text("llame_911")), stoppedBy: .none)
    let transcript = try await TestBridge.serving([words, Self.menu], log: log) { bridge in
      async let call = ScriptedAsterisk.call(PhoneScript(speed: 3), port: bridge.port)
      while bridge.figures.now.sounds < 1 { try await Task.sleep(for: .milliseconds(5)) }
      await bridge.stop()
      return try await call
    }
    #expect(log.afterStart == [.played, .shutdown])
    #expect(transcript.heard == ["ventanilla/es/llame_911"])
    #expect(transcript.dialplan == "persona")
  }

  @Test("One call too many goes to a person without a word, and those that are on go on")
  func tooMany() async throws {
    var limits = BridgeLimits()
    limits.calls = 1
    let (first, second, counts) = try await TestBridge.serving([Self.menu], limits: limits) { bridge in
      async let first = ScriptedAsterisk.call(PhoneScript().pressing("1", on: "menu", after: .seconds(20)).quick, port: bridge.port)
      while bridge.figures.now.sounds < 1 { try await Task.sleep(for: .milliseconds(5)) }
      let second = try await ScriptedAsterisk.call(PhoneScript().quick, port: bridge.port)
      return (try await first, second, bridge.figures.now)
    }
    #expect(second.commands == [] && second.dialplan == "persona")
    #expect(first.dialplan == "Hangup")
    #expect(counts.callsTurnedAway == 1)
  }

  @Test("Who is not in the list of Asterisks is not listened to")
  func stranger() async throws {
    let transcript = try await TestBridge.serving([Self.menu], allowed: ["192.0.2.1"]) {
      try await ScriptedAsterisk.call(PhoneScript().quick, port: $0.port)
    }
    #expect(transcript.commands == [])
  }

  /// The counts, once no call is open.
  private func settled(_ bridge: IVRBridge) async throws -> BridgeFigures.Counts {
    while bridge.callsNow > 0 || bridge.figures.now.ended.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    return bridge.figures.now
  }
}

/// What a bridge writes into its log.
private final class LogLines: LogHandler, Sendable {
  private let lines = Mutex<[String]>([])
  var said: [String] { lines.withLock { $0 } }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .info }
    set {}
  }
  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { nil }
    set {}
  }

  func log(
    level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String, function: String, line: UInt
  ) { lines.withLock { $0.append("\(message)") } }
}
