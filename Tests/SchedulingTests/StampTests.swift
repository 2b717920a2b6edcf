internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("What an appointment keeps free around itself, and with how many it shares its slot")
struct StampTests {
  /// The rules of one season: C1 gives two services of one person with their own times around, C4 a talk for several.
  static func rules(_ dentist: SlotStamp, _ family: SlotStamp, talk: SlotStamp) -> ClinicRules {
    .fixture { clinic in
      clinic.services = [.familyMedicine, .dentist, .clinicChange]
      clinic.services[0].stamp = family
      clinic.services[1].slotMinutes = 15
      clinic.services[1].stamp = dentist
      clinic.services[2].slotMinutes = 30
      clinic.services[2].bookableBy = Channel.allCases
      clinic.services[2].stamp = talk
      clinic.resources = [
        AgendaResource(id: .c(1), services: [.familyMedicine, .dentist], floor: 0, tags: [], rules: clinic.resources[0].rules),
        AgendaResource(id: .c(4), services: [.clinicChange], floor: 0, tags: [], rules: clinic.resources[0].rules),
      ]
    }
  }

  static let seasons = [
    rules(.exclusive, .exclusive, talk: .exclusive),
    rules(SlotStamp(before: 5, after: 20), SlotStamp(after: 10), talk: SlotStamp(after: 10, capacity: 3)),
    rules(SlotStamp(before: 30), SlotStamp(before: 15, after: 15), talk: SlotStamp(capacity: 5)),
    rules(SlotStamp(after: 15), .exclusive, talk: SlotStamp(before: 10, after: 10, capacity: 2)),
  ]

  static let day = CivilDate(iso: "2026-11-24")!

  /// What the rule says, in numbers: whether one more may stand beside those who do.
  static func fits(_ slot: Slot, _ stamp: SlotStamp, beside others: [Appointment]) -> Bool {
    func from(_ slot: Slot, _ stamp: SlotStamp) -> Int { slot.minutes.lowerBound.minutes - Int(stamp.before) }
    func to(_ slot: Slot, _ stamp: SlotStamp) -> Int { slot.minutes.upperBound.minutes + Int(stamp.after) }
    var strictest = Int(stamp.capacity)
    var people = 0
    for other in others where other.slot.resource == slot.resource {
      guard from(slot, stamp) < to(other.slot, other.stamp), from(other.slot, other.stamp) < to(slot, stamp) else { continue }
      guard other.slot.minutes == slot.minutes else { return false }
      people += 1
      strictest = min(strictest, Int(other.stamp.capacity))
    }
    return people < strictest
  }

