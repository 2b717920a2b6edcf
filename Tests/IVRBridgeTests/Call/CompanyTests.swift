import IVRBridge
import IVRDialogue
import KioskTestSupport
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
    #expect(transcript.commands.contains("NOOP"))
    #expect(transcript.faults == [])
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
}
