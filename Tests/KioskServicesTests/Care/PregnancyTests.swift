import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A pregnant person is never turned away, over the contract")
struct PregnancyTests {
  static func rules(_ change: (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    .fixture { clinic in
      clinic.maternity = .fixture
      change(&clinic)
    }
  }

  /// What is wrong with an answer, by programme P19; `nil` when it holds.
  static func fault(
    _ reply: Wire.AttendPregnancyResponse, alarm: Bool, today: CivilDate, now: Instant, _ rules: ClinicRules
  ) -> String? {
    let policy = rules.clinic.maternity!
    if alarm { return reply.answer == .urgencias && reply.text.contains("Vaya ahora a Urgencias") ? nil : "an alarm sign and no Urgencias" }
    let last = today.advanced(by: policy.days).description
    switch reply.answer {
    case .slots: return reply.slots.isEmpty || reply.slots.contains { last < $0.date } ? "a date after the clinic's days" : nil
    case .appointment: return reply.appointment?.slot.map { $0.date <= last } == true ? nil : "an appointment after the clinic's days"
    case .person:
      guard let named = reply.named, policy.roster.contains(where: { $0.name == named.name && $0.post == named.post }) else { return "no name" }
      let wait = reply.dueAtUnixMs - now.milliseconds
      return 0 < wait && wait <= 30 * 60_000 ? nil : "an answer in \(wait / 60_000) minutes"
    default: return "an answer that is none"
    }
  }

  @Test("P19: whatever the agenda, rights and the store's health: with an alarm sign Urgencias now; without one a prenatal slot within the configured days, or a named person who answers within 30 minutes", arguments: 0..<40)
  func property(seed: Int) async throws {
    var chance = SeededGenerator(seed: UInt64(seed) &+ 1)
    let rules = Self.anyRules(&chance)
    var person = Self.anyPerson(&chance)
    person.phone = chance.chance(1, in: 2) ? PhoneNumber("5512345678") : nil
    try await withClinic(people: [person] + strangers(6), rules: rules) { clinic in
      clinic.clock.advance(.seconds(60 * chance.below(7 * 1440)))
      for (number, stranger) in strangers(6).enumerated() { try await Self.takeFirst(clinic, stranger, number) }
      let role = chance.pick([RoleSet.kiosk, .ivr, .staff])
      let token = chance.chance(2, in: 3) ? try await clinic.session(person, at: role) : ""
      if chance.chance(1, in: 3), !token.isEmpty { try await Self.takeFirst(clinic, person, 0) }
      let alarm = chance.chance(1, in: 4)
      let isStoreGone = chance.chance(1, in: 6)
      if isStoreGone { await clinic.store.close() }
      let request = Wire.AttendPregnancyRequest(
        alarmSign: alarm, sessionToken: token, phone: chance.chance(1, in: 4) ? "5598765432" : "")
      let now = clinic.clock.now
      let reply = try await clinic.care(role).attendPregnancy(request, options: .write())
      let fault = Self.fault(reply, alarm: alarm, today: rules.today(at: now), now: now, rules)
      #expect(fault == nil, "seed \(seed): \(fault ?? "") in \(reply)")
      guard !isStoreGone else { return }
      // A slot is an answer to who can book it.
      if reply.answer == .slots {
        try #require(!token.isEmpty, "seed \(seed)")
        let slot = try #require(reply.slots.first)
        let booked = try await clinic.appointments(role).book(
          .init(sessionToken: token, what: .slot(.init(service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute))),
          options: .write())
        #expect(booked.appointment?.status == .booked, "seed \(seed)")
      }
      if reply.answer == .person { try await Self.checkPromise(reply, clinic) }
      if alarm { #expect(try await clinic.telephone(.staff).listAlarms(.init()).alarms.map(\.alarm) == [reply.alarm]) }
    }
  }

  /// Who is on duty has it, staff see whose it is and until when, and when the time is over it goes to the head of the clinic.
  static func checkPromise(_ reply: Wire.AttendPregnancyResponse, _ clinic: TestClinic) async throws {
    let staff = clinic.telephone(.staff)
    let listed = try #require(try await staff.listCallbacks(.init()).callbacks.first)
    let named = try #require(reply.named)
    #expect(listed.folio == reply.folio && listed.owner == "\(named.name), \(named.post)" && listed.dueAtUnixMs == reply.dueAtUnixMs)
    #expect(listed.reason == .pregnancy && listed.state == .open && listed.text.hasPrefix("Atender a más tardar el "))
    clinic.clock.advance(.seconds(30 * 60))
    #expect(try await clinic.telephoneKeeper.look() == 1)
    let late = try #require(try await staff.listCallbacks(.init()).callbacks.first)
    #expect(late.escalation == .late && late.owner == "jefatura" && late.text.hasSuffix("SE PASÓ EL PLAZO."))
  }

  /// Books the first free slot for somebody, if there is one for them.
  static func takeFirst(_ clinic: TestClinic, _ person: Patient, _ skipped: Int) async throws {
    let token = try await clinic.session(person, at: .staff)
    let slots = try await clinic.appointments(.staff).find(.init(sessionToken: token, service: "medicina_familiar")).slots
    guard slots.count > skipped else { return }
    let slot = slots[skipped]
    _ = try? await clinic.appointments(.staff).book(
      .init(sessionToken: token, what: .slot(.init(service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute))),
      options: .write())
  }

  static func anyRules(_ chance: inout SeededGenerator) -> ClinicRules {
    let closedDays = chance.pick([0, 0, 3, 8, 20, 60])
    let (days, minutes) = (chance.below(15), chance.within(1...30))
    let isOpenToAll = chance.chance(1, in: 3)
    let horizon = chance.pick([1, 7, 28, 120])
    let few = chance.chance(1, in: 2)
    return rules { clinic in
      clinic.maternity?.days = days
      clinic.maternity?.answerMinutes = minutes
      clinic.policy.horizonDays = horizon
      if few { clinic.resources = Array(clinic.resources.prefix(1)) }
      if isOpenToAll { clinic.services[0].requiresRights = false }
      if closedDays > 0 {
        clinic.closures = [Closure(resource: nil, turno: nil, dates: CivilDate.fixture...CivilDate.fixture.advanced(by: closedDays), reason: "obra")]
      }
    }
  }

  static func anyPerson(_ chance: inout SeededGenerator) -> Patient {
    let date = chance.chance(1, in: 2) ? CivilDate.fixture.advanced(by: chance.below(100) - 80) : nil
    let state = chance.pick(Rights.State.allCases.filter { $0 != .fallecido })
    return .fixture(
      50, nss: chance.chance(1, in: 3) ? nil : "00997000070", needs: chance.chance(1, in: 4) ? [Patient.noStairs] : [],
      consultorio: chance.chance(1, in: 2) ? .c(1) : nil, turno: .matutino, rights: Rights(state: state, date: date))
  }

  @Test("P19: «a date in three months» fails, as do no name, 31 minutes and an empty answer")
  func threeMonths() {
    let rules = Self.rules()
    let named = Wire.NamedPerson(name: OnDuty.always.name, post: OnDuty.always.post)
    let wrong: [Wire.AttendPregnancyResponse] = [
      .init(answer: .slots, slots: [.init(date: CivilDate.fixture.advanced(by: 90).description)]), .init(answer: .slots), .init(),
      .init(answer: .person, dueAtUnixMs: Instant.fixture.adding(seconds: 60).milliseconds),
      .init(answer: .person, named: named, dueAtUnixMs: Instant.fixture.adding(seconds: 31 * 60).milliseconds), .init(answer: .urgencias),
    ]
    for reply in wrong {
      #expect(Self.fault(reply, alarm: false, today: .fixture, now: .fixture, rules) != nil, "\(reply)")
    }
  }

  @Test("Who asks again has the same promise; what a number waits for already becomes the named person's, within the half hour")
  func again() async throws {
    try await withClinic(rules: Self.rules { $0.closures = [Closure(resource: nil, turno: nil, dates: .fixture...CivilDate.fixture.advanced(by: 30), reason: "obra")] }) { clinic in
      let first = try await clinic.care(.ivr).attendPregnancy(.init(phone: "5512345678"), options: .write(someID))
      #expect(try await clinic.care(.ivr).attendPregnancy(.init(phone: "5512345678"), options: .write(someID)) == first)
      clinic.clock.advance(.seconds(60))
      #expect(try await clinic.care(.kiosk).attendPregnancy(.init(phone: "5512345678"), options: .write()).folio == first.folio)
      #expect(first.text == "Dra. Luz Inventada, médica de guardia de la zona, le llama a más tardar a las 07:30. Su folio es \(Folio(first.folio)!.spoken). Si sangra, le sale líquido o se siente mal antes, vaya a Urgencias o marque 911.")
      // Another number waits for something else, for hours.
      let slow = try await clinic.telephone().requestCallback(.init(phone: "5598765432", reason: .other), options: .write())
      let quick = try await clinic.care(.kiosk).attendPregnancy(.init(phone: "5598765432"), options: .write())
      #expect(quick.folio == slow.folio && quick.dueAtUnixMs < slow.dueAtUnixMs)
      // In the clinic and without a number she is attended where she is; somebody of the clinic closes it.
      let here = try await clinic.care(.kiosk).attendPregnancy(.init(), options: .write())
      #expect(here.text.contains("la atiende aquí a más tardar a las 07:31"))
      let staff = clinic.telephone(.staff)
      _ = try await staff.takeCallback(.init(folio: here.folio), options: .write())
      _ = try await staff.noteAttempt(.init(folio: here.folio, result: .answered), options: .write())
      let closed = try await staff.closeCallback(.init(folio: here.folio, outcome: .attended), options: .write())
      #expect(closed.callback?.state == .closed)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("The answers over the wire, by the generated client", arguments: Depth.allCases)
  func wire(depth: Depth) async throws {
    try await withClinic(depth, rules: Self.rules()) { clinic in
      let urgent = try await clinic.care().attendPregnancy(.init(alarmSign: true, sessionToken: "nobody's"), options: .write())
      #expect(urgent.answer == .urgencias && urgent.alarm == 1)
      let token = try await clinic.session(.ana)
      let found = try await clinic.care().attendPregnancy(.init(sessionToken: token), options: .write())
      #expect(found.answer == .slots && found.slots.first?.ownDoctor == true && found.slots.first?.date == "2026-11-23")
      try await clinic.book("C1 2026-11-24 08:15", token)
      let hers = try await clinic.care().attendPregnancy(.init(sessionToken: token), options: .write())
      #expect(hers.answer == .appointment && hers.text.hasPrefix("Ya tiene cita el martes 24 de noviembre, 08:15, consultorio 1"))
      let wrong = try await status { () throws(RPCError) in
        try await clinic.care().attendPregnancy(.init(phone: "12"), options: .write())
      }
      #expect(wrong.code == .invalidArgument && wrong.message.hasPrefix("phone: "))
    }
  }
}
