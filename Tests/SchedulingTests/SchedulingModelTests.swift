internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Any sequence of commands, against an array of appointments")
struct SchedulingModelTests {
  /// One run of a seed: the book, the index that changes keep up to date, and the clock.
  struct Run {
    var chance: SeededGenerator
    var book: ModelBook
    var index: AgendaIndex
    var now: Instant
    var folios: UInt64 = 1000
    var granted = 0
    var refused: [CommandRefusal] = []

    init(seed: UInt64, zone: ClinicZone = .mexicoCity, now: Instant = .fixture, shared: Bool = false) {
      chance = SeededGenerator(seed: seed)
      self.now = now
      let rules = Self.rules(zone, today: zone.date(of: now), shared: shared)
      book = ModelBook(rules: rules, people: Self.people(today: zone.date(of: now)))
      // Made under older rules, off today's grid, one of them beyond the horizon.
      let today = zone.date(of: now)
      for (number, days) in [1, 1, 2, 9].enumerated() {
        let start = AgendaMinute(minutes: 8 * 60 + 5 + number * 50)!
        book.appointments.append(.fixture(
          Slot(resource: .c(1), date: today.advanced(by: days), minutes: start..<start.adding(minutes: 20)!),
          folio: UInt64(number + 1), patient: PatientID(rawValue: 99)))
      }
      index = AgendaIndex(rules: rules, appointments: book.appointments, today: today)
    }

    /// Five days, short turnos, tight limits: so that commands meet one another.
    ///
    /// - Parameter shared: with a cap, channels' shares, staggered releases and a household's limit too.
    static func rules(_ zone: ClinicZone, today: CivilDate, shared: Bool) -> ClinicRules {
      .fixture(zone: zone) { clinic in
        clinic.policy.horizonDays = 4
        clinic.turnos = [
          Turno(code: .matutino, name: "matutino", hours: .hours(8, 10)),
          Turno(code: .vespertino, name: "vespertino", hours: .hours(14, 16)),
          Turno(code: .nocturno, name: "nocturno", hours: .hours(22, 27)),
        ]
        let every = Weekday.allCases
        clinic.resources[1].rules[0].breaks = [AgendaMinute(text: "8:30")!..<AgendaMinute(text: "8:50")!]
        for place in clinic.resources.indices {
          for rule in clinic.resources[place].rules.indices { clinic.resources[place].rules[rule].weekdays = every }
        }
        clinic.services[0].maxActivePerPatient = 2
        clinic.nonWorkingDays = [today.advanced(by: 3)]
        clinic.closures = [
          Closure(resource: .c(2), turno: .matutino, dates: today.advanced(by: 1)...today.advanced(by: 2), reason: "obra")
        ]
        guard shared else { return }
        clinic.policy.maxActivePerHousehold = 3
        clinic.owners = Self.owners
        clinic.capacity = CapacityPolicy(
          caps: [TurnoCap(scope: TurnoScope(resources: [.c(1), .c(5)]), places: 2)],
          quotas: [
            ChannelQuotas(scope: TurnoScope(resources: [.c(2), .c(3)], turno: .matutino), kiosk: 2, phone: 2, fallbackMinutes: 900),
            ChannelQuotas(scope: TurnoScope(resources: [.c(1)]), kiosk: 1, phone: 1, fallbackMinutes: 1500),
          ],
          releases: [
            ReleaseRule(
              scope: TurnoScope(resources: [.c(1), .c(2), .c(3)]), daysAhead: 2, first: AgendaMinute(minutes: 420)!, stepMinutes: 30)
          ])
      }
    }

    /// In the shared clinic another system gives C3's afternoons, and the first half hour of C2's.
    static let owners = [
      OwnershipRule(.externa, resources: [.c(3)], hours: .hours(14, 16)),
      OwnershipRule(.externa, resources: [.c(2)], hours: AgendaMinute(text: "14:00")!..<AgendaMinute(text: "14:30")!),
    ]

