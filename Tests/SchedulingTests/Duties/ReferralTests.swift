import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@Suite("A referral")
struct ReferralTests {
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)
  static let meeting = Referral.Meeting(date: CivilDate(iso: "2026-12-09")!, start: AgendaMinute(minutes: 615)!, place: "Hospital, torre B, piso 2")

  static func referral(_ state: Referral.State = .requested, kind: Referral.Kind = .consultation, meeting: Referral.Meeting? = nil) -> Referral {
    Referral(
      folio: .fixture(1), patient: Patient.ana.id, kind: kind, specialty: "cardiologia", destination: "HGZ 32", state: state, meeting: meeting,
      createdAt: .fixture, dateDueAt: Instant.fixture.adding(seconds: 1800), changedAt: .fixture)
  }

  static func scope(_ referral: Referral?, alerts: [DutyAlert] = [], patient: Patient? = .ana) -> CommandScope {
    var scope = CommandScope(patient: patient)
    scope.duty.referral = referral
    scope.duty.alerts = alerts
    scope.duty.nextAlert = 7
    return scope
  }

  /// Each state, and where each event leads; `nil` is nowhere.
  @Test("Each event in each state leads where the state says, or nowhere", arguments: [
    (.requested, [.dated, .seen, .returned, .cancelled]),
    (.dated, [.dated, .seen, .returned, .cancelled]),
    (.seen, [nil, nil, .returned, nil]),
    (.returned, [nil, nil, nil, nil]),
    (.cancelled, [nil, nil, nil, nil]),
  ] as [(Referral.State, [Referral.State?])])
  func states(from state: Referral.State, to expected: [Referral.State?]) {
    let events: [Referral.Event] = [.dated(Self.meeting), .seen, .returned(followUp: nil), .cancelled]
    #expect(events.map { Self.referral(state).after($0, at: .fixture)?.state } == expected)
  }

  @Test("It is made by staff alone, and has its date due within the clinic's minutes")
  func made() throws {
    let rules = ClinicRules.fixture { $0.duties.referralMinutes = 45 }
    func refer(_ actor: Actor) throws(CommandRefusal) -> Decision<DutyOutcome> {
      try CreateReferral(
        actor: actor, patient: Patient.ana.id, kind: .surgery, specialty: "traumatologia", destination: "HGR 2", folioSeed: 1
      ).decide(in: CommandScope(patient: .ana), rules: rules, at: .fixture, folio: .fixture(3))
    }
    let made = try refer(Self.staff)
    #expect(made.outcome.referral?.dateDueAt == Instant.fixture.adding(seconds: 45 * 60))
    #expect(made.changes == [.duty(.referral(made.outcome.referral!))])
    #expect(throws: CommandRefusal.notAllowed) { try refer(.person(Patient.ana.id)) }
  }

  @Test("A date ends the alert that there was none; a date that is over is refused, and so is one after the person was seen")
  func dated() throws {
    let alerts = [
      DutyAlert(.referralWithoutDate, .referral(.fixture(1)), id: 1, at: .fixture),
      DutyAlert(.surgeryOverLimit, .referral(.fixture(1)), id: 2, at: .fixture),
    ]
    func date(_ referral: Referral?, _ meeting: Referral.Meeting = Self.meeting) throws(CommandRefusal) -> Decision<DutyOutcome> {
      try AdvanceReferral(actor: Self.staff, folio: .fixture(1), step: .dated(meeting))
        .decide(in: Self.scope(referral, alerts: alerts), rules: .fixture(), at: .fixture)
    }
    let dated = try date(Self.referral())
    #expect(dated.outcome.referral?.state == .dated)
    var over = alerts[0]
    over.resolvedAt = .fixture
    #expect(dated.changes == [.duty(.referral(dated.outcome.referral!)), .duty(.alert(over))])
    var yesterday = Self.meeting
    yesterday.date = CivilDate(iso: "2026-11-22")!
    #expect(throws: CommandRefusal.slotInThePast) { try date(Self.referral(), yesterday) }
    #expect(throws: CommandRefusal.appointmentNotFound) { try date(nil) }
    #expect(throws: CommandRefusal.wrongState(.fulfilled)) { try date(Self.referral(.seen)) }
  }

  @Test("Without a date an alert is raised from the due minute on, once, and to the desk")
  func alert() throws {
    let raise = RaiseAlert(.referralWithoutDate, .referral(.fixture(1)))
    let (early, due) = (Instant.fixture.adding(seconds: 1799), Instant.fixture.adding(seconds: 1800))
    #expect(raise.decide(in: Self.scope(Self.referral()), rules: .fixture(), at: early) == Decision(DutyOutcome(), []))
    let raised = raise.decide(in: Self.scope(Self.referral()), rules: .fixture(), at: due)
    let alert = DutyAlert(.referralWithoutDate, .referral(.fixture(1)), id: 7, at: due)
    #expect(raised == Decision(DutyOutcome(alert: alert), [.duty(.alert(alert))]))
    #expect(alert.owner == .desk && alert.dueAt == due.adding(seconds: 1800))
    let again = raise.decide(in: Self.scope(Self.referral(), alerts: [alert]), rules: .fixture(), at: due)
    #expect(again == Decision(DutyOutcome(alert: alert), []))
    #expect(raise.decide(in: Self.scope(Self.referral(.dated)), rules: .fixture(), at: due).changes.isEmpty)
  }

  @Test("An operation that is waited for longer than the limit, or will be until its date, is the jefe de servicio's")
  func surgery() {
    let rules = ClinicRules.fixture { $0.duties.surgeryDays = 20 }
    func alerts(_ referral: Referral, _ days: Int) -> [DutyAlert.Owner] {
      let decision = RaiseAlert(.surgeryOverLimit, .referral(.fixture(1)))
        .decide(in: Self.scope(referral), rules: rules, at: Instant.fixture.adding(seconds: days * 86_400))
      return decision.outcome.alert.map { [$0.owner] } ?? []
    }
    #expect(alerts(Self.referral(kind: .surgery), 20) == [])
    #expect(alerts(Self.referral(kind: .surgery), 21) == [.headOfService])
    #expect(alerts(Self.referral(kind: .consultation), 21) == [])
    #expect(alerts(Self.referral(.seen, kind: .surgery), 21) == [])
    // 9 December is 16 days after; 14 December is 21.
    #expect(alerts(Self.referral(.dated, kind: .surgery, meeting: Self.meeting), 1) == [])
    var late = Self.meeting
    late.date = CivilDate(iso: "2026-12-14")!
    #expect(alerts(Self.referral(.dated, kind: .surgery, meeting: late), 1) == [.headOfService])
  }

  @Test("The return makes the follow-up appointment in the same decision, or a task when there is no slot, and nothing when none is asked for")
  func returned() throws {
    func back(_ followUp: ReturnReferral.FollowUp?, in scope: CommandScope) throws(CommandRefusal) -> Decision<DutyOutcome> {
      try ReturnReferral(actor: Self.staff, folio: .fixture(1), followUp: followUp, folioSeed: 1)
        .decide(in: scope, rules: .fixture(), at: .fixture, folio: .fixture(9))
    }
    let choice = SlotChoice("C1 2026-11-24 08:15")
    var scope = Self.scope(Self.referral(.seen), alerts: [DutyAlert(.surgeryOverLimit, .referral(.fixture(1)), id: 2, at: .fixture)])
    // One appointment for the service is the clinic's limit, and it does not count here.
    scope.active = [.fixture(Slot("C1 2026-11-27 08:15"), folio: 4)]
    let made = try back(.init(service: .familyMedicine, choice: choice), in: scope)
    #expect(made.outcome.appointment?.slot.choice == choice && made.outcome.appointment?.status == .booked)
    #expect(made.outcome.referral?.followUp == .fixture(9) && made.outcome.referral?.state == .returned)
    #expect(made.changes.count == 3 && made.changes.first == .insert(made.outcome.appointment!))
    let task = try back(.init(service: .familyMedicine, choice: nil), in: scope)
    #expect(task.outcome.alert == DutyAlert(.followUpWithoutSlot, .referral(.fixture(1)), id: 7, at: .fixture))
    #expect(task.outcome.appointment == nil && task.outcome.referral?.state == .returned)
    let none = try back(nil, in: scope)
    #expect(none.outcome.alert == nil && none.outcome.appointment == nil && none.changes.count == 2)
    #expect(throws: CommandRefusal.wrongState(.fulfilled)) { try back(nil, in: Self.scope(Self.referral(.returned))) }
    var taken = scope
    taken.day = [.fixture(Slot("C1 2026-11-24 08:15"), folio: 5, patient: Patient.dario.id)]
    #expect(throws: CommandRefusal.slotTaken(by: .fixture(5))) { try back(.init(service: .familyMedicine, choice: choice), in: taken) }
  }
}
