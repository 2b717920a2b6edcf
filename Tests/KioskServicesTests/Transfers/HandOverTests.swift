import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A bulk change of clinic")
struct HandOverTests {
  /// People of C1's morning; the second and every other one after has a telephone.
  static let people = (0..<6).map { number in
    var person = Patient.fixture(Int64(201 + number), nss: nil, born: "\(1960 + number)-05-06")
    if !number.isMultiple(of: 2) { person.phone = PhoneNumber("55123400\(10 + number)") }
    return person
  }
  static let clues = "DFIMS000266"
  static let from = "2026-11-25"

  static func request(_ change: (inout Wire.HandOverRequest) -> Void = { _ in }) -> Wire.HandOverRequest {
    var request = Wire.HandOverRequest(
      fromResource: "C1", fromTurno: "matutino", unit: .init(clues: clues, name: "UMF 20", address: "calzada Vallejo 675"), fromDate: from,
      reason: .routine)
    change(&request)
    return request
  }

  static func handOver(_ clinic: TestClinic, _ change: (inout Wire.HandOverRequest) -> Void = { _ in }) async throws -> Wire.HandOverResponse {
    try await TransfersClient(clinic.doors[.staff]).handOver(request(change), options: .write())
  }

  static func takeBack(_ clinic: TestClinic, _ people: [Wire.PersonReference] = []) async throws -> Wire.TakeBackResponse {
    try await TransfersClient(clinic.doors[.staff]).takeBack(.init(clues: clues, people: people, reason: .correction), options: .write())
  }

  static func document(_ clinic: TestClinic) async throws -> [Wire.ExportedBooking] {
    try await TransfersClient(clinic.doors[.staff]).listHandedOver(.init(clues: clues)).bookings
  }

  /// The first four have an appointment: two before the date, two on it.
  static func book(_ clinic: TestClinic) async throws -> [Wire.Appointment] {
    var made: [Wire.Appointment] = []
    for (number, person) in people.prefix(4).enumerated() {
      let token = try await clinic.session(person)
      made.append(try await clinic.book("C1 2026-11-2\(number < 2 ? 4 : 5) 09:\(15 * (number % 2 + 1))", token))
    }
    return made
  }

  static func standing(_ clinic: TestClinic) async throws -> Int {
    try await ClosureTests.all(clinic, people).count { $0.status == .booked }
  }