    static func people(today: CivilDate) -> [Patient] {
      [
        .ana, .beto, .carla, .dario,
        .fixture(5, nss: "00129800421", needs: [Patient.noStairs], consultorio: .c(3)),
        .fixture(6, nss: nil, consultorio: .c(5), turno: .nocturno, rights: Rights(state: .baja, date: today.advanced(by: -54))),
        .fixture(7, nss: nil, consultorio: nil, turno: nil),
      ]
    }
  }

  @Test("No overlap, limits kept, the index equal to one rebuilt, searches and alternatives as by brute force", arguments: 1...16)
  func model(seed: UInt64) throws {
    var run = Run(seed: seed)
    for step in 1...120 { try run.step(step) }
    // A run in which nothing happens proves nothing.
    #expect(run.granted > 10)
    #expect(run.refused.count > 10)
  }

  @Test("P38: with caps, shares and releases no sequence takes one place too many, nor another channel's", arguments: 201...216)
  func shares(seed: UInt64) throws {
    var run = Run(seed: seed, shared: true)
    for step in 1...120 { try run.step(step) }
    #expect(run.granted > 10)
  }

  @Test("The same on the nights in which Tijuana's clock changes", arguments: [
    (UInt64(101), "2026-03-06T15:00:00Z"), (102, "2026-03-07T22:00:00Z"), (103, "2026-10-30T15:00:00Z"), (104, "2026-10-31T22:00:00Z"),
  ])
  func clockChanges(seed: UInt64, start: String) throws {
    var run = try Run(seed: seed, zone: .tijuana, now: #require(Instant(iso: start)))
    for step in 1...120 { try run.step(step) }
    #expect(run.granted > 10)
  }

  @Test("Over all seeds every refusal of a reservation is met")
  func refusalsMet() throws {
    var met: [CommandRefusal] = []
    for seed in 1...32 as ClosedRange<UInt64> {
      var run = Run(seed: seed, shared: seed > 16)
      for _ in 1...120 { try run.command() }
      met += run.refused
    }
    // What only the waitlist and several people or resources at once are refused for has tests of its own.
    let elsewhere: [CommandRefusal] = [.offerOver, .slotOffered(until: .fixture), .notTogether, .companionTaken(role: "x")]
    for refusal in CommandRefusal.each where !elsewhere.contains(refusal) {
      #expect(met.contains { $0.stands(for: refusal) }, "\(refusal)")
    }
  }
}

extension SchedulingModelTests.Run {
  mutating func step(_ number: Int) throws {
    try command()
    try checkBook()
    #expect(index == AgendaIndex(rules: book.rules, appointments: book.appointments, today: index.today))
    if number.isMultiple(of: 20) { checkSearch() }
  }

  /// Lets some time pass, then does one command as the store would.
  mutating func command() throws {
    now = now.adding(seconds: chance.pick(weighted: [(chance.below(40), 8), (chance.below(4000), 2), (chance.below(60_000), 1)]))
    index.roll(to: book.rules.today(at: now))
    folios += 1
    let command = randomCommand()
    switch book.decide(command, at: now, folio: .fixture(folios)) {
    case .success(let decision):
      granted += 1
      for case .insert(let appointment) in decision.changes { try checkShares(before: appointment) }
      try book.apply(decision.changes)
      index.apply(decision.changes)
    case .failure(let refusal):
      refused.append(refusal)
      if folios.isMultiple(of: 8) { checkAlternatives(to: command, after: refusal) }
    }
  }

