import ClinicDomain
import IVRBridge
import IVRDialogue
import KioskTestSupport
import Synchronization
import Testing

@Suite("While the clinic's server works")
struct CompanyTests {
  static let request = CallStep.request(.list, moment: TestBridge.prompt(TestBridge.text("un_momento")))
  static let question = TestBridge.field(1, TestBridge.text("pregunta"))

  @Test("A quick answer is told without «un momento»")
  func quick() async throws {
    let log = EventLog()
    let transcript = try await TestBridge.serving([Self.request], log: log, backEnd: TestBackEnd { _ in .answer(.appointments([])) }) {
      try await ScriptedAsterisk.call(PhoneScript(), port: $0.port)
    }
    #expect(log.afterStart == [.answer(.appointments([]))])
    #expect(transcript.heard == [])
  }

  @Test("A slow one is waited for with «un momento» and no silence of two seconds, and interrupts it")
  func slow() async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .milliseconds(6300))
      return .answer(.appointments([]))
    }
    let transcript = try await TestBridge.serving([Self.request, Self.question], log: log, backEnd: backEnd) {
      try await ScriptedAsterisk.call(PhoneScript().pressing("1", on: "pregunta"), port: $0.port)
    }
    #expect(log.afterStart == [.answer(.appointments([])), .digits("1")])
    #expect(transcript.heard.filter { $0.hasSuffix("un_momento") }.count == 2)
    #expect(transcript.orderedSilence >= .seconds(1) && transcript.orderedSilence < .seconds(2))
    #expect(transcript.commands.contains("NOOP"))
    #expect(transcript.faults == [])
  }

  @Test("A busy Asterisk reads the NOOP together with what it interrupts, and it lies in a buffer: another one brings it out, and the caller goes on")
  func readTogether() async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .milliseconds(60))
      return .answer(.appointments([]))
    }
    var script = PhoneScript().pressing("1", on: "pregunta")
    script.readsAfter = .milliseconds(300)
    let transcript = try await TestBridge.serving([Self.request, Self.question], log: log, backEnd: backEnd) { [script] in
      try await ScriptedAsterisk.call(script, port: $0.port)
    }
    #expect(log.afterStart == [.answer(.appointments([])), .digits("1")])
    #expect(transcript.faults == ["two orders at once"] && !transcript.hungUp)
  }

  @Test("A key pressed in the silence before «un momento» is not lost either")
  func typedInSilence() async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .milliseconds(800))
      return .answer(.noSlots)
    }
    let first = TestBridge.field(1, TestBridge.text("primera"))
    let transcript = try await TestBridge.serving([first, Self.request, Self.question], log: log, backEnd: backEnd) {
      try await ScriptedAsterisk.call(PhoneScript().pressing("12", on: "primera", every: .milliseconds(400)), port: $0.port)
    }
    #expect(log.afterStart == [.digits("1"), .answer(.noSlots), .digits("2")])
    #expect(transcript.lostKeys == "" && transcript.faults == [])
    #expect(!transcript.heard.contains("ventanilla/es/un_momento"))
  }

  @Test("Keys pressed meanwhile answer the question that follows")
  func typedAhead() async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .milliseconds(2500))
      return .answer(.noSlots)
    }
    let transcript = try await TestBridge.serving([Self.request, Self.question], log: log, backEnd: backEnd) {
      try await ScriptedAsterisk.call(PhoneScript().pressing("2", on: "un_momento"), port: $0.port)
    }
    #expect(log.afterStart == [.answer(.noSlots), .digits("2")])
    #expect(transcript.heard.contains("ventanilla/es/un_momento"))
    #expect(transcript.lostKeys == "")
  }

  @Test("0 is a person here too: it ends what changes nothing, at once")
  func zero() async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .seconds(60))
      return .answer(.alarmUnanswered)
    }
    let request = CallStep.request(.awaitAlarm(seconds: 30), moment: TestBridge.prompt(TestBridge.text("un_momento")))
    let transcript = try await TestBridge.serving([request, Self.question], log: log, backEnd: backEnd) {
      try await ScriptedAsterisk.call(PhoneScript().pressing("0", on: "un_momento").pressing("1", on: "pregunta"), port: $0.port)
    }
    #expect(log.afterStart == [.digits("0"), .digits("1")])
    #expect(backEnd.cancellations == 1)
    #expect(transcript.lostKeys == "" && transcript.faults == [])
  }

  @Test("What changes something goes on to its outcome whatever is pressed; and what was pressed before words stops none of them", arguments: ["0", "9"])
  func heardToTheEnd(key: String) async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .milliseconds(2500))
      return .answer(.noSlots)
    }
    let request = CallStep.request(.book(Folio(random: 7)), moment: TestBridge.prompt(TestBridge.text("un_momento")))
    let words = CallStep.say(TestBridge.prompt(TestBridge.text("su_folio")), stoppedBy: KeySet("09*"))
    let transcript = try await TestBridge.serving([request, words], log: log, backEnd: backEnd) {
      try await ScriptedAsterisk.call(PhoneScript().pressing(key, on: "un_momento"), port: $0.port)
    }
    #expect(log.afterStart == [.answer(.noSlots), .played])
    #expect(transcript.heard.last == "ventanilla/es/su_folio")
    #expect(backEnd.cancellations == 0)
  }

  @Test("A 0 behind another key belongs to a number, and is kept for the question that follows")
  func zeroInNumber() async throws {
    let log = EventLog()
    let backEnd = TestBackEnd { _ in
      try? await Task.sleep(for: .milliseconds(2500))
      return .answer(.noSlots)
    }
    _ = try await TestBridge.serving([Self.request, TestBridge.field(2, TestBridge.text("pregunta"))], log: log, backEnd: backEnd) {
      try await ScriptedAsterisk.call(PhoneScript().pressing("10", on: "un_momento"), port: $0.port)
    }
    #expect(log.afterStart == [.answer(.noSlots), .digits("10")])
  }

  @Test("What is given back is free before anything else is asked for, however long that takes")
  func givenBackFirst() async throws {
    let folio = Folio(random: 7)
    let done = EffectsSeen()
    let backEnd = TestBackEnd(effectTime: .milliseconds(300)) { _ in
      done.look()
      return .answer(.noSlots)
    }
    done.backEnd.withLock { $0 = backEnd }
    let log = EventLog()
    _ = try await TestBridge.serving([Self.request], effectsAtStart: [.giveBack(folio)], log: log, backEnd: backEnd) {
      try await ScriptedAsterisk.call(PhoneScript(), port: $0.port)
    }
    #expect(log.afterStart == [.answer(.noSlots)])
    #expect(done.seen.withLock { $0 } == [.giveBack(folio)])
  }
}

/// What had been done when the server was asked.
private final class EffectsSeen: Sendable {
  let backEnd = Mutex<TestBackEnd?>(nil)
  let seen = Mutex<[CallEffect]>([])

  func look() {
    let done = backEnd.withLock { $0?.done ?? [] }
    seen.withLock { $0 = done }
  }
}
