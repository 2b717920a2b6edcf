import ClinicDomain
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

/// Who of one NSS sees and does what, when one of them must not be found: by a violent partner, by parents, by a former husband.
@Suite("A confidential appointment in a family")
struct ConfidentialServiceTests {
  static let slot = "C2 2026-11-24 08:15"

  @Test("An adolescent's confidential appointment is no parent's to see, cancel, book or infer, and is their own to do all that with", arguments: Depth.allCases)
  func adolescent(depth: Depth) async throws {
    try await withClinic(depth, rules: .discreet) { clinic in
      let own = try await clinic.session(.noe)
      let folio = try await clinic.book(Self.slot, own, service: "seguimiento").folio
      let mother = try await clinic.session(.ana)
      let number = try #require(try await clinic.number(of: .noe, in: mother))

      for past in [false, true] {
        let list = try await clinic.appointments().list(
          Wire.ListRequest(sessionToken: mother, person: number, includePast: past))
        #expect(list.appointments == [])
      }
      let unknown = try await clinic.unknownFolio(mother)
      #expect(try await clinic.getStatus(folio, mother) == unknown.get)
      #expect(try await clinic.cancelStatus(folio, mother) == unknown.cancel)
      let asked = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: mother, person: number, what: .slot(Wire.SlotChoice("C2 2026-11-25 08:15", service: "seguimiento"))),
          options: .write())
      }
      #expect(asked.refusal?.reason == .serviceNotOffered)
      // An ordinary one at the very hour: nothing tells her that the child is taken.
      let ordinary = try await clinic.book("C1 2026-11-24 08:15", mother, person: number)
      #expect(ordinary.status == .booked)

      let list = try await clinic.appointments().list(Wire.ListRequest(sessionToken: own)).appointments
      #expect(Set(list.map(\.folio)) == [folio, ordinary.folio])
      let reply = try await clinic.appointments().cancel(Wire.CancelRequest(sessionToken: own, folio: folio), options: .write())
      #expect(reply.appointment?.status == .cancelled)
    }
  }

  @Test("A confidential appointment uses up none of what a parent may still book, so that no refusal tells of it")
  func limits() async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.services.append(.discreet)
      clinic.resources[1].services.append(Service.discreet.code)
      clinic.policy.maxActivePerPatient = 1
    }
    try await withClinic(rules: rules) { clinic in
      try await clinic.book(Self.slot, try await clinic.session(.noe), service: "seguimiento")
      let mother = try await clinic.session(.ana)
      let number = try #require(try await clinic.number(of: .noe, in: mother))
      #expect(try await clinic.book("C1 2026-11-24 09:00", mother, person: number).status == .booked)
      // For the adolescent themselves the limit is the limit.
      let own = try await clinic.session(.noe)
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: own, what: .slot(Wire.SlotChoice("C4 2026-11-25 09:00", service: "estomatologia"))), options: .write())
      }
      #expect(error.refusal?.reason == .limitReached)
    }
  }

  @Test("A consent, which can be forced, opens no confidential appointment: a violent partner finds what he would find if there were none", arguments: Depth.allCases)
  func partner(depth: Depth) async throws {
    try await withClinic(depth, rules: .discreet) { clinic in
      try await clinic.grant(.ana, to: .beto)
      let hers = try await clinic.session(.ana)
      let his = try await clinic.session(.beto)
      let number = try #require(try await clinic.number(of: .ana, in: his))
      let recorder = RecordingTransport(clinic.doors[.kiosk])
      func look(_ folio: String) async throws -> [RPCError] {
        let list = try await AppointmentsClient(recorder).list(Wire.ListRequest(sessionToken: his, person: number, includePast: true))
        #expect(list.appointments == [])
        return [
          try await clinic.getStatus(folio, his), try await clinic.cancelStatus(folio, his),
          try await status { () throws(RPCError) in
            try await clinic.appointments().hold(
              Wire.HoldRequest(sessionToken: his, person: number, slot: Wire.SlotChoice(Self.slot, service: "seguimiento")), options: .write())
          },
        ]
      }
      let none = try await look(Folio.fixture(99).description)
      let before = recorder.said
      let folio = try await clinic.book(Self.slot, hers, service: "seguimiento").folio
      #expect(try await look(folio) == none)
      #expect(recorder.said == before + before)
      // Her own, at the same hour and to his face, is booked as if nothing were.
      #expect(try await clinic.book("C1 2026-11-24 08:15", his, person: number).status == .booked)
    }
  }

  @Test("A former husband loses all access in the moment the consent is taken back, and in the moment he leaves the NSS", arguments: [true, false])
  func former(takesBack: Bool) async throws {
    try await withClinic { clinic in
      try await clinic.grant(.ana, to: .elias)
      let (hers, his) = (try await clinic.session(.ana), try await clinic.session(.elias))
      let number = try #require(try await clinic.number(of: .ana, in: his))
      let folio = try await clinic.book("C1 2026-11-24 08:15", hers).folio
      #expect(try await clinic.appointments().list(Wire.ListRequest(sessionToken: his, person: number)).appointments.count == 1)
      if takesBack {
        _ = try await clinic.patients().revokeConsent(
          Wire.RevokeConsentRequest(sessionToken: hers, birthDate: "07071980"), options: .write())
      } else {
        var gone = Patient.elias
        gone.nss = NSS("00755000015")
        try await clinic.admit(gone)
      }
      let list = try await status { () throws(RPCError) in
        try await clinic.appointments().list(Wire.ListRequest(sessionToken: his, person: number))
      }
      #expect(list == .notForThisPerson)
      let unknown = try await clinic.unknownFolio(his)
      #expect(try await clinic.getStatus(folio, his) == unknown.get)
      #expect(try await clinic.cancelStatus(folio, his) == unknown.cancel)
      #expect(try await clinic.number(of: .ana, in: his) == nil)
    }
  }

  @Test("Staff see what stands in their agenda: a session at the desk is the person's own")
  func desk() async throws {
    try await withClinic(rules: .discreet) { clinic in
      let folio = try await clinic.book(Self.slot, try await clinic.session(.noe), service: "seguimiento").folio
      let desk = try await clinic.session(.noe, at: .staff)
      #expect(try await clinic.appointments(.staff).list(Wire.ListRequest(sessionToken: desk)).appointments.map(\.folio) == [folio])
    }
  }
}