  private mutating func randomCommand() -> Command {
    let actor = chance.pick(book.people).id
    let patient = chance.chance(17, in: 20) ? actor : chance.pick(book.people).id
    let channel = chance.pick(Channel.allCases)
    let service = chance.pick(weighted: [(ServiceCode.familyMedicine, 7), (.dentist, 2), (.clinicChange, 2)])
    let own = book.appointments.filter { $0.patient == patient }
    let folio = own.isEmpty || chance.chance(1, in: 12) ? .fixture(UInt64(1000 + chance.below(200))) : chance.pick(own.suffix(4)).folio
    switch chance.below(20) {
    case 0..<8:
      return .hold(HoldSlot(
        actor: .person(actor), patient: patient, service: service, choice: randomChoice(of: service), channel: channel, folioSeed: 0))
    case 8..<12:
      return .book(BookAppointment(
        actor: .person(actor), patient: patient, what: .slot(service, randomChoice(of: service)), channel: channel, folioSeed: 0))
    case 12..<15:
      return .book(BookAppointment(actor: .person(actor), patient: patient, what: .hold(folio), channel: channel, folioSeed: 0))
    case 15..<18:
      return .cancel(CancelAppointment(
        actor: .person(actor), folio: folio, reason: chance.pick([.notNeeded, .cannotCome]), channel: channel))
    case 18: return .grantConsent(GrantConsent(grantor: actor, grantee: patient))
    default: return .revokeConsent(RevokeConsent(grantor: actor, grantee: chance.chance(1, in: 2) ? nil : patient))
    }
  }

  /// That an insertion leaves every channel its share, as long as shares hold, and keeps the cap.
  private func checkShares(before appointment: Appointment) throws {
    let capacity = book.rules.clinic.capacity
    let choice = appointment.slot.choice
    var load = book.load(at: choice, now: now)
    load[appointment.channel] += 1
    let agenda = try #require(
      book.rules.turnoAgendas(of: choice.resource, on: choice.date).first { $0.hours.contains(choice.start) })
    let cap = capacity.caps.first { $0.scope.contains(choice.resource, agenda.turno) }?.places
    if let cap { #expect(load.kiosk + load.phone + load.desk <= cap) }
    if let quotas = capacity.quotas.first(where: { $0.scope.contains(choice.resource, agenda.turno) }),
      now.adding(seconds: 60 * quotas.fallbackMinutes) < book.rules.zone.instant(of: choice.date, minute: agenda.hours.lowerBound)
    {
      // What the others are still sure of, and what is taken, fit together.
      let unused = Channel.allCases.reduce(0) { $0 + max(0, quotas[$1] - load[$1]) }
      let places = min(agenda.grid.count, cap ?? .max)
      let mayOverdraw = load[appointment.channel] <= quotas[appointment.channel]
      #expect(mayOverdraw || load.kiosk + load.phone + load.desk + unused <= places)
    }
    if let release = capacity.releases.first(where: { $0.scope.contains(choice.resource, agenda.turno) }) {
      let minute = try #require(
        release.minute(of: choice.resource, agenda.turno, among: book.rules.clinic.turnos.map(\.code)))
      #expect(book.rules.zone.instant(of: choice.date.advanced(by: -release.daysAhead), minute: minute) <= now)
    }
  }

  /// Mostly a slot of the service on the next days; sometimes nonsense.
  private mutating func randomChoice(of service: ServiceCode) -> SlotChoice {
    let givers = book.rules.clinic.resources.filter { $0.services.contains(service) }.map(\.id)
    let near = book.rules.turnoAgendas(
      of: chance.pick(givers), on: book.rules.today(at: now).advanced(by: chance.pick([0, 1, 1, 2])))
    if chance.chance(3, in: 4), let slot = near.isEmpty ? nil : chance.pick(near).grid.first(where: { _ in chance.chance(1, in: 3) }) {
      return slot.choice
    }
    let resources = book.rules.clinic.resources.filter { chance.chance(1, in: 12) || $0.services.contains(service) }.map(\.id)
    let date = book.rules.today(at: now).advanced(by: chance.pick(weighted: [(chance.below(3), 8), (chance.below(8) - 1, 2)]))
    let hour = chance.pick([8, 8, 9, 9, 14, 15, 22, 24, 25, 26])
    let minute = chance.chance(1, in: 10) ? chance.below(60) : chance.pick([0, 15, 30, 45])
    return SlotChoice(
      resource: resources.isEmpty ? .c(9) : chance.pick(resources), date: date, start: AgendaMinute(minutes: hour * 60 + minute)!)
  }

