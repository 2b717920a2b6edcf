internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Changing to another doctor")
struct ChangingDoctorTests {
  static let staff = Actor.staff(StaffName("uid:1000")!, .staffAbsent)
  static let target = Doctor(resource: .c(2), turno: .matutino)
  static let old = Appointment.fixture(Slot("C1 2026-11-24 09:00"), folio: 3)
  static let rules = ClinicRules.fixture { clinic in
    clinic.waitlist = WaitlistPolicy(
      sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 30, maxAsks: 5, maxDays: 30, maxPerPatient: 2)
  }

  static func move(
    _ old: Appointment = Self.old, to choice: String?, by actor: Actor = staff, rules: ClinicRules = Self.rules, in change: (inout CommandScope) -> Void = { _ in }
  ) throws(CommandRefusal) -> Decision<Appointment> {
    var scope = CommandScope(patient: .ana, named: old, active: [old])
    change(&scope)
    return try MoveToDoctor(actor: actor, folio: old.folio, doctor: target, to: choice.map { SlotChoice($0) }, folioSeed: 1)
      .decide(in: scope, rules: rules, at: .fixture, folio: .fixture(9))
  }

  @Test("The old appointment and the new one change together, each naming the other, and the place that is left is offered")
  func moved() throws {
    let decision = try Self.move(to: "C2 2026-11-24 09:15")
    #expect(decision.outcome.slot == Slot("C2 2026-11-24 09:15"))
    #expect(decision.outcome.replaces == Self.old.folio && decision.outcome.folio == .fixture(9) && decision.outcome.patient == Self.old.patient)
    guard decision.changes.count == 3, case .replace(let left) = decision.changes[1], case .freed(let place) = decision.changes[2] else {
      return #expect(Bool(false), "\(decision.changes)")
    }
    #expect(decision.changes[0] == .insert(decision.outcome))
    #expect(left.status == .cancelled && left.cancellation == .rescheduled && left.replacedBy == .fixture(9))
    #expect(place.slot == Self.old.slot)
  }

  @Test("Without a place the appointment stays, and the person is put before all others once")
  func offered() throws {
    let decision = try Self.move(to: nil)
    #expect(decision.outcome == Self.old)
    guard case .waitlist(let entry)? = decision.changes.first, decision.changes.count == 1 else { return #expect(Bool(false)) }
    #expect(entry.isDisplaced && entry.replaces == Self.old.folio && entry.wish.turno == .matutino && entry.wish.services == [.familyMedicine])
    #expect(try Self.move(to: nil) { $0.waitlist.entries = [entry] }.changes == [])
    #expect(try Self.move(to: nil, rules: .fixture()).changes == [])
  }

  @Test("What does not go with the person stays as it is: over, cancelled, at that doctor already, or nothing that doctor gives", arguments: [
    Appointment.fixture(Slot("C1 2026-11-23 06:00"), folio: 3),
    .fixture(Slot("C1 2026-11-24 09:00"), folio: 3, status: .cancelled, cancellation: .cannotCome),
    .fixture(Slot("C2 2026-11-24 09:00"), folio: 3),
    .fixture(Slot("C4 2026-11-24 09:00", minutes: 30), folio: 3, service: .dentist),
  ])
  func stays(old: Appointment) throws {
    #expect(try Self.move(old, to: "C2 2026-11-24 09:15") == Decision(old, []))
  }

  @Test("Only staff, only to that doctor, and nobody else's slot")
  func refused() {
    #expect(throws: CommandRefusal.notAllowed) { try Self.move(to: "C2 2026-11-24 09:15", by: .person(Patient.ana.id)) }
    #expect(throws: CommandRefusal.resourceNotOffered) { try Self.move(to: "C3 2026-11-24 09:15") }
    #expect(throws: CommandRefusal.resourceNotOffered) { try Self.move(to: "C2 2026-11-24 14:15") }
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(7))) {
      try Self.move(to: "C2 2026-11-24 09:15") { $0.day = [.fixture(Slot("C2 2026-11-24 09:15"), folio: 7, patient: Patient.dario.id)] }
    }
    #expect(throws: CommandRefusal.turnoFull(cap: 2)) {
      try Self.move(to: "C2 2026-11-24 09:15", rules: .fixture { $0.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(2)]), places: 2)] }) {
        $0.load.desk = 2
      }
    }
  }

  @Test("The equal place is the nearest by days, then by minutes, of that doctor's turno alone")
  func nearest() {
    func place(_ taken: [String], for person: Patient = .ana) -> String? {
      let rows = taken.enumerated().map { Appointment.fixture(Slot("C2 \($1)"), folio: UInt64(100 + $0), patient: Patient.dario.id) }
      let index = AgendaIndex(rules: Self.rules, appointments: rows + [Self.old], today: .fixture)
      return index.place(of: Self.target, nearest: Self.old, for: person, having: [], at: .fixture).map { "\($0.resource) \($0.date) \($0.start)" }
    }
    #expect(place([]) == "C2 2026-11-24 09:00")
    #expect(place(["2026-11-24 09:00"]) == "C2 2026-11-24 08:45")
    let morning = (0..<24).map { "2026-11-24 \(AgendaMinute(minutes: 480 + 15 * $0)!)" }
    #expect(place(morning) == "C2 2026-11-23 09:00")
    #expect(place([], for: .fixture(rights: Rights(state: .baja, date: nil))) == nil)
  }

  @Test("A person belongs to another doctor who works that turno and whom they get to; asked again nothing changes")
  func adopted() throws {
    func adopt(_ person: Patient, _ doctor: Doctor, by actor: Actor = Self.staff) throws(CommandRefusal) -> [AgendaChange] {
      try AdoptPatient(actor: actor, patient: person.id, doctor: doctor).decide(in: CommandScope(patient: person), rules: Self.rules).changes
    }
    #expect(try adopt(.ana, Self.target) == [.doctor(Patient.ana.id, Self.target)])
    #expect(try adopt(.fixture(consultorio: .c(2)), Self.target) == [])
    #expect(throws: CommandRefusal.notAccessible) { try adopt(.fixture(needs: [Patient.noStairs]), Doctor(resource: .c(3), turno: .matutino)) }
    #expect(throws: CommandRefusal.resourceNotOffered) { try adopt(.ana, Doctor(resource: .c(4), turno: .vespertino)) }
    #expect(throws: CommandRefusal.notAllowed) { try adopt(.ana, Self.target, by: .person(Patient.ana.id)) }
  }
}
