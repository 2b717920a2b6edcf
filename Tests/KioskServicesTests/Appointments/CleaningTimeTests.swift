import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Time around an appointment, over the wire")
struct CleaningTimeTests {
  static let rules = ClinicRules.fixture { $0.services[0].stamp = SlotStamp(before: 5, after: 10) }

  func free(_ clinic: TestClinic) async throws -> [String] {
    try await clinic.appointments().find(
      .init(service: "medicina_familiar", date: "2026-11-24", resource: "C1", limit: 8)).slots.map(\.place)
  }

  @Test("Nobody is offered a slot in another's cleaning time, nor gets it by asking; it is free again with the appointment", arguments: Depth.allCases)
  func cleaning(depth: Depth) async throws {
    try await withClinic(depth, rules: Self.rules) { clinic in
      let token = try await clinic.session(.dario)
      let folio = try await clinic.book("C1 2026-11-24 08:30", token).folio
      // 08:15 would be cleaned while 08:30 is prepared, 08:45 prepared while 08:30 is cleaned.
      #expect(try await free(clinic) == ["C1 2026-11-24 480", "C1 2026-11-24 540", "C1 2026-11-24 555", "C1 2026-11-24 570", "C1 2026-11-24 585",
        "C1 2026-11-24 600", "C1 2026-11-24 615", "C1 2026-11-24 630"])
      let ana = try await clinic.session(.ana)
      for start in ["08:15", "08:45"] {
        let refused = try await status { () throws(RPCError) in
          try await clinic.appointments().hold(
            .init(sessionToken: ana, slot: .init("C1 2026-11-24 \(start)")), options: .write())
        }
        #expect(refused.refusal?.reason == .slotTaken)
        let others = try #require(refused.refusal?.alternatives)
        #expect(!others.isEmpty && !others.contains { ["C1 2026-11-24 495", "C1 2026-11-24 525"].contains($0.place) })
      }
      _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: folio), options: .write())
      #expect(try await free(clinic).prefix(3) == ["C1 2026-11-24 480", "C1 2026-11-24 495", "C1 2026-11-24 510"])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A talk for three is offered until three have it")
  func talk() async throws {
    let rules = ClinicRules.fixture { $0.services[0].stamp = SlotStamp(capacity: 3) }
    let people = strangers(4)
    try await withClinic(people: people, rules: rules) { clinic in
      for person in people.prefix(3) {
        #expect(try await free(clinic).first == "C1 2026-11-24 480")
        try await clinic.book("C1 2026-11-24 08:00", try await clinic.session(person))
      }
      #expect(try await free(clinic).first == "C1 2026-11-24 495")
      let late = try await clinic.session(people[3])
      let refused = try await status { () throws(RPCError) in
        try await clinic.appointments().book(.init(sessionToken: late, what: .slot(.init("C1 2026-11-24 08:00"))), options: .write())
      }
      #expect(refused.refusal?.reason == .slotTaken)
      #expect(try await clinic.store.check() == [])
    }
  }
}