  /// No slot and no person twice at a time, nobody beyond the limits, and nothing of what another system gives.
  private func checkBook() throws {
    for owner in book.rules.clinic.owners {
      #expect(!book.appointments.contains { owner.resources.contains($0.slot.resource) && $0.slot.minutes.overlaps(owner.hours) })
    }
    let taken = book.appointments.filter { $0.occupies(at: now) }
    for (place, one) in taken.enumerated() {
      for other in taken[(place + 1)...] where one.slot.resource == other.slot.resource || one.patient == other.patient {
        try #require(!one.wall.overlaps(other.wall), "\(one) and \(other)")
      }
    }
    for person in book.people {
      let active = taken.filter { $0.patient == person.id && $0.status.isActive && now < book.rules.end(of: $0.slot) }
      #expect(active.count <= 3)
      #expect(active.count { $0.status == .pending } <= 2)
      #expect(active.count { $0.service == .familyMedicine } <= 2)
      #expect(active.allSatisfy { !person.needs.contains(Patient.noStairs) || $0.slot.resource != .c(3) })
    }
  }

  private mutating func checkSearch() {
    // Somebody who has nothing yet, so that only the agenda counts.
    var person = chance.pick(book.people)
    person.id = PatientID(rawValue: 500)
    person.nss = nil
    let query = FindSlots(
      service: chance.pick([.familyMedicine, .familyMedicine, .dentist, .clinicChange]), person: PersonView(person),
      channel: chance.pick(Channel.allCases), turno: chance.chance(1, in: 4) ? chance.pick([.matutino, .nocturno]) : nil,
      date: chance.chance(1, in: 4) ? book.rules.today(at: now).advanced(by: chance.below(6) - 1) : nil,
      earliestDate: chance.chance(1, in: 4) ? book.rules.today(at: now).advanced(by: chance.below(4)) : nil,
      earliestMinute: AgendaMinute(minutes: chance.chance(1, in: 4) ? chance.below(1500) : 0)!,
      resource: chance.chance(1, in: 5) ? chance.pick(book.rules.clinic.resources).id : nil, limit: chance.pick([1, 12, 1000]))
    var others = book
    others.people.append(person)
    #expect(index.find(query, at: now) == others.found(query, for: person, at: now), "\(query)")
  }

  /// What is offered after a refusal, against every slot that the same person could reserve now.
  private func checkAlternatives(to command: Command, after refusal: CommandRefusal) {
    let scope = book.scope(for: command.needs, at: now)
    guard case .decided(let scheduling) = command.course, let wish = scheduling.wish(after: refusal, in: scope),
      let person = scope.patient
    else { return }
    #expect(index.alternatives(to: wish, at: now) == book.alternatives(to: wish, for: person, at: now), "\(command)")
  }
}

extension Appointment {
  /// Minutes of the clinic's wall since 1970.
  fileprivate var wall: Range<Int> {
    let midnight = slot.date.daysSinceEpoch * 1440
    return (midnight + slot.minutes.lowerBound.minutes)..<(midnight + slot.minutes.upperBound.minutes)
  }
}

extension CommandRefusal {
  /// The same case, whatever it carries.
  fileprivate func stands(for other: CommandRefusal) -> Bool {
    switch (self, other) {
    case (.wrongState, .wrongState), (.beyondHorizon, .beyondHorizon), (.rightsEndBefore, .rightsEndBefore),
      (.limitReached, .limitReached), (.personBusy, .personBusy), (.slotTaken, .slotTaken), (.notReleased, .notReleased),
      (.householdLimitReached, .householdLimitReached), (.turnoFull, .turnoFull), (.quotaSpent, .quotaSpent): true
    default: self == other
    }
  }
}
