import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("The one question at the end")
struct SurveyTests {
  static func answer(
    _ clinic: TestClinic, _ answer: Wire.SurveyAnswer, times: Int = 1, about dialogue: String = "citas", at role: RoleSet = .ivr
  ) async throws {
    for _ in 0..<times {
      _ = try await clinic.survey(role).answerSurvey(.init(dialogue: dialogue, answer: answer), options: .write())
    }
  }

  static func survey(_ clinic: TestClinic, from first: String = "", to last: String = "") async throws -> [Wire.SurveyRow] {
    try await MeasuresClient(clinic.doors[.staff]).report(.init(firstDate: first, lastDate: last)).survey
  }

  @Test("P22: answers are counted by day, channel and dialogue, a repeat once; fewer than five are not told", arguments: Depth.allCases)
  func counted(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      #expect(try await Self.survey(clinic).isEmpty)
      try await Self.answer(clinic, .resolved, times: 3)
      try await Self.answer(clinic, .unresolved, about: "sesion", at: .kiosk)
      clinic.clock.advance(.seconds(86_400))
      let id = CallOptions.write()
      for _ in 0..<2 { _ = try await clinic.survey(.ivr).answerSurvey(.init(dialogue: "citas", answer: .unresolved), options: id) }
      // Four on two days together, and one.
      let few = try await Self.survey(clinic)
      #expect(few.map(\.dialogue) == ["sesion", "citas"] && few.map(\.channel) == ["kiosk", "phone"] && few.allSatisfy { $0.resolved == nil })
      try await Self.answer(clinic, .resolved)
      let told = try #require(try await Self.survey(clinic).last?.resolved)
      #expect(told.count == 4 && told.total == 5)
      #expect(try await Self.survey(clinic, from: "2026-11-24", to: "2026-11-24").map(\.resolved) == [nil])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P22: what is kept of an answer is of nobody: no row of the history, and one count for all")
  func anonymous() async throws {
    try await withClinic { clinic in
      try await Self.answer(clinic, .resolved, times: 6)
      let cells = try await clinic.store.read { reader throws(StoreFault) in try reader.survey(on: CivilDate.fixture...CivilDate.fixture) }
      #expect(cells == [SurveyCell(date: .fixture, channel: .phone, dialogue: "citas", resolved: 6)])
    }
  }

  @Test("A dialogue that is no code, and no answer, are told; nobody but kiosks and the telephone answers", arguments: [
    ("", Wire.SurveyAnswer.resolved), ("Citas", .resolved), ("citas 5512345678", .resolved), (String(repeating: "a", count: 41), .resolved),
    ("citas", .unspecified),
  ])
  func wrong(dialogue: String, answer: Wire.SurveyAnswer) async throws {
    try await withClinic { clinic in
      let fault = await #expect(throws: RPCError.self) {
        try await clinic.survey().answerSurvey(.init(dialogue: dialogue, answer: answer), options: .write())
      }
      #expect(fault?.code == .invalidArgument)
      let denied = await #expect(throws: RPCError.self) {
        try await clinic.survey(.staff).answerSurvey(.init(dialogue: "citas", answer: .resolved), options: .write())
      }
      #expect(denied?.code == .permissionDenied)
    }
  }
}
