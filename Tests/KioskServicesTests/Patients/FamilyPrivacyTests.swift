import ClinicDomain
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("What one adult learns of another of the same NSS")
struct FamilyPrivacyTests {
  @Test("An adult's family is their minors, adolescents among them, by the clinic's adult age", arguments: [
    (18, ["Persona 1", "Persona 3", "Lucas", "Mateo", "Persona 6"]), (16, ["Persona 1", "Persona 3", "Lucas", "Mateo"]),
  ])
  func minors(adultAge: Int, names: [String]) async throws {
    let rules = ClinicRules.fixture { $0.policy.adultAge = adultAge }
    try await withClinic(rules: rules) { clinic in
      let token = try await clinic.session(.ana)
      let people = try await clinic.patients().listFamily(Wire.ListFamilyRequest(sessionToken: token)).people
      #expect(Set(people.map(\.name)) == Set(names) && people.count == names.count)
      #expect(people.map(\.person) == (0..<Int32(names.count)).map { $0 })
      #expect(people[0].name == "Persona 1" && people.dropFirst().allSatisfy(\.minor))
    }
  }

  @Test("A minor's own session, and the session of somebody without NSS, is theirs alone")
  func alone() async throws {
    let withoutNSS = Patient.fixture(20, nss: nil, born: "1970-01-01")
    try await withClinic(people: Patient.household + [withoutNSS]) { clinic in
      for person in [Patient.noe, .carla, withoutNSS] {
        let token = try await clinic.session(person)
        let people = try await clinic.patients().listFamily(Wire.ListFamilyRequest(sessionToken: token)).people
        #expect(people.map(\.name) == [person.name.address])
      }
    }
  }

  @Test(
    "Without consent a partner or a former husband finds nothing by list, folio, cancellation or number",
    arguments: Depth.allCases, [Patient.beto, .elias])
  func nothingWithoutConsent(depth: Depth, other: Patient) async throws {
    try await withClinic(depth) { clinic in
      let own = try await clinic.session(.ana)
      let booked = try await clinic.book("C1 2026-11-24 08:15", own)
      let held = try await clinic.hold("C4 2026-11-25 09:00", own, service: "estomatologia")

      let token = try await clinic.session(other)
      #expect(try await clinic.number(of: .ana, in: token) == nil)
      for folio in [booked.folio, held.folio] {
        let unknown = try await clinic.unknownFolio(token)
        #expect(try await clinic.getStatus(folio, token) == unknown.get)
        #expect(try await clinic.cancelStatus(folio, token) == unknown.cancel)
        let book = try await status { () throws(RPCError) in
          try await clinic.appointments().book(
            Wire.BookRequest(sessionToken: token, what: .holdFolio(folio)), options: .write())
        }
        #expect(book == unknown.get)
      }
      for number in [Int32(1), 2, 3, 4, 5, 6, .max] {
        let list = try? await clinic.appointments().list(Wire.ListRequest(sessionToken: token, person: number))
        #expect(list?.appointments ?? [] == [])
      }
      let beyond = try await status { () throws(RPCError) in
        try await clinic.appointments().hold(
          Wire.HoldRequest(sessionToken: token, person: 99, slot: Wire.SlotChoice("C1 2026-11-24 08:30")),
          options: .write())
      }
      #expect(beyond == .notForThisPerson)
      // And nothing happened to them.
      #expect(try await clinic.appointments().list(Wire.ListRequest(sessionToken: own)).appointments.count == 2)
    }
  }

