import ClinicDomain
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Finding free slots")
struct FindMethodTests {
  func find(_ clinic: TestClinic, _ request: Wire.FindRequest, at role: RoleSet = .kiosk) async throws -> [String] {
    try await clinic.appointments(role).find(request).slots.map(\.place)
  }

  @Test("A slot as it travels", arguments: Depth.allCases)
  func slot(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      let found = try await clinic.appointments().find(
        Wire.FindRequest(sessionToken: token, service: "medicina_familiar", limit: 1))
      #expect(
        found
          == Wire.FindResponse(
            slots: [
              Wire.Slot(
                service: "medicina_familiar", resource: "C1", date: "2026-11-23", startMinute: 480, endMinute: 495,
                turno: "matutino", startsAtUnixMs: Instant(iso: "2026-11-23T14:00:00Z")!.milliseconds, ownDoctor: true,
                display: "lunes 23 de noviembre, 08:00, consultorio 1, planta baja")
            ],
            nextRelease: Wire.NextRelease(
              opensAtUnixMs: Instant(iso: "2026-11-24T06:00:00Z")!.milliseconds, date: "2026-12-22", resource: "C1", turno: "matutino",
              display: "El martes 24 de noviembre, 00:00, se abren los lugares del martes 22 de diciembre, "
                + "consultorio 1, planta baja, turno matutino.")))
    }
  }

  @Test("Nobody is shown a slot at the time of an appointment that they have, on whatever agenda; others are, and it is shown again when it is gone", arguments: Depth.allCases)
  func ownAppointment(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.book("C4 2026-11-24 08:30", token, service: "estomatologia").folio
      func found(_ token: String, at role: RoleSet = .kiosk) async throws -> Set<String> {
        Set(try await find(clinic, .init(sessionToken: token, service: "medicina_familiar", date: "2026-11-24", earliestMinute: 480, resource: "C1", limit: 6), at: role))
      }
      let clash: Set = ["C1 2026-11-24 510", "C1 2026-11-24 525"]
      let own = try await found(token)
      #expect(own.isDisjoint(with: clash) && own.contains("C1 2026-11-24 540"))
      let phone = try await clinic.session(.ana, at: .ivr)
      #expect(try await found(phone, at: .ivr).isDisjoint(with: clash))
      #expect(try await found("").isSuperset(of: clash))
      let another = try await clinic.session(.dario)
      #expect(try await found(another).isSuperset(of: clash))
      _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: folio), options: .write())
      #expect(try await found(token).isSuperset(of: clash))
    }
  }

  @Test("A search says when the next places are given out, and who asks for one of them before is told the same, with others")
  func release() async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.capacity.releases = [
        ReleaseRule(scope: TurnoScope(resources: [.c(1)]), daysAhead: 1, first: AgendaMinute(text: "07:30")!, stepMinutes: 10)
      ]
    }
    try await withClinic(rules: rules) { clinic in
      let found = try await clinic.appointments().find(
        Wire.FindRequest(service: "medicina_familiar", turno: "vespertino", resource: "C1", limit: 1))
      #expect(found.slots.map(\.place) == ["C1 2026-11-23 840"])
      #expect(found.nextRelease?.display == "El lunes 23 de noviembre, 07:40, se abren los lugares del martes 24 de noviembre, "
        + "consultorio 1, planta baja, turno vespertino.")
      let token = try await clinic.session(.ana)
      let refusal = await #expect(throws: RPCError.self) { try await clinic.book("C1 2026-11-24 14:15", token) }
      #expect(refusal?.message
        == "Esos lugares se abren el lunes 23 de noviembre, 07:40. Llame o venga desde esa hora, o elija otro lugar ahora.")
      clinic.clock.advance(.seconds(40 * 60))
      try await clinic.book("C1 2026-11-24 14:15", try await clinic.session(.ana))
    }
  }

  @Test("Where the kiosk has used its share and the rest is the phone's, the phone finds a place and the kiosk another day")
  func quotas() async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.capacity.quotas = [
        ChannelQuotas(scope: TurnoScope(resources: [.c(4)]), phone: 11, fallbackMinutes: 60)
      ]
    }
    try await withClinic(rules: rules) { clinic in
      let dentist = "estomatologia"
      try await clinic.book("C4 2026-11-24 08:00", try await clinic.session(.dario), service: dentist)
      let query = Wire.FindRequest(service: dentist, earliestDate: "2026-11-24", limit: 1)
      #expect(try await find(clinic, query) == ["C4 2026-11-25 480"])
      #expect(try await find(clinic, query, at: .ivr) == ["C4 2026-11-24 510"])
      let token = try await clinic.session(.ana)
      let refusal = await #expect(throws: RPCError.self) { try await clinic.book("C4 2026-11-24 08:30", token, service: dentist) }
      #expect(refusal?.message
        == "Los lugares que quedan ahí se guardan para quien pide su cita de otra manera. "
        + "Desde el martes 24 de noviembre, 07:00 son de todos. Le ofrecemos otros ahora.")
      let phone = try await clinic.session(.ana, at: .ivr)
      try await clinic.book("C4 2026-11-24 08:30", phone, service: dentist, at: .ivr)
    }
  }

  @Test("The person's own doctor comes first on every date, then the others by date, start and consultorio")
  func ownDoctorFirst() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let slots = try await clinic.appointments().find(
        Wire.FindRequest(sessionToken: token, service: "medicina_familiar", date: "2026-11-24", limit: 28)).slots
      #expect(slots.prefix(24).allSatisfy { $0.ownDoctor && $0.resource == "C1" && $0.turno == "matutino" })
      #expect(slots.dropFirst(24).map(\.place) == ["C2 2026-11-24 480", "C3 2026-11-24 480", "C2 2026-11-24 495", "C3 2026-11-24 495"])
      #expect(slots.dropFirst(24).allSatisfy { !$0.ownDoctor })
    }
  }

  @Test("For a child the own doctor is the child's, by their number in the session")
  func forAChild() async throws {
    let child = Patient.fixture(31, born: "2020-02-02", consultorio: .c(2), turno: .vespertino)
    try await withClinic(people: [.ana, child]) { clinic in
      let token = try await clinic.session(.ana)
      let number = try #require(try await clinic.number(of: child, in: token))
      let request = Wire.FindRequest(sessionToken: token, person: number, service: "medicina_familiar", limit: 1)
      #expect(try await find(clinic, request) == ["C2 2026-11-23 840"])
    }
  }

  @Test("Without a session it searches for nobody, twelve at most unless told otherwise")
  func nobody() async throws {
    try await withClinic { clinic in
      let slots = try await clinic.appointments().find(Wire.FindRequest(service: "medicina_familiar")).slots
      #expect(slots.count == 12 && slots.allSatisfy { !$0.ownDoctor })
      #expect(slots.prefix(3).map(\.place) == ["C1 2026-11-23 480", "C2 2026-11-23 480", "C3 2026-11-23 480"])
    }
  }

  @Test("Each filter holds", arguments: [
    (Wire.FindRequest(service: "medicina_familiar", turno: "vespertino", limit: 1), ["C1 2026-11-23 840"]),
    (Wire.FindRequest(service: "medicina_familiar", date: "2026-11-25", limit: 1), ["C1 2026-11-25 480"]),
    (Wire.FindRequest(service: "medicina_familiar", earliestDate: "2026-11-28", limit: 1), ["C5 2026-11-28 1080"]),
    (Wire.FindRequest(service: "medicina_familiar", earliestMinute: 720, limit: 1), ["C1 2026-11-23 720"]),
    (Wire.FindRequest(service: "medicina_familiar", resource: "C2", limit: 1), ["C2 2026-11-23 480"]),
    (Wire.FindRequest(service: "estomatologia", limit: 2), ["C4 2026-11-23 480", "C4 2026-11-23 510"]),
    (Wire.FindRequest(service: "cambio_de_clinica", limit: 2), ["V1 2026-11-23 480", "V1 2026-11-23 500"]),
    (
      Wire.FindRequest(service: "medicina_familiar", turno: "nocturno", date: "2026-11-27", earliestMinute: 1440, limit: 1),
      ["C5 2026-11-27 1440"]
    ),
  ])
  func filters(request: Wire.FindRequest, places: [String]) async throws {
    try await withClinic { clinic in
      let found = try await find(clinic, request)
      #expect(found == places)
    }
  }

  @Test("A slot after midnight is told by the day on which the person must come")
  func night() async throws {
    try await withClinic { clinic in
      let slots = try await clinic.appointments().find(
        Wire.FindRequest(service: "medicina_familiar", date: "2026-11-27", earliestMinute: 1455, limit: 1)).slots
      #expect(slots.map(\.display) == ["sábado 28 de noviembre, 00:15, consultorio 5, planta baja"])
      #expect(slots.first?.startsAtUnixMs == Instant(iso: "2026-11-28T06:15:00Z")!.milliseconds)
    }
  }

  @Test("What is booked, held or past is not offered; a hold that ran out is")
  func taken() async throws {
    try await withClinic { clinic in
      try await clinic.occupy("C1 2026-11-23 08:00")
      try await clinic.hold("C1 2026-11-23 08:15", try await clinic.session(.beto))
      let request = Wire.FindRequest(service: "medicina_familiar", resource: "C1", limit: 1)
      #expect(try await find(clinic, request) == ["C1 2026-11-23 510"])
      clinic.clock.advance(.seconds(120))
      #expect(try await find(clinic, request) == ["C1 2026-11-23 495"])
      clinic.clock.set(Instant(iso: "2026-11-23T15:00:00Z")!)
      #expect(try await find(clinic, request) == ["C1 2026-11-23 555"])
    }
  }

  @Test("Who cannot take stairs is never offered an upper floor, not even their own doctor's")
  func stairs() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.olga)
      let slots = try await clinic.appointments().find(
        Wire.FindRequest(sessionToken: token, service: "medicina_familiar", limit: 100)).slots
      #expect(slots.count == 100 && slots.allSatisfy { $0.resource != "C3" && !$0.ownDoctor })
    }
  }

  @Test("56 days after a baja there are slots for today; 57 days after it there is a way to other care, not an error", arguments: [
    ("2026-09-28", true), ("2026-09-27", false),
  ])
  func rightsEnd(baja: String, isCovered: Bool) async throws {
    var person = Patient.ana
    person.rights = Rights(state: .baja, date: CivilDate(iso: baja))
    try await withClinic(people: [person]) { clinic in
      let token = try await clinic.session(person)
      let found = try await clinic.appointments().find(
        Wire.FindRequest(sessionToken: token, service: "medicina_familiar", limit: 100))
      if isCovered {
        #expect(!found.slots.isEmpty && found.slots.allSatisfy { $0.date == "2026-11-23" })
        #expect(try await clinic.book("C1 2026-11-23 08:00", token).status == .booked)
      } else {
        #expect(found.slots == [] && found.steps == [.referral])
      }
      // The desk of a trámite asks for no rights.
      #expect(!(try await find(clinic, Wire.FindRequest(sessionToken: token, service: "cambio_de_clinica"))).isEmpty)
    }
  }

  @Test("No slot is never the whole answer: the steps say whether it is the agenda or the rights", arguments: [
    (Wire.FindRequest(service: "medicina_familiar", date: "2026-11-29"), "unifila"),
    (Wire.FindRequest(service: "medicina_familiar", turno: "dominical"), "unifila"),
    (Wire.FindRequest(service: "medicina_familiar", resource: "C77"), "unifila"),
    (Wire.FindRequest(service: "medicina_familiar", earliestDate: "2027-11-29"), "imss_bienestar"),
    (Wire.FindRequest(service: "medicina_familiar", date: "2026-12-01"), "imss_bienestar"),
  ])
  func steps(request: Wire.FindRequest, code: String) async throws {
    var person = Patient.ana
    person.rights = Rights(state: .vigente, date: CivilDate(iso: "2026-11-30"))
    try await withClinic(people: [person]) { clinic in
      var request = request
      request.sessionToken = try await clinic.session(person)
      let found = try await clinic.appointments().find(request)
      #expect(found.slots == [] && found.steps.map(\.code) == [code])
    }
  }

  @Test("A service that the clinic, or this channel, has not is NOT_FOUND, with what can be done", arguments: [
    ("dermatologia", RoleSet.kiosk), ("cambio_de_clinica", .ivr),
  ])
  func unknownService(service: String, role: RoleSet) async throws {
    try await withClinic { clinic in
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments(role).find(Wire.FindRequest(service: service))
      }
      #expect(error.code == .notFound)
      #expect(error.message == "Aquí no se dan citas para ese servicio. Elija otro o pregunte en la ventanilla.")
      #expect(error.refusal?.reason == .serviceNotOffered && error.refusal?.steps.isEmpty == false)
    }
  }

  @Test("The services of a channel, in the clinic's order")
  func services() async throws {
    try await withClinic { clinic in
      let atTheKiosk = try await clinic.appointments().listServices(Wire.ListServicesRequest()).services
      #expect(atTheKiosk.map(\.code) == ["medicina_familiar", "estomatologia", "cambio_de_clinica"])
      #expect(
        atTheKiosk.last
          == Wire.Service(
            code: "cambio_de_clinica", name: "Cambio de clínica", slotMinutes: 20, homoclave: "IMSS-02-066",
            requirements: ["Identificación oficial vigente"]))
      let byPhone = try await clinic.appointments(.ivr).listServices(Wire.ListServicesRequest()).services
      #expect(byPhone.map(\.code) == ["medicina_familiar", "estomatologia"])
    }
  }
}

extension Wire.Slot {
  /// "C1 2026-11-24 495".
  var place: String { "\(resource) \(date) \(startMinute)" }
}

extension Wire.NextStep {
  static let referral = Wire.NextStep(code: "imss_bienestar", text: "Acuda a la unidad de IMSS-Bienestar más cercana.")
}
