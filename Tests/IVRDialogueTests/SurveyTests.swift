internal import ClinicDomain
internal import IVRDialogue
internal import Testing

@Suite("The survey's one question by telephone")
struct SurveyTests {
  /// A booking to its end, and what comes then.
  static func booked(_ keys: [String] = [], surveying: Bool = true, mood: RehearsedClinic.Mood = .answers) -> Rehearsal {
    var line = shippedLine
    line.isSurveying = surveying
    let today = LengthTests.tuesday
    var rehearsal = Rehearsal(
      line, CallStart(script: "citas", today: today, time: AgendaMinute(minutes: 600)!), clinic: RehearsedClinic(today: today), listening: .toTheEnd)
    for key in CallTally.bookingKeys { rehearsal.press(key) }
    for key in keys { rehearsal.press(key) }
    return rehearsal
  }

  @Test("P22: it is asked after what was done was said, in the same words as before; off, the call ends there")
  func asked() throws {
    let off = Self.booked(surveying: false)
    #expect(off.ended == .ok && off.heard.last?.words.hasSuffix("Gracias por llamar.") == true)
    let on = Self.booked()
    #expect(on.ended == nil)
    let words = try #require(on.heard.last?.words)
    #expect(words.contains("Su folio es") && words.hasSuffix("¿Le resolvimos? Si le resolvimos, oprima 1. Si no, oprima 2."), "\(words)")
  }

  @Test("P22: 1 and 2 end the call, # too; nobody is kept", arguments: ["1", "2", "#"])
  func answered(key: String) {
    let call = Self.booked([key])
    #expect(call.ended == .ok && call.heard.last?.words == "Gracias por llamar.")
  }

  @Test("P22: nothing that says what to do in an emergency leads to it, and it comes from a call that went well only")
  func never() {
    for dialogue in shippedLine.dialogues {
      for step in dialogue.steps {
        guard case .dialogue(.survey, _, let next) = step.kind else { continue }
        #expect(dialogue.id.rawValue == "citas" && next == nil)
        func sources(of target: StepID) -> [String] { dialogue.steps.filter { other in
          switch other.kind {
          case .say(let emergency, target): emergency == nil
          case .request(let request): request.ways.contains { $0.next == target }
          default: false
          }
        }.map(\.id.rawValue) }
        #expect(sources(of: step.id) == ["revision"])
        #expect(sources(of: StepID("revision")) == ["hecha"])
      }
    }
  }
}
