internal import ClinicDomain
internal import KioskTestSupport
internal import Testing

@Suite("An appointment's status")
struct AppointmentTests {
  /// FHIR R5, value set appointmentstatus.
  static let fhirCodes = [
    "proposed", "pending", "booked", "arrived", "checked-in", "fulfilled", "cancelled", "noshow", "waitlist", "entered-in-error",
  ]

  @Test("The status words are those of FHIR R5")
  func words() {
    #expect(Appointment.Status.allCases.map(\.rawValue).sorted() == Self.fhirCodes.sorted())
  }

  @Test("Who keeps others out of the slot, and who counts against the person's limits", arguments: [
    (Appointment.Status.proposed, false, false), (.pending, true, true), (.booked, true, true), (.arrived, true, true),
    (.checkedIn, true, true), (.fulfilled, true, false), (.cancelled, false, false), (.noshow, false, false),
    (.waitlist, false, false), (.enteredInError, false, false),
  ])
  func meaning(status: Appointment.Status, occupies: Bool, active: Bool) {
    #expect(status.occupiesSlot == occupies)
    #expect(status.isActive == active)
    #expect(Appointment.fixture(Slot("C1 2026-11-24 09:00"), status: status).occupies(at: .latest) == occupies)
  }

  @Test("A hold keeps its slot until the instant of its end")
  func hold() {
    let end = Instant.fixture.adding(seconds: 120)
    let hold = Appointment.fixture(Slot("C1 2026-11-24 09:00"), holdExpiresAt: end)
    #expect(hold.occupies(at: end.adding(milliseconds: -1)))
    #expect(!hold.occupies(at: end))
  }
}