  @Test("What is refused about somebody else's slot says nothing of whose it is")
  func refusalNamesNobody() async throws {
    try await withClinic { clinic in
      let booked = try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.ana))
      let token = try await clinic.session(.beto)
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .slot(Wire.SlotChoice("C1 2026-11-24 08:15"))), options: .write())
      }
      #expect(error.refusal?.reason == .slotTaken)
      let text = String(decoding: error.details.flatMap(\.value), as: UTF8.self) + error.message
      for secret in [booked.folio, booked.folioDisplay, "Persona", "00809012347"] { #expect(!text.contains(secret)) }
    }
  }

  @Test("With consent everything opens, and by revocation everything closes at once, in open sessions too", arguments: Depth.allCases)
  func consent(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let hers = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", hers).folio
      let his = try await clinic.session(.beto)
      _ = try await clinic.patients().grantConsent(
        Wire.GrantConsentRequest(sessionToken: hers, birthDate: "29021984"), options: .write())

      let number = try #require(try await clinic.number(of: .ana, in: his))
      let people = try await clinic.patients().listFamily(Wire.ListFamilyRequest(sessionToken: his)).people
      #expect(people.last?.name == "Persona 1" && people.last?.person == number && people.last?.minor == false)
      let list = try await clinic.appointments().list(Wire.ListRequest(sessionToken: his, person: number))
      #expect(list.appointments.map(\.folio) == [folio])
      let got = try await clinic.appointments().get(Wire.GetRequest(sessionToken: his, folio: folio))
      #expect(got.appointment?.slot?.ownDoctor == true)
      _ = try await clinic.hold("C4 2026-11-25 09:00", his, person: number, service: "estomatologia")

      _ = try await clinic.patients().revokeConsent(
        Wire.RevokeConsentRequest(sessionToken: hers, birthDate: "29021984"), options: .write())
      let unknown = try await clinic.unknownFolio(his)
      #expect(try await clinic.getStatus(folio, his) == unknown.get)
      #expect(try await clinic.cancelStatus(folio, his) == unknown.cancel)
      let errors = [
        try await status { () throws(RPCError) in
          try await clinic.appointments().list(Wire.ListRequest(sessionToken: his, person: number))
        },
        try await status { () throws(RPCError) in
          try await clinic.appointments().find(
            Wire.FindRequest(sessionToken: his, person: number, service: "medicina_familiar"))
        },
        try await status { () throws(RPCError) in
          try await clinic.appointments().hold(
            Wire.HoldRequest(sessionToken: his, person: number, slot: Wire.SlotChoice("C2 2026-11-26 08:00")),
            options: .write())
        },
        try await status { () throws(RPCError) in
          try await clinic.appointments().book(
            Wire.BookRequest(sessionToken: his, person: number, what: .slot(Wire.SlotChoice("C2 2026-11-26 08:00"))),
            options: .write())
        },
      ]
      #expect(errors == Array(repeating: .notForThisPerson, count: 4))
      #expect(try await clinic.number(of: .ana, in: his) == nil)
    }
  }

  @Test("A number never comes to mean somebody else: who is granted after a revocation gets a new one")
  func numbersStay() async throws {
    try await withClinic(people: [.ana, .beto, .elias, .carla]) { clinic in
      try await clinic.grant(.beto, to: .ana)
      let token = try await clinic.session(.ana)
      #expect(try await clinic.number(of: .carla, in: token) == 1)
      #expect(try await clinic.number(of: .beto, in: token) == 2)
      let his = try await clinic.session(.beto)
      _ = try await clinic.patients().revokeConsent(Wire.RevokeConsentRequest(sessionToken: his), options: .write())
      try await clinic.grant(.elias, to: .ana)
      #expect(try await clinic.number(of: .elias, in: token) == 3)
      #expect(try await clinic.number(of: .carla, in: token) == 1)
      let gone = try await status { () throws(RPCError) in
        try await clinic.appointments().list(Wire.ListRequest(sessionToken: token, person: 2))
      }
      #expect(gone == .notForThisPerson)
      try await clinic.grant(.beto, to: .ana)
      #expect(try await clinic.number(of: .beto, in: token) == 4)
    }
  }

  @Test("A child's appointment is their parents' to see and cancel, with the child's own doctor told apart")
  func child() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.beto)
      let number = try #require(try await clinic.number(of: .carla, in: token))
      let appointment = try await clinic.book("C1 2026-11-24 08:15", token, person: number)
      #expect(appointment.slot?.ownDoctor == true)
      let hers = try await clinic.session(.ana)
      let reply = try await clinic.appointments().cancel(
        Wire.CancelRequest(sessionToken: hers, folio: appointment.folio), options: .write())
      #expect(reply.appointment?.status == .cancelled && reply.appointment?.slot?.ownDoctor == true)
      // Beto's own doctor is another: the words are about the child.
      let again = try await clinic.book("C1 2026-11-24 08:15", token, person: number)
      let his = try await clinic.appointments().cancel(
        Wire.CancelRequest(sessionToken: token, folio: again.folio), options: .write())
      #expect(his.appointment?.slot?.ownDoctor == true)
    }
  }

  @Test("From the day of coming of age a parent's session reaches no appointment any more")
  func comingOfAge() async throws {
    // 18 on 24 November; the session is open over midnight.
    let almost = Patient.fixture(30, born: "2008-11-24")
    try await withClinic(people: [.ana, almost]) { clinic in
      clinic.clock.set(Instant(iso: "2026-11-24T05:59:30Z")!)
      let token = try await clinic.session(.ana)
      let number = try #require(try await clinic.number(of: almost, in: token))
      let folio = try await clinic.book("C1 2026-11-25 08:15", token, person: number).folio
      clinic.clock.advance(.seconds(40))
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().list(Wire.ListRequest(sessionToken: token, person: number))
      }
      #expect(error == .notForThisPerson)
      #expect(try await clinic.getStatus(folio, token) == (try await clinic.unknownFolio(token)).get)
      #expect(try await clinic.cancelStatus(folio, token) == (try await clinic.unknownFolio(token)).cancel)
    }
  }

  @Test("Who leaves the NSS reaches none of its children any more, in an open session too")
  func leavingTheNSS() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.beto)
      let number = try #require(try await clinic.number(of: .carla, in: token))
      let folio = try await clinic.book("C1 2026-11-24 08:15", token, person: number).folio
      var moved = Patient.beto
      moved.nss = NSS("00212000509")
      try await clinic.admit(moved)
      let list = try await status { () throws(RPCError) in
        try await clinic.appointments().list(Wire.ListRequest(sessionToken: token, person: number))
      }
      #expect(list == .notForThisPerson)
      #expect(try await clinic.getStatus(folio, token) == (try await clinic.unknownFolio(token)).get)
      #expect(try await clinic.number(of: .carla, in: token) == nil)
    }
  }

  @Test("Where a chosen name is set, no reply holds the legal one", arguments: Depth.allCases)
  func chosenName(depth: Depth) async throws {
    try await withClinic(depth, people: [.valeria, .santi, .pau]) { clinic in
      let recorder = RecordingTransport(clinic.doors[.kiosk])
      let (patients, appointments) = (PatientsClient(recorder), AppointmentsClient(recorder))
      let identified = try await patients.identify(
        Wire.IdentifyRequest(identifier: .curp("LOGA010101XJCPRNA0"), birthDate: "01012001", consultorio: "1"))
      let token = identified.sessionToken
      #expect(identified.person?.name == "Valeria")
      let family = try await patients.listFamily(Wire.ListFamilyRequest(sessionToken: token)).people
      #expect(family.map(\.name) == ["Valeria", "Santi", "Pau"])
      _ = try await patients.identify(Wire.IdentifyRequest(identifier: .nss("00997000070"), birthDate: "03022017"))
      let slot = Wire.SlotChoice("C1 2026-11-24 08:15")
      let held = try await appointments.hold(Wire.HoldRequest(sessionToken: token, slot: slot), options: .write())
      let folio = held.appointment!.folio
      _ = try await appointments.book(Wire.BookRequest(sessionToken: token, what: .holdFolio(folio)), options: .write())
      _ = try await appointments.get(Wire.GetRequest(sessionToken: token, folio: folio))
      _ = try await appointments.list(Wire.ListRequest(sessionToken: token))
      _ = try await status { () throws(RPCError) in
        try await appointments.book(Wire.BookRequest(sessionToken: token, what: .slot(slot)), options: .write())
      }
      _ = try await appointments.cancel(Wire.CancelRequest(sessionToken: token, folio: folio), options: .write())
      let said = recorder.said
      #expect(said.contains("Valeria") && said.contains("Santi"))
      for legal in ["Rodolfo", "Legalsurname", "Legalname"] { #expect(!said.contains(legal)) }
    }
  }
}

extension TestClinic {
  /// What a session is told of a folio that nobody has.
  func unknownFolio(_ token: String) async throws -> (get: RPCError, cancel: RPCError) {
    let nobodys = Folio.fixture(4711).description
    return (try await getStatus(nobodys, token), try await cancelStatus(nobodys, token))
  }

  func getStatus(_ folio: String, _ token: String) async throws -> RPCError {
    try await status { () throws(RPCError) in
      try await appointments().get(Wire.GetRequest(sessionToken: token, folio: folio))
    }
  }

  func cancelStatus(_ folio: String, _ token: String) async throws -> RPCError {
    try await status { () throws(RPCError) in
      try await appointments().cancel(Wire.CancelRequest(sessionToken: token, folio: folio), options: .write())
    }
  }
}
