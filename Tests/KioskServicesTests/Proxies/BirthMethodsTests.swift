import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Birth plans, newborns and people without rights")
struct BirthMethodsTests {
  @Test("P20: she records, amends and prints her own plan; the companion she names sees exactly what she grants and nothing else; revoking takes effect at once", arguments: Depth.allCases)
  func plan(depth: Depth) async throws {
    try await withClinic(depth, rules: .births) { clinic in
      let hers = try await clinic.session(.ana)
      let empty = try #require(try await clinic.proxies().getBirthPlan(.init(sessionToken: hers)).plan)
      #expect(empty.version == 0 && empty.lines.map(\.answer) == [.unspecified, .unspecified] && empty.printed.contains("Sin anotar todavía."))
      func record(_ item: String, _ answer: Wire.BirthPlanAnswer) async throws -> Wire.BirthPlan? {
        try await clinic.proxies().recordBirthPlan(
          .init(sessionToken: hers, lines: [.init(item: item, answer: answer)]), options: .write()
        ).plan
      }
      #expect(try await record("acompanante", .yes)?.version == 1)
      let second = try #require(try await record("cordon", .talk))
      #expect(second.version == 2 && second.lines.map(\.answer) == [.yes, .talk] && second.changed == "lunes 23 de noviembre, 07:00")
      #expect(try await record("cordon", .talk)?.version == 2)
      let lines = second.printed.split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.count <= 80 } && !second.printed.contains("Persona"))
      #expect(lines.contains("[X]  [ ]  [ ]         Quiero que me acompañe en todo momento, también si hay que"))
      #expect(lines.contains("[ ]  [ ]  [X]         Quiero que esperen a que el cordón deje de latir."))
      let former = try #require(try await clinic.proxies().getBirthPlan(.init(sessionToken: hers, version: 1)).plan)
      #expect(former.lines.map(\.answer) == [.yes, .unspecified])

      // The companion, a stranger to her family.
      let folio = try await clinic.book("C1 2026-11-24 08:15", hers).folio
      let his = try await clinic.session(.dario)
      #expect(try await clinic.number(of: .ana, in: his) == nil)
      let proxy = try await clinic.give([.plan], of: hers, to: .dario)
      let people = try await clinic.patients().listFamily(.init(sessionToken: his)).people
      #expect(people.last == Wire.Person(person: 1, name: "Persona 1"))
      #expect(try await clinic.proxies().getBirthPlan(.init(sessionToken: his, person: 1)).plan == second)
      let told = try await clinic.everything(1, his)
      #expect(told.last == .some(nil) && told.dropLast() == Array(repeating: .notForThisPerson, count: 6)[...])
      let unknown = try await clinic.unknownFolio(his)
      #expect(try await clinic.getStatus(folio, his) == unknown.get)
      #expect(try await clinic.cancelStatus(folio, his) == unknown.cancel)
      let earlier = try await status { () throws(RPCError) in
        try await clinic.proxies().getBirthPlan(.init(sessionToken: his, person: 1, version: 1))
      }
      #expect(earlier == .notForThisPerson)
      // He cannot write in it: what he records is his own.
      _ = try await clinic.proxies().recordBirthPlan(
        .init(sessionToken: his, lines: [.init(item: "cordon", answer: .no)]), options: .write())
      #expect(try await clinic.proxies().getBirthPlan(.init(sessionToken: hers)).plan == second)

