internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Offering and taking what somebody left")
struct OfferingTests {
  static let slot = Slot("C1 2026-11-24 09:00")
  static let evening = Instant(iso: "2026-11-23T23:00:00Z")!

  static func place(_ state: FreedPlace.State = .offered) -> FreedPlace {
    FreedPlace(
      id: 7, slot: slot, service: .familyMedicine, turno: .matutino, source: .cancellation, channel: .kiosk, state: state, until: evening,
      freedAt: .fixture, changedAt: .fixture)
  }

  static func entry(_ number: Int64 = 3, displaced: Bool = false, asked: Int = 0) -> WaitlistEntry {
    WaitlistEntry(
      id: number, patient: Patient.ana.id, wish: WaitlistWish(services: [.familyMedicine], dates: slot.date...slot.date), reach: .inPerson,
      channel: .kiosk, isDisplaced: displaced, until: .latest, asked: asked, joinedAt: .fixture, changedAt: .fixture)
  }

  static func situation(_ command: WaitlistCommand, _ change: (inout Situation) -> Void = { _ in }) -> Situation {
    var situation = Situation(command: .waitlist(command))
    situation.clinic.waitlist = .standard
    situation.clinic.policy.maxActivePerHousehold = 2
    situation.scope.waitlist.place = place()
    situation.scope.kept = [KeptStretch(place(), by: situation.rules)]
    change(&situation)
    return situation
  }

  static let household = [
    Appointment.fixture(Slot("C2 2026-11-24 10:00"), folio: 54, patient: Patient.beto.id),
    .fixture(Slot("C2 2026-11-24 11:00"), folio: 55, patient: Patient.carla.id),
  ]

  /// The entry as it is after a round; `nil` when it was not asked.
  static func asked(_ entry: WaitlistEntry, household: [Appointment] = []) throws -> WaitlistEntry? {
    let situation = situation(.round(OfferRound(place: 7))) { situation in
      situation.scope.waitlist.candidates = [WaitlistCandidate(entry: entry, patient: .ana, active: [], household: household, isAsked: false)]
    }
    for case .waitlist(let after) in try situation.decide().changes { return after }
    return nil
  }

  @Test("Whoever was asked as often as the clinic asks anybody is asked no more, unless the clinic itself put them off")
  func maximum() throws {
    let most = WaitlistPolicy.standard.maxAsks
    #expect(try Self.asked(Self.entry(asked: most - 1))?.state == .asked)
    #expect(try Self.asked(Self.entry(asked: most)) == nil)
    for count in [most - 1, most, most + 20] {
      let after = try #require(try Self.asked(Self.entry(displaced: true, asked: count)))
      #expect((after.state, after.asked) == (.waiting, count + 1))
    }
  }

  @Test("A household that has as many as it may is offered nothing and takes nothing, unless the clinic itself put the person off")
  func household() throws {
    #expect(try Self.asked(Self.entry(), household: Self.household) == nil)
    #expect(try Self.asked(Self.entry(), household: [Self.household[0]]) != nil)
    #expect(try Self.asked(Self.entry(displaced: true), household: Self.household) != nil)
    for (displaced, refusal) in [(false, CommandRefusal.householdLimitReached(allowed: 2)), (true, nil)] {
      let taking = Self.situation(.take(TakePlace(
        actor: .person(Patient.ana.id), patient: nil, what: .offer(5), channel: .kiosk, folioSeed: 1))) { situation in
        situation.scope.household = Self.household
        situation.scope.waitlist.entries = [Self.entry(displaced: displaced)]
        let offer = SlotOffer(id: 5, place: 7, entry: 3, patient: Patient.ana.id, offeredAt: .fixture, expiresAt: Self.evening, changedAt: .fixture)
        (situation.scope.waitlist.offer, situation.scope.waitlist.offers) = (offer, [offer])
      }
      #expect(taking.command.needsHousehold)
      #expect(taking.refusal() == refusal)
    }
  }

