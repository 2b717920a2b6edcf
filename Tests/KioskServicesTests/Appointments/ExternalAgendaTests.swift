import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Beside another system, over the contract")
struct ExternalAgendaTests {
  /// C1's mornings are another system's.
  static let rules = ClinicRules.fixture { $0.owners = [OwnershipRule(.externa, resources: [.c(1)], hours: .hours(8, 14))] }

  @Test("Hours of the other system are in no search, and whoever asks for one is told why and offered ours", arguments: Depth.allCases)
  func refused(depth: Depth) async throws {
    try await withClinic(depth, rules: Self.rules) { clinic in
      let token = try await clinic.session(.ana)
      let found = try await clinic.appointments().find(
        .init(sessionToken: token, service: "medicina_familiar", date: "2026-11-24", limit: 100))
      #expect(!found.slots.isEmpty && !found.slots.contains { $0.resource == "C1" && $0.startMinute < 840 })
      let wanted = Wire.SlotChoice("C1 2026-11-24 09:00")
      let held = try await status { () throws(RPCError) in
        try await clinic.appointments().hold(.init(sessionToken: token, slot: wanted), options: .write())
      }
      let booked = try await status { () throws(RPCError) in
        try await clinic.appointments().book(.init(sessionToken: token, what: .slot(wanted)), options: .write())
      }
      for refusal in [held, booked] {
        #expect(refusal.code == .failedPrecondition && refusal.refusal?.reason == .externalAgenda)
        #expect(refusal.message.contains("otro sistema") && refusal.refusal?.alternatives.isEmpty == false)
        #expect(refusal.refusal?.alternatives.contains { $0.resource == "C1" && $0.startMinute < 840 } == false)
      }
      clinic.clock.advance(.seconds(2 * 3600))
      let desk = try await clinic.session(.ana, at: .staff)
      let admitted = try await status { () throws(RPCError) in
        try await clinic.waitlist(.staff).admit(
          .init(sessionToken: desk, service: "medicina_familiar", resource: "C1", emergency: true), options: .write())
      }
      #expect(admitted.refusal?.reason == .externalAgenda)
    }
  }

  @Test("A room where nobody uses the kiosk loses no booked patient: only a cancellation frees a place of it, whoever comes late or is not seen")
  func notLive() async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.resources[0].attendsLive = false
      clinic.waitlist = WaitlistPolicy(
        sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 30, maxAsks: 10, maxDays: 30, maxPerPatient: 2)
    }
    let people: [Patient] = [.ana, .dario, .olga, .rosa, .irma, .valeria]
    try await withClinic(rules: rules) { clinic in
      var folios: [String] = []
      for (place, person) in people.enumerated() {
        let slot = "C1 2026-11-23 \(place < 4 ? "08" : "09"):\(["00", "15", "30", "45"][place % 4])"
        folios.append(try await clinic.book(slot, try await clinic.session(person)).folio)
      }
      let keeper = AgendaKeeper(clinic.counter)
      // From before the first hour until long after the last, nobody is seen.
      for _ in 0..<16 {
        clinic.clock.advance(.seconds(15 * 60))
        _ = try await keeper.look()
        for entry in try await clinic.agenda().listDay(.init(resource: "C1")).entries where folios.contains(entry.appointment?.folio ?? "") {
          #expect(entry.appointment?.status == .booked && !entry.mayBeFreed)
        }
        for folio in folios {
          let refused = try await status { () throws(RPCError) in
            try await clinic.agenda().free(.init(folio: folio, reason: .routine), options: .write())
          }
          #expect(refused.refusal?.reason == .notLive)
        }
        let walkIn = try await clinic.session(.beto, at: .staff)
        let taken = try? await clinic.waitlist(.staff).admit(
          .init(sessionToken: walkIn, service: "medicina_familiar", resource: "C1"), options: .write())
        if let slot = taken?.appointment?.slot { #expect(slot.startMinute >= 570) }
      }
      // Who was seen is seen, without ever having checked in.
      for folio in folios {
        let seen = try await clinic.agenda().markAttended(.init(folio: folio, reason: .routine), options: .write()).appointment
        #expect(seen?.status == .fulfilled)
      }
      let entries = try await clinic.agenda().listDay(.init(resource: "C1")).entries
      #expect(Set(entries.compactMap(\.appointment?.folio)).isSuperset(of: folios))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("In such a room a cancellation does free the place")
  func cancelled() async throws {
    try await withClinic(rules: .fixture { $0.resources[0].attendsLive = false }) { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", token).folio
      _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: folio), options: .write())
      try await clinic.occupy("C1 2026-11-24 08:15")
    }
  }
}
