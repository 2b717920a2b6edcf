import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("What a week's people asked about")
struct MotivesTests {
  static func record(_ guide: String, _ number: Int) -> Wire.KeepGuidanceRequest {
    let text = String(number)
    return Wire.KeepGuidanceRequest(
      session: String(repeating: "0", count: 32 - text.count) + text,
      guide: .init(guide: guide, version: 1, hash: String(repeating: "ab", count: 32)), language: "es")
  }

  @Test("P34: the weekly export has no identifiers, and a cell of fewer than five is suppressed; sums that would give it away are not there", arguments: Depth.allCases)
  func export(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      var number = 0
      for (guide, count) in [("dengue", 5), ("deshidratacion", 4), ("dolor_de_pecho", 1)] {
        for _ in 0..<count {
          number += 1
          _ = try await clinic.telephone().keepGuidance(Self.record(guide, number), options: .write())
        }
      }
      // One session that heard a guide twice is one person.
      _ = try await clinic.telephone().keepGuidance(Self.record("dengue", 1), options: .write())
      clinic.clock.advance(.seconds(24 * 3600))
      for _ in 0..<7 {
        number += 1
        _ = try await clinic.telephone().keepGuidance(Self.record("dengue", number), options: .write())
      }
      let reply = try await MeasuresClient(clinic.doors[.staff]).exportMotives(.init(week: "2026-11-25"))
      #expect((reply.clues, reply.firstDate, reply.lastDate) == ("DFIMS009996", "2026-11-23", "2026-11-29"))
      #expect(reply.cells == [
        .init(date: "2026-11-23", motive: "dengue", count: 5), .init(date: "2026-11-23", motive: "deshidratacion", suppressed: true),
        .init(date: "2026-11-23", motive: "dolor_de_pecho", suppressed: true), .init(date: "2026-11-24", motive: "dengue", count: 7),
      ])
      #expect(try await MeasuresClient(clinic.doors[.staff]).exportMotives(.init()).cells == [])
      let kiosk = try await status { () throws(RPCError) in try await MeasuresClient(clinic.doors[.kiosk]).exportMotives(.init()) }
      #expect(kiosk.code == .permissionDenied)
    }
  }

  @Test("P34: no cell of one to four is ever counted out loud, and every larger one is what was asked")
  func cells() {
    var chance = SeededGenerator(seed: 34)
    for _ in 0..<200 {
      let asked = (0..<chance.below(60)).map { _ in
        (date: CivilDate.fixture.advanced(by: chance.below(3)), motive: chance.pick(["dengue", "embarazo", "deshidratacion"]))
      }
      let cells = MotiveCell.cells(of: asked)
      for cell in cells {
        let count = asked.count { $0.date == cell.date && $0.motive == cell.motive }
        #expect(count > 0 && cell.count == (count < 5 ? nil : count))
      }
      #expect(cells.map { "\($0.date) \($0.motive)" } == Set(asked.map { "\($0.date) \($0.motive)" }).sorted())
    }
  }
}
