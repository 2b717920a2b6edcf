internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Asking for a visit at home")
struct RequestingHomeVisitTests {
  /// Ana, whose own doctor is C1 in the morning, on Tuesday at 09:00 with P1.
  static func situation(_ slot: String = "P1 2026-11-24 09:00", _ form: HomeVisitForm = .fixture()) -> Situation {
    Situation(
      clinic: ClinicRules.homeVisits().clinic,
      command: .homeVisit(
        RequestHomeVisit(
          actor: .person(Patient.ana.id), patient: Patient.ana.id, form: form, choice: SlotChoice(slot), channel: .kiosk, folioSeed: 0)))
  }

  @Test("What the request leaves out is taken from the person's record, and what it says wins")
  func completed() throws {
    let decision = try Self.situation().decide()
    guard case .appointment(let made) = decision.outcome else { return #expect(Bool(false)) }
    #expect(made.slot == Slot("P1 2026-11-24 09:00", minutes: 60) && made.status == .booked && made.service == .homeVisit)
    let visit = HomeVisit(
      appointment: made.folio, date: CivilDate(iso: "2026-11-24")!, zone: "norte", address: HomeVisitForm.fixture().address,
      phone: PhoneNumber("5512345678")!, applicant: "Hija De Ejemplo", kinship: "hija", consultorio: .c(1), turno: .matutino,
      changedAt: .fixture)
    #expect(decision.changes == [.insert(made), .homeVisit(visit)])
    var situation = Self.situation("P1 2026-11-24 09:00", .fixture(phone: nil, consultorio: .c(2), turno: .vespertino))
    situation.scope.patient?.phone = PhoneNumber("5598765432")
    guard case .homeVisit(let other)? = try situation.decide().changes.last else { return #expect(Bool(false)) }
    #expect(other.consultorio == .c(2) && other.turno == .vespertino && other.phone == PhoneNumber("5598765432"))
  }

  @Test("Each refusal", arguments: [
    Spoiler(.notAllowed) { $0.scope.actor = .dario },
    Spoiler(.serviceNotOffered) { $0.clinic.homeVisits = nil },
    Spoiler(.homeVisit(.missing(.consultorio))) { $0.scope.patient?.consultorio = nil },
    Spoiler(.homeVisit(.missing(.turno))) { $0.scope.patient?.turno = nil },
    Spoiler(.homeVisit(.missing(.phone))) { $0 = RequestingHomeVisitTests.situation("P1 2026-11-24 09:00", .fixture(phone: nil)) },
    Spoiler(.homeVisit(.unknown(.consultorio))) { $0 = RequestingHomeVisitTests.situation("P1 2026-11-24 09:00", .fixture(consultorio: .c(77))) },
    Spoiler(.homeVisit(.unknown(.turno))) { $0 = RequestingHomeVisitTests.situation("P1 2026-11-24 09:00", .fixture(turno: TurnoCode("otro"))) },
    Spoiler(.homeVisit(.noZone)) { $0 = RequestingHomeVisitTests.situation("P1 2026-11-24 09:00", .fixture(postalCode: "06000")) },
    Spoiler(.rightsEndBefore(last: nil)) { $0.scope.patient?.rights = Rights(state: .baja, date: nil) },
    Spoiler(.limitReached(allowed: 1)) {
      $0.scope.active = [.fixture(Slot("P2 2026-11-30 09:00", minutes: 60), folio: 51, service: .homeVisit)]
    },
    Spoiler(.slotTaken(by: .fixture(52))) {
      $0.scope.day = [.fixture(Slot("P1 2026-11-24 09:00", minutes: 60), folio: 52, patient: Patient.dario.id, service: .homeVisit)]
    },
    // Thursday is nobody's day, and P3 does not go north.
    Spoiler(.homeVisit(.notVisited(zone: "norte"))) { $0 = RequestingHomeVisitTests.situation("P1 2026-11-26 09:00") },
    Spoiler(.homeVisit(.notVisited(zone: "norte"))) { $0 = RequestingHomeVisitTests.situation("P3 2026-11-24 09:00") },
    Spoiler(.homeVisit(.zoneFull(cap: 3))) { $0.scope.home.days = [HomeVisitDay(date: CivilDate(iso: "2026-11-24")!, visits: 3)] },
    // Friday's night turno begins at 18:00; of it 19:00 would do, 20:00 not.
    Spoiler(.homeVisit(.outsideHours)) { $0 = RequestingHomeVisitTests.situation("P3 2026-11-27 20:00", .fixture(postalCode: "14000")) },
  ])
  func refused(spoiler: Spoiler) { #expect(Self.situation().after([spoiler]).refusal() == spoiler.refusal) }

  @Test("A visit that is over by 20:00 is within the hours")
  func lastHour() { #expect(Self.situation("P3 2026-11-27 19:00", .fixture(postalCode: "14000")).refusal() == nil) }

  @Test("Nothing else makes a visit: it would have no address")
  func withoutAddress() {
    let choice = SlotChoice("P1 2026-11-24 09:00")
    for command in [
      SchedulingCommand.hold(HoldSlot(actor: .person(Patient.ana.id), patient: Patient.ana.id, service: .homeVisit, choice: choice, channel: .kiosk, folioSeed: 0)),
      .book(BookAppointment(actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .slot(.homeVisit, choice), channel: .kiosk, folioSeed: 0)),
      .override(OverrideCap(actor: .staff(StaffName("desk")!, .medicalPriority), patient: Patient.ana.id, service: .homeVisit, choice: choice, folioSeed: 0)),
    ] {
      var situation = Self.situation()
      situation.command = command
      #expect(situation.refusal() == .serviceNotOffered)
    }
  }

  @Test("A change of date takes the home along, is judged by its zone, and is not in its own way")
  func rescheduled() throws {
    let old = Appointment.fixture(Slot("P1 2026-11-24 09:00", minutes: 60), folio: 60, service: .homeVisit)
    var situation = Self.situation()
    guard case .homeVisit(var visit)? = try situation.decide().changes.last else { return #expect(Bool(false)) }
    visit.appointment = old.folio
    situation.scope = CommandScope(actor: .ana, patient: .ana, named: old, active: [old], day: [])
    situation.scope.home = HomeVisitScope(visit: visit, days: [HomeVisitDay(date: visit.date, visits: 3)])
    func move(_ slot: String) -> Situation {
      var moved = situation
      moved.command = .life(
        LifeCommand(actor: .person(Patient.ana.id), folio: old.folio, step: .reschedule(SlotChoice(slot), folioSeed: 0), channel: .kiosk))
      return moved
    }
    // The same full day: its own place goes with it.
    let decision = try move("P2 2026-11-24 10:00").decide()
    guard case .appointment(let new) = decision.outcome else { return #expect(Bool(false)) }
    #expect(decision.changes.last == .homeVisit(visit.moved(to: new)) && new.replaces == old.folio)
    #expect(move("P1 2026-11-26 10:00").refusal() == .homeVisit(.notVisited(zone: "norte")))
    situation.scope.home.days.append(HomeVisitDay(date: CivilDate(iso: "2026-11-30")!, visits: 3))
    #expect(move("P1 2026-11-30 10:00").refusal() == .homeVisit(.zoneFull(cap: 3)))
  }

  @Test("A search shows only what can be asked for: the zone's days and professionals, within the hours, none of a full date")
  func search() {
    let rules = ClinicRules.homeVisits()
    let index = AgendaIndex(rules: rules, appointments: [], today: .fixture)
    func found(_ zone: String, _ days: [HomeVisitDay] = []) -> [String] {
      index.find(FindHomeVisits(zone: zone, person: PersonView(.ana), channel: .kiosk, limit: 200), days: days, at: .fixture)
        .map { "\($0.slot.resource) \($0.slot.date) \($0.slot.start)" }
    }
    let north = found("norte")
    #expect(north.prefix(3) == ["P1 2026-11-23 08:00", "P2 2026-11-23 08:00", "P1 2026-11-23 09:00"])
    #expect(Set(north.map { $0.split(separator: " ")[1] }.map { CivilDate(iso: String($0))!.weekday }) == [.monday, .tuesday])
    let monday = HomeVisitDay(date: .fixture, visits: 3)
    #expect(found("norte", [monday]).first == "P1 2026-11-24 08:00")
    let south = found("sur")
    #expect(south.contains("P3 2026-11-27 19:00") && !south.contains("P3 2026-11-27 20:00"))
    #expect(!south.contains { $0.hasPrefix("P1") })
  }
}
