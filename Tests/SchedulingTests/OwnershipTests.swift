internal import ClinicDomain
internal import KioskTestSupport
@testable internal import Scheduling
internal import Testing

@Suite("Hours that another system gives")
struct OwnershipTests {
  @Test("The first rule that names an agenda, a weekday and a minute holds; what none names is ours")
  func firstRule() {
    let owners = [
      OwnershipRule(.ventanilla, resources: [.c(1)], weekdays: [.monday], hours: .hours(9, 10)),
      OwnershipRule(.externa, resources: [.c(1), .c(2)], weekdays: [.monday, .tuesday], hours: .hours(8, 14)),
      OwnershipRule(.externa, resources: [.c(1)], weekdays: [.monday], hours: .hours(13, 15)),
    ]
    #expect(owners.external(.c(1), on: .monday) == [.hours(8, 9), .hours(10, 14), .hours(14, 15)])
    #expect(owners.external(.c(2), on: .tuesday) == [.hours(8, 14)])
    #expect(owners.external(.c(1), on: .friday).isEmpty && owners.external(.c(3), on: .monday).isEmpty)
  }

  @Test("Under any ownership no search shows, and no hold, booking, change of date, offer or admission takes, what is not ours", arguments: 1...12)
  func neverGiven(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var clinic = Clinic.fixture()
    clinic.owners = (0..<(1 + chance.below(4))).map { _ in
      let first = 8 * 60 + 5 * chance.below(200)
      return OwnershipRule(
        chance.pick(weighted: [(AgendaOwner.externa, 3), (.ventanilla, 1)]), resources: [.c(1), .c(2), .c(5)].filter { _ in chance.chance(2, in: 3) },
        weekdays: Weekday.allCases.filter { _ in chance.chance(2, in: 3) },
        hours: AgendaMinute(minutes: first)!..<AgendaMinute(minutes: first + 5 + 5 * chance.below(90))!)
    }
    let rules = ClinicRules(clinic: clinic, zone: .mexicoCity)
    let index = AgendaIndex(rules: rules, appointments: [], today: .fixture)
    let query = FindSlots(service: .familyMedicine, channel: .kiosk, limit: 100_000)
    let shown = Set(index.find(query, at: .fixture).map(\.slot))
    var (theirs, ours) = (0, 0)
    for date in CivilDate.fixture.advanced(by: 1)...CivilDate.fixture.advanced(by: 7) {
      for resource in [ResourceID.c(1), .c(2), .c(5)] {
        for agenda in rules.turnoAgendas(of: resource, on: date) {
          for slot in agenda.grid {
            let isTheirs = Self.isExternal(slot, clinic.owners)
            if isTheirs { theirs += 1 } else { ours += 1 }
            #expect(shown.contains(slot) == !isTheirs && rules.isExternal(slot) == isTheirs)
            let refusal: CommandRefusal? = isTheirs ? .externalAgenda : nil
            for situation in Self.situations(slot, agenda.turno, clinic) { #expect(situation.refusal() == refusal, "\(situation.command)") }
          }
        }
      }
    }
    #expect(ours > 0 && theirs + ours > 100)
  }

  @Test("A walk-in and an emergency have the next slot of ours; in a turno that has none left both are refused", arguments: AdmitPatient.Kind.allCases)
  func admitted(kind: AdmitPatient.Kind) {
    let command = AdmitPatient(
      actor: .staff(StaffName("mostrador")!, .routine), patient: Patient.ana.id, service: .familyMedicine, at: SlotChoice("C1 2026-11-24 09:00"),
      kind: kind, folioSeed: 0)
    var situation = Situation(command: .admit(command), now: Instant(iso: "2026-11-24T15:00:00Z")!)
    situation.clinic.owners = [OwnershipRule(.externa, resources: [.c(1)], hours: .hours(8, 10))]
    guard case .appointment(let seen)? = try? situation.decide().outcome else { Issue.record("refused"); return }
    #expect(seen.slot == Slot("C1 2026-11-24 10:00"))
    situation.clinic.owners = [OwnershipRule(.externa, resources: [.c(1)])]
    #expect(situation.refusal() == .externalAgenda)
  }

  @Test("What another system gave counts as people under the cap, and in no channel's share")
  func load() {
    let rules = ClinicRules.fixture { clinic in
      clinic.owners = [OwnershipRule(.externa, resources: [.c(1)], hours: .hours(8, 10))]
      clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 2)]
    }
    let index = AgendaIndex(
      rules: rules, appointments: [.fixture(Slot("C1 2026-11-24 08:15")), .fixture(Slot("C1 2026-11-24 10:00"), folio: 2)], today: .fixture)
    #expect(index.load(at: SlotChoice("C1 2026-11-24 11:00"), now: .fixture) == TurnoLoad(kiosk: 1, external: 1))
    let found = index.find(FindSlots(service: .familyMedicine, channel: .kiosk, date: CivilDate(iso: "2026-11-24")!, resource: .c(1), limit: 100), at: .fixture)
    #expect(found.allSatisfy { $0.turno == .vespertino } && !found.isEmpty)
  }

  @Test("A slot that is not ours is offered to nobody who waits when it is left")
  func leftAlone() {
    let appointment = Appointment.fixture(Slot("C1 2026-11-24 08:15"))
    func freed(_ owners: [OwnershipRule]) -> Int {
      ClinicRules.fixture { clinic in
        clinic.owners = owners
        clinic.waitlist = WaitlistPolicy(
          sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 30, maxAsks: 10, maxDays: 30, maxPerPatient: 2)
      }.freeing(appointment, by: .cancellation, at: .fixture).count
    }
    #expect(freed([]) == 1 && freed([OwnershipRule(.externa, resources: [.c(1)])]) == 0)
  }

  /// Minute by minute.
  private static func isExternal(_ slot: Slot, _ owners: [OwnershipRule]) -> Bool {
    (slot.minutes.lowerBound.minutes..<slot.minutes.upperBound.minutes).contains { minute in
      owners.first {
        $0.resources.contains(slot.resource) && $0.weekdays.contains(slot.date.weekday) && $0.hours.contains(AgendaMinute(minutes: minute)!)
      }?.owner == .externa
    }
  }

  /// Everything that could reserve a slot for Ana, who has nothing else.
  private static func situations(_ slot: Slot, _ turno: TurnoCode, _ clinic: Clinic) -> [Situation] {
    let ana = Actor.person(Patient.ana.id)
    let hold = HoldSlot(
      actor: ana, patient: Patient.ana.id, service: .familyMedicine, choice: slot.choice, channel: .kiosk, folioSeed: 0)
    let book = BookAppointment(
      actor: ana, patient: Patient.ana.id, what: .slot(.familyMedicine, slot.choice), channel: .phone, folioSeed: 0)
    let held = BookAppointment(actor: ana, patient: Patient.ana.id, what: .hold(.fixture(1)), channel: .kiosk, folioSeed: 0)
    let move = LifeCommand(actor: ana, folio: .fixture(2), step: .reschedule(slot.choice, folioSeed: 0), channel: .desk)
    let take = TakePlace(actor: ana, patient: Patient.ana.id, what: .place(7), channel: .kiosk, folioSeed: 0)
    var situations = [
      Situation(command: .hold(hold)), Situation(command: .book(book)), Situation(command: .book(held)), Situation(command: .life(move)),
      Situation(command: .waitlist(.take(take))),
    ]
    situations[2].scope.named = .fixture(slot, turno: turno, holdExpiresAt: Instant.fixture.adding(seconds: 60))
    situations[3].scope.named = .fixture(Slot("C3 2026-12-08 09:00"), folio: 2)
    situations[4].scope.waitlist.place = FreedPlace(
      id: 7, slot: slot, service: .familyMedicine, turno: turno, source: .cancellation, channel: .kiosk, state: .forWalkIns,
      until: Instant.fixture.adding(seconds: 300), freedAt: .fixture, changedAt: .fixture)
    for place in situations.indices { situations[place].clinic = clinic }
    return situations
  }
}
