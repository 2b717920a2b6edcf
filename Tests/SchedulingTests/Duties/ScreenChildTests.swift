import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@Suite("A child with alarm signs")
struct ScreenChildTests {
  static func screen(
    _ choice: String?, of patient: Patient = .carla, active: [Appointment] = [], day: [Appointment] = [], rules: ClinicRules = .fixture(),
    at now: Instant = .fixture
  ) throws(CommandRefusal) -> Decision<DutyOutcome> {
    let scope = CommandScope(actor: .ana, patient: patient, active: active, day: day)
    return try ScreenChild(
      actor: .person(Patient.ana.id), patient: patient.id, service: .familyMedicine, choice: choice.map { SlotChoice($0) }, channel: .phone,
      folioSeed: 1
    ).decide(in: scope, rules: rules, at: now, folio: .fixture(9))
  }

  @Test("The last day is the third business day: weekends and the institute's days do not count", arguments: [
    ("2026-11-23", [] as [String], "2026-11-26"),
    ("2026-11-26", [], "2026-12-01"),
    ("2026-11-27", [], "2026-12-02"),
    ("2026-11-28", [], "2026-12-02"),
    ("2026-11-23", ["2026-11-24", "2026-11-26"], "2026-11-30"),
  ])
  func due(today: String, nonWorking: [String], expected: String) {
    let clinic = Clinic.fixture { $0.nonWorkingDays = nonWorking.map { CivilDate(iso: $0)! } }
    #expect(clinic.businessDay(3, after: CivilDate(iso: today)!) == CivilDate(iso: expected))
  }

  @Test("A slot by that day is theirs; a later one is refused; without any, somebody owns the case")
  func slot() throws {
    let given = try Self.screen("C1 2026-11-26 08:15")
    #expect(given.outcome.appointment?.patient == Patient.carla.id)
    #expect(given.outcome.screen?.appointment == given.outcome.appointment?.folio)
    #expect(given.changes == [.insert(given.outcome.appointment!), .duty(.screen(given.outcome.screen!))])
    #expect(throws: CommandRefusal.beyondHorizon(last: CivilDate(iso: "2026-11-26")!)) { try Self.screen("C1 2026-11-27 08:15") }
    let none = try Self.screen(nil)
    #expect(none.outcome.appointment == nil && none.outcome.alert?.owner == .headOfService)
    #expect(none.outcome.alert?.object == .screen(none.outcome.screen!.id))
    #expect(none.changes.count == 2)
  }

  @Test("An appointment that the child has in time already is the slot, and one after that day is not")
  func standing() throws {
    let soon = Appointment.fixture(Slot("C2 2026-11-25 09:00"), folio: 4, patient: Patient.carla.id)
    let kept = try Self.screen("C1 2026-11-24 08:15", active: [soon])
    #expect(kept.outcome.appointment == soon && kept.changes.count == 1)
    let late = Appointment.fixture(Slot("C2 2026-12-10 09:00"), folio: 4, patient: Patient.carla.id)
    #expect(try Self.screen("C1 2026-11-24 08:15", active: [late]).outcome.appointment?.folio == .fixture(9))
  }

  @Test("Who is of age is told that this is not for them; nobody screens another's child")
  func refused() {
    #expect(throws: CommandRefusal.serviceNotOffered) { try Self.screen(nil, of: .ana) }
    #expect(throws: CommandRefusal.notAllowed) { try Self.screen(nil, of: .fixture(8, nss: "00755000015", born: "2015-01-01")) }
  }
}
