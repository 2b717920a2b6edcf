internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("A service that needs further agendas")
struct ClaimingTests {
  static let rules = ClinicRules.telemedicine()
  static let slot = Slot("C6 2026-11-24 09:00", minutes: 30)

  static func index(_ taken: [Appointment] = [], kept: [KeptStretch] = [], claims: [AgendaClaim] = [], rules: ClinicRules = rules) -> AgendaIndex {
    AgendaIndex(rules: rules, appointments: taken, kept: kept, claims: claims, today: .fixture)
  }

  static func claim(_ slot: String, minutes: Int = 30, folio: UInt64 = 70, place: Int = 1, until: Instant? = nil) -> AgendaClaim {
    AgendaClaim(
      appointment: .fixture(folio), place: place, role: "especialista_remoto", slot: Slot(slot, minutes: minutes), channel: .kiosk,
      until: until, changedAt: .fixture)
  }

  static func choice(_ index: AgendaIndex, _ slot: Slot = slot, at now: Instant = .fixture) -> CompanionChoice {
    index.companions(of: index.rules.clinic.service(.telemedicine)!, at: slot, now: now)
  }

  @Test("Whoever is free first in the configuration fills a role, and nobody fills two")
  func choosing() {
    #expect(Self.choice(Self.index()) == .found([.p(1), .p(2)]))
    #expect(Self.choice(Self.index(claims: [Self.claim("P2 2026-11-24 09:15")])) == .found([.p(1), .p(3)]))
    let both = [Self.claim("P2 2026-11-24 09:15"), Self.claim("P3 2026-11-24 08:45", place: 2)]
    #expect(Self.choice(Self.index(claims: both)) == .missing(role: "profesional_local"))
    #expect(Self.choice(Self.index(claims: [Self.claim("P1 2026-11-24 09:00")])) == .missing(role: "especialista_remoto"))
    // Touching is no overlap.
    #expect(Self.choice(Self.index(claims: [Self.claim("P1 2026-11-24 09:30"), Self.claim("P1 2026-11-24 08:30", place: 2)])) == .found([.p(1), .p(2)]))
  }

  @Test("The first role leaves its only candidate to another, when it has a second")
  func matching() {
    let rules = ClinicRules.telemedicine { clinic in
      clinic.services[3].companions = [
        CompanionRole(code: "a", name: "a", resources: [.p(2), .p(3)]), CompanionRole(code: "b", name: "b", resources: [.p(2)]),
      ]
    }
    #expect(Self.choice(Self.index(rules: rules)) == .found([.p(3), .p(2)]))
  }

  @Test("An agenda that is closed, at rest, blocked or over its cap has nobody free")
  func closedAgendas() {
    let afternoon = Slot("C6 2026-11-24 15:00", minutes: 30)
    #expect(Self.choice(Self.index(), afternoon) == .missing(role: "especialista_remoto"))
    let resting = ClinicRules.telemedicine { clinic in
      clinic.resources[8].rules[0].breaks = [AgendaMinute(minutes: 545)!..<AgendaMinute(minutes: 550)!]
    }
    #expect(resting.clinic.resources[8].id == .p(1))
    #expect(Self.choice(Self.index(rules: resting)) == .missing(role: "especialista_remoto"))
    let block = KeptStretch(AgendaBlock(id: 1, slot: Slot("P1 2026-11-24 09:29", minutes: 1), createdAt: .fixture))
    #expect(Self.choice(Self.index(kept: [block])) == .missing(role: "especialista_remoto"))
    let capped = ClinicRules.telemedicine { clinic in
      clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.p(1)]), places: 1)]
    }
    #expect(Self.choice(Self.index(claims: [Self.claim("P1 2026-11-24 11:00")], rules: capped)) == .missing(role: "especialista_remoto"))
    #expect(Self.choice(Self.index(rules: capped)) == .found([.p(1), .p(2)]))
  }

  @Test("A hold's claim ends with the hold's time")
  func staleClaims() {
    let index = Self.index(claims: [Self.claim("P1 2026-11-24 09:00", until: Instant.fixture.adding(seconds: 120))])
    #expect(Self.choice(index) == .missing(role: "especialista_remoto"))
    #expect(Self.choice(index, at: Instant.fixture.adding(seconds: 120)) == .found([.p(1), .p(2)]))
  }

  @Test("A booking claims every agenda that its service needs, and says which has nobody free")
  func booking() throws {
    var situation = Situation(
      clinic: Self.rules.clinic,
      command: .book(
        BookAppointment(
          actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .slot(.telemedicine, Self.slot.choice), channel: .kiosk, folioSeed: 0)))
    situation.scope.companions = .found([.p(1), .p(3)])
    let decision = try situation.decide()
    guard case .appointment(let made) = decision.outcome else { return #expect(Bool(false)) }
    let claims = [(1, "especialista_remoto", ResourceID.p(1)), (2, "profesional_local", .p(3))].map { place, role, resource in
      AgendaChange.claim(
        AgendaClaim(
          appointment: made.folio, place: place, role: role, slot: Slot(resource: resource, date: made.slot.date, minutes: made.slot.minutes),
          channel: .kiosk, changedAt: .fixture))
    }
    #expect(decision.changes == [.insert(made)] + claims)
    situation.scope.companions = .missing(role: "profesional_local")
    #expect(situation.refusal() == .companionTaken(role: "profesional_local"))
    situation.scope.day = [.fixture(Slot("C6 2026-11-24 09:00", minutes: 30), folio: 7, patient: Patient.dario.id, service: .telemedicine)]
    #expect(situation.refusal() == .slotTaken(by: .fixture(7)))
  }

  @Test("A search shows only the hours at which everybody is free")
  func finding() {
    let query = FindSlots(service: .telemedicine, channel: .kiosk, date: .fixture.advanced(by: 1), resource: .c(6), limit: 100)
    let all = Self.index().find(query, at: .fixture).map(\.slot.start.description)
    #expect(all.count == 12 && all.first == "08:00" && all.last == "13:30")
    let found = Self.index(claims: [Self.claim("P1 2026-11-24 09:15")]).find(query, at: .fixture).map(\.slot.start.description)
    #expect(found == all.filter { $0 != "09:00" && $0 != "09:30" })
  }

  @Test("What becomes of an appointment becomes of its claims, in the index as in one made anew")
  func following() {
    let held = Appointment.fixture(Self.slot, service: .telemedicine, holdExpiresAt: Instant.fixture.adding(seconds: 120))
    let claims = [ResourceID.p(1), .p(2)].enumerated().map { place, resource in
      AgendaClaim(
        appointment: held.folio, place: place + 1, role: "r", slot: Slot(resource: resource, date: held.slot.date, minutes: held.slot.minutes),
        channel: .kiosk, until: held.holdExpiresAt, changedAt: held.changedAt)
    }
    var index = Self.index()
    index.apply([.insert(held)] + claims.map { .claim($0) })
    #expect(index == Self.index([held], claims: claims))
    var booked = held
    (booked.status, booked.holdExpiresAt) = (.booked, nil)
    index.apply([.replace(booked)])
    #expect(index == Self.index([booked], claims: claims.map { $0.following(booked) }))
    #expect(index.claims(of: held.folio).map(\.until) == [nil, nil])
    var cancelled = booked
    (cancelled.status, cancelled.cancellation) = (.cancelled, .cannotCome)
    index.apply([.replace(cancelled)])
    #expect(index == Self.index())
    #expect(index.claims(of: held.folio) == [])
  }
}
