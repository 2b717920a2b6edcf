internal import ClinicDomain
internal import KioskTestSupport
@testable internal import Scheduling
internal import Testing

@Suite("Shares of a turno, by channel")
struct TurnoShareTests {
  /// 24 places: the kiosk is sure of 8, the phone of 10, the desk of 2; 4 are for whoever comes first.
  static let share = TurnoShare(
    quotas: ChannelQuotas(scope: TurnoScope(resources: [.c(1)]), kiosk: 8, phone: 10, desk: 2, fallbackMinutes: 1440), places: 24)

  @Test("A channel gets a place while it has its own, or there is one that is in nobody's share", arguments: [
    (TurnoLoad(), Channel.kiosk, true),
    (TurnoLoad(kiosk: 7), .kiosk, true),
    (TurnoLoad(kiosk: 11), .kiosk, true),
    (TurnoLoad(kiosk: 12), .kiosk, false),
    (TurnoLoad(kiosk: 12), .phone, true),
    (TurnoLoad(kiosk: 12, phone: 9), .phone, true),
    (TurnoLoad(kiosk: 12, phone: 10), .phone, false),
    (TurnoLoad(kiosk: 10, phone: 12), .desk, true),
    (TurnoLoad(kiosk: 10, phone: 12, desk: 2), .desk, false),
    (TurnoLoad(kiosk: 0, phone: 14), .phone, false),
    (TurnoLoad(kiosk: 0, phone: 14), .kiosk, true),
  ])
  func shares(load: TurnoLoad, channel: Channel, isGiven: Bool) {
    let denial = Self.share.denial(for: channel, load: load, sharesHold: true)
    #expect(denial == (isGiven ? nil : .quotaSpent))
    #expect(Self.share.denial(for: channel, load: load, sharesHold: false) == nil)
  }

  @Test("Whatever order they come in, every channel ends with its share at least, and all places are taken", arguments: 0..<50)
  func anyOrder(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var load = TurnoLoad()
    var asking = (0..<300).map { _ in chance.pick(weighted: [(Channel.phone, 20), (.kiosk, 3), (.desk, 2)]) }
    asking += [Channel](repeating: .desk, count: 30) + [Channel](repeating: .kiosk, count: 30)
    for channel in asking where load.total < 24 {
      if Self.share.denial(for: channel, load: load, sharesHold: true) == nil { load[channel] += 1 }
    }
    #expect(load.total == 24)
    #expect(load.kiosk >= 8 && load.phone >= 10 && load.desk >= 2)
  }

  @Test("A cap comes before every share")
  func cap() {
    var share = Self.share
    share.cap = 5
    #expect(share.denial(for: .phone, load: TurnoLoad(kiosk: 3, desk: 2), sharesHold: true) == .capReached(5))
    #expect(share.denial(for: .phone, load: TurnoLoad(kiosk: 3, desk: 2), sharesHold: false) == .capReached(5))
    #expect(share.denial(for: .phone, load: TurnoLoad(kiosk: 3, desk: 1), sharesHold: false) == nil)
  }
}

@Suite("When places are given out")
struct ReleasingTimesTests {
  /// Two days before, from 07:00, a turno every ten minutes: C1 07:00 and 07:10, C2 07:30 and 07:40, C3 08:00 and 08:10.
  static let rules = ClinicRules.fixture { clinic in
    clinic.capacity.releases = [
      ReleaseRule(
        scope: TurnoScope(resources: [.c(1), .c(2), .c(3)]), daysAhead: 2, first: AgendaMinute(minutes: 420)!, stepMinutes: 10)
    ]
  }

  static func found(at now: String, _ channel: Channel = .kiosk) -> [String] {
    let now = Instant(iso: now)!
    let index = AgendaIndex(rules: rules, appointments: [], today: rules.today(at: now))
    var turnos: [String] = []
    for slot in index.find(FindSlots(service: .familyMedicine, channel: channel, date: CivilDate(iso: "2026-11-25")!, limit: 100), at: now) {
      let name = "\(slot.slot.resource) \(slot.turno)"
      if !turnos.contains(name) { turnos.append(name) }
    }
    return turnos.sorted()
  }

