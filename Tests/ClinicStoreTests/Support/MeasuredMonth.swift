import ClinicDomain
import KioskTestSupport
import Scheduling

@testable import ClinicStore

/// Three weeks of a small clinic that a seed makes up: bookings, changes, absences, closures, walk-ins, freed places, another system's
/// bookings, visits of series and sheets of paper, all through the store's own commands; and what the agenda showed at each midnight.
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
    clinic.series.programs = [
      SeriesProgram(code: SeriesCode("prenatal"), service: .familyMedicine, toleranceDays: 5, plan: .prenatal(weeks: [1, 2, 3]))
    ]
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
  /// Rows of today's and yesterday's sheets that nothing was keyed in of yet.
  private var sheet: [PaperRow] = []
  private var imported = 0
  private let busyness: Int

  init(seed: UInt64, in folder: TemporaryFolder) throws {
    chance = SeededGenerator(seed: seed)
    busyness = Int(seed % 3) + 2
    now = Self.rules.zone.instant(of: .fixture, minute: .midnight)
    core = try StoreCore.open(folder, rules: Self.rules, at: now)
    _ = try core.apply([.people(Self.people)], at: now)
    for person in Self.people.prefix(4) {
      try apply(
        .series(.start(StartSeries(actor: Self.staff, patient: person.id, program: SeriesCode("prenatal"), anchor: .fixture))))
    }
    for day in 0..<Self.days {
      let date = CivilDate.fixture.advanced(by: day)
      now = Self.rules.zone.instant(of: date, minute: .midnight)
      // The batch's date moves the index on, and no place is left that somebody should have given up.
      let rounds = try core.keptPlaces().map { Command.waitlist(.round(OfferRound(place: $0))) }
      _ = try core.apply(rounds.map { StoreCommand(requestID: nil, digest: [], command: $0, encodeReply: { _ in [] }) }, at: now)
      sheet.removeAll { $0.date < date.advanced(by: -1) }
      for resource in 1...3 {
        self.seed += 1
        let command = ReservePaper(
          actor: Self.staff, resource: .c(resource), date: date, turno: .matutino, count: 2, folioSeed: self.seed << 40)
        if case .granted(.paper(let paper), _) = try apply(.paper(.reserve(command))) { sheet += paper.rows }
      }
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
    try apply(try next())
  }

  @discardableResult
  private func apply(_ command: Command) throws -> StoreOutcome {
    try core.apply(StoreCommand(requestID: nil, digest: [], command: command, encodeReply: { _ in [] }), at: now)
  }

  /// A booking of the other system, new or one that it gave before: moved, of somebody else, or taken back.
  private mutating func row(at choice: SlotChoice) -> ExternalRow {
    if chance.chance(2, in: 3) || imported == 0 { imported += 1 }
    return ExternalRow(
      line: 2, reference: "R\(chance.chance(2, in: 3) ? imported : chance.within(1...imported))", choice: choice,
      identity: .number(chance.pick(Self.people).number), isCancelled: chance.chance(1, in: 6))
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
    switch chance.below(25) {
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
    case 19, 20:
      return .exchange(
        ImportBookings(actor: staff, source: "simf", rows: [row(at: choice)], isDryRun: false, folioSeed: seed << 40))
    case 21, 22:
      guard !sheet.isEmpty else { return booking }
      let row = sheet.remove(at: chance.below(sheet.count))
      return .paper(
        .enter(EnterPaper(actor: staff, folio: row.folio, patient: person, start: choice.start, visit: chance.pick(EnterPaper.Visit.allCases))))
    case 23:
      let number = chance.within(1...3)
      let due = CivilDate.fixture.advanced(by: 7 * number + chance.within(-5...5))
      return .series(.place(PlaceActivity(
        series: Int64(chance.within(1...4)), number: number, to: SlotChoice(resource: resource, date: due, start: choice.start),
        folioSeed: seed << 40)))
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
