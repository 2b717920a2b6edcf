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
}
