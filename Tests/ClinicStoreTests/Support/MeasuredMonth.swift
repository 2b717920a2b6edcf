import ClinicDomain
import KioskTestSupport
import Scheduling

@testable import ClinicStore

/// Three weeks of a small clinic that a seed makes up: bookings, changes, absences, closures, walk-ins and freed places, all through the
/// store's own commands; and what the agenda showed at each midnight.
struct MeasuredMonth {
  static let days = 21
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)

  /// Three consultorios of twelve slots, Sundays free: one as it is, one with a cap, one whose places open three days ahead at seven.
  static let rules = ClinicRules.fixture { clinic in
    clinic.waitlist = WaitlistPolicy(
      sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 60, maxAsks: 50, maxDays: 30, maxPerPatient: 5)
    clinic.turnos = [Turno(code: .matutino, name: "matutino", hours: .hours(8, 11))]
    clinic.policy.horizonDays = 8
    clinic.policy.maxActivePerPatient = 50
    for place in clinic.services.indices { clinic.services[place].maxActivePerPatient = 50 }
    let weekdays = Weekday.allCases.filter { $0 != .sunday }
    clinic.resources = (1...3).map {
      AgendaResource(
        id: .c($0), services: [.familyMedicine], floor: 0, tags: [], rules: [WeeklyRule(turno: .matutino, weekdays: weekdays)])
    }
    clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(2)]), places: 9)]
    clinic.capacity.releases = [
      ReleaseRule(scope: TurnoScope(resources: [.c(3)]), daysAhead: 3, first: AgendaMinute(minutes: 420)!, stepMinutes: 0)
    ]
  }

  /// All ages; most speak Spanish, seven Maya, three Náhuatl.
  static let people: [Patient] = (1...36).map { number in
    let born = ["2019-01-05", "2012-06-30", "1985-04-30", "1990-02-28", "1950-12-24"][number % 5]
    var person = Patient.fixture(Int64(number), nss: nil, born: born, consultorio: nil, turno: nil)
    person.language = number <= 3 ? "nah" : number <= 10 ? "yua" : "es"
    return person
  }

  let core: StoreCore
  private(set) var now: Instant
  /// By resource, the days to the third slot that could be booked, for each midnight of the weeks.
  private(set) var shown: [[Int?]] = [[], [], []]
  private var chance: SeededGenerator
  private var seed: UInt64 = 0
  private let busyness: Int

  init(seed: UInt64, in folder: TemporaryFolder) throws {
    chance = SeededGenerator(seed: seed)
    busyness = Int(seed % 3) + 2
    now = Self.rules.zone.instant(of: .fixture, minute: .midnight)
    core = try StoreCore.open(folder, rules: Self.rules, at: now)
    _ = try core.apply([.people(Self.people)], at: now)
    for day in 0..<Self.days {
      let date = CivilDate.fixture.advanced(by: day)
      now = Self.rules.zone.instant(of: date, minute: .midnight)
      // The batch's date moves the index on, and no place is left that somebody should have given up.
      let rounds = try core.keptPlaces().map { Command.waitlist(.round(OfferRound(place: $0))) }
      _ = try core.apply(rounds.map { StoreCommand(requestID: nil, digest: [], command: $0, encodeReply: { _ in [] }) }, at: now)
      for resource in 1...3 { shown[resource - 1].append(thirdShown(.c(resource), on: date)) }
      for minute in stride(from: 430, through: 680, by: 10) {
        now = Self.rules.zone.instant(of: date, minute: AgendaMinute(minutes: minute)!).adding(milliseconds: Int64(chance.below(500_000)))
        for _ in 0..<chance.below(busyness + 1) { try step() }
      }
    }
  }

  private func thirdShown(_ resource: ResourceID, on today: CivilDate) -> Int? {
    var found = 0
    for ahead in 0...Self.rules.clinic.policy.horizonDays {
      let date = today.advanced(by: ahead)
      let free = core.index.find(
        FindSlots(service: .familyMedicine, channel: .desk, date: date, resource: resource, limit: 100), at: now).map(\.slot)
      guard let first = free.first else { continue }
      let load = core.index.load(at: first.choice, now: now).total
      found += resource == .c(2) ? min(free.count, 9 - load) : free.count
      if found >= 3 { return ahead }
    }
    return nil
  }

  private mutating func step() throws {
    seed += 1
    let command = StoreCommand(requestID: nil, digest: [], command: try next(), encodeReply: { _ in [] })
    _ = try core.apply(command, at: now)
  }

  private mutating func next() throws -> Command {
    let person = chance.pick(Self.people).id
    let channel = chance.pick([Channel.kiosk, .kiosk, .phone, .desk])
    let resource = ResourceID.c(chance.within(1...3))
    let today = Self.rules.today(at: now)
    let choice = SlotChoice(
      resource: resource, date: today.advanced(by: chance.below(9)), start: AgendaMinute(minutes: 480 + 15 * chance.below(12))!)
    let staff = MeasuredMonth.staff
    let booking = Command.book(
      BookAppointment(
        actor: .person(person), patient: person, what: .slot(.familyMedicine, choice), channel: channel, folioSeed: seed << 40))
    let booked = try core.allAppointments().filter { $0.status == .booked }
    let ofToday = booked.filter { $0.slot.date == today }
    switch chance.below(20) {
    case 0..<8: return booking
    case 8..<10:
      guard !booked.isEmpty else { return booking }
      return .cancel(
        CancelAppointment(
          actor: staff, folio: chance.pick(booked).folio, reason: chance.pick([.cannotCome, .notNeeded, .clinic]), channel: .desk))
    case 10..<12:
      guard !booked.isEmpty else { return booking }
      return .life(
        LifeCommand(actor: staff, folio: chance.pick(booked).folio, step: .reschedule(choice, folioSeed: seed << 40), channel: channel))
    case 12..<17:
      guard !ofToday.isEmpty else { return booking }
      let step = chance.pick([LifeCommand.Step.checkIn, .attend, .attend, .miss, .miss, .free, .undo])
      return .life(LifeCommand(actor: staff, folio: chance.pick(ofToday).folio, step: step, channel: .desk))
    case 17:
      return .admit(
        AdmitPatient(
          actor: staff, patient: person, service: .familyMedicine,
          at: SlotChoice(resource: resource, date: today, start: Self.rules.zone.local(of: now).minute),
          kind: chance.pick(AdmitPatient.Kind.allCases), folioSeed: seed << 40))
    case 18:
      let places = try core.keptPlaces()
      guard !places.isEmpty else { return booking }
      return chance.chance(1, in: 2)
        ? .waitlist(.round(OfferRound(place: chance.pick(places))))
        : .waitlist(
          .take(TakePlace(actor: .person(person), patient: person, what: .place(chance.pick(places)), channel: channel, folioSeed: seed << 40)))
    default:
      guard chance.chance(1, in: 4) else {
        return .hold(
          HoldSlot(
            actor: .person(person), patient: person, service: .familyMedicine, choice: choice, channel: channel, folioSeed: seed << 40))
      }
      guard chance.chance(1, in: 2) else { return .closure(.reopen(ReopenAgenda(actor: staff, block: Int64(chance.within(1...6))))) }
      return .closure(.close(CloseAgenda(actor: staff, resource: resource, dates: choice.date...choice.date, hours: .hours(8, 10))))
    }
  }
}
