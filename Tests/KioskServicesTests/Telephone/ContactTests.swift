import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Who must be told is told")
struct ContactTests {
  static func rules(_ change: @escaping (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    .waiting { clinic in
      clinic.notices = NoticePolicy(
        hours: CallingHours(days: Weekday.allCases, hours: .hours(6, 20)), maxCalls: 2, betweenMinutes: 60, reminderDays: 2)
      change(&clinic)
    }
  }

  /// Each with a telephone.
  static let people = OutboundTests.callable(4)

  static func choose(_ clinic: TestClinic, _ person: Patient, _ calls: Bool = true, number: Int32 = 0, by session: String? = nil) async throws -> String {
    let token = if let session { session } else { try await clinic.session(person) }
    return try await clinic.contact().chooseCalls(.init(sessionToken: token, person: number, calls: calls), options: .write()).text
  }

  static func take(_ clinic: TestClinic, _ limit: Int32 = 20) async throws -> [Wire.CallToMake] {
    try await clinic.outbound().takeCalls(.init(limit: limit), options: .write()).calls
  }

  static func note(_ clinic: TestClinic, _ call: Wire.CallToMake, _ news: [Wire.CallNews]) async throws {
    for one in news { _ = try await clinic.outbound().noteCall(.init(token: call.token, news: one), options: .write()) }
  }

  static func untold(_ clinic: TestClinic, all: Bool = false) async throws -> [Wire.UntoldPerson] {
    try await clinic.contact(.staff).listUntold(.init(all: all)).people
  }

  static func list(_ clinic: TestClinic, _ person: Patient) async throws -> Wire.ListResponse {
    try await clinic.appointments().list(.init(sessionToken: try await clinic.session(person)))
  }

  /// The first four of C1's Tuesday, whom a closure moves.
  static func displace(_ clinic: TestClinic, _ people: [Patient] = people) async throws -> [String] {
    var folios: [String] = []
    for (number, person) in people.enumerated() {
      folios.append(try await clinic.book("C1 2026-11-24 \(AgendaMinute(minutes: 540 + 15 * number)!)", try await clinic.session(person)).folio)
    }
    _ = try await ClosureTests.close(clinic, "C1", "2026-11-24")
    try await clinic.settle()
    return folios
  }

  @Test("P13, P14: whom a closure moves is called, or is on the desk's list with the reason; a deaf person never is; all until they know", arguments: Depth.allCases)
  func displaced(depth: Depth) async throws {
    var people = Self.people
    people[2].needs = [Patient.deaf]
    people[3].phone = nil
    try await withClinic(depth, people: people, rules: Self.rules()) { clinic in
      #expect(try await Self.choose(clinic, people[0]).hasPrefix("La clínica le llama antes de su cita, y si una cambia."))
      #expect(try await Self.choose(clinic, people[2]).hasPrefix("A quien no oye no se le llama."))
      #expect(try await Self.choose(clinic, people[3]).hasPrefix("No tenemos un teléfono suyo"))
      let folios = try await Self.displace(clinic, people)
      #expect(try await Self.untold(clinic).map(\.reason) == [.noConsent, .neverCalled, .noNumber])
      #expect(try await Self.untold(clinic, all: true).map(\.folio) == folios)
      let moved = try #require(try await Self.list(clinic, people[0]).appointments.first)
      let calls = try await Self.take(clinic)
      #expect(calls.map(\.phone) == ["5512345670"])
      #expect(try await Self.take(clinic).isEmpty)
      let notice = try await clinic.outbound().readNotice(.init(token: calls[0].token))
      #expect(notice == Wire.ReadNoticeResponse(open: true, date: moved.slot!.date, startMinute: moved.slot!.startMinute, kind: .moved))
      // On the next screen, until they know.
      let text = try await Self.list(clinic, people[0]).notice
      #expect(text.hasPrefix("Su cita cambió: ahora le esperan el "))
      #expect(try await Self.untold(clinic, all: true).first?.text == text)
      let id = CallOptions.write()
      let answer = try await clinic.outbound().answerNotice(.init(token: calls[0].token, take: true), options: id)
      #expect(answer == Wire.AnswerNoticeResponse(date: moved.slot!.date, startMinute: moved.slot!.startMinute))
      #expect(try await clinic.outbound().answerNotice(.init(token: calls[0].token, take: true), options: id) == answer)
      #expect(try await clinic.store.appointment(folio: Folio(moved.folio)!)?.confirmedThrough == .phone)
      #expect(try await Self.list(clinic, people[0]).notice.isEmpty)
      try await Self.note(clinic, calls[0], [.placed, .answered])
      clinic.clock.advance(.seconds(7200))
      #expect(try await Self.take(clinic).isEmpty)
      // The second sees it at a kiosk; of the third somebody of the clinic says so.
      let session = try await clinic.session(people[1])
      let seen = try await clinic.contact().listNotices(.init(sessionToken: session)).notices
      #expect(seen.map(\.folio) == [folios[1]] && seen.map(\.kind) == [.moved])
      _ = try await clinic.contact().seeNotice(.init(sessionToken: session, folio: folios[1]), options: .write())
      #expect(try await clinic.contact().listNotices(.init(sessionToken: session)).notices.isEmpty)
      _ = try await clinic.contact(.staff).tellPerson(.init(folio: folios[2], reason: .askedInPerson), options: .write())
      #expect(try await Self.untold(clinic, all: true).map(\.folio) == [folios[3]])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: whom no call reaches is called as often as the clinic says, each time under a new name, and then is on the desk's list")
  func unreached() async throws {
    try await withClinic(people: Self.people, rules: Self.rules()) { clinic in
      _ = try await Self.choose(clinic, Self.people[0])
      let folio = try await Self.displace(clinic, [Self.people[0]])[0]
      let first = try #require(try await Self.take(clinic).first)
      try await Self.note(clinic, first, [.placed, .noAnswer])
      #expect(try await Self.take(clinic).isEmpty)
      #expect(try await Self.untold(clinic).isEmpty)
      clinic.clock.advance(.seconds(3600))
      let second = try #require(try await Self.take(clinic).first)
      #expect(second.token != first.token && second.phone == first.phone)
      try await Self.note(clinic, second, [.placed, .answered])
      clinic.clock.advance(.seconds(3600))
      #expect(try await Self.take(clinic).isEmpty)
      #expect(try await Self.untold(clinic).map(\.reason) == [.notReached])
      #expect(try await Self.untold(clinic).map(\.folio) == [folio])
      // The last call's name says nothing any more once the person knows; the first one's is nobody's.
      let old = await #expect(throws: RPCError.self) { try await clinic.outbound().readNotice(.init(token: first.token)) }
      #expect(old?.code == .notFound)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: who has no place left is told so, and is called about the next one that is free")
  func withdrawn() async throws {
    let rules = Self.rules { clinic in
      clinic.policy.horizonDays = 1
      clinic.turnos[1].hours = .hours(14, 15)
      clinic.closures = (2...6).map { Closure(resource: .c($0), turno: nil, dates: CivilDate.fixture...CivilDate.fixture.advanced(by: 1), reason: "no") }
        .filter { closure in clinic.resources.contains { $0.id == closure.resource } }
      clinic.waitlist?.calls = CallingHours(days: Weekday.allCases, hours: .hours(6, 20))
    }
    try await withClinic(people: [Self.people[0]], rules: rules) { clinic in
      _ = try await Self.choose(clinic, Self.people[0])
      let folio = try await clinic.book("C1 2026-11-24 09:00", try await clinic.session(Self.people[0])).folio
      // Today's are over by then.
      clinic.clock.advance(.seconds(12 * 3600))
      let closure = try #require(try await ClosureTests.close(clinic, "C1", "2026-11-24").first)
      try await clinic.settle()
      let call = try #require(try await Self.take(clinic).first)
      let notice = try await clinic.outbound().readNotice(.init(token: call.token))
      #expect(notice == Wire.ReadNoticeResponse(open: true, date: "2026-11-24", startMinute: 540, kind: .withdrawn))
      #expect(try await Self.list(clinic, Self.people[0]).notice.hasPrefix("Su cita del martes 24 de noviembre, 09:00 ya no se puede dar."))
      _ = try await clinic.outbound().answerNotice(.init(token: call.token), options: .write())
      #expect(try await Self.untold(clinic, all: true).isEmpty)
      try await Self.note(clinic, call, [.placed, .answered])
      _ = try await clinic.waitlist(.staff).reopen(.init(closure: closure.id), options: .write())
      try await clinic.settle()
      let offer = try #require(try await Self.take(clinic).first)
      #expect(try await clinic.outbound().readNotice(.init(token: offer.token)).kind == .offer)
      let nobody = await #expect(throws: RPCError.self) {
        try await clinic.contact().seeNotice(.init(sessionToken: try await clinic.session(Self.people[0]), folio: offer.token), options: .write())
      }
      #expect(nobody?.code == .invalidArgument)
      let unknown = await #expect(throws: RPCError.self) {
        try await clinic.contact(.staff).tellPerson(.init(folio: Folio.fixture(77).description, reason: .routine), options: .write())
      }
      #expect(unknown?.code == .notFound && folio.count == 12)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A reminder is called once to who let the clinic call, some days before; never of what was cancelled, confirmed or only just booked")
  func reminders() async throws {
    let people = OutboundTests.callable(5)
    try await withClinic(people: people, rules: Self.rules()) { clinic in
      var folios: [String] = []
      for (number, person) in people.prefix(4).enumerated() {
        folios.append(try await clinic.book("C1 2026-11-27 \(AgendaMinute(minutes: 540 + 15 * number)!)", try await clinic.session(person)).folio)
        if number != 1 { _ = try await Self.choose(clinic, person) }
      }
      clinic.clock.advance(.seconds(86_400))
      #expect(try await Self.take(clinic).isEmpty)
      clinic.clock.advance(.seconds(86_400))
      // Wednesday: the third has confirmed, the fifth books now.
      _ = try await clinic.appointments().confirm(.init(sessionToken: try await clinic.session(people[2]), folio: folios[2]), options: .write())
      _ = try await Self.choose(clinic, people[4])
      try await clinic.book("C2 2026-11-27 09:00", try await clinic.session(people[4]))
      let calls = try await Self.take(clinic)
      #expect(calls.map(\.phone) == ["5512345670", "5512345673"])
      let notices = try await clinic.contact().listNotices(.init(sessionToken: try await clinic.session(people[0])))
      #expect(notices.calls && notices.notices.map(\.kind) == [.reminder])
      #expect(notices.notices.first?.text.hasPrefix("Le recordamos que le esperan el viernes 27 de noviembre, 09:00, en ") == true)
      // It is cancelled between the call's order and the first word: nothing is said of it.
      try await clinic.cancel(folios[3], try await clinic.session(people[3]))
      #expect(try await clinic.outbound().readNotice(.init(token: calls[1].token)) == Wire.ReadNoticeResponse())
      let late = await #expect(throws: RPCError.self) {
        try await clinic.outbound().answerNotice(.init(token: calls[1].token, take: true), options: .write())
      }
      #expect(late?.code == .notFound)
      try await Self.note(clinic, calls[1], [.failed])
      let notice = try await clinic.outbound().readNotice(.init(token: calls[0].token))
      #expect(notice == Wire.ReadNoticeResponse(open: true, date: "2026-11-27", startMinute: 540, kind: .reminder))
      // Whoever answers and hangs up has heard it.
      try await Self.note(clinic, calls[0], [.placed, .answered])
      clinic.clock.advance(.seconds(7200))
      #expect(try await Self.take(clinic).isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A reminder that nobody answers is called once more, not at night, and not when the appointment was moved or the person said no")
  func remindedAgain() async throws {
    try await withClinic(people: Self.people, rules: Self.rules()) { clinic in
      var folios: [String] = []
      for (number, person) in Self.people.prefix(3).enumerated() {
        folios.append(try await clinic.book("C1 2026-11-27 \(AgendaMinute(minutes: 540 + 15 * number)!)", try await clinic.session(person)).folio)
        _ = try await Self.choose(clinic, person)
      }
      // Wednesday at half past seven in the evening.
      clinic.clock.advance(.seconds(2 * 86_400 + 12 * 3600 + 1800))
      let calls = try await Self.take(clinic)
      #expect(calls.count == 3)
      for call in calls { try await Self.note(clinic, call, [.placed, .noAnswer]) }
      clinic.clock.advance(.seconds(3600))
      #expect(try await Self.take(clinic).isEmpty)
      _ = try await clinic.appointments().reschedule(
        .init(sessionToken: try await clinic.session(Self.people[1]), folio: folios[1], resource: "C1", date: "2026-11-27", startMinute: 720), options: .write())
      _ = try await Self.choose(clinic, Self.people[2], false)
      clinic.clock.advance(.seconds(11 * 3600))
      let again = try await Self.take(clinic)
      #expect(again.map(\.phone) == [calls[0].phone])
      try await Self.note(clinic, again[0], [.placed, .noAnswer])
      clinic.clock.advance(.seconds(4 * 3600))
      #expect(try await Self.take(clinic).isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: one number rings once at a time, whatever the calls are about: an offer, a change and a reminder come one after the other, and all of them come")
  func oneLine() async throws {
    let people = Self.people.prefix(3).map { person in
      var person = person
      person.phone = PhoneNumber("5512345670")
      return person
    }
    let rules = Self.rules { $0.waitlist?.calls = CallingHours(days: Weekday.allCases, hours: .hours(6, 20)) }
    try await withClinic(people: Patient.household + people, rules: rules) { clinic in
      let darios = try await clinic.book("C1 2026-11-27 09:00", try await clinic.session(.dario)).folio
      try await clinic.book("C1 2026-11-27 09:15", try await clinic.session(people[0]))
      try await clinic.book("C2 2026-11-27 09:00", try await clinic.session(people[1]))
      for person in people.prefix(2) { _ = try await Self.choose(clinic, person) }
      clinic.clock.advance(.seconds(2 * 86_400))
      // Wednesday: the first is to be reminded, the second's agenda closes, the third is offered a place.
      _ = try await ClosureTests.close(clinic, "C2", "2026-11-27")
      try await clinic.settle()
      try await clinic.join(try await clinic.session(people[2]), from: "2026-11-27")
      try await clinic.cancel(darios, try await clinic.session(.dario))
      try await clinic.settle()
      var kinds: [Wire.NoticeKind] = []
      for _ in 0..<3 {
        let calls = try await Self.take(clinic)
        #expect(calls.map(\.phone) == ["5512345670"])
        guard let call = calls.first else { break }
        kinds.append(try await clinic.outbound().readNotice(.init(token: call.token)).kind)
        clinic.clock.advance(.seconds(5))
        #expect(try await Self.take(clinic).isEmpty, "it is being called about \(kinds)")
        try await Self.note(clinic, call, [.placed])
        clinic.clock.advance(.seconds(5))
        #expect(try await Self.take(clinic).isEmpty, "it is being told of \(kinds)")
        try await Self.note(clinic, call, [.answered])
      }
      #expect(kinds == [.offer, .moved, .reminder])
      #expect(try await Self.take(clinic).isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: what somebody at the desk cancels because the clinic cannot give it is told; what a person cancels, with whatever reason, is not; undone, nobody hears of it")
  func cancelledByTheClinic() async throws {
    try await withClinic(people: Self.people, rules: Self.rules()) { clinic in
      var folios: [String] = []
      for (number, person) in Self.people.prefix(3).enumerated() {
        folios.append(try await clinic.book("C1 2026-11-27 \(AgendaMinute(minutes: 540 + 15 * number)!)", try await clinic.session(person)).folio)
      }
      for folio in folios.prefix(2) {
        _ = try await clinic.appointments(.staff).cancel(.init(folio: folio, reason: .clinic, staffReason: .equipmentDown), options: .write())
      }
      _ = try await clinic.appointments().cancel(
        .init(sessionToken: try await clinic.session(Self.people[2]), folio: folios[2], reason: .clinic), options: .write())
      #expect(try await Self.untold(clinic).map(\.folio) == Array(folios.prefix(2)))
      _ = try await clinic.agenda().undo(.init(folio: folios[0], reason: .correction), options: .write())
      #expect(try await Self.untold(clinic, all: true).map(\.folio) == [folios[1]])
      #expect(try await Self.list(clinic, Self.people[0]).notice.isEmpty)
      #expect(try await Self.list(clinic, Self.people[1]).notice.hasPrefix("Su cita del viernes 27 de noviembre, 09:15 ya no se puede dar."))
      // Who has seen it is told that it stands again.
      _ = try await clinic.contact().seeNotice(
        .init(sessionToken: try await clinic.session(Self.people[1]), folio: folios[1]), options: .write())
      _ = try await clinic.agenda().undo(.init(folio: folios[1], reason: .correction), options: .write())
      #expect(try await Self.list(clinic, Self.people[1]).notice.hasPrefix("Su cita cambió: ahora le esperan el viernes 27 de noviembre, 09:15"))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P32: of a confidential service only the person's own telephone is called, when they themselves asked for it")
  func confidential() async throws {
    let discreet: @Sendable (inout Clinic) -> Void = { clinic in
      clinic.services.append(.discreet)
      clinic.resources[1].services.append(Service.discreet.code)
    }
    /// Noé is seventeen, of Ana's NSS.
    func calls(noe phone: String, ana other: String, by chooser: Patient) async throws -> [String] {
      var (noe, ana) = (Patient.noe, Patient.ana)
      (noe.phone, ana.phone) = (PhoneNumber(phone), PhoneNumber(other))
      var found: [String] = []
      try await withClinic(people: [ana, noe], rules: Self.rules(discreet)) { clinic in
        try await clinic.book("C2 2026-11-27 09:00", try await clinic.session(noe), service: "seguimiento")
        if chooser.id == noe.id {
          _ = try await Self.choose(clinic, noe)
        } else {
          let session = try await clinic.session(ana)
          let number = try #require(try await clinic.number(of: noe, in: session))
          _ = try await Self.choose(clinic, ana, number: number, by: session)
        }
        clinic.clock.advance(.seconds(2 * 86_400))
        found = try await Self.take(clinic).map(\.phone)
        // At home nobody else sees that there is anything to tell.
        let session = try await clinic.session(ana)
        if let number = try await clinic.number(of: noe, in: session) {
          #expect(try await clinic.contact().listNotices(.init(sessionToken: session, person: number)).notices.isEmpty)
        }
      }
      return found
    }
    #expect(try await calls(noe: "5511110001", ana: "5511110002", by: .noe) == ["5511110001"])
    #expect(try await calls(noe: "5511110002", ana: "5511110002", by: .noe).isEmpty)
    #expect(try await calls(noe: "5511110001", ana: "5511110002", by: .ana).isEmpty)
  }

  @Test("P14: a change of doctor tells by the same calls who let the clinic call, and has staff call the others; who does not hear is told at the desk")
  func changeOfDoctor() async throws {
    var people = Self.people
    people[2].needs = [Patient.signs]
    try await withClinic(people: people, rules: Self.rules()) { clinic in
      _ = try await Self.choose(clinic, people[0])
      var folios: [String] = []
      for (number, person) in people.prefix(3).enumerated() {
        folios.append(try await clinic.book("C1 2026-11-24 \(AgendaMinute(minutes: 540 + 15 * number)!)", try await clinic.session(person)).folio)
      }
      let reply = try await TransfersClient(clinic.doors[.staff]).changeDoctor(
        .init(
          patientNumbers: people.prefix(3).map(\.number.description), toResource: "C2", toTurno: "matutino", reason: .staffAbsent), options: .write())
      #expect(reply.appointments.map(\.folio) == folios && reply.untold == [people[2].number.description])
      #expect(try await clinic.telephone(.staff).listCallbacks(.init()).callbacks.map(\.phone) == ["+525512345671"])
      #expect(try await Self.take(clinic).map(\.phone) == ["5512345670"])
      #expect(try await Self.untold(clinic, all: true).map(\.reason) == [.calling, .noConsent, .neverCalled])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: whom another system's import moves is to be told; whom it cancels has been told by it")
  func imported() async throws {
    let rules = Self.rules { $0.owners = [OwnershipRule(.externa, resources: [.c(1)], hours: .hours(8, 14))] }
    try await withClinic(rules: rules) { clinic in
      func take(_ rows: [Wire.ExternalRow]) async throws -> [Wire.ExternalResult] {
        try await clinic.exchange().importBookings(.init(source: "simf", rows: rows), options: .write()).results
      }
      let first = try await take([
        ExchangeMethodsTests.row(2, "C1 2026-11-24 08:00", .ana), ExchangeMethodsTests.row(3, "C1 2026-11-24 08:15", .dario),
      ])
      _ = try await take([
        ExchangeMethodsTests.row(2, "C1 2026-11-25 09:00", .ana), ExchangeMethodsTests.row(3, "C1 2026-11-24 08:15", .dario, cancelled: true),
      ])
      let untold = try await Self.untold(clinic, all: true)
      #expect(untold.map(\.folio) == [first[0].folio] && untold.map(\.reason) == [.noConsent])
      #expect(untold.first?.text.hasPrefix("Su cita cambió: ahora le esperan el miércoles 25 de noviembre, 09:00, en ") == true)
      #expect(try await clinic.store.check() == [])
    }
  }
}
