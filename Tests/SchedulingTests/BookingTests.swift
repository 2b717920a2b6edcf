internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Booking a free slot")
struct BookingSlotTests {
  static let slot = Slot("C1 2026-11-24 09:00")

  static let situation = Situation(
    command: .book(BookAppointment(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .slot(.familyMedicine, slot.choice), channel: .kiosk,
      folioSeed: 7)))

  static let spoilers = [Spoiler.stranger] + Spoiler.offer + Spoiler.taken

  @Test("Each refusal", arguments: spoilers)
  func refusals(spoiler: Spoiler) {
    #expect(Self.situation.after([spoiler]).refusal() == spoiler.refusal)
  }

  @Test("Of two reasons the one that is checked first is given, whichever came about first", arguments: Spoiler.pairs(of: spoilers))
  func order(first: Spoiler, second: Spoiler) {
    #expect(Self.situation.after([second, first]).refusal() == first.refusal)
  }

  @Test("A free slot is booked under the store's folio")
  func booked() throws {
    var expected = Appointment.fixture(Self.slot)
    expected.folio = Situation.candidate
    #expect(try Self.situation.decide() == Decision(.appointment(expected), [.insert(expected)]))
  }

  @Test("The person's own live hold of the very slot becomes the appointment, with the folio it had")
  func ownHold() throws {
    let hold = Appointment.fixture(Self.slot, folio: 3, holdExpiresAt: Instant.fixture.adding(seconds: 20))
    var situation = Self.situation
    situation.scope.active = [hold]
    situation.scope.day = [hold]
    let expected = Appointment.fixture(Self.slot, folio: 3)
    #expect(try situation.decide() == Decision(.appointment(expected), [.replace(expected)]))
  }

  @Test("The number of holds does not limit a booking; a hold of the service does")
  func holdsAndLimits() {
    var situation = Self.situation
    situation.clinic.policy.maxHoldsPerPatient = 1
    situation.scope.active = [
      .fixture(
        Slot("V1 2026-11-25 10:00", minutes: 20), folio: 3, service: .clinicChange,
        holdExpiresAt: Instant.fixture.adding(seconds: 60))
    ]
    #expect(situation.refusal() == nil)
    situation.scope.active.append(
      .fixture(Slot("C1 2026-11-25 10:00"), folio: 4, holdExpiresAt: Instant.fixture.adding(seconds: 60)))
    #expect(situation.refusal() == .limitReached(allowed: 1))
  }

  @Test("Neighbours of a taken slot are free")
  func neighbours() {
    var situation = Self.situation
    situation.scope.day = [
      .fixture(Slot("C1 2026-11-24 08:45"), folio: 3, patient: Patient.dario.id),
      .fixture(Slot("C1 2026-11-24 09:15"), folio: 4, patient: Patient.dario.id),
    ]
    #expect(situation.refusal() == nil)
  }
}

@Suite("Booking a hold")
struct BookingHoldTests {
  static let hold = Appointment.fixture(
    Slot("C1 2026-11-24 09:00"), folio: 3, holdExpiresAt: Instant.fixture.adding(seconds: 200))

  static let situation = Situation(
    command: .book(BookAppointment(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .hold(hold.folio), channel: .kiosk, folioSeed: 7)),
    scope: CommandScope(actor: .ana, patient: .ana, named: hold, active: [hold]))

  static let spoilers =
    [
      Spoiler.stranger,
      Spoiler(.appointmentNotFound) { $0.scope.named?.patient = Patient.beto.id },
      Spoiler(.holdExpired) { situation in
        situation.scope.named?.status = .cancelled
        situation.scope.named?.cancellation = .holdExpired
      },
      Spoiler(.wrongState(.arrived)) { $0.scope.named?.status = .arrived },
    ] + Spoiler.offer

  @Test("Each refusal", arguments: spoilers)
  func refusals(spoiler: Spoiler) {
    var situation = Self.situation
    // So that the hold outlives the slot's start, which is checked as well.
    situation.scope.named?.holdExpiresAt = .latest
    #expect(situation.after([spoiler]).refusal() == spoiler.refusal)
  }

  @Test("Of two reasons the one that is checked first is given, in whatever order they arose", arguments: Spoiler.pairs(of: spoilers))
  func order(first: Spoiler, second: Spoiler) {
    var situation = Self.situation
    situation.scope.named?.holdExpiresAt = .latest
    #expect(situation.after([second, first]).refusal() == first.refusal)
  }

  @Test("A hold is booked under its own folio")
  func booked() throws {
    let expected = Appointment.fixture(Self.hold.slot, folio: 3)
    #expect(try Self.situation.decide() == Decision(.appointment(expected), [.replace(expected)]))
  }

  @Test("A hold that ran out is expired, whether or not its end was written down")
  func expired() {
    var situation = Self.situation
    situation.now = situation.now.adding(seconds: 200)
    #expect(situation.refusal() == .holdExpired)
    situation.now = situation.now.adding(milliseconds: -1)
    #expect(situation.refusal() == nil)
  }

  @Test("From another status a hold cannot be booked", arguments: [
    Appointment.Status.booked, .fulfilled, .cancelled, .noshow, .arrived, .checkedIn, .proposed, .waitlist, .enteredInError,
  ])
  func wrongState(status: Appointment.Status) {
    var situation = Self.situation
    situation.scope.named?.status = status
    situation.scope.named?.holdExpiresAt = nil
    situation.scope.named?.cancellation = status == .cancelled ? .notNeeded : nil
    #expect(situation.refusal() == .wrongState(status))
  }

  @Test("An unknown folio, and another person's, get the same answer")
  func notFound() {
    var situation = Self.situation
    situation.scope.named = nil
    #expect(situation.refusal() == .appointmentNotFound)
    situation.scope.named = Self.hold
    situation.scope.named?.patient = Patient.dario.id
    #expect(situation.refusal() == .appointmentNotFound)
  }
}
