import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

extension TestClinic {
  /// Gives `grantee` rights in a session of the grantor's.
  @discardableResult
  func give(
    _ rights: [Wire.ProxyRight], of token: String, to grantee: Patient, until: String = "", at role: RoleSet = .kiosk,
    reason: Wire.StaffReason = .unspecified
  ) async throws -> Wire.Proxy {
    let request = Wire.GrantProxyRequest(
      sessionToken: token, granteeNumber: grantee.number.description, granteeBirthDate: grantee.birthDate.description, rights: rights,
      untilDate: until, staffReason: reason)
    return try await proxies(role).grantProxy(request, options: .write()).proxy!
  }

  /// What a session is told by everything that takes a person's number.
  func everything(_ number: Int32, _ token: String) async throws -> [RPCError?] {
    let slot = Wire.SlotChoice("C4 2026-11-26 09:00", service: "estomatologia")
    func told(_ call: () async throws(RPCError) -> Void) async -> RPCError? {
      do throws(RPCError) { try await call() } catch { return error }
      return nil
    }
    return [
      await told { () throws(RPCError) in _ = try await appointments().list(.init(sessionToken: token, person: number)) },
      await told { () throws(RPCError) in
        _ = try await appointments().find(.init(sessionToken: token, person: number, service: "medicina_familiar"))
      },
      await told { () throws(RPCError) in
        _ = try await appointments().hold(.init(sessionToken: token, person: number, slot: slot), options: .write())
      },
      await told { () throws(RPCError) in
        _ = try await appointments().book(.init(sessionToken: token, person: number, what: .slot(slot)), options: .write())
      },
      await told { () throws(RPCError) in _ = try await waitlist().listMine(.init(sessionToken: token, person: number)) },
      await told { () throws(RPCError) in _ = try await series(.kiosk).list(.init(sessionToken: token, person: number)) },
      await told { () throws(RPCError) in _ = try await proxies().getBirthPlan(.init(sessionToken: token, person: number)) },
    ]
  }

  /// Who did something to an appointment, and whose it is.
  func authors(of folio: String) async throws -> (actors: [String], patient: PatientID?) {
    let folio = try Folio(parsing: folio)
    return try await store.read { reader throws(StoreFault) in
      (try reader.history(of: folio).map(\.actor), try reader.appointment(folio: folio)?.patient)
    }
  }
}

extension ClinicRules {
  /// The small clinic with a form for birth plans, free care and a confidential service.
  static let births = ClinicRules.fixture { clinic in
    clinic.services.append(.discreet)
    clinic.resources[1].services.append(Service.discreet.code)
    clinic.birthPlan = BirthPlanForm(
      notice: "Muestra, no validada clínicamente.",
      items: [
        .init(code: "acompanante", text: "Quiero que me acompañe en todo momento, también si hay que operar, la persona que yo misma elija."),
        .init(code: "cordon", text: "Quiero que esperen a que el cordón deje de latir."),
      ])
    clinic.freeCare = FreeCare(
      units: [.init(clues: CLUES("DFSSA003961")!, name: "Centro de Salud Uno", address: "Calle 1", hours: "de 8:00 a 20:00")],
      bring: ["su CURP"], credential: ["Vaya al Módulo Bienestar."])
  }
}

