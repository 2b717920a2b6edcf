import ClinicDomain
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Prevention that is offered")
struct PreventionTests {
  @Test("P17: a 25-year-old woman without check in 12 months is offered PrevenIMSS on every cita flow, once", arguments: Depth.allCases)
  func check(depth: Depth) async throws {
    let rosario = Patient.fixture(101, nss: nil, born: "2001-10-01")
    try await withClinic(depth, people: [rosario], rules: .series()) { clinic in
      func offers(_ token: String, _ role: RoleSet) async throws -> Bool {
        try await clinic.series(role).offerCheck(.init(sessionToken: token)).offered
      }
      // A booking, a change of date and a cancellation, by kiosk, telephone and desk.
      var folio = ""
      for (flow, (role, step)) in [(RoleSet.kiosk, 0), (.ivr, 1), (.staff, 2), (.kiosk, 1), (.ivr, 2), (.staff, 0)].enumerated() {
        // What one flow leaves is kept for a while for those who wait.
        let slot = "C1 2026-11-24 \(AgendaMinute(minutes: 480 + 15 * flow)!)"
        let token = try await clinic.session(rosario, at: role)
        switch step {
        case 0: folio = try await clinic.book(slot, token, at: role).folio
        case 1:
          if folio.isEmpty { folio = try await clinic.book(slot, token, at: role).folio }
          folio = try await clinic.appointments(role).reschedule(
            .init(sessionToken: token, folio: folio, resource: "C1", date: "2026-11-25", startMinute: Int32(600 + 15 * flow)), options: .write()
          ).appointment!.folio
        default:
          _ = try await clinic.appointments(role).cancel(.init(sessionToken: token, folio: folio), options: .write())
          folio = ""
        }
        let offer = try await clinic.series(role).offerCheck(.init(sessionToken: token))
        #expect(offer.offered && offer.service == "medicina_preventiva" && offer.slots.count == 3)
        #expect(offer.text.hasPrefix("Hace un año o más que no se hace su revisión de PrevenIMSS."))
        #expect(try await !offers(token, role), "twice in one flow")
      }
      // Who expects one is not asked, nor who had one within the twelve months; a year later she is.
      let token = try await clinic.session(rosario)
      let booked = try await clinic.book("C8 2026-11-24 10:00", token, service: "medicina_preventiva")
      #expect(try await !offers(try await clinic.session(rosario), .kiosk))
      try await clinic.goTo("2026-11-24 09:50")
      _ = try await clinic.appointments(.staff).checkIn(.init(folio: booked.folio, staffReason: .routine), options: .write())
      try await clinic.goTo("2026-11-24 10:10")
      _ = try await clinic.agenda().markAttended(.init(folio: booked.folio, reason: .routine), options: .write())
      #expect(try await !offers(try await clinic.session(rosario), .kiosk))
      try await clinic.goTo("2027-11-23 09:00")
      #expect(try await !offers(try await clinic.session(rosario), .kiosk))
      try await clinic.goTo("2027-11-24 09:00")
      #expect(try await offers(try await clinic.session(rosario), .kiosk))
    }
  }

  @Test("P33: a person without NSS gets a vaccination slot, and the measles rule by age returns the dose that is due", arguments: Depth.allCases)
  func doses(depth: Depth) async throws {
    let child = Patient.fixture(101, nss: nil, born: "2025-05-23", consultorio: nil, turno: nil, rights: Rights(state: .baja, date: nil))
    try await withClinic(depth, people: [child], rules: .series()) { clinic in
      // Nobody is asked who they are.
      for (born, received, codes) in [
        ("2025-05-23", [], ["srp_1", "srp_2"]), ("23052025", ["srp_1"], ["srp_2"]), ("2025-11-24", [], []), ("2025-11-23", [], ["srp_1"]),
        ("1990-01-01", [], []),
      ] as [(String, [String], [String])] {
        let due = try await clinic.series(.kiosk).listDueDoses(.init(birthDate: born, received: received))
        #expect(due.doses.map(\.code) == codes && due.service == "medicina_preventiva")
        #expect(due.text.contains("Lleve su cartilla"))
      }
      let token = try await clinic.session(child)
      let appointment = try await clinic.book("C8 2026-11-24 10:00", token, service: "medicina_preventiva")
      #expect(appointment.status == .booked)
    }
  }
}
