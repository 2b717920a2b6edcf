import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Prevention that is offered")
struct PreventionTests {
  @Test("P17: a 25-year-old woman without check in 12 months is offered PrevenIMSS on every cita flow, once", arguments: Depth.allCases)
  func check(depth: Depth) async throws {
    let rosario = Patient.fixture(101, nss: nil, born: "2001-10-01")
    try await withClinic(depth, people: [rosario], rules: .series()) { clinic in
      func offers(_ token: String, _ role: RoleSet) async throws -> Bool {
        try await clinic.series(role).offerCheck(.init(sessionToken: token)).offered
      }
      // A booking, a change of date and a cancellation, by kiosk, telephone and desk.
      var folio = ""
      for (flow, (role, step)) in [(RoleSet.kiosk, 0), (.ivr, 1), (.staff, 2), (.kiosk, 1), (.ivr, 2), (.staff, 0)].enumerated() {
        // What one flow leaves is kept for a while for those who wait.
        let slot = "C1 2026-11-24 \(AgendaMinute(minutes: 480 + 15 * flow)!)"
        let token = try await clinic.session(rosario, at: role)
        switch step {
        case 0: folio = try await clinic.book(slot, token, at: role).folio
        case 1:
          if folio.isEmpty { folio = try await clinic.book(slot, token, at: role).folio }
          folio = try await clinic.appointments(role).reschedule(
            .init(sessionToken: token, folio: folio, resource: "C1", date: "2026-11-25", startMinute: Int32(600 + 15 * flow)), options: .write()
          ).appointment!.folio
        default:
          _ = try await clinic.appointments(role).cancel(.init(sessionToken: token, folio: folio), options: .write())
          folio = ""
        }
        let offer = try await clinic.series(role).offerCheck(.init(sessionToken: token))
        #expect(offer.offered && offer.service == "medicina_preventiva" && offer.slots.count == 3)
        #expect(offer.text.hasPrefix("Hace un año o más que no se hace su revisión de PrevenIMSS."))
        #expect(try await !offers(token, role), "twice in one flow")
      }
      // Who expects one is not asked, nor who had one within the twelve months; a year later she is.
      let token = try await clinic.session(rosario)
      let booked = try await clinic.book("C8 2026-11-24 10:00", token, service: "medicina_preventiva")
      #expect(try await !offers(try await clinic.session(rosario), .kiosk))
      try await clinic.goTo("2026-11-24 09:50")
      _ = try await clinic.appointments(.staff).checkIn(.init(folio: booked.folio, staffReason: .routine), options: .write())
      try await clinic.goTo("2026-11-24 10:10")
      _ = try await clinic.agenda().markAttended(.init(folio: booked.folio, reason: .routine), options: .write())
      #expect(try await !offers(try await clinic.session(rosario), .kiosk))
      try await clinic.goTo("2027-11-23 09:00")
      #expect(try await !offers(try await clinic.session(rosario), .kiosk))
      try await clinic.goTo("2027-11-24 09:00")
      #expect(try await offers(try await clinic.session(rosario), .kiosk))
    }
  }

  @Test("P33: a person without NSS whom no padrón knows is registered by staff, gets a vaccination slot, and is seen from a sheet of paper", arguments: Depth.allCases)
  func unlisted(depth: Depth) async throws {
    try await withClinic(depth, people: [], rules: .series()) { clinic in
      func register(_ given: String = "Rosa", reason: Wire.StaffReason = .askedInPerson, at role: RoleSet = .staff) async throws(RPCError) -> Wire.RegisterPersonResponse {
        try await clinic.proxies(role).registerPerson(
          .init(
            givenName: given, firstSurname: "Ejemplo", secondSurname: "Peña", birthDate: "1990-05-14", phone: "5512345678", language: "nah",
            staffReason: reason), options: .write())
      }
      let reply = try await register()
      #expect(!reply.known && reply.text.hasPrefix("Quedó registrada con el número \(reply.patientNumber)."))
      // The same names, however they are written, are the same person.
      let again = try await register(" rosa ")
      #expect(again.known && again.patientNumber == reply.patientNumber)
      for (given, reason, role, expected) in [
        ("", .askedInPerson, .staff, "given_name: "), ("R2", .askedInPerson, .staff, "given_name: "), ("Eva", .unspecified, .staff, "staff_reason: "),
      ] as [(String, Wire.StaffReason, RoleSet, String)] {
        let error = try await status { () throws(RPCError) in try await register(given, reason: reason, at: role) }
        #expect(error.code == .invalidArgument && error.message.hasPrefix(expected), "\(error.message)")
      }
      #expect(try await status { () throws(RPCError) in try await register(at: .kiosk) }.code == .permissionDenied)
      func token(at role: RoleSet) async throws -> String {
        try await clinic.patients(role).identify(.init(identifier: .patientNumber(reply.patientNumber), birthDate: "1990-05-14")).sessionToken
      }
      let vaccination = try await clinic.book("C8 2026-11-24 10:00", try await token(at: .kiosk), service: "medicina_preventiva")
      #expect(vaccination.status == .booked)
      // What asks for rights says where they are cared for without them.
      let hers = try await token(at: .kiosk)
      let refused = await #expect(throws: RPCError.self) { _ = try await clinic.book("C1 2026-11-24 10:00", hers) }
      #expect(refused?.refusal?.reason == .rightsEndBefore && refused?.refusal?.steps.isEmpty == false)
      // On paper, and in an emergency, nobody is asked for rights.
      let rows = try await clinic.paper().reserveRows(.init(resource: "C1", turno: "matutino", count: 1), options: .write()).rows
      let entered = try await clinic.paper().enter(
        .init(sessionToken: try await token(at: .staff), folio: rows[0].folio, startMinute: 600), options: .write())
      #expect(entered.row?.outcome == .slot)
      let history = try await clinic.store.check()
      #expect(history == [])
    }
  }