  @Test("A consultorio's turno opens at its own minute, and not a millisecond before", arguments: [
    ("2026-11-23T12:59:59.999Z", []),
    ("2026-11-23T13:00:00Z", ["C1 matutino"]),
    ("2026-11-23T13:09:59Z", ["C1 matutino"]),
    ("2026-11-23T13:10:00Z", ["C1 matutino", "C1 vespertino"]),
    ("2026-11-23T13:30:00Z", ["C1 matutino", "C1 vespertino", "C2 matutino"]),
    ("2026-11-23T14:10:00Z", ["C1 matutino", "C1 vespertino", "C2 matutino", "C2 vespertino", "C3 matutino", "C3 vespertino"]),
    ("2026-11-24T06:00:00Z", ["C1 matutino", "C1 vespertino", "C2 matutino", "C2 vespertino", "C3 matutino", "C3 vespertino"]),
  ])
  func opens(now: String, expected: [String]) {
    #expect(Self.found(at: now) == expected)
  }

  @Test("The next release is the soonest that is still to come, on a day that is worked", arguments: [
    ("2026-11-23T12:00:00Z", "2026-11-23T13:00:00.000Z C1 matutino 2026-11-25"),
    ("2026-11-23T13:00:00Z", "2026-11-23T13:10:00.000Z C1 vespertino 2026-11-25"),
    // Sunday is not worked, and Saturday by C5 alone, which has no rule: so Thursday's last opens the Saturday that is the horizon's.
    ("2026-11-26T14:10:00Z", "2026-11-27T06:00:00.000Z C5 nocturno 2026-12-25"),
  ])
  func next(now: String, expected: String) {
    let next = Self.rules.nextRelease(of: .familyMedicine, at: Instant(iso: now)!)
    #expect(next.map { "\($0.at) \($0.resource) \($0.turno) \($0.date)" } == expected)
  }

  @Test("What is announced is what happens: nothing before, the places at it", arguments: 0..<60)
  func announced(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    let now = Instant.fixture.adding(seconds: chance.below(10 * 86_400))
    let next = try #require(Self.rules.nextRelease(of: .familyMedicine, resource: .c(1 + chance.below(3)), at: now))
    let index = AgendaIndex(rules: Self.rules, appointments: [], today: Self.rules.today(at: now))
    let query = FindSlots(
      service: .familyMedicine, channel: .phone, turno: next.turno, date: next.date, resource: next.resource, limit: 1)
    #expect(index.find(query, at: next.at.adding(milliseconds: -1)).isEmpty)
    #expect(!index.find(query, at: next.at).isEmpty)
  }

  @Test("Without a rule a date opens at its midnight, all of it")
  func midnight() {
    let next = ClinicRules.fixture().nextRelease(of: .dentist, at: .fixture)
    #expect(next?.date == CivilDate(iso: "2026-12-22"))
    #expect(next.map { ClinicRules.fixture().zone.local(of: $0.at).minute } == .midnight)
  }
}

@Suite("A search by channel")
struct SharedSearchTests {
  static let rules = ClinicRules.fixture { clinic in
    clinic.capacity.quotas = [
      ChannelQuotas(scope: TurnoScope(resources: [.c(4)]), phone: 8, desk: 3, fallbackMinutes: 24 * 60)
    ]
  }

  /// The kiosk has taken one of the twelve; eleven are the phone's and the desk's.
  static let taken = [Appointment.fixture(Slot("C4 2026-11-25 08:00", minutes: 30), service: .dentist)]

  static func first(_ channel: Channel, at now: Instant) -> CivilDate? {
    AgendaIndex(rules: rules, appointments: taken, today: rules.today(at: now))
      .find(FindSlots(service: .dentist, channel: channel, earliestDate: CivilDate(iso: "2026-11-25")!, limit: 1), at: now).first?.slot.date
  }

  @Test("A channel is not shown what is not for it, until what is unused goes to all")
  func hidden() {
    let before = Instant(iso: "2026-11-24T13:59:59Z")!
    #expect(Self.first(.kiosk, at: before) == CivilDate(iso: "2026-11-26"))
    #expect(Self.first(.phone, at: before) == CivilDate(iso: "2026-11-25"))
    #expect(Self.first(.desk, at: before) == CivilDate(iso: "2026-11-25"))
    #expect(Self.first(.kiosk, at: before.adding(seconds: 1)) == CivilDate(iso: "2026-11-25"))
  }

  @Test("What is free is told channel by channel where they have shares, and once where they have none")
  func availability() {
    let now = Instant.fixture
    let all = AgendaIndex(rules: Self.rules, appointments: Self.taken, today: Self.rules.today(at: now)).availability(at: now)
    #expect(all.map { "\($0.service) \($0.channel?.rawValue ?? "all")" } == [
      "medicina_familiar all", "estomatologia kiosk", "estomatologia phone", "estomatologia desk", "cambio_de_clinica all",
    ])
    #expect(all[1].inAll == 252 - 12)
    #expect(all[2].inAll == 252 - 1)
  }
}