  @Test("Whatever is booked, held and cancelled under rules that change, search, booking and index agree with the rule in numbers", arguments: UInt64(1)...12)
  func model(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    var rows: [Appointment] = []
    var rules = Self.seasons[0]
    var index = AgendaIndex(rules: rules, appointments: rows, today: rules.today(at: .fixture))
    var (shared, refused) = (0, 0)
    for step in 1...300 {
      if step.isMultiple(of: 40) {
        rules = chance.pick(Self.seasons)
        index = AgendaIndex(rules: rules, appointments: rows, today: rules.today(at: .fixture))
      }
      let standing = rows.filter { $0.occupies(at: .fixture) }
      if chance.below(4) == 0, !standing.isEmpty {
        let left = chance.pick(standing)
        let place = rows.firstIndex { $0.folio == left.folio }!
        rows[place].status = .cancelled
        rows[place].cancellation = .cannotCome
        rows[place].holdExpiresAt = nil
        index.apply([.replace(rows[place])])
        continue
      }
      let service = rules.clinic.service(chance.pick([.familyMedicine, .dentist, .clinicChange]))!
      let resource = rules.clinic.resources.first { $0.services.contains(service.code) }!.id
      // Search: exactly the slots that fit.
      let grid = rules.turnoAgendas(of: resource, on: Self.day).flatMap { rules.slots(of: $0) }
      let free = index.find(FindSlots(service: service.code, channel: .kiosk, date: Self.day, limit: 100), at: .fixture).map(\.slot)
      #expect(free == grid.filter { Self.fits($0, service.stamp, beside: standing) }, "step \(step)")
      let slot = chance.pick(grid)
      let person = Patient.fixture(Int64(1000 + step), nss: nil)
      let day = rows.filter { $0.slot.resource == resource && $0.status.occupiesSlot }
      let choice = slot.choice
      let command: SchedulingCommand = chance.below(3) == 0
        ? .hold(HoldSlot(actor: .person(person.id), patient: person.id, service: service.code, choice: choice, channel: .kiosk, folioSeed: 1))
        : .book(BookAppointment(actor: .person(person.id), patient: person.id, what: .slot(service.code, choice), channel: .kiosk, folioSeed: 1))
      let scope = CommandScope(actor: person, patient: person, day: day)
      let fits = Self.fits(slot, service.stamp, beside: standing)
      do throws(CommandRefusal) {
        let decision = try command.decide(in: scope, rules: rules, at: .fixture, folio: .fixture(UInt64(step)))
        guard case .appointment(let made) = decision.outcome else { Issue.record("no appointment"); return }
        #expect(fits && made.stamp == service.stamp && decision.changes == [.insert(made)], "step \(step): \(slot)")
        let beside = standing.filter { $0.slot == slot }.map(\.lane)
        #expect(!beside.contains(made.lane) && made.lane < Int(service.stamp.capacity) && !made.isBesideOthers)
        shared = max(shared, beside.count)
        rows.append(made)
        index.apply(decision.changes)
      } catch {
        refused += 1
        if case .slotTaken = error { #expect(!fits, "step \(step): \(slot)") } else { Issue.record("\(error)") }
      }
    }
    #expect(index == AgendaIndex(rules: rules, appointments: rows, today: rules.today(at: .fixture)))
    #expect(shared > 0 && refused > 0)
  }

  @Test("Of two that meet the stricter stamp holds, whichever came first; what is stamped stays so under other rules")
  func strictest() throws {
    var old = Appointment.fixture(Slot("C1 2026-11-24 09:00"), folio: 3, patient: Patient.dario.id)
    old.stamp = SlotStamp(before: 5, after: 20)
    func refusal(_ start: String, _ stamp: SlotStamp) -> CommandRefusal? {
      var situation = BookingSlotTests.situation
      situation.clinic.services[0].stamp = stamp
      situation.scope.day = [old]
      situation.command = .book(
        BookAppointment(
          actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .slot(.familyMedicine, SlotChoice("C1 2026-11-24 \(start)")),
          channel: .kiosk, folioSeed: 7))
      return situation.refusal()
    }
    // Its own cleaning keeps 09:15 and 09:30, its preparation 08:45; the rules of today have neither.
    for start in ["08:45", "09:00", "09:15", "09:30"] { #expect(refusal(start, .exclusive) == .slotTaken(by: old.folio), "\(start)") }
    for start in ["08:30", "09:45"] { #expect(refusal(start, .exclusive) == nil, "\(start)") }
    // What comes brings its own: no cleaning runs into another's preparation.
    #expect(refusal("08:30", SlotStamp(after: 10)) == nil)
    #expect(refusal("08:30", SlotStamp(after: 11)) == .slotTaken(by: old.folio))
    #expect(refusal("09:45", SlotStamp(before: 10)) == nil)
    #expect(refusal("09:45", SlotStamp(before: 11)) == .slotTaken(by: old.folio))
    // A talk for twelve does not open a slot that was given to one.
    #expect(refusal("09:00", SlotStamp(capacity: 12)) == .slotTaken(by: old.folio))
    old.stamp = SlotStamp(capacity: 2)
    #expect(refusal("09:00", .exclusive) == .slotTaken(by: old.folio))
    #expect(refusal("09:00", SlotStamp(capacity: 12)) == nil)
  }

  @Test("A walk-in takes no slot in another's cleaning while one is free; an emergency goes beside it; who leaves a talk leaves a seat to offer, who stood beside it none")
  func admitted() throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.services[0].stamp = SlotStamp(after: 15)
      clinic.waitlist = WaitlistPolicy(
        sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 30, maxAsks: 5, maxDays: 30, maxPerPatient: 2)
    }
    var first = Appointment.fixture(Slot("C1 2026-11-24 08:00"), folio: 3, patient: Patient.dario.id)
    first.stamp = SlotStamp(after: 15)
    let now = rules.zone.instant(of: Self.day, minute: AgendaMinute(text: "08:01")!)
    func admit(_ kind: AdmitPatient.Kind) throws -> Appointment? {
      let command = SchedulingCommand.admit(
        AdmitPatient(
          actor: .staff(StaffName("uid:7")!, .routine), patient: Patient.ana.id, service: .familyMedicine, at: SlotChoice("C1 2026-11-24 08:01"),
          kind: kind, folioSeed: 1))
      let scope = CommandScope(patient: .ana, day: [first])
      return try command.decide(in: scope, rules: rules, at: now, folio: .fixture(9)).outcome.appointment
    }
    let walkIn = try admit(.walkIn)
    #expect(walkIn?.slot == Slot("C1 2026-11-24 08:30") && walkIn?.lane == 0 && walkIn?.stamp == first.stamp)
    let emergency = try admit(.emergency)
    #expect(emergency?.slot == Slot("C1 2026-11-24 08:00") && emergency?.lane == 1)
    var seat = first
    seat.stamp = SlotStamp(capacity: 8)
    #expect(!rules.freeing(first, by: .cancellation, at: .fixture).isEmpty)
    for (lane, places) in [(0, 1), (7, 1), (8, 0), (Appointment.todaysLine(seat.folio), 0)] {
      seat.lane = lane
      #expect(rules.freeing(seat, by: .cancellation, at: .fixture).count == places, "lane \(lane)")
    }
  }

  @Test("A family is found slots with time between them, and booked so")
  func together() throws {
    let rules = ClinicRules.fixture { $0.services[0].stamp = SlotStamp(after: 10) }
    let index = AgendaIndex(rules: rules, appointments: [Appointment](), today: rules.today(at: .fixture))
    let query = FindSlots(service: .familyMedicine, channel: .kiosk, date: Self.day, resource: .c(1), limit: 2)
    let runs = index.findTogether(2, query, at: .fixture)
    #expect(runs.map { $0.map(\.slot.start.minutes) } == [[480, 510], [495, 525]])
    func book(_ starts: [String]) -> CommandRefusal? {
      let people = [Patient.ana, .carla]
      let members = zip(people, starts).map { BookTogether.Member(patient: $0.id, choice: SlotChoice("C1 2026-11-24 \($1)")) }
      let command = BookTogether(
        actor: .person(Patient.ana.id), service: .familyMedicine, members: members, channel: .kiosk, folioSeed: 1)
      var scope = CommandScope(actor: .ana)
      scope.members = people.map { CommandScope(actor: .ana, patient: $0) }
      do throws(CommandRefusal) {
        _ = try SchedulingCommand.together(command).decide(in: scope, rules: rules, at: .fixture, folio: .fixture(5))
        return nil
      } catch { return error }
    }
    #expect(book(["08:00", "08:30"]) == nil && book(["08:00", "08:15"]) == .notTogether)
  }
}
