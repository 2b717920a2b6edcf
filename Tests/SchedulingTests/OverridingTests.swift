import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@Suite("A place beyond the agenda")
struct OverridingTests {
  static func override(
    _ choice: String, by actor: Actor = .staff(StaffName("uid:1000")!, .medicalPriority), day: [Appointment] = [], active: [Appointment] = []
  ) throws(CommandRefusal) -> Appointment {
    var scope = CommandScope(patient: .ana, active: active, day: day)
    scope.load = TurnoLoad(kiosk: 30, phone: 30, desk: 30)
    let rules = ClinicRules.fixture { $0.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1), .c(2)]), places: 2)] }
    return try OverrideCap(actor: actor, patient: Patient.ana.id, service: .familyMedicine, choice: SlotChoice(choice), folioSeed: 1)
      .decide(in: scope, rules: rules, at: .fixture, folio: .fixture(9)).outcome
  }

  @Test("Beyond the cap, and beside whoever has the slot; never by anybody but staff")
  func given() throws {
    #expect(try Self.override("C1 2026-11-24 08:15").lane == 0)
    let others = [
      Appointment.fixture(Slot("C1 2026-11-24 08:15"), folio: 4, patient: Patient.dario.id),
      Appointment.fixture(Slot("C1 2026-11-24 08:30"), folio: 5, patient: Patient.dario.id),
    ]
    let beside = try Self.override("C1 2026-11-24 08:15", day: others)
    #expect(beside.lane == 1 && beside.status == .booked && beside.channel == .desk)
    #expect(throws: CommandRefusal.notAllowed) { try Self.override("C1 2026-11-24 08:15", by: .person(Patient.ana.id)) }
  }

  @Test("Breaks, closed hours and the person's own other appointment are kept")
  func kept() {
    #expect(throws: CommandRefusal.closed) { try Self.override("C2 2026-11-24 11:00") }
    #expect(throws: CommandRefusal.closed) { try Self.override("C1 2026-11-28 08:15") }
    #expect(throws: CommandRefusal.notOnGrid) { try Self.override("C1 2026-11-24 08:20") }
    let other = Appointment.fixture(Slot("C2 2026-11-24 08:15"), folio: 4)
    #expect(throws: CommandRefusal.personBusy(.fixture(4))) { try Self.override("C1 2026-11-24 08:15", active: [other]) }
  }
}