  @Test("A kept place counts as one of the turno's until it is taken: with it the turno may be full, without it not")
  func cap() throws {
    func taking(load people: Int, kept: Bool = true) -> CommandRefusal? {
      Self.situation(.take(TakePlace(
        actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .place(7), channel: .kiosk, folioSeed: 1))) { situation in
        situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 5)]
        situation.scope.waitlist.place = Self.place(.forWalkIns)
        situation.scope.load.desk = people
        if !kept { situation.scope.kept = [] }
      }.refusal()
    }
    #expect(taking(load: 5) == nil)
    #expect(taking(load: 6) == .turnoFull(cap: 5))
    #expect(taking(load: 5, kept: false) == .turnoFull(cap: 5))
  }

  @Test("Once somebody was let in beyond the cap a kept place is offered to nobody")
  func fullTurno() throws {
    for (people, state) in [(5, FreedPlace.State.offered), (6, .released)] {
      let situation = Self.situation(.round(OfferRound(place: 7))) { situation in
        situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 5)]
        situation.scope.load.desk = people
        situation.scope.waitlist.candidates = [WaitlistCandidate(entry: Self.entry(), patient: .ana, active: [], isAsked: false)]
      }
      guard case .place(let place) = try situation.decide().outcome else { return #expect(Bool(false), "a place") }
      #expect(place.state == state)
    }
  }

  @Test("A closure that is lifted frees no more places than the turno's cap has room for, the first ones", arguments: [
    (17, ["08:00", "08:15", "08:30"]), (19, ["08:00"]), (20, []), (25, []),
  ])
  func reopened(load: Int, freed: [String]) throws {
    var situation = Situation(command: .closure(.reopen(ReopenAgenda(actor: LifeTests.staff, block: 1))))
    situation.clinic.waitlist = .standard
    situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 20)]
    let whole = Slot(resource: .c(1), date: Self.slot.date, minutes: .hours(8, 9))
    situation.scope.waitlist.block = AgendaBlock(id: 1, slot: whole, createdAt: .fixture)
    situation.scope.waitlist.loads = [.matutino: TurnoLoad(desk: load)]
    let places = try situation.decide().changes.compactMap { change in if case .freed(let place) = change { place.slot.start.description } else { nil } }
    #expect(places == freed)
  }

  @Test("A closure that is lifted frees no two places of which only one could be taken, and of a slot that several share each free seat", arguments: [
    (SlotStamp(after: 15), ["08:00", "08:30"]), (SlotStamp(before: 20, after: 20), ["08:00"]), (SlotStamp(before: 10), ["08:00", "08:30"]),
    (SlotStamp(capacity: 3), ["08:00", "08:15", "08:15", "08:15", "08:30", "08:30", "08:30", "08:45", "08:45"]),
  ])
  func reopened(stamp: SlotStamp, freed: [String]) throws {
    var situation = Situation(command: .closure(.reopen(ReopenAgenda(actor: LifeTests.staff, block: 1))))
    situation.clinic.waitlist = .standard
    situation.clinic.services[0].stamp = stamp
    let whole = Slot(resource: .c(1), date: Self.slot.date, minutes: .hours(8, 9))
    let block = AgendaBlock(id: 1, slot: whole, createdAt: .fixture)
    situation.scope.waitlist.block = block
    situation.scope.kept = [KeptStretch(block)]
    situation.scope.waitlist.loads = [.matutino: TurnoLoad()]
    // Two of the first talk stayed; a seat of the last one is kept for somebody else.
    if stamp.capacity > 1 {
      situation.scope.day = (0...1).map { lane in
        var one = Appointment.fixture(Slot("C1 2026-11-24 08:00"), folio: UInt64(60 + lane), patient: Patient.dario.id)
        (one.lane, one.stamp) = (lane, stamp)
        return one
      }
      var other = Self.place()
      (other.id, other.slot) = (8, Slot("C1 2026-11-24 08:45"))
      situation.scope.kept.append(KeptStretch(other, by: situation.rules))
    } else {
      // Behind the closure, within the last slot's cleaning.
      var next = Appointment.fixture(Slot("C1 2026-11-24 09:00"), folio: 60, patient: Patient.dario.id)
      next.stamp = stamp
      situation.scope.day = [next]
    }
    let places = try situation.decide().changes.compactMap { change in if case .freed(let place) = change { place } else { nil } }
    #expect(places.map(\.slot.start.description) == freed)
    #expect(Set(places.map(\.id)).count == places.count && places.allSatisfy { $0.id < 100_000_000_000 })
  }

  @Test("Seats that are kept in a talk leave the others free: one more is booked while there is room beside them, and each seat is one person's")
  func seats() throws {
    var situation = BookingSlotTests.situation
    situation.clinic.services[0].stamp = SlotStamp(after: 10, capacity: 3)
    let talk = Slot("C1 2026-11-24 09:00")
    func kept(_ id: Int64, _ slot: Slot = talk) -> KeptStretch {
      var place = Self.place()
      (place.id, place.slot) = (id, slot)
      return KeptStretch(place, by: situation.rules)
    }
    situation.command = .book(
      BookAppointment(
        actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .slot(.familyMedicine, talk.choice), channel: .kiosk, folioSeed: 7))
    func refusal(_ stretches: [KeptStretch], people: Int) -> CommandRefusal? {
      var one = situation
      one.scope.kept = stretches
      one.scope.day = (0..<people).map { lane in
        var other = Appointment.fixture(talk, folio: UInt64(70 + lane), patient: Patient.dario.id)
        (other.lane, other.stamp) = (lane, SlotStamp(after: 10, capacity: 3))
        return other
      }
      return one.refusal()
    }
    func isFound(_ stretches: [KeptStretch]) -> Bool {
      let index = AgendaIndex(rules: situation.rules, appointments: [Appointment](), kept: stretches, today: situation.rules.today(at: .fixture))
      return index.find(FindSlots(service: .familyMedicine, channel: .kiosk, date: talk.date, resource: .c(1), limit: 100), at: .fixture)
        .contains { $0.slot == talk }
    }
    #expect(refusal([kept(1)], people: 0) == nil && refusal([kept(1)], people: 1) == nil && refusal([kept(1), kept(2)], people: 0) == nil)
    #expect(refusal([kept(1)], people: 2) == .slotOffered(until: Self.evening))
    #expect(refusal([kept(1), kept(2)], people: 1) == .slotOffered(until: Self.evening))
    #expect(isFound([kept(1), kept(2)]) && !isFound([kept(1), kept(2), kept(3)]))
    // The talk before is cleaned up after: its seat keeps what would run into it.
    let before = kept(1, Slot("C1 2026-11-24 08:45"))
    #expect(refusal([before], people: 0) == .slotOffered(until: Self.evening) && !isFound([before]))
  }
}

extension SchedulingCommand {
  fileprivate var needsHousehold: Bool { if case .waitlist(let waitlist) = self { Command.waitlist(waitlist).needs.household } else { false } }
}
