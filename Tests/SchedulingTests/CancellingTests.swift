internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Cancelling an appointment")
struct CancellingTests {
  static let appointment = Appointment.fixture(Slot("C1 2026-11-24 09:00"), folio: 3)

  static let situation = Situation(
    command: .cancel(CancelAppointment(
      actor: .person(Patient.ana.id), folio: appointment.folio, reason: .cannotCome, channel: .kiosk)),
    scope: CommandScope(actor: .ana, patient: .ana, named: appointment))

  static let spoilers = [
    Spoiler(.notAllowed) { $0.scope.actor = nil },
    Spoiler(.appointmentNotFound) { situation in
      situation.scope.patient = .dario
      situation.scope.named?.patient = Patient.dario.id
    },
    Spoiler(.holdExpired) { situation in
      situation.scope.named?.status = .cancelled
      situation.scope.named?.cancellation = .holdExpired
    },
    Spoiler(.wrongState(.checkedIn)) { $0.scope.named?.status = .checkedIn },
    Spoiler(.slotInThePast) { $0.now = Instant(iso: "2026-11-24T15:00:00Z")! },
  ]

  @Test("Each refusal", arguments: spoilers)
  func refusals(spoiler: Spoiler) {
    #expect(Self.situation.after([spoiler]).refusal() == spoiler.refusal)
  }

  @Test("Of two reasons the one that is checked first is given, whichever came about first", arguments: Spoiler.pairs(of: spoilers))
  func order(first: Spoiler, second: Spoiler) {
    #expect(Self.situation.after([second, first]).refusal() == first.refusal)
  }

  @Test("A booked appointment is cancelled with its reason, and stays with its folio")
  func cancelled() throws {
    let expected = Appointment.fixture(
      Self.appointment.slot, folio: 3, status: .cancelled, cancellation: .cannotCome)
    #expect(try Self.situation.decide() == Decision(.appointment(expected), [.replace(expected)]))
  }

  @Test("What staff cancel because the clinic cannot give it is owed another place, before all others; not what a person cancels, what staff cancel for them, nor a series' visit")
  func owed() throws {
    func waiting(_ actor: Actor, _ reason: Appointment.CancellationReason, inSeries: [Folio] = []) throws -> [WaitlistEntry] {
      var situation = Self.situation
      situation.command = .cancel(CancelAppointment(actor: actor, folio: Self.appointment.folio, reason: reason, channel: .desk))
      situation.scope.inSeries = inSeries
      return try situation.decide().changes.compactMap { if case .waitlist(let entry) = $0 { entry } else { nil } }
    }
    let staff = Actor.staff(StaffName("uid:1000")!, .staffAbsent)
    let entry = try #require(try waiting(staff, .clinic).first)
    #expect(entry.isDisplaced && entry.patient == Patient.ana.id && entry.wish.services == [.familyMedicine])
    var cancelled = Appointment.fixture(Self.appointment.slot, folio: 3, status: .cancelled, cancellation: .clinic)
    #expect(entry.isOwed(for: cancelled))
    cancelled.changedAt = Instant.fixture.adding(seconds: 1)
    #expect(!entry.isOwed(for: cancelled))
    #expect(try waiting(staff, .cannotCome).isEmpty)
    #expect(try waiting(.person(Patient.ana.id), .clinic).isEmpty)
    #expect(try waiting(staff, .clinic, inSeries: [Self.appointment.folio]).isEmpty)
  }

  @Test("Where only a hold is meant, a hold is given back and what was booked meanwhile stays")
  func onlyHold() throws {
    var situation = Self.situation
    situation.command = .cancel(CancelAppointment(
      actor: .person(Patient.ana.id), folio: Self.appointment.folio, reason: .cannotCome, channel: .phone, onlyHold: true))
    #expect(situation.refusal() == .wrongState(.booked))
    situation.scope.named?.status = .pending
    situation.scope.named?.holdExpiresAt = Instant(iso: "2026-11-24T15:01:00Z")!
    guard case .appointment(let given) = try situation.decide().outcome else { return #expect(Bool(false), "an appointment") }
    #expect(given.status == .cancelled)
  }

  @Test("A live hold is given back, even when its slot has begun; one that ran out is expired")
  func hold() throws {
    var situation = Self.situation
    situation.scope.named?.status = .pending
    situation.scope.named?.holdExpiresAt = Instant(iso: "2026-11-24T15:01:00Z")!
    situation.now = Instant(iso: "2026-11-24T15:00:00Z")!
    guard case .appointment(let given) = try situation.decide().outcome else { return #expect(Bool(false), "an appointment") }
    #expect((given.status, given.cancellation, given.holdExpiresAt) == (.cancelled, .cannotCome, nil))
    situation.now = Instant(iso: "2026-11-24T15:01:00Z")!
    #expect(situation.refusal() == .holdExpired)
  }

  @Test("Only what is pending or booked can be cancelled", arguments: [
    Appointment.Status.proposed, .arrived, .checkedIn, .fulfilled, .cancelled, .noshow, .waitlist, .enteredInError,
  ])
  func wrongState(status: Appointment.Status) {
    var situation = Self.situation
    situation.scope.named?.status = status
    situation.scope.named?.cancellation = status == .cancelled ? .notNeeded : nil
    #expect(situation.refusal() == .wrongState(status))
  }

  @Test("An unknown folio and a stranger's get the same answer; a child's is found by a parent")
  func whose() {
    var situation = Self.situation
    situation.scope.patient = nil
    situation.scope.named = nil
    #expect(situation.refusal() == .appointmentNotFound)
    for (patient, refusal) in [(Patient.dario, CommandRefusal.appointmentNotFound), (.beto, .appointmentNotFound), (.carla, nil)] {
      situation.scope.patient = patient
      situation.scope.named = .fixture(Self.appointment.slot, folio: 3, patient: patient.id)
      #expect(situation.refusal() == refusal)
    }
  }
}
