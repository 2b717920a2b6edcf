internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Booking for a family in one step")
struct BookingTogetherTests {
  /// Ana for herself, Carla and Beto, who consents: 09:00, 09:15 and 09:30 with C1.
  static func situation(_ slots: [String] = ["C1 2026-11-24 09:00", "C1 2026-11-24 09:15", "C1 2026-11-24 09:30"]) -> Situation {
    let people = [Patient.ana, .carla, .beto]
    var situation = Situation(
      command: .together(
        BookTogether(
          actor: .person(Patient.ana.id), service: .familyMedicine,
          members: zip(people, slots).map { BookTogether.Member(patient: $0.id, choice: SlotChoice($1)) }, channel: .kiosk, folioSeed: 0)))
    situation.scope.members = people.prefix(slots.count).map { CommandScope(actor: .ana, patient: $0, consent: $0.id == Patient.beto.id) }
    return situation
  }

  @Test("Each gets an appointment of their own, with a folio of their own, in their order")
  func granted() throws {
    let decision = try Self.situation().decide()
    guard case .appointments(let made) = decision.outcome else { return #expect(Bool(false)) }
    #expect(made.map(\.patient) == [Patient.ana.id, Patient.carla.id, Patient.beto.id])
    #expect(made.map(\.slot) == [Slot("C1 2026-11-24 09:00"), Slot("C1 2026-11-24 09:15"), Slot("C1 2026-11-24 09:30")])
    #expect(made.map(\.folio) == (0..<3).map { Situation.candidate.following($0) })
    #expect(Set(made.map(\.folio)).count == 3)
    #expect(decision.changes == made.map { .insert($0) })
  }

  @Test("One who cannot have their slot leaves all of them without", arguments: [
    Spoiler(.notAllowed) { $0.scope.members[2].consent = false },
    Spoiler(.notTogether) { situation in
      // Who may act for anyone books for a household all the same.
      situation.command = .together(BookTogether(situation.command) { $0.actor = .staff(StaffName("desk")!, .askedInPerson) })
      situation.scope.members[1].patient?.nss = nil
    },
    Spoiler(.notTogether) { $0.command = .together(BookTogether($0.command) { $0.members[1] = $0.members[0] }) },
    Spoiler(.notTogether) { $0.command = .together(BookTogether($0.command) { $0.members[1].choice = SlotChoice("C1 2026-11-24 10:00") }) },
    Spoiler(.notTogether) { $0.command = .together(BookTogether($0.command) { $0.members[2].choice = SlotChoice("C2 2026-11-24 09:30") }) },
    Spoiler(.rightsEndBefore(last: nil)) { $0.scope.members[1].patient?.rights = Rights(state: .baja, date: nil) },
    Spoiler(.limitReached(allowed: 1)) { $0.scope.members[2].active = [.fixture(Slot("C2 2026-12-01 09:00"), folio: 51, patient: Patient.beto.id)] },
    Spoiler(.personBusy(.fixture(52))) { situation in
      situation.scope.members[2].active = [.fixture(Slot("C4 2026-11-24 09:30", minutes: 30), folio: 52, patient: Patient.beto.id, service: .dentist)]
    },
    Spoiler(.slotTaken(by: .fixture(53))) { $0.scope.members[2].day = [.fixture(Slot("C1 2026-11-24 09:30"), folio: 53, patient: Patient.dario.id)] },
  ])
  func refused(spoiler: Spoiler) {
    #expect(Self.situation().after([spoiler]).refusal() == spoiler.refusal)
  }

  @Test("The last of them sees what the others have just taken: the cap and the household's limit hold for all")
  func countedTogether() {
    var situation = Self.situation()
    situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 10)]
    for place in 0..<3 { situation.scope.members[place].load.kiosk = 7 }
    #expect(situation.refusal() == nil)
    for place in 0..<3 { situation.scope.members[place].load.kiosk = 8 }
    #expect(situation.refusal() == .turnoFull(cap: 10))
    situation = Self.situation()
    situation.clinic.policy.maxActivePerHousehold = 3
    #expect(situation.refusal() == nil)
    situation.clinic.policy.maxActivePerHousehold = 2
    #expect(situation.refusal() == .householdLimitReached(allowed: 2))
  }

  @Test("Two turnos that touch are not one, and a service that needs further agendas is booked one by one")
  func oneTurno() {
    #expect(Self.situation(["C1 2026-11-24 13:45", "C1 2026-11-24 14:00"]).refusal() == .notTogether)
    var situation = Self.situation()
    situation.clinic.services[0].companions = [CompanionRole(code: "x", name: "x", resources: [.c(2)])]
    #expect(situation.refusal() == .serviceNotOffered)
  }

  @Test("A search finds runs in one turno, the first one's own doctor first, and none in which somebody is elsewhere")
  func finding() {
    let rules = ClinicRules.fixture()
    let busy = Appointment.fixture(Slot("C4 2026-11-24 09:00", minutes: 30), folio: 9, patient: Patient.beto.id, service: .dentist)
    let taken = [Appointment.fixture(Slot("C1 2026-11-24 08:15"), folio: 8, patient: Patient.dario.id)]
    let index = AgendaIndex(rules: rules, appointments: taken + [busy], today: .fixture)
    let people = PersonView(together: [PersonView(.ana), PersonView(.carla), PersonView(.beto, active: [busy])])
    let query = FindSlots(service: .familyMedicine, person: people, channel: .kiosk, date: .fixture.advanced(by: 1), limit: 100)
    let runs = index.findTogether(3, query, at: .fixture)
    #expect(runs.allSatisfy { run in
      run.count == 3 && Set(run.map(\.slot.resource)).count == 1 && Set(run.map(\.turno)).count == 1
        && zip(run, run.dropFirst()).allSatisfy { $0.slot.minutes.upperBound == $1.slot.start }
        && !run.contains { $0.slot.overlapsNine }
    })
    #expect(runs.first?.map(\.slot) == [Slot("C1 2026-11-24 09:30"), Slot("C1 2026-11-24 09:45"), Slot("C1 2026-11-24 10:00")])
    #expect(runs.first?.map(\.ownDoctor) == [true, true, true])
    // C1's morning from 9:30: 18 slots give 16 runs, and all of the others are behind them.
    #expect(runs.prefix { $0[0].ownDoctor }.count == 16)
    #expect(runs.contains { $0[0].slot == Slot("C1 2026-11-24 13:45") } == false)
  }
}

extension Slot {
  /// Whether it touches the hour of 9:00 to 9:30.
  fileprivate var overlapsNine: Bool { minutes.overlaps(AgendaMinute(minutes: 540)!..<AgendaMinute(minutes: 570)!) }
}

extension BookTogether {
  fileprivate init(_ command: SchedulingCommand, _ change: (inout BookTogether) -> Void) {
    guard case .together(var together) = command else { preconditionFailure("not together") }
    change(&together)
    self = together
  }
}