  @Test("A dry run changes nothing; kept, every appointment stands and is in the document; who asks for a later day hears the unit's name", arguments: Depth.allCases)
  func kept(depth: Depth) async throws {
    try await withClinic(depth, people: Self.people, rules: .waiting()) { clinic in
      let made = try await Self.book(clinic)
      let dry = try await Self.handOver(clinic) { $0.dryRun = true }
      #expect(dry.handed == 6 && dry.appointments.map(\.folio) == made[2...].map(\.folio) && dry.untold.isEmpty)
      #expect(dry.text.hasPrefix("Pasarían 6 personas a UMF 20 desde el miércoles 25 de noviembre de 2026. No se cambió nada."))
      #expect(try await Self.document(clinic).isEmpty)
      let done = try await Self.handOver(clinic)
      #expect(done.handed == 6 && done.remaining == 0 && done.appointments.map(\.givenUp) == [false, false])
      // Of the two with an appointment there, the first has no telephone.
      #expect(done.untold == [Self.people[2].number.description])
      #expect(try await Self.standing(clinic) == 4)
      let document = try await Self.document(clinic)
      #expect(Set(document.map(\.folio)) == Set(made[2...].map(\.folio)) && document.allSatisfy { !$0.cancelled && $0.service == "medicina_familiar" && $0.date == Self.from })
      #expect(Set(document.map(\.reference)) == Set(made[2...].map { "VENTANILLA-\($0.folio)" }))
      // The last has no appointment: until the date they book here, and for a later one they are told where.
      let token = try await clinic.session(Self.people[5])
      let found = try await clinic.appointments().find(.init(sessionToken: token, service: "medicina_familiar", limit: 100))
      #expect(!found.slots.isEmpty && found.slots.allSatisfy { $0.date < Self.from })
      let later = try await clinic.appointments().find(.init(sessionToken: token, service: "medicina_familiar", date: Self.from))
      #expect(later.slots.isEmpty && later.steps.first?.code == "unidad_nueva" && later.steps.first?.text.contains("UMF 20, calzada Vallejo 675") == true)
      let refused = try await status { () throws(RPCError) in
        try await clinic.appointments().book(.init(sessionToken: token, what: .slot(Wire.SlotChoice("C1 2026-11-25 10:00"))), options: .write())
      }
      #expect(refused.refusal?.reason == .caredElsewhere && refused.refusal?.steps.first?.code == "unidad_nueva")
      #expect(refused.message.hasPrefix("Desde el miércoles 25 de noviembre de 2026 le atiende la unidad UMF 20") && refused.refusal?.alternatives.isEmpty == false)
      let again = try await Self.handOver(clinic)
      #expect(again.handed == 0 && again.unchanged == 6 && again.appointments.isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Given up, some people at a time: what the other unit must give is in the document, nothing is done twice, and taking back puts it where it was")
  func givenUpAndBack() async throws {
    try await withClinic(people: Self.people + [.beto], rules: .waiting()) { clinic in
      let made = try await Self.book(clinic)
      var given: [String] = []
      for _ in 0..<10 {
        let reply = try await Self.handOver(clinic) { ($0.giveUp, $0.limit) = (true, 2) }
        given += reply.appointments.map(\.folio)
        #expect(reply.appointments.allSatisfy { $0.givenUp })
        if reply.remaining == 0 { break }
      }
      #expect(given == made[2...].map(\.folio))
      #expect(try await Self.standing(clinic) == 2)
      #expect(Set(try await Self.document(clinic).map(\.folio)) == Set(given))
      let history = try await clinic.agenda().history(.init(folio: given[0])).changes.last
      #expect(history?.act == "give-up" && history?.reason == "routine" && history?.text.contains("se entregó a la unidad que ahora atiende a la persona") == true)
      // Once it is nobody's, somebody takes the first one's place.
      _ = try await clinic.settle()
      try await clinic.book("C1 2026-11-25 09:15", try await clinic.session(.beto))
      let back = try await Self.takeBack(clinic)
      #expect(back.takenBack == 6 && back.remaining == 0 && back.appointments.map(\.givenUp) == [true, false])
      #expect(back.text.hasPrefix("Volvieron 6 personas a esta clínica. 1 cita queda como estaba. 1 cita ya no cabe ahí"))
      #expect(try await Self.standing(clinic) == 3)
      let (person, now) = (try #require(try await clinic.store.patient(number: Self.people[2].number)).id, clinic.clock.now)
      let waits = try await clinic.store.read { reader throws(StoreFault) in try reader.waitlist(of: person, at: now) }
      #expect(waits.contains { $0.entry.isDisplaced })
      #expect(try await Self.document(clinic).isEmpty)
      #expect(try await Self.takeBack(clinic).takenBack == 0)
      let token = try await clinic.session(Self.people[5])
      try await clinic.book("C2 2026-11-25 10:00", token)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: who was given up is on the list of those to be told, with the unit's name, until they know; who comes back hears that it stands")
  func untold() async throws {
    try await withClinic(people: Self.people, rules: ContactTests.rules()) { clinic in
      let made = try await Self.book(clinic)
      _ = try await ContactTests.choose(clinic, Self.people[3])
      let reply = try await Self.handOver(clinic) { $0.giveUp = true }
      #expect(reply.untold == [Self.people[2].number.description])
      let people = try await ContactTests.untold(clinic)
      #expect(people.map(\.folio) == made[2...].map(\.folio) && people.map(\.reason) == [.noNumber, .byStaff])
      let text = "Su cita del miércoles 25 de noviembre, 09:15 ya no se da aquí. Desde el miércoles 25 de noviembre de 2026 le atiende la unidad UMF 20, calzada Vallejo 675 (CLUES DFIMS000266). Pida ahí su cita."
      #expect(people.first?.text == text)
      // No recorded sentence says where: a person calls, and nothing else.
      #expect(try await ContactTests.take(clinic).isEmpty)
      #expect(try await clinic.telephone(.staff).listCallbacks(.init()).callbacks.map(\.phone) == ["+525512340013"])
      let session = try await clinic.session(Self.people[2])
      let notices = try await clinic.contact().listNotices(.init(sessionToken: session)).notices
      #expect(notices.map(\.kind) == [.handedOver] && notices.map(\.text) == [text])
      _ = try await clinic.contact(.staff).tellPerson(.init(folio: made[2].folio, reason: .askedInPerson), options: .write())
      #expect(try await ContactTests.untold(clinic).map(\.folio) == [made[3].folio])
      let back = try await Self.takeBack(clinic)
      #expect(back.untold == [Self.people[2].number.description])
      let again = try await ContactTests.untold(clinic, all: true)
      #expect(again.map(\.folio) == made[2...].map(\.folio) && again.map(\.reason) == [.noConsent, .calling])
      #expect(again.allSatisfy { $0.text.hasPrefix("Su cita cambió: ahora le esperan el miércoles 25 de noviembre, 09:") })
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A place in line and a series go to the other unit too, the series on its first day there; they come back with the person")
  func lineAndSeries() async throws {
    try await withClinic(people: [.ana], rules: .series()) { clinic in
      let series = try await clinic.start("cronicos", for: .ana, on: "2026-11-23")
      try await clinic.join(try await clinic.session(.ana), from: "2026-11-26", to: "2026-11-27")
      let ana = Wire.PersonReference(patientNumber: Patient.ana.number.description)
      func statuses() async throws -> (Wire.SeriesStatus?, [Wire.SeriesActivityStatus]) {
        let now = try await clinic.series(of: .ana)
        return (now?.status, now?.activities.map(\.status) ?? [])
      }
      let before = try await statuses()
      _ = try await Self.handOver(clinic) { ($0.fromResource, $0.fromTurno, $0.people, $0.giveUp) = ("", "", [ana], true) }
      try await clinic.settle()
      #expect(try await clinic.entries(try await clinic.session(.ana)).isEmpty)
      let kept = try await statuses()
      #expect(kept == before)
      try await clinic.goTo("2026-11-25 09:00")
      #expect(try await statuses().0 == .revoked)
      #expect(try await clinic.alerts().isEmpty)
      let entry = try await clinic.store.read { reader throws(StoreFault) in try reader.series(series.id) }
      #expect(entry?.series.endReason == .transferred)
      _ = try await Self.takeBack(clinic, [ana])
      let after = try await statuses()
      #expect(after == before)
      #expect(try await clinic.entries(try await clinic.session(.ana)).count == 1)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A handover to the wrong unit, corrected after its day: who is taken back from the right one has their series again, whole")
  func corrected() async throws {
    try await withClinic(people: [.ana], rules: .series()) { clinic in
      _ = try await clinic.start("cronicos", for: .ana, on: "2026-11-23")
      let ana = Wire.PersonReference(patientNumber: Patient.ana.number.description)
      func statuses() async throws -> (Wire.SeriesStatus?, [Wire.SeriesActivityStatus]) {
        let now = try await clinic.series(of: .ana)
        return (now?.status, now?.activities.map(\.status) ?? [])
      }
      _ = try await Self.handOver(clinic) { ($0.fromResource, $0.fromTurno, $0.people, $0.giveUp) = ("", "", [ana], true) }
      try await clinic.settle()
      let before = try await statuses()
      try await clinic.goTo("2026-11-25 09:00")
      #expect(try await statuses().0 == .revoked)
      // The right unit, from the same day on.
      try await clinic.goTo("2026-11-25 10:00")
      _ = try await Self.handOver(clinic) { request in
        (request.fromResource, request.fromTurno, request.people) = ("", "", [ana])
        request.unit = .init(clues: "DFIMS000295", name: "UMF 22")
      }
      try await clinic.settle()
      #expect(try await statuses().0 == .revoked)
      let back = try await TransfersClient(clinic.doors[.staff]).takeBack(.init(clues: "DFIMS000295", reason: .correction), options: .write())
      #expect(back.takenBack == 1)
      let after = try await statuses()
      #expect(after == before)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P14: of who is handed over and keeps an appointment here the store knows that they are to be told, with a telephone or none, until somebody has told them or they come back")
  func toBeTold() async throws {
    try await withClinic(people: Self.people, rules: ContactTests.rules()) { clinic in
      let made = try await Self.book(clinic)
      for person in Self.people { _ = try await ContactTests.choose(clinic, person) }
      let reply = try await Self.handOver(clinic)
      #expect(reply.untold == [Self.people[2].number.description])
      // Whatever became of the reply.
      let people = try await ContactTests.untold(clinic)
      #expect(people.map(\.folio) == made[2...].map(\.folio) && people.map(\.reason) == [.noNumber, .byStaff])
      let text = "Desde el miércoles 25 de noviembre de 2026 le atiende la unidad UMF 20, calzada Vallejo 675 (CLUES DFIMS000266). Su cita del miércoles 25 de noviembre, 09:15 se le conserva aquí hasta que esa unidad se la dé. Pregunte ahí por ella."
      #expect(people.first?.text == text)
      // No recorded sentence says so.
      #expect(try await ContactTests.take(clinic).isEmpty)
      let session = try await clinic.session(Self.people[2])
      let notices = try await clinic.contact().listNotices(.init(sessionToken: session)).notices
      #expect(notices.map(\.kind) == [.keptUntilHandedOver] && notices.map(\.text) == [text])
      _ = try await clinic.contact(.staff).tellPerson(.init(folio: made[2].folio, reason: .askedInPerson), options: .write())
      #expect(try await ContactTests.untold(clinic).map(\.folio) == [made[3].folio])
      // The other one never heard of it, and never will.
      _ = try await Self.takeBack(clinic)
      let again = try await ContactTests.untold(clinic, all: true)
      #expect(again.map(\.folio) == [made[2].folio])
      #expect(again.first?.text.hasPrefix("Su cita cambió: ahora le esperan el miércoles 25 de noviembre, 09:15") == true)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("People by a list: each once, by number, CURP or NSS; what is nobody's row is told by its place")
  func listed() async throws {
    try await withClinic(rules: .waiting()) { clinic in
      let rows: [Wire.PersonReference] = [
        .init(patientNumber: Patient.ana.number.description), .init(curp: Patient.valeria.curp!.description),
        .init(nss: Patient.olga.nss!.description, birthDate: Patient.olga.birthDate.description),
        .init(patientNumber: Patient.ana.number.description),
        // Twins: two of one NSS and birth date.
        .init(nss: Patient.lucas.nss!.description, birthDate: Patient.lucas.birthDate.description),
      ]
      let reply = try await Self.handOver(clinic) { ($0.fromResource, $0.fromTurno, $0.people) = ("", "", rows) }
      #expect(reply.handed == 3 && reply.unknown == [3, 4] && reply.text.hasSuffix("2 renglones no son de una persona del padrón: revíselos."))
      let back = try await Self.takeBack(clinic, [rows[0], .init(patientNumber: Patient.beto.number.description)])
      #expect(back.takenBack == 1 && back.unknown == [1])
    }
  }

  @Test("A session that was open already hears of it in its next question; the waitlist too says the unit's name")
  func openSession() async throws {
    try await withClinic(people: Self.people, rules: .waiting()) { clinic in
      let token = try await clinic.session(Self.people[0])
      _ = try await Self.handOver(clinic)
      let later = try await clinic.appointments().find(.init(sessionToken: token, service: "medicina_familiar", earliestDate: Self.from))
      #expect(later.slots.isEmpty && later.steps.first?.code == "unidad_nueva")
      let refused = try await status { () throws(RPCError) in
        try await clinic.waitlist().join(
          .init(sessionToken: token, services: ["medicina_familiar"], firstDate: Self.from, lastDate: "2026-11-27", reach: .phone), options: .write())
      }
      #expect(refused.refusal?.reason == .caredElsewhere)
    }
  }

  @Test("Only staff, with a reason, and to another unit; a wrong field is told")
  func refused() async throws {
    try await withClinic(people: Self.people, rules: .waiting()) { clinic in
      let denied = await #expect(throws: RPCError.self) {
        try await TransfersClient(clinic.doors[.kiosk]).handOver(Self.request(), options: .write())
      }
      #expect(denied?.code == .permissionDenied)
      for (change, expected) in [
        ({ $0.unit?.clues = "DFIMS009996" }, "unit.clues: es la de esta clínica; escriba la de la otra unidad"),
        ({ $0.unit?.name = "" }, "unit.name: de 1 a 60 caracteres, en un renglón"), ({ $0.unit = nil }, "unit: falta la unidad que los recibe"),
        ({ $0.fromDate = "2026-09-01" }, "from_date: a lo más 31 días atrás"), ({ $0.fromTurno = "nocturno" }, "from_turno: C1 no trabaja ese turno"),
        ({ $0.limit = 501 }, "limit: de 1 a 500; 0 da 200"), ({ $0.fromResource = "" }, "people: diga de qué consultorio y turno son, o de 1 a 500 personas"),
      ] as [((inout Wire.HandOverRequest) -> Void, String)] {
        let error = await #expect(throws: RPCError.self) { try await Self.handOver(clinic, change) }
        #expect(error?.code == .invalidArgument && error?.message == expected)
      }
    }
  }
}
