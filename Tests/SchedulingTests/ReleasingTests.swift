internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Releasing a hold whose caller has gone")
struct ReleasingTests {
  static let hold = Appointment.fixture(
    Slot("C1 2026-11-24 09:00"), folio: 3, status: .pending, holdExpiresAt: Instant.fixture.adding(seconds: 120))

  static let situation = Situation(
    command: .releaseHold(ReleaseHold(folio: hold.folio)), scope: CommandScope(patient: .ana, named: hold))

  @Test("It ends as if its time had run out, whether or not that is so already", arguments: [0, 119, 120, 500])
  func released(seconds: Int) throws {
    var situation = Self.situation
    situation.now = Instant.fixture.adding(seconds: seconds)
    var expected = Self.hold
    expected.status = .cancelled
    expected.cancellation = .holdExpired
    expected.holdExpiresAt = nil
    expected.changedAt = situation.now
    #expect(try situation.decide() == Decision(.appointment(expected), [.replace(expected)]))
  }

  @Test("What is no hold is left as it is: above all one that was booked while its caller went away", arguments: [
    Appointment.Status.booked, .proposed, .arrived, .checkedIn, .fulfilled, .cancelled, .noshow, .waitlist, .enteredInError,
  ])
  func noHold(status: Appointment.Status) {
    var situation = Self.situation
    situation.scope.named?.status = status
    #expect(situation.refusal() == .wrongState(status))
  }

  @Test("An unknown folio is nobody's")
  func unknown() {
    var situation = Self.situation
    situation.scope = CommandScope()
    #expect(situation.refusal() == .appointmentNotFound)
  }

  @Test("Its decision reads the hold, and looks at nobody's right")
  func needs() {
    #expect(Command.releaseHold(ReleaseHold(folio: Self.hold.folio)).needs == CommandNeeds(named: Self.hold.folio))
  }
}
