internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Handing people over to another unit")
struct HandingOverTests {
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)
  static let unit = ReceivingUnit(clues: CLUES("DFIMS000266")!, name: "UMF 20", address: "calzada Vallejo 675")
  static let from = CivilDate(iso: "2026-11-25")!
  static let to = CaredElsewhere(unit: unit, from: from)
  static let near = CaredElsewhere(unit: unit, from: CivilDate(iso: "2026-11-24")!)
  static let standing = PatientHandover(id: 7, patient: Patient.ana.id, to: to, madeAt: .fixture)
  static let old = Appointment.fixture(Slot("C1 2026-11-25 09:00"), folio: 3)
  static let rules = ChangingDoctorTests.rules

  static func scope(_ change: (inout CommandScope) -> Void = { _ in }) -> CommandScope {
    var scope = CommandScope(patient: .ana, named: old, active: [old])
    scope.handover.standing = standing
    scope.handover.next = 8
    change(&scope)
    return scope
  }

  static func decide(_ command: TransferCommand, in scope: CommandScope) throws(CommandRefusal) -> Decision<CommandOutcome> {
    try SchedulingCommand.transfer(command).decide(in: scope, rules: rules, at: .fixture, folio: .fixture(9))
  }

  @Test("A person is handed over once: the same again changes nothing, another unit or date ends the first; only staff do it")
  func handedOver() throws {
    func handOver(_ to: CaredElsewhere, by actor: Actor = Self.staff, standing: PatientHandover?) throws(CommandRefusal) -> [AgendaChange] {
      try Self.decide(.handOver(HandOverPatient(actor: actor, patient: Patient.ana.id, to: to)), in: Self.scope { $0.handover.standing = standing }).changes
    }
    let new = PatientHandover(id: 8, patient: Patient.ana.id, to: Self.to, madeAt: .fixture)
    #expect(try handOver(Self.to, standing: nil) == [.handover(new)])
    #expect(try handOver(Self.to, standing: Self.standing) == [])
    var (ended, later) = (Self.standing, Self.to)
    ended.endedAt = .fixture
    later.from = Self.from.advanced(by: 1)
    #expect(try handOver(later, standing: Self.standing) == [.handover(ended), .handover(PatientHandover(id: 8, patient: Patient.ana.id, to: later, madeAt: .fixture))])
    #expect(throws: CommandRefusal.notAllowed) { try handOver(Self.to, by: .person(Patient.ana.id), standing: nil) }
  }

  @Test("What somebody waits for on days in the other unit's care they wait for there; their place in line comes back with them")
  func waiting() throws {
    func entry(_ id: Int64, from first: String, _ services: [ServiceCode] = [.familyMedicine], displaced: Bool = false) -> WaitlistEntry {
      WaitlistEntry(
        id: id, patient: Patient.ana.id, wish: WaitlistWish(services: services, dates: CivilDate(iso: first)!...CivilDate(iso: "2026-11-27")!),
        reach: .inPerson, channel: .kiosk, isDisplaced: displaced, until: Instant.fixture.adding(seconds: 9 * 86_400), joinedAt: .fixture, changedAt: .fixture)
    }
    let there = entry(1, from: "2026-11-25")
    let before = Self.scope { scope in
      scope.handover.standing = nil
      scope.handover.waiting = [
        there, entry(2, from: "2026-11-24"), entry(3, from: "2026-11-25", [.clinicChange]), entry(4, from: "2026-11-25", displaced: true),
      ]
    }
    let handed = try Self.decide(.handOver(HandOverPatient(actor: Self.staff, patient: Patient.ana.id, to: Self.to)), in: before).changes
    let left = there.changed({ $0.state = .left }, at: .fixture)
    #expect(handed.dropFirst() == [.waitlist(left)])
    let back = try Self.decide(.takeBack(TakeBackPatient(actor: Self.staff, patient: Patient.ana.id)), in: Self.scope { $0.handover.left = [left] })
    #expect(back.changes.dropFirst() == [.waitlist(there)])
  }

  @Test("A handover that is corrected takes over what the first had ended: its series are of its instant, or go on here until its later day")
  func corrected() throws {
    let earlier = Instant.fixture.adding(seconds: -86_400)
    let series = CareSeries(
      id: 4, patient: Patient.ana.id, program: SeriesCode("cronicos"), status: CareSeries.EndReason.transferred.status, endReason: .transferred,
      anchor: .fixture, createdAt: earlier, changedAt: earlier)
    func correct(from date: String) throws -> [AgendaChange] {
      let scope = Self.scope { scope in
        scope.handover.ended = [series]
        scope.handover.standing?.madeAt = earlier
      }
      let to = CaredElsewhere(unit: Self.unit, from: CivilDate(iso: date)!)
      return try Self.decide(.handOver(HandOverPatient(actor: Self.staff, patient: Patient.ana.id, to: to)), in: scope).changes
    }
    var dated = series
    dated.changedAt = .fixture
    #expect(try correct(from: "2026-11-23").last == .series(dated))
    (dated.status, dated.endReason) = (.active, nil)
    #expect(try correct(from: "2026-11-26").last == .series(dated))
  }

  @Test("An appointment is given up only on a day in the other unit's care, and its place is for those who wait here")
  func givenUp() throws {
    func giveUp(_ old: Appointment, standing: PatientHandover? = Self.standing) throws(CommandRefusal) -> Decision<CommandOutcome> {
      try Self.decide(.giveUp(GiveUpAppointment(actor: Self.staff, folio: old.folio)), in: Self.scope { ($0.named, $0.handover.standing) = (old, standing) })
    }
    let given = try giveUp(Self.old)
    guard given.changes.count == 3, case .replace(let cancelled) = given.changes[0], case .freed(let place) = given.changes[2] else {
      return #expect(Bool(false), "\(given.changes)")
    }
    #expect(cancelled.status == .cancelled && cancelled.cancellation == .otherPlace && place.slot == Self.old.slot)
    #expect(given.changes[1] == .handed(HandedAppointment(folio: Self.old.folio, handover: 7, givenAt: .fixture)))
    for kept in [
      Appointment.fixture(Slot("C1 2026-11-24 09:00"), folio: 3), .fixture(Slot("C1 2026-11-25 09:00"), folio: 3, status: .cancelled, cancellation: .cannotCome),
      .fixture(Slot("V1 2026-11-25 09:00", minutes: 20), folio: 3, service: .clinicChange),
    ] {
      #expect(try giveUp(kept).changes == [])
    }
    #expect(try giveUp(Self.old, standing: nil).changes == [])
  }

  @Test("It comes back to where it was, with its folio; where somebody has that, its person waits before all others; twice is once")
  func takenBack() throws {
    let given = Appointment.fixture(Self.old.slot, folio: 3, status: .cancelled, cancellation: .otherPlace)
    var row = HandedAppointment(folio: given.folio, handover: 7, givenAt: .fixture)
    func back(_ at: SlotChoice?, _ change: (inout CommandScope) -> Void = { _ in }) throws(CommandRefusal) -> Decision<CommandOutcome> {
      let handed = row
      return try Self.decide(
        .takeBackAppointment(TakeBackAppointment(actor: Self.staff, folio: given.folio, at: at)),
        in: Self.scope {
          ($0.named, $0.active, $0.handover.handed) = (given, [], handed)
          change(&$0)
        })
    }
    let restored = try back(given.slot.choice)
    guard case .appointment(let standing) = restored.outcome else { return }
    #expect((standing.folio, standing.status, standing.cancellation) == (given.folio, .booked, nil))
    var returned = row
    returned.returnedAt = .fixture
    #expect(restored.changes == [.replace(standing), .handed(returned)])
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(9))) {
      try back(given.slot.choice) { $0.day = [.fixture(given.slot, folio: 9, patient: Patient.dario.id)] }
    }
    let waiting = try back(nil)
    guard waiting.changes.count == 2, case .waitlist(let entry) = waiting.changes[1] else { return #expect(Bool(false)) }
    #expect(waiting.changes[0] == .handed(returned) && entry.isDisplaced && entry.wish.services == [.familyMedicine])
    row = returned
    #expect(try back(given.slot.choice).changes == [])
  }

  @Test("To a turno that was filled meanwhile nobody comes back: they wait before all others")
  func filled() throws {
    var situation = Situation(
      command: .transfer(.takeBackAppointment(TakeBackAppointment(actor: Self.staff, folio: Self.old.folio, at: Self.old.slot.choice))))
    situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 5)]
    situation.scope = Self.scope { scope in
      scope.named = .fixture(Self.old.slot, folio: 3, status: .cancelled, cancellation: .otherPlace)
      scope.handover.handed = HandedAppointment(folio: Self.old.folio, handover: 7, givenAt: .fixture)
      (scope.active, scope.load.desk) = ([], 4)
    }
    #expect(situation.refusal() == nil)
    situation.scope.load.desk = 5
    #expect(situation.refusal() == .turnoFull(cap: 5))
    guard case .transfer(let transfer) = situation.command else { return }
    #expect(Command.transfer(transfer).needs.load == Self.old.slot.choice)
  }

  @Test("Whoever is cared for elsewhere books here until then, and what needs no right at any time; for a later day they hear the unit's name")
  func booking() throws {
    var ana = Patient.ana
    ana.elsewhere = Self.to
    func book(_ slot: String, _ service: ServiceCode = .familyMedicine, _ channel: Channel = .kiosk) -> CommandRefusal? {
      let command = BookAppointment(actor: .person(ana.id), patient: ana.id, what: .slot(service, SlotChoice(slot)), channel: channel, folioSeed: 1)
      do throws(CommandRefusal) {
        _ = try SchedulingCommand.book(command).decide(in: CommandScope(actor: ana, patient: ana), rules: Self.rules, at: .fixture, folio: .fixture(9))
        return nil
      } catch { return error }
    }
    #expect(book("C1 2026-11-24 09:00") == nil)
    #expect(book("V1 2026-11-25 09:00", .clinicChange) == nil)
    #expect(book("C1 2026-11-25 09:00") == .caredElsewhere(Self.to))
    let index = AgendaIndex(rules: Self.rules, appointments: [], today: .fixture)
    let found = index.find(FindSlots(service: .familyMedicine, person: PersonView(ana), channel: .kiosk, limit: .max), at: .fixture)
    #expect(!found.isEmpty && found.allSatisfy { $0.slot.date < Self.from })
    let steps = Self.rules.clinic.nextSteps(for: .caredElsewhere(Self.to))
    #expect(steps.map(\.code) == ["unidad_nueva", "asistente_medica"])
    #expect(steps[0].text.contains("le atiende la unidad UMF 20, calzada Vallejo 675 (CLUES DFIMS000266)"))
  }

  @Test("The index knows who stands handed over, whatever the order of the rows, and forgets who was taken back")
  func index() {
    var index = AgendaIndex(rules: Self.rules, appointments: [], today: .fixture)
    let empty = index
    index.apply([.handover(Self.standing)])
    #expect(index.elsewhere(Patient.ana.id) == Self.to && index.elsewhere(Patient.beto.id) == nil)
    #expect(index == AgendaIndex(rules: Self.rules, appointments: [], handovers: [Self.standing], today: .fixture))
    var ended = Self.standing
    ended.endedAt = .fixture
    index.apply([.handover(ended)])
    #expect(index == empty)
  }
}