@Suite("Permissions with exact rights")
struct ProxyMethodsTests {
  @Test("P15: a palliative patient's relative of another family books by proxy in a session of their own, without the patient present", arguments: Depth.allCases)
  func relative(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      // The desk writes down what Ana's papers say; she is not there.
      let desk = try await clinic.session(.ana, at: .staff)
      let proxy = try await clinic.give([.see, .book, .change], of: desk, to: .dario, at: .staff, reason: .medicalPriority)
      #expect(proxy.byStaff && proxy.rights == [.see, .book, .change] && proxy.fromDate == "2026-11-23" && proxy.untilDate.isEmpty)
      let ending = Patient.dario.number.description.suffix(4)
      #expect(proxy.text == "La persona cuyo número termina en \(ending) puede ver sus citas, hacerle citas y cambiarlas o cancelarlas, hasta que usted lo quite. Nada más.")
      _ = try await clinic.patients(.staff).endSession(Wire.EndSessionRequest(sessionToken: desk))

      let token = try await clinic.session(.dario)
      let people = try await clinic.patients().listFamily(Wire.ListFamilyRequest(sessionToken: token)).people
      #expect(people.map(\.name) == ["Persona 4", "Persona 1"] && people[1].consultorio == "C1" && people[1].coveredUntil.isEmpty)
      let found = try await clinic.appointments().find(
        Wire.FindRequest(sessionToken: token, person: 1, service: "medicina_familiar", limit: 3))
      // The same doctor first.
      #expect(found.slots.allSatisfy(\.ownDoctor) && found.slots.map(\.resource) == ["C1", "C1", "C1"])
      let booked = try await clinic.book("C1 2026-11-24 08:15", token, person: 1)
      let authors = try await clinic.authors(of: booked.folio)
      #expect(authors.actors == ["person:4"] && authors.patient == Patient.ana.id)
      let own = try await clinic.session(.ana)
      #expect(try await clinic.appointments().list(Wire.ListRequest(sessionToken: own)).appointments.map(\.folio) == [booked.folio])
      #expect(try await clinic.appointments().list(Wire.ListRequest(sessionToken: token)).appointments == [])
      let cancelled = try await clinic.appointments().cancel(Wire.CancelRequest(sessionToken: token, folio: booked.folio), options: .write())
      #expect(cancelled.appointment?.status == .cancelled)
    }
  }

  static let given: [([Wire.ProxyRight], [Int])] = [
    ([.plan], [0, 1, 2, 3, 4, 5]), ([.see], [1, 2, 3, 5, 6]), ([.see, .book], [5, 6]), ([.see, .care], [1, 2, 3, 6]),
  ]

  @Test("What is not given is answered as a person who does not exist, whatever else was given", arguments: given)
  func exact(rights: [Wire.ProxyRight], closed: [Int]) async throws {
    try await withClinic(rules: .births) { clinic in
      let own = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", own).folio
      try await clinic.give(rights, of: own, to: .dario)
      let token = try await clinic.session(.dario)
      let number = try #require(try await clinic.number(of: .ana, in: token))
      let told = try await clinic.everything(number, token)
      let nobody = try await clinic.everything(99, token)
      #expect(nobody == Array(repeating: .notForThisPerson, count: 7))
      for place in told.indices { #expect(told[place] == (closed.contains(place) ? nobody[place] : nil), "\(place)") }
      let unknown = try await clinic.unknownFolio(token)
      if !rights.contains(.see) { #expect(try await clinic.getStatus(folio, token) == unknown.get) }
      #expect(try await clinic.cancelStatus(folio, token) == unknown.cancel)
    }
  }

  @Test("A former husband's permission and consent end together, in the next call of the session that he has open", arguments: Depth.allCases)
  func formerHusband(depth: Depth) async throws {
    try await withClinic(depth, rules: .births) { clinic in
      let hers = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", hers).folio
      _ = try await clinic.patients().grantConsent(
        Wire.GrantConsentRequest(sessionToken: hers, birthDate: Patient.elias.birthDate.description), options: .write())
      let proxy = try await clinic.give([.see, .book, .change, .care, .plan], of: hers, to: .elias)
      let his = try await clinic.session(.elias)
      let number = try #require(try await clinic.number(of: .ana, in: his))
      #expect(try await clinic.appointments().get(Wire.GetRequest(sessionToken: his, folio: folio)).appointment?.folio == folio)
      #expect(try await clinic.proxies().listProxies(.init(sessionToken: hers)).proxies == [proxy])

      let gone = try await clinic.proxies().revokeProxy(.init(sessionToken: hers), options: .write())
      #expect(gone.revoked == 1 && gone.text == "El permiso se quitó: ya no sirve, tampoco en una sesión abierta.")
      #expect(try await clinic.everything(number, his) == Array(repeating: .notForThisPerson, count: 7))
      let unknown = try await clinic.unknownFolio(his)
      #expect(try await clinic.getStatus(folio, his) == unknown.get)
      #expect(try await clinic.cancelStatus(folio, his) == unknown.cancel)
      #expect(try await clinic.number(of: .ana, in: his) == nil)
      #expect(try await clinic.proxies().listProxies(.init(sessionToken: hers)).proxies == [])
      // Nothing that stands is taken back twice.
      let again = try await clinic.proxies().revokeProxy(.init(sessionToken: hers, proxy: proxy.id), options: .write())
      #expect(again.revoked == 0 && again.text == "No había permiso que quitar.")
      #expect(try await clinic.appointments().list(.init(sessionToken: hers)).appointments.map(\.folio) == [folio])
    }
  }

  @Test("Fewer rights take the place of more at once, and a last day ends a permission by itself")
  func narrowed() async throws {
    try await withClinic(rules: .births) { clinic in
      let hers = try await clinic.session(.ana)
      try await clinic.give([.see, .book, .change], of: hers, to: .dario)
      let token = try await clinic.session(.dario)
      let first = try #require(try await clinic.number(of: .ana, in: token))
      try await clinic.give([.see], of: hers, to: .dario, until: "2026-11-23")
      #expect(try await clinic.everything(first, token) == Array(repeating: .notForThisPerson, count: 7))
      let second = try #require(try await clinic.number(of: .ana, in: token))
      #expect(second != first)
      #expect(try await clinic.everything(second, token)[0...1] == [nil, .notForThisPerson])
      clinic.clock.set(Instant.fixture.adding(seconds: 86_400))
      #expect(try await clinic.everything(second, token)[0] == .notForThisPerson)
    }
  }

  @Test("A permission to book that ends with the day answers no search of the next in a session that is open, before anybody lists the family")
  func endsInAnOpenSession() async throws {
    try await withClinic(rules: .births) { clinic in
      let hers = try await clinic.session(.ana)
      try await clinic.give([.see, .book], of: hers, to: .dario, until: "2026-11-23")
      let token = try await clinic.session(.dario)
      let number = try #require(try await clinic.number(of: .ana, in: token))
      let search = Wire.FindRequest(sessionToken: token, person: number, service: "medicina_familiar")
      #expect(try await !clinic.appointments().find(search).slots.isEmpty)
      clinic.clock.set(Instant.fixture.adding(seconds: 86_400))
      let refused = try await status { () throws(RPCError) in try await clinic.appointments().find(search) }
      #expect(refused == .notForThisPerson)
      #expect(try await clinic.number(of: .ana, in: token) == nil)
    }
  }

  @Test("A confidential appointment is nobody's but the person's: not a proxy's with every right, not a parent's of an adolescent")
  func confidential() async throws {
    try await withClinic(rules: .births) { clinic in
      let hers = try await clinic.session(.ana)
      let folio = try await clinic.book("C2 2026-11-24 08:15", hers, service: "seguimiento").folio
      try await clinic.give([.see, .book, .change, .care, .plan], of: hers, to: .dario)
      let token = try await clinic.session(.dario)
      let number = try #require(try await clinic.number(of: .ana, in: token))
      #expect(try await clinic.appointments().list(.init(sessionToken: token, person: number, includePast: true)).appointments == [])
      let unknown = try await clinic.unknownFolio(token)
      #expect(try await clinic.getStatus(folio, token) == unknown.get)
      #expect(try await clinic.cancelStatus(folio, token) == unknown.cancel)
      let asked = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          .init(sessionToken: token, person: number, what: .slot(.init("C2 2026-11-25 08:15", service: "seguimiento"))), options: .write())
      }
      #expect(asked.refusal?.reason == .serviceNotOffered)

      // An adolescent's: her mother has the law's rights and the sight of the plan, and does not see it either.
      let noe = try await clinic.session(.noe)
      let secret = try await clinic.book("C2 2026-11-24 09:00", noe, service: "seguimiento").folio
      try await clinic.give([.plan], of: noe, to: .ana)
      let child = try #require(try await clinic.number(of: .noe, in: hers))
      #expect(try await clinic.appointments().list(.init(sessionToken: hers, person: child)).appointments == [])
      let unknownHers = try await clinic.unknownFolio(hers)
      #expect(try await clinic.getStatus(secret, hers) == unknownHers.get)
      let more = try await status { () throws(RPCError) in
        try await clinic.proxies().grantProxy(
          .init(
            sessionToken: noe, granteeNumber: Patient.dario.number.description, granteeBirthDate: Patient.dario.birthDate.description,
            rights: [.see]), options: .write())
      }
      #expect(more.code == .permissionDenied)
    }
  }

  @Test("What cannot be given is told by its field, its person or its reason", arguments: Depth.allCases)
  func refused(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      func told(
        number: String = Patient.dario.number.description, born: String = "1985-04-30", rights: [Wire.ProxyRight] = [.see],
        until: String = "", reason: Wire.StaffReason = .unspecified, token: String
      ) async throws -> Told {
        let error = try await status { () throws(RPCError) in
          try await clinic.proxies().grantProxy(
            .init(
              sessionToken: token, granteeNumber: number, granteeBirthDate: born, rights: rights, untilDate: until, staffReason: reason),
            options: .write())
        }
        return Told(error.code, String(error.message.prefix { $0 != ":" && $0 != "." }))
      }
      #expect(try await told(number: "12", token: token) == Told(.invalidArgument, "grantee_number"))
      #expect(try await told(rights: [], token: token) == Told(.invalidArgument, "rights"))
      #expect(try await told(rights: [.see, .see], token: token) == Told(.invalidArgument, "rights"))
      #expect(try await told(rights: [.book], token: token) == Told(.invalidArgument, "rights"))
      #expect(try await told(until: "pronto", token: token) == Told(.invalidArgument, "until_date"))
      #expect(try await told(reason: .routine, token: token) == Told(.invalidArgument, "staff_reason"))
      #expect(try await told(token: String(repeating: "0", count: 32)) == Told(.unauthenticated, "Su sesión terminó"))
      let nobody = "No hay una persona con ese número de paciente y esa fecha de nacimiento"
      #expect(try await told(born: "1985-05-01", token: token) == Told(.notFound, nobody))
      #expect(try await told(number: Patient.ana.number.description, token: token).code == .permissionDenied)
      #expect(try await told(number: Patient.carla.number.description, born: "2015-09-10", token: token).code == .permissionDenied)
      #expect(try await told(until: "2026-11-22", token: token) == Told(.failedPrecondition, "El último día del permiso ya pasó, o es antes del primero"))
      // Somebody's birth date is not to be guessed here either.
      var last: StatusCode?
      for day in 10...18 { last = try await told(number: Patient.beto.number.description, born: "1985-06-\(day)", token: token).code }
      #expect(last == .failedPrecondition)
    }
  }
}

/// A status, as far as a test looks at it.
struct Told: Equatable {
  var code: StatusCode
  var text: String

  init(_ code: StatusCode, _ text: String) {
    self.code = code
    self.text = text
  }
}