  @Test("Two people without NSS of one name and birth date have two numbers once staff confirm it, and asking again makes no third")
  func namesakes() async throws {
    try await withClinic(people: [], rules: .series()) { clinic in
      func register(_ others: [String] = []) async throws(RPCError) -> Wire.RegisterPersonResponse {
        try await clinic.proxies(.staff).registerPerson(
          .init(givenName: "Rosa", firstSurname: "Ejemplo", birthDate: "1990-05-14", staffReason: .askedInPerson, otherThan: others), options: .write())
      }
      let first = try await register()
      let asked = try await register()
      #expect(asked.known && asked.patientNumber == first.patientNumber && asked.namesakes == [first.patientNumber])
      #expect(asked.text == "Ya había alguien con esos nombres y esa fecha, con el número \(first.patientNumber): si es la misma persona, use ese número. Si es otra persona, confírmelo y regístrela aparte.")
      let second = try await register([first.patientNumber])
      #expect(!second.known && second.patientNumber != first.patientNumber)
      let again = try await register([first.patientNumber])
      #expect(again.known && again.patientNumber == second.patientNumber && again.namesakes == [first, second].map(\.patientNumber))
      let third = try await register([first, second].map(\.patientNumber))
      #expect(!third.known && Set([first, second, third].map(\.patientNumber)).count == 3)
      for person in [first, second, third] {
        let token = try await clinic.patients().identify(.init(identifier: .patientNumber(person.patientNumber), birthDate: "1990-05-14")).sessionToken
        #expect(try await clinic.appointments().list(.init(sessionToken: token)).appointments.isEmpty)
      }
      let wrong = try await status { () throws(RPCError) in try await register(["1"]) }
      #expect(wrong.code == .invalidArgument && wrong.message.hasPrefix("other_than: "))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A person who was registered without NSS and their later row of the padrón are made one, appointments and all; other names are not theirs")
  func merged() async throws {
    var listed = Patient.fixture(7, nss: "00755000015", born: "1990-05-14")
    listed.name = PersonName(given: "Rosa María", firstSurname: "Peña", secondSurname: nil, chosen: nil, pronoun: nil)
    var other = Patient.fixture(8, nss: "00809012347", born: "1990-05-14")
    other.name.given = "Otra"
    try await withClinic(people: [listed, other], rules: .series()) { clinic in
      let reply = try await clinic.proxies(.staff).registerPerson(
        .init(givenName: "ROSA MARIA", firstSurname: "Pena", birthDate: "1990-05-14", staffReason: .routine), options: .write())
      func merge(_ row: Patient, _ number: String) async throws(RPCError) -> Wire.MergeNewbornResponse {
        try await clinic.proxies(.staff).mergeNewborn(
          .init(newbornNumber: number, padronNumber: row.number.description, staffReason: .routine), options: .write())
      }
      // Ñ is a letter of its own: this is somebody else.
      #expect(try await status { () throws(RPCError) in try await merge(listed, reply.patientNumber) }.code == .failedPrecondition)
      let right = try await clinic.proxies(.staff).registerPerson(
        .init(givenName: "Rosa Maria", firstSurname: "PEÑA", birthDate: "1990-05-14", staffReason: .routine), options: .write())
      #expect(!right.known)
      let token = try await clinic.patients().identify(.init(identifier: .patientNumber(right.patientNumber), birthDate: "1990-05-14")).sessionToken
      let folio = try await clinic.book("C8 2026-11-24 10:00", token, service: "medicina_preventiva").folio
      #expect(try await status { () throws(RPCError) in try await merge(other, right.patientNumber) }.code == .failedPrecondition)
      #expect(try await merge(listed, right.patientNumber).patientNumber == listed.number.description)
      let hers = try await clinic.session(listed)
      #expect(try await clinic.appointments().list(.init(sessionToken: hers)).appointments.map(\.folio) == [folio])
      #expect(try await status { () throws(RPCError) in try await merge(other, listed.number.description) }.code == .failedPrecondition)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P33: a person without NSS gets a vaccination slot, and the measles rule by age returns the dose that is due", arguments: Depth.allCases)
  func doses(depth: Depth) async throws {
    let child = Patient.fixture(101, nss: nil, born: "2025-05-23", consultorio: nil, turno: nil, rights: Rights(state: .baja, date: nil))
    try await withClinic(depth, people: [child], rules: .series()) { clinic in
      // Nobody is asked who they are.
      for (born, received, codes) in [
        ("2025-05-23", [], ["srp_1", "srp_2"]), ("23052025", ["srp_1"], ["srp_2"]), ("2025-11-24", [], []), ("2025-11-23", [], ["srp_1"]),
        ("1990-01-01", [], []),
      ] as [(String, [String], [String])] {
        let due = try await clinic.series(.kiosk).listDueDoses(.init(birthDate: born, received: received))
        #expect(due.doses.map(\.code) == codes && due.service == "medicina_preventiva")
        #expect(due.text.contains("Lleve su cartilla"))
      }
      let token = try await clinic.session(child)
      let appointment = try await clinic.book("C8 2026-11-24 10:00", token, service: "medicina_preventiva")
      #expect(appointment.status == .booked)
    }
  }
}
