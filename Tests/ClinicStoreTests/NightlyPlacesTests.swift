import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Places given out of turn, and the night")
struct NightlyPlacesTests {
  let folder = TemporaryFolder()
  static let staff = Actor.staff(StaffName("uid:1000")!, .medicalPriority)

  /// Mornings of eight slots every day: C1 keeps three for the phone and two for the desk, C2 opens two days ahead at seven, C3's first hour is
  /// another system's.
  static let rules = ClinicRules.fixture { clinic in
    clinic.waitlist = WaitlistPolicy(
      sources: FreedPlace.Source.allCases, offersAtOnce: 3, answerMinutes: 20, closesMinutes: 60, maxAsks: 50, maxDays: 30, maxPerPatient: 5)
    clinic.turnos = [Turno(code: .matutino, name: "matutino", hours: .hours(8, 10))]
    clinic.policy.horizonDays = 5
    clinic.policy.maxActivePerPatient = 30
    for place in clinic.services.indices { clinic.services[place].maxActivePerPatient = 30 }
    clinic.resources = (1...3).map {
      AgendaResource(
        id: .c($0), services: [.familyMedicine], floor: 0, tags: [], rules: [WeeklyRule(turno: .matutino, weekdays: Weekday.allCases)])
    }
    clinic.capacity.quotas = [ChannelQuotas(scope: TurnoScope(resources: [.c(1)]), phone: 3, desk: 2, fallbackMinutes: 60)]
    clinic.capacity.releases = [
      ReleaseRule(scope: TurnoScope(resources: [.c(2)]), daysAhead: 2, first: AgendaMinute(minutes: 420)!, stepMinutes: 0)
    ]
    clinic.owners = [OwnershipRule(.externa, resources: [.c(3)], hours: .hours(8, 9))]
  }
  static let people = (1...20).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }

  private func store() throws -> StoreCore {
    let core = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: .fixture)
    _ = try core.apply([.people(Self.people)], at: .fixture)
    return core
  }

  static func book(_ choice: SlotChoice, _ person: Int, through channel: Channel, seed: UInt64) -> Command {
    let id = people[person].id
    return .book(
      BookAppointment(actor: .person(id), patient: id, what: .slot(.familyMedicine, choice), channel: channel, folioSeed: seed << 40))
  }

  @Test("Whatever is booked, moved, undone, imported, admitted and overridden by the clinic's own acts, no night finds a place out of turn", arguments: 1...8 as ClosedRange<UInt64>)
  func month(seed: UInt64) throws {
    let core = try store()
    defer { core.close() }
    var (chance, now) = (SeededGenerator(seed: seed), Instant.fixture)
    var granted = 0
    for step in 1...420 as ClosedRange<UInt64> {
      now = now.adding(seconds: chance.pick([1, 20, 60, 600, 3600]))
      let choice = SlotChoice(
        resource: .c(chance.within(1...3)), date: Self.rules.today(at: now).advanced(by: chance.below(6)),
        start: AgendaMinute(minutes: 480 + 15 * chance.below(8))!)
      let outcome = try core.apply(.request(UInt8(step % 251), Self.command(&chance, core, choice, step, at: now)).unnumbered, at: now)
      if case .granted = outcome { granted += 1 }
      if step % 30 == 0 { #expect(core.checkNight(at: now) == [], "step \(step)") }
    }
    #expect(granted > 100)
  }

  private static func command(
    _ chance: inout SeededGenerator, _ core: StoreCore, _ choice: SlotChoice, _ step: UInt64, at now: Instant
  ) throws -> Command {
    let person = people[chance.below(people.count)]
    let channel = chance.pick(Channel.allCases)
    let booked = try core.allAppointments().filter { $0.status == .booked }
    let booking = book(choice, chance.below(people.count), through: channel, seed: step)
    switch chance.below(16) {
    case 0..<2 where !booked.isEmpty:
      return .cancel(CancelAppointment(actor: staff, folio: chance.pick(booked).folio, reason: .cannotCome, channel: .desk))
    case 2 where !booked.isEmpty:
      return .life(LifeCommand(actor: staff, folio: chance.pick(booked).folio, step: .reschedule(choice, folioSeed: step << 40), channel: channel))
    case 3:
      let all = try core.allAppointments()
      guard !all.isEmpty else { return booking }
      return .life(LifeCommand(actor: staff, folio: chance.pick(all).folio, step: .undo, channel: .desk))
    case 4:
      return .hold(
        HoldSlot(
          actor: .person(person.id), patient: person.id, service: .familyMedicine, choice: choice, channel: channel, folioSeed: step << 40))
    case 5:
      let row = ExternalRow(
        line: 2, reference: "R\(chance.within(1...9))", choice: choice, identity: .number(person.number), isCancelled: chance.chance(1, in: 5))
      return .exchange(ImportBookings(actor: staff, source: "simf", rows: [row], isDryRun: false, folioSeed: step << 40))
    case 6:
      return .override(
        OverrideCap(actor: staff, patient: person.id, service: .familyMedicine, choice: choice, folioSeed: step << 40))
    case 7:
      return .admit(
        AdmitPatient(
          actor: staff, patient: person.id, service: .familyMedicine,
          at: SlotChoice(resource: choice.resource, date: rules.today(at: now), start: rules.zone.local(of: now).minute), kind: .walkIn,
          folioSeed: step << 40))
    case 8:
      let places = try core.keptPlaces()
      guard !places.isEmpty else { return booking }
      return .waitlist(.round(OfferRound(place: chance.pick(places))))
    default: return booking
    }
  }

  /// What somebody does who holds the file: the row is made to look as if it had been given otherwise.
  @Test("P37: a place before its release, of another channel's share or of another system's hours makes the night fail, and nothing else of its kind does", arguments: [
    ("created_at = created_at - 86400000", 0, "se dio antes de que se abrieran los lugares de esa fecha"),
    ("channel = 'kiosk'", 1, "se dio de los lugares que se guardan para otro canal"),
    ("resource = 'C3', start_minute = 480, end_minute = 495", 2, "se dio en horas que da otro sistema"),
  ])
  func outOfTurn(change: String, place: Int, expected: String) throws {
    let core = try store()
    // Nobody's three places of C1 go to the kiosk; then the desk has one of its own.
    for number in 1...3 {
      let choice = SlotChoice("C1 2026-11-25 \(AgendaMinute(minutes: 465 + 15 * number)!)")
      #expect(try core.apply(.request(UInt8(number), Self.book(choice, number, through: .kiosk, seed: UInt64(number)))).appointment != nil)
    }
    let later = Instant.fixture.adding(seconds: 60)
    #expect(
      try core.apply(.request(9, Self.book(SlotChoice("C1 2026-11-25 09:00"), 9, through: .kiosk, seed: 9)), at: later).refusal.map { "\($0)" }?
        .hasPrefix("quotaSpent") == true)
    let folios = try [("C2 2026-11-25 08:00", Channel.kiosk), ("C1 2026-11-25 09:00", .desk), ("C3 2026-11-25 09:00", .kiosk)].enumerated().map {
      let command = Self.book(SlotChoice($1.0), 10 + $0, through: $1.1, seed: UInt64(20 + $0))
      return try #require(try core.apply(.request(UInt8(20 + $0), command), at: later).appointment).folio
    }
    #expect(core.checkNight(at: later) == [])
    core.close()
    let folio = folios[place].number
    #expect(Shell.run("UPDATE appointment SET \(change) WHERE folio = \(folio)", on: folder.file) == nil)
    let again = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: later)
    defer { again.close() }
    let found = again.checkNight(at: later).map(\.text)
    #expect(found.contains("La cita \(folio) \(expected), y la bitácora no dice quién lo autorizó."), "\(found)")
    #expect(found.count { $0.hasSuffix("y la bitácora no dice quién lo autorizó.") } == 1)
    // Two days later it is no news.
    #expect(!again.checkNight(at: later.adding(seconds: 3 * 86_400)).map(\.text).contains { $0.hasSuffix("quién lo autorizó.") })
  }

  @Test("P37: a hold counts in its channel's share while it stands: what was given beside it out of another's is found, and what was given after it is not")
  func heldPlace() throws {
    let core = try store()
    for number in 1...2 {
      let choice = SlotChoice("C1 2026-11-25 \(AgendaMinute(minutes: 465 + 15 * number)!)")
      #expect(try core.apply(.request(UInt8(number), Self.book(choice, number, through: .kiosk, seed: UInt64(number)))).appointment != nil)
    }
    // The third and last of nobody's places is held.
    let hold = HoldSlot(
      actor: .person(Self.people[3].id), patient: Self.people[3].id, service: .familyMedicine, choice: SlotChoice("C1 2026-11-25 08:30"),
      channel: .kiosk, folioSeed: 3 << 40)
    let held = try #require(try core.apply(.request(3, .hold(hold))).appointment)
    let beside = Instant.fixture.adding(seconds: 1)
    let after = try #require(held.holdExpiresAt).adding(seconds: 1)
    let folios = try [("C1 2026-11-25 09:00", beside), ("C1 2026-11-25 09:15", after)].enumerated().map { number, one in
      let command = Self.book(SlotChoice(one.0), 10 + number, through: .desk, seed: UInt64(20 + number))
      return try #require(try core.apply(.request(UInt8(20 + number), command), at: one.1).appointment).folio.number
    }
    #expect(core.checkNight(at: after) == [])
    core.close()
    for (place, folio) in folios.enumerated() {
      let other = folios[1 - place]
      #expect(Shell.run("UPDATE appointment SET channel = iif(folio = \(folio), 'kiosk', 'desk') WHERE folio IN (\(folio), \(other))", on: folder.file) == nil)
      let again = try StoreCore.open(.file(folder.file), rules: Self.rules, options: .small, at: after)
      defer { again.close() }
      #expect(again.checkNight(at: after).map(\.text).contains { $0.hasPrefix("La cita \(folio) se dio de los lugares") } == (place == 0))
    }
  }
}

extension StoreCommand {
  /// The same without an id: never a repeat.
  fileprivate var unnumbered: StoreCommand { StoreCommand(requestID: nil, digest: [], command: command, encodeReply: { _ in [] }) }
}