      _ = try await clinic.proxies().revokeProxy(.init(sessionToken: hers, proxy: proxy.id), options: .write())
      #expect(try await clinic.everything(1, his) == Array(repeating: .notForThisPerson, count: 7))
    }
  }

  @Test("What is no answer, no sentence of the form or no plan is told", arguments: [RoleSet.kiosk, .staff])
  func refused(role: RoleSet) async throws {
    func told(_ lines: [Wire.BirthPlanLine], rules: ClinicRules) async throws -> Told {
      var told: Told?
      try await withClinic(rules: rules) { clinic in
        let token = try await clinic.session(.ana, at: role)
        let error = try await status { () throws(RPCError) in
          try await clinic.proxies(role).recordBirthPlan(.init(sessionToken: token, lines: lines), options: .write())
        }
        told = Told(error.code, error.message)
      }
      return try #require(told)
    }
    let yes = Wire.BirthPlanLine(item: "cordon", answer: .yes)
    #expect(try await told([], rules: .births) == Told(.invalidArgument, "lines: conteste al menos un punto"))
    #expect(try await told([.init(item: "cordon")], rules: .births) == Told(.invalidArgument, "lines: cada respuesta es sí, no o platicarlo"))
    #expect(try await told([yes, yes], rules: .births) == Told(.invalidArgument, "lines: cada punto una vez"))
    #expect(try await told([.init(item: "velas", answer: .yes)], rules: .births).code == .invalidArgument)
    #expect(try await told([yes], rules: .fixture()) == Told(.notFound, "Esta clínica no lleva planes de parto. Pregunte en la ventanilla."))
  }

  @Test("P18: creating a pregnancy generates the configured number of visits; the newborn is linked to the mother with the flag recien_nacido", arguments: Depth.allCases)
  func newborn(depth: Depth) async throws {
    try await withClinic(depth, rules: .series()) { clinic in
      #expect(try await clinic.start("prenatal", for: .ana, on: "2026-10-19").activities.count == 10)
      let desk = try await clinic.session(.ana, at: .staff)
      func register(_ name: String = "") async throws -> Wire.RegisterNewbornResponse {
        try await clinic.proxies(.staff).registerNewborn(
          .init(sessionToken: desk, birthDate: "2026-11-22", givenName: name, staffReason: .routine), options: .write())
      }
      let (first, second) = (try await register(), try await register("Luz María"))
      #expect(first.ordinal == 1 && second.ordinal == 2 && first.patientNumber != second.patientNumber)
      #expect(first.text == "Quedó en el expediente de su mamá, con el número \(first.patientNumber). Ella le hace sus citas; no hace falta CURP ni NSS.")
      let number = try PatientNumber(parsing: first.patientNumber)
      let stored = try await clinic.store.read { reader throws(StoreFault) in
        (child: try reader.patient(number: number), newborns: try reader.newborns(of: Patient.ana.id))
      }
      #expect(stored.child?.needs == ["recien_nacido"] && stored.child?.nss == nil && stored.child?.curp == nil)
      #expect(stored.newborns.map(\.ordinal) == [1, 2] && stored.newborns[0].child == stored.child?.id)

      // She makes their appointments, with rights and for what needs none.
      let hers = try await clinic.session(.ana)
      let people = try await clinic.patients().listFamily(.init(sessionToken: hers)).people
      let babies = people.filter { $0.needs == ["recien_nacido"] }
      #expect(babies.map(\.name) == ["Recién nacido 1", "Luz María"] && babies.allSatisfy(\.minor))
      let screening = try await clinic.book("C1 2026-11-24 08:15", hers, person: babies[0].person)
      let vaccination = try await clinic.book("C8 2026-11-24 09:00", hers, person: babies[1].person, service: "medicina_preventiva")
      #expect(screening.status == .booked && vaccination.status == .booked)
      #expect(try await clinic.authors(of: screening.folio).patient == stored.child?.id)
      // Nobody else of her NSS has them.
      let his = try await clinic.session(.beto)
      #expect(try await clinic.patients().listFamily(.init(sessionToken: his)).people.allSatisfy { $0.needs.isEmpty })
      // The number and the birth date are theirs.
      let child = try #require(stored.child)
      #expect(try await clinic.session(child).count == 32)
    }
  }

  @Test("P18: a newborn and the row that the padrón gave them later are one person: appointments, series and the mother's right stay, and the next padrón changes nobody", arguments: Depth.allCases)
  func merged(depth: Depth) async throws {
    let padron = {
      var row = Patient.fixture(301, born: "2026-11-22", consultorio: .c(2), turno: .vespertino)
      row.name.given = "Luz María"
      return row
    }()
    try await withClinic(depth, people: Patient.household + [padron], rules: .series()) { clinic in
      let desk = try await clinic.session(.ana, at: .staff)
      let registered = try await clinic.proxies(.staff).registerNewborn(
        .init(sessionToken: desk, birthDate: "2026-11-22", staffReason: .routine), options: .write())
      let born = try PatientNumber(parsing: registered.patientNumber)
      let child = try #require(try await clinic.store.patient(number: born))
      let hers = try await clinic.session(.ana)
      let place = try #require(try await clinic.number(of: child, in: hers))
      let folio = try await clinic.book("C8 2026-11-24 09:00", hers, person: place, service: "medicina_preventiva").folio
      func merge(_ first: PatientNumber, _ second: PatientNumber, _ id: String? = nil) async throws(RPCError) -> Wire.MergeNewbornResponse {
        try await clinic.proxies(.staff).mergeNewborn(
          .init(newbornNumber: first.description, padronNumber: second.description, staffReason: .askedInPerson), options: .write(id))
      }
      let mistaken = try await status { () throws(RPCError) in try await merge(born, Patient.carla.number) }
      #expect(mistaken.message.hasPrefix("Esos dos números no son de una misma persona"))
      let done = try await merge(born, padron.number, someID)
      #expect(done.patientNumber == padron.number.description && done.text.contains("con las citas que tenía"))
      #expect(try await merge(born, padron.number, someID) == done)
      let gone = try await status { () throws(RPCError) in try await merge(born, padron.number) }
      #expect(gone.code == .notFound)

      // The one person has the row's data and the child's appointments, and the mother still makes them.
      let now = try #require(try await clinic.store.patient(number: padron.number))
      #expect(now.id == child.id && now.nss == Patient.ana.nss && now.name.given == "Luz María" && now.consultorio == .c(2) && now.needs.isEmpty)
      #expect(try await clinic.store.patient(number: born) == nil)
      let people = try await clinic.patients().listFamily(.init(sessionToken: hers)).people
      #expect(people.filter { $0.name == "Luz María" }.count == 1)
      let again = try #require(try await clinic.number(of: now, in: hers))
      #expect(try await clinic.appointments().list(.init(sessionToken: hers, person: again)).appointments.map(\.folio) == [folio])
      try await clinic.admit(padron)
      #expect(try await clinic.store.patient(number: padron.number)?.id == child.id)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A newborn that cannot be registered is told why; a kiosk may not ask")
  func newbornRefused() async throws {
    try await withClinic { clinic in
      let desk = try await clinic.session(.ana, at: .staff)
      func told(_ born: String, name: String = "", reason: Wire.StaffReason = .routine, at role: RoleSet = .staff) async throws -> RPCError {
        try await status { () throws(RPCError) in
          try await clinic.proxies(role).registerNewborn(
            .init(sessionToken: desk, birthDate: born, givenName: name, staffReason: reason), options: .write())
        }
      }
      #expect(try await told("2026-11-24").message == "birth_date: de hoy a 28 días atrás; después se registra con sus documentos")
      #expect(try await told("2026-10-25").code == .invalidArgument)
      #expect(try await told("2026-11-20", name: "R2-D2").message.hasPrefix("given_name: "))
      #expect(try await told("2026-11-20", reason: .unspecified).message.hasPrefix("staff_reason: "))
      #expect(try await told("2026-11-20", at: .kiosk).code == .permissionDenied)
    }
  }

  @Test("P07: a person with a baja 57 days ago who asks for an appointment gets a referral that is not empty, not an error; at day 56 they still can book", arguments: [RoleSet.kiosk, .ivr, .staff])
  func withoutRights(role: RoleSet) async throws {
    func left(_ days: Int, _ id: Int64) -> Patient {
      .fixture(id, nss: "00755000015", rights: Rights(state: .baja, date: CivilDate.fixture.advanced(by: -days)))
    }
    let (gone, covered) = (left(57, 21), left(56, 22))
    let referral = [
      "Acuda a la unidad de IMSS-Bienestar más cercana.", "Le atienden sin costo en Centro de Salud Uno, Calle 1, de 8:00 a 20:00.", "Lleve su CURP.",
      "Vaya al Módulo Bienestar.",
    ]
    try await withClinic(people: [gone, covered], rules: .births) { clinic in
      let token = try await clinic.session(gone, at: role)
      let found = try await clinic.appointments(role).find(.init(sessionToken: token, service: "medicina_familiar"))
      #expect(found.slots == [] && found.steps.map(\.text) == referral)
      #expect(found.steps.map(\.code) == ["imss_bienestar", "unidad_gratuita_1", "unidad_gratuita_llevar", "credencial_1"])
      let slot = Wire.SlotChoice("C1 2026-11-23 12:00")
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments(role).book(.init(sessionToken: token, what: .slot(slot)), options: .write())
      }
      #expect(error.refusal?.reason == .rightsEndBefore && error.refusal?.steps.map(\.text) == referral)
      let other = try await clinic.session(covered, at: role)
      #expect(try await clinic.book("C1 2026-11-23 12:00", other, at: role).status == .booked)
    }
  }
}
