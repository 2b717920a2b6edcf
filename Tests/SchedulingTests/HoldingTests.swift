internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Holding a slot")
struct HoldingTests {
  static let slot = Slot("C1 2026-11-24 09:00")

  static let situation = Situation(
    command: .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine, choice: slot.choice, channel: .kiosk,
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

  @Test("A free slot is kept under the store's folio until the channel's time is over", arguments: [
    (Channel.kiosk, 120), (.phone, 240), (.desk, 300),
  ])
  func held(channel: Channel, seconds: Int) throws {
    var situation = Self.situation
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine, choice: Self.slot.choice,
      channel: channel, folioSeed: 7))
    var expected = Appointment.fixture(Self.slot, holdExpiresAt: situation.now.adding(seconds: seconds))
    expected.folio = Situation.candidate
    expected.channel = channel
    #expect(try situation.decide() == Decision(.appointment(expected), [.insert(expected)]))
  }

  @Test("Holding again what one holds answers the same hold, and does not lengthen it")
  func heldAgain() throws {
    let hold = Appointment.fixture(Self.slot, folio: 3, holdExpiresAt: Instant.fixture.adding(seconds: 20))
    var situation = Self.situation
    situation.scope.active = [hold]
    situation.scope.day = [hold]
    #expect(try situation.decide() == Decision(.appointment(hold), []))
  }

  @Test("A hold that ran out keeps nobody out: its end is written before the new hold, once")
  func staleHold() throws {
    let mine = Appointment.fixture(Self.slot, folio: 3, holdExpiresAt: .fixture)
    let other = Appointment.fixture(
      Slot("C1 2026-11-24 10:00"), folio: 4, patient: Patient.dario.id, holdExpiresAt: Instant.fixture.adding(seconds: -1))
    var situation = Self.situation
    situation.scope.active = [mine]
    situation.scope.day = [mine, other]
    let decision = try situation.decide()
    let ended = [mine, other].map { hold in
      var hold = hold
      (hold.status, hold.cancellation, hold.holdExpiresAt) = (.cancelled, .holdExpired, nil)
      return AgendaChange.replace(hold)
    }
    #expect(Array(decision.changes.prefix(2)) == ended)
    #expect(decision.changes.count == 3)
    guard case .insert(let hold) = decision.changes.last else { return #expect(Bool(false), "the hold is inserted last") }
    #expect(hold.slot == Self.slot)
  }

  @Test("Somebody else's live hold keeps one out until the very instant it ends")
  func strangersHold() {
    var situation = Self.situation
    let hold = Appointment.fixture(
      Self.slot, folio: 3, patient: Patient.dario.id, holdExpiresAt: Instant.fixture.adding(milliseconds: 1))
    situation.scope.day = [hold]
    #expect(situation.refusal() == .slotTaken(by: hold.folio))
    situation.now = situation.now.adding(milliseconds: 1)
    #expect(situation.refusal() == nil)
  }

  @Test("As many holds at once as the clinic allows, of whatever service")
  func holdLimit() {
    var situation = Self.situation
    situation.clinic.policy.maxHoldsPerPatient = 1
    let hold = Appointment.fixture(
      Slot("V1 2026-11-25 10:00", minutes: 20), folio: 3, service: .clinicChange,
      holdExpiresAt: Instant.fixture.adding(seconds: 60))
    situation.scope.active = [hold]
    #expect(situation.refusal() == .limitReached(allowed: 1))
    situation.now = situation.now.adding(seconds: 60)
    #expect(situation.refusal() == nil)
  }

  @Test("As many appointments in all as the clinic allows")
  func allServicesLimit() {
    var situation = Self.situation
    situation.clinic.policy.maxActivePerPatient = 2
    situation.scope.active = [
      .fixture(Slot("C4 2026-11-25 08:00", minutes: 30), folio: 3, service: .dentist),
      .fixture(Slot("V1 2026-11-25 10:00", minutes: 20), folio: 4, service: .clinicChange),
    ]
    #expect(situation.refusal() == .limitReached(allowed: 2))
    situation.scope.active.removeLast()
    #expect(situation.refusal() == nil)
  }

  @Test("An appointment whose time is over counts no more, though nobody wrote down who came")
  func pastAppointmentsDoNotCount() {
    var situation = Self.situation
    situation.scope.active = [.fixture(Slot("C1 2026-11-20 09:00"), folio: 3)]
    #expect(situation.refusal() == nil)
  }

  @Test("The phone may not book what only the hall offers; an unknown service is nobody's", arguments: [
    (ServiceCode.clinicChange, Channel.phone, "V1 2026-11-24 09:00"), (ServiceCode("cirugia"), .kiosk, "C1 2026-11-24 09:00"),
  ])
  func notOffered(service: ServiceCode, channel: Channel, choice: String) {
    var situation = Self.situation
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: service, choice: SlotChoice(choice), channel: channel,
      folioSeed: 7))
    #expect(situation.refusal() == .serviceNotOffered)
  }

  @Test("Times at which nothing can be held", arguments: [
    ("C1 2026-11-23 07:00", CommandRefusal.slotInThePast), ("C1 2026-11-23 06:45", .slotInThePast),
    ("C1 2026-11-20 09:00", .slotInThePast), ("C9 2026-11-24 09:00", .resourceNotOffered),
    ("C4 2026-11-24 09:00", .resourceNotOffered), ("C1 2026-12-22 09:00", .beyondHorizon(last: CivilDate(iso: "2026-12-21")!)),
    ("C1 2026-11-24 07:45", .closed), ("C1 2026-11-24 20:00", .closed), ("C1 2026-11-28 09:00", .closed),
    ("C2 2026-11-24 11:00", .closed), ("C2 2026-11-24 11:15", .closed), ("C2 2026-11-24 10:50", .closed),
    ("C1 2026-11-24 13:50", .closed), ("C1 2026-11-24 09:05", .notOnGrid),
  ])
  func times(choice: String, refusal: CommandRefusal) {
    var situation = Self.situation
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine, choice: SlotChoice(choice),
      channel: .kiosk, folioSeed: 7))
    #expect(situation.refusal() == refusal)
  }

  @Test("The first and the last slot, of the turno and of the horizon, can be held", arguments: [
    "C1 2026-11-23 08:00", "C1 2026-11-24 19:45", "C2 2026-11-24 10:45", "C2 2026-11-24 11:30", "C1 2026-12-21 09:00",
    "C5 2026-11-27 25:45",
  ])
  func edges(choice: String) {
    var situation = Self.situation
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine, choice: SlotChoice(choice),
      channel: .kiosk, folioSeed: 7))
    #expect(situation.refusal() == nil)
  }

  @Test("P07: 56 days after the baja a person can still book, on day 57 no more", arguments: [
    ("2026-11-24", nil as CommandRefusal?), ("2026-11-25", .rightsEndBefore(last: CivilDate(iso: "2026-11-24")!)),
  ])
  func rightsAfterBaja(date: String, refusal: CommandRefusal?) {
    var situation = Self.situation
    situation.scope.patient?.rights = Rights(state: .baja, date: CivilDate(iso: "2026-09-29")!)
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine, choice: SlotChoice("C1 \(date) 09:00"),
      channel: .kiosk, folioSeed: 7))
    #expect(situation.refusal() == refusal)
  }

  @Test("A trámite's desk asks for no rights")
  func deskWithoutRights() {
    var situation = Self.situation
    situation.scope.patient?.rights = Rights(state: .baja, date: nil)
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .clinicChange, choice: SlotChoice("V1 2026-11-24 09:00"),
      channel: .kiosk, folioSeed: 7))
    #expect(situation.refusal() == nil)
  }

  @Test("P13: who cannot climb stairs is held no slot on an upper floor, and any on the ground floor", arguments: [
    ("C3", CommandRefusal.notAccessible as CommandRefusal?), ("C2", nil),
  ])
  func stairs(resource: String, refusal: CommandRefusal?) {
    var situation = Self.situation
    situation.scope.patient?.needs = [Patient.noStairs]
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .familyMedicine,
      choice: SlotChoice("\(resource) 2026-11-24 09:00"), channel: .kiosk, folioSeed: 7))
    #expect(situation.refusal() == refusal)
  }

  @Test("After midnight a night turno meets the next day's agenda")
  func busyAcrossMidnight() {
    var situation = Self.situation
    situation.clinic.turnos.append(Turno(code: TurnoCode("madrugada"), name: "madrugada", hours: .hours(0, 6)))
    situation.clinic.resources[3].rules = [WeeklyRule(turno: TurnoCode("madrugada"), weekdays: [.saturday])]
    situation.scope.active = [.fixture(Slot("C5 2026-11-27 24:45"), folio: 3, turno: .nocturno)]
    situation.command = .hold(HoldSlot(
      actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .dentist, choice: SlotChoice("C4 2026-11-28 00:30"),
      channel: .kiosk, folioSeed: 7))
    #expect(situation.refusal() == .personBusy(.fixture(3)))
    situation.scope.active[0].slot = Slot("C5 2026-11-27 25:00")
    #expect(situation.refusal() == nil)
  }
}
