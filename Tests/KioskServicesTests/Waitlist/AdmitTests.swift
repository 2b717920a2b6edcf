import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Somebody who is seen beside the agenda")
struct AdmitTests {
  @Test("Staff admit, within the cap; beyond it only with a reason, and nobody else at all", arguments: [Depth.direct, .socket])
  func cap(depth: Depth) async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)]), places: 2)]
    }
    let people = strangers(4)
    try await withClinic(depth, people: people, rules: rules) { clinic in
      clinic.clock.advance(.seconds(65 * 60))
      func admit(
        _ number: Int, emergency: Bool = false, overCap: Bool = false, reason: Wire.AdmissionReason = .unspecified, at role: RoleSet = .staff
      ) async throws -> Wire.Appointment? {
        let token = try await clinic.session(people[number], at: role)
        return try await clinic.waitlist(role).admit(
          .init(
            sessionToken: token, service: "medicina_familiar", resource: "C1", emergency: emergency, overCap: overCap, reason: reason),
          options: .write()).appointment
      }
      let first = try #require(try await admit(0))
      #expect(first.status == .arrived)
      // It is 08:05: a walk-in has the slot that is going on.
      #expect(first.slot?.place == "C1 2026-11-23 480")
      #expect(try await admit(1, emergency: true)?.slot?.place == "C1 2026-11-23 480")
      let full = await #expect(throws: RPCError.self) { _ = try await admit(2, emergency: true) }
      #expect(full?.message
        == "Ese turno ya tiene a todas las personas que puede atender. Elija otro consultorio; si no puede esperar, páselo del tope y diga por qué.")
      let mute = await #expect(throws: RPCError.self) { _ = try await admit(2, emergency: true, overCap: true) }
      #expect(mute?.code == .invalidArgument)
      #expect(try await admit(2, emergency: true, overCap: true, reason: .emergency)?.status == .arrived)
      let kiosk = await #expect(throws: RPCError.self) { _ = try await admit(3, at: .kiosk) }
      #expect(kiosk?.code == .permissionDenied)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A walk-in at the desk takes the place that is kept for walk-ins, not the free slot after it", arguments: [Depth.direct, .socket])
  func keptPlace(depth: Depth) async throws {
    let people = strangers(2)
    try await withClinic(depth, people: [.dario] + people, rules: .waiting()) { clinic in
      let dario = try await clinic.session(.dario)
      let booked = try await clinic.book("C1 2026-11-23 09:00", dario)
      // 08:40: nobody is asked any more, and the place is for who comes.
      clinic.clock.advance(.seconds(100 * 60))
      try await clinic.cancel(booked.folio, try await clinic.session(.dario))
      try await clinic.settle()
      let place = try #require(try await clinic.day().places.first)
      #expect(place.state == .walkIns)
      let token = try await clinic.session(people[0], at: .staff)
      let admitted = try #require(try await clinic.waitlist(.staff).admit(
        .init(sessionToken: token, service: "medicina_familiar", resource: "C1"), options: .write()).appointment)
      // 08:30 and 09:15 are free too.
      #expect(admitted.slot?.place == "C1 2026-11-23 540" && admitted.status == .arrived)
      #expect(try await clinic.agenda().history(.init(folio: admitted.folio)).changes.map(\.act) == ["take-place"])
      #expect(try await clinic.day().places.allSatisfy { $0.state != .walkIns })
      let second = try #require(try await clinic.waitlist(.staff).admit(
        .init(sessionToken: try await clinic.session(people[1], at: .staff), service: "medicina_familiar", resource: "C1"), options: .write()).appointment)
      #expect(second.slot?.place == "C1 2026-11-23 510")
      clinic.clock.advance(.seconds(30 * 60))
      let report = try await MeasuresClient(clinic.doors[.staff]).report(.init(firstDate: "2026-11-23", lastDate: "2026-11-23"))
      #expect(report.rows[0].freedAndReused.map { [$0.count, $0.total] } == [1, 1])
      #expect(try await clinic.store.check() == [])
    }
  }
}
