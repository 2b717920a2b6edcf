import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import KioskServices

@Suite("What a person reads about an appointment")
struct AppointmentTextsTests {
  static let rules = ClinicRules.fixture()
  static let slot = Slot("C3 2026-11-24 08:15")

  @Test("Each status has a sentence of its own that says what to do", arguments: [
    (Appointment.Status.pending, "El lugar está apartado, todavía no es una cita. Confírmelo para quedarse con él."),
    (
      .booked,
      "Venga el martes 24 de noviembre, 08:15, consultorio 3, piso 1. Puede registrar su llegada desde las 07:45; "
        + "después de las 08:25 su lugar puede darse a otra persona."
    ),
    (.arrived, "Ya registramos su llegada. Espere a que le llamen: consultorio 3, piso 1."),
    (.checkedIn, "Ya registramos su llegada. Espere a que le llamen: consultorio 3, piso 1."),
    (.fulfilled, "La consulta ya se dio."),
    (.cancelled, "La cita está cancelada. Puede hacer otra cuando quiera."),
    (.noshow, "No se registró su llegada. Puede hacer otra cita, o preguntar en la ventanilla."),
    (.proposed, "Su solicitud está en espera."), (.waitlist, "Su solicitud está en espera."),
    (.enteredInError, "Este registro se hizo por error. Pregunte en la ventanilla."),
  ])
  func advice(status: Appointment.Status, text: String) {
    #expect(Self.rules.adviceText(for: .fixture(Self.slot, status: status)) == text)
  }

  @Test("A hold that ran out says so, written down or not")
  func ranOut() {
    let ended = Appointment.fixture(Self.slot, status: .cancelled, cancellation: .holdExpired)
    let running = Appointment.fixture(Self.slot, holdExpiresAt: .fixture)
    for appointment in [ended, running.standing(at: .fixture)] {
      #expect(Self.rules.adviceText(for: appointment) == "El apartado venció. Puede buscar otro lugar.")
    }
    #expect(running.standing(at: Instant.fixture.adding(milliseconds: -1)) == running)
  }

  @Test("A slot is told by the day on which to come, its hour, its door and its floor", arguments: [
    (Slot("C1 2026-11-23 08:00"), "lunes 23 de noviembre, 08:00, consultorio 1, planta baja"),
    (Slot("C3 2026-11-25 19:45"), "miércoles 25 de noviembre, 19:45, consultorio 3, piso 1"),
    (Slot("V1 2026-11-28 10:20", minutes: 20), "sábado 28 de noviembre, 10:20, ventanilla 1, planta baja"),
    (Slot("C5 2026-11-30 25:45"), "martes 1 de diciembre, 01:45, consultorio 5, planta baja"),
  ])
  func display(slot: Slot, text: String) {
    #expect(Self.rules.displayText(of: slot) == text)
  }

  @Test("Every sentence for a person ends, has no code word in it, and no double space")
  func sentences() {
    let last = CivilDate(iso: "2026-12-01")!
    let refusals: [CommandRefusal] = [
      .notAllowed, .appointmentNotFound, .holdExpired, .serviceNotOffered, .resourceNotOffered, .slotInThePast,
      .beyondHorizon(last: last), .closed, .notOnGrid, .externalAgenda, .rightsEndBefore(last: nil), .rightsEndBefore(last: last),
      .notAccessible, .limitReached(allowed: 1), .limitReached(allowed: 3), .personBusy(.fixture(1)),
      .slotTaken(by: .fixture(2)), .notReleased(at: .fixture), .householdLimitReached(allowed: 6), .turnoFull(cap: 24),
      .quotaSpent(opens: .fixture), .offerOver, .series(.over), .slotOffered(until: .fixture), .nothingToUndo, .notLive, .tooEarly(from: .fixture),
    ] + Appointment.Status.allCases.map { .wrongState($0) }
    for refusal in refusals {
      for (today, offers) in [(CivilDate.fixture, true), (last.advanced(by: 1), false)] {
        let text = Self.rules.refusalText(refusal, today: today, offersSlots: offers)
        #expect(text.hasSuffix(".") && !text.contains("  ") && !text.contains("_"), "\(refusal)")
        #expect(!text.contains(Folio.fixture(1).spoken) && !text.contains(Folio.fixture(2).spoken))
      }
    }
  }
}
