import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A confidential service that somebody of a family waits for")
struct ConfidentialWaitingTests {
  static let rules = ClinicRules.waiting { clinic in
    clinic.services.append(.discreet)
    clinic.resources[1].services.append(Service.discreet.code)
  }

  @Test("P40: neither the entry nor the offer is a parent's to see, to answer, to leave or to infer; the adolescent has both", arguments: Depth.allCases)
  func offered(depth: Depth) async throws {
    try await withClinic(depth, people: Patient.household + strangers(1), rules: Self.rules) { clinic in
      let other = try await clinic.session(strangers(1)[0])
      let given = try await clinic.book("C2 2026-11-23 09:00", other, service: "seguimiento")
      let own = try await clinic.session(.noe)
      let later = try await clinic.book("C2 2026-11-24 08:15", own, service: "seguimiento").folio
      func join(_ token: String, _ person: Int32 = 0, replacing folio: String = "") async throws -> Wire.WaitlistEntry {
        try await clinic.waitlist().join(
          Wire.JoinRequest(
            sessionToken: token, person: person, services: ["seguimiento"], firstDate: "2026-11-23", lastDate: "2026-11-27", reach: .phone,
            replacesFolio: folio),
          options: .write()).entry!
      }
      let entry = try await join(own, replacing: later)
      try await clinic.cancel(given.folio, other)
      try await clinic.settle()
      let offer = try #require(try await clinic.offers(own).first)

      let mother = try await clinic.session(.ana)
      let number = try #require(try await clinic.number(of: .noe, in: mother))
      #expect(try await clinic.waitlist().listMine(.init(sessionToken: mother, person: number)).entries == [])
      #expect(try await clinic.waitlist().listOffers(.init(sessionToken: mother, person: number)).offers == [])
      for accept in [false, true] {
        let hers = await #expect(throws: RPCError.self) { try await clinic.answer(offer.id, accept, mother) }
        let unknown = await #expect(throws: RPCError.self) { try await clinic.answer(offer.id + 100, accept, mother) }
        #expect(hers == unknown && hers != nil)
      }
      func leaving(_ entry: Int64) async -> RPCError? {
        await #expect(throws: RPCError.self) {
          try await clinic.waitlist().leave(Wire.LeaveRequest(sessionToken: mother, entry: entry), options: .write())
        }
      }
      let (hers, unknown) = (await leaving(entry.id), await leaving(entry.id + 100))
      #expect(hers == unknown && hers != nil)
      // What there is to exchange is as unknown to her as a number that was never given out.
      let ofHis = await #expect(throws: RPCError.self) { try await join(mother, number, replacing: later) }
      let ofNobody = await #expect(throws: RPCError.self) { try await join(mother, number, replacing: given.folio) }
      #expect(ofHis == ofNobody && ofHis?.refusal?.reason == .appointmentNotFound)
      let asked = await #expect(throws: RPCError.self) { try await join(mother, number) }
      #expect(asked?.refusal?.reason == .serviceNotOffered)

      let taken = try await clinic.answer(offer.id, true, own)
      #expect(taken.appointment?.slot?.place == "C2 2026-11-23 540")
      #expect(try await clinic.appointments().list(Wire.ListRequest(sessionToken: own)).appointments.map(\.folio) == [taken.appointment?.folio])
      #expect(try await clinic.store.check() == [])
    }
  }
}
