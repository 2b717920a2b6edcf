internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Permissions, birth plans and newborns, by a whole server")
struct ProxiesTests {
  static let clinic = {
    var clinic = CampaignClinic(appointmentsPerPerson: 2)
    clinic.sections = """
      atencion_gratuita:
        unidades:
          - {clues: DFSSA003961, nombre: Centro de Salud Uno, domicilio: Calle 1, horario: todos los días}
        llevar: [su CURP]
        credencial: [Vaya al Módulo Bienestar.]
      plan_de_parto:
        aviso: Muestra, no validada clínicamente.
        puntos:
          - {codigo: acompanante, texto: Quiero que me acompañe quien yo elija.}
          - {codigo: cordon, texto: Quiero que esperen para cortar el cordón.}

      """
    return clinic
  }()

  /// Somebody as kioskctl wants them named.
  private static func who(_ number: Int) -> [String] { CampaignPerson(number: number).words }

  private static func daysAgo(_ days: Int) -> String { CivilDate.today(advancedBy: -days).description }

  private static func patientNumber(_ person: Int, _ server: CampaignServer) async throws -> String {
    let nss = CampaignPerson(number: person).nss
    return try #require(
      try await StoreFileReader.rows("SELECT number FROM patient WHERE nss = '\(nss)'", in: server.databasePath).first?.first)
  }

  @Test("kioskctl gives, shows and takes back; a session that was open before the revocation is answered in its next call as if there had been nothing; and it outlives kill -9")
  func proxies() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(Self.clinic, in: folder)
    var server = try await CampaignServer.start(in: folder, logLevel: "notice")
    do {
      try await server.importPeople(1...3)
      let program = try BuiltPrograms.path("kioskctl")
      func ctl(_ words: [String]) async throws -> ProgramRun { try await ProgramRun.of(program, words + ["--servidor", folder.path("p.sock")]) }
      let number = try await Self.patientNumber(2, server)
      let grantee = ["--a", number, "--a-nacimiento", CampaignPerson.birthDate]
      let given = try await ctl(["permiso", "dar"] + grantee + ["--puede", "ver,agendar,cambiar"] + Self.who(1))
      let text = "La persona cuyo número termina en \(number.suffix(4)) puede ver sus citas, hacerle citas y cambiarlas o cancelarlas, hasta que usted lo quite. Nada más."
      #expect(given.status == 0 && given.lines == ["Permiso 1. \(text)"], "\(given.text)")
      #expect(try await ctl(["permiso", "ver"] + Self.who(1)).lines == given.lines)
      let typo = try await ctl(["permiso", "dar"] + grantee + ["--puede", "mirar"] + Self.who(1))
      #expect(typo.text.contains("\"mirar\" no es un permiso: ver, agendar, cambiar, plan, tratamientos."), "\(typo.text)")

      // Person 2 books for person 1, without them, from a session that stays open.
      let kiosk = try await server.connect()
      let his = try await kiosk.identify(CampaignPerson(number: 2))
      #expect(try await PatientsClient(kiosk).listFamily(.init(sessionToken: his)).people.map(\.person) == [0, 1])
      let appointments = AppointmentsClient(kiosk)
      let slots = try await appointments.find(
        .init(sessionToken: his, person: 1, service: CampaignClinic.service, limit: 2)
      ).slots
      let booked = try #require(
        try await appointments.book(
          .init(sessionToken: his, person: 1, what: .slot(slots[0].choice)), options: .write(RequestIdentifier())
        ).appointment)
      let listed = try await ctl(["cita", "consultar"] + Self.who(1))
      #expect(listed.status == 0 && listed.text.contains(booked.folioDisplay), "\(listed.text)")

      // A kill takes nothing back; sessions are asked anew.
      await kiosk.close()
      await server.kill()
      server = try await CampaignServer.start(in: folder, logLevel: "notice")
      let again = try await server.connect()
      let open = try await again.identify(CampaignPerson(number: 2))
      #expect(try await PatientsClient(again).listFamily(.init(sessionToken: open)).people.map(\.person) == [0, 1])
      let client = AppointmentsClient(again)
      #expect(try await client.list(.init(sessionToken: open, person: 1)).appointments.map(\.folio) == [booked.folio])

      let taken = try await ctl(["permiso", "quitar", "1"] + Self.who(1))
      #expect(taken.lines == ["El permiso se quitó: ya no sirve, tampoco en una sesión abierta."], "\(taken.text)")
      let nobody = await refusal { () async throws(RPCError) in try await client.list(.init(sessionToken: open, person: 99)) }
      let list = await refusal { () async throws(RPCError) in try await client.list(.init(sessionToken: open, person: 1)) }
      #expect(list == nobody && list.code == .permissionDenied)
      let unknown = await refusal { () async throws(RPCError) in
        try await client.get(.init(sessionToken: open, folio: Folio(random: 4711).description))
      }
      let get = await refusal { () async throws(RPCError) in try await client.get(.init(sessionToken: open, folio: booked.folio)) }
      #expect(get == unknown && get.code == .notFound)
      let book = await refusal { () async throws(RPCError) in
        try await client.book(.init(sessionToken: open, person: 1, what: .slot(slots[1].choice)), options: .write(RequestIdentifier()))
      }
      #expect(book == nobody)
      #expect(try await ctl(["permiso", "ver"] + Self.who(1)).lines == ["Nadie tiene permiso de esta persona."])
      #expect(try await ctl(["permiso", "quitar", "--todos"] + Self.who(1)).lines == ["No había permiso que quitar."])
      await again.close()
    } catch {
      await server.kill()
      throw error
    }
    #expect(await server.stop() == 0)
  }

  @Test("kioskctl records, amends and prints a birth plan, shows it to the companion, and registers a newborn whose mother books")
  func births() async throws {
    try await withServer(Self.clinic, people: 2) { server in
      let program = try BuiltPrograms.path("kioskctl")
      let socket = server.folder.path("p.sock")
      func ctl(_ words: [String]) async throws -> ProgramRun { try await ProgramRun.of(program, words + ["--servidor", socket]) }
      let first = try await ctl(["plan-de-parto", "anotar", "acompanante=si"] + Self.who(1))
      #expect(first.status == 0 && first.text.contains("[X]  [ ]  [ ]         Quiero que me acompañe quien yo elija."), "\(first.text)")
      let second = try await ctl(["plan-de-parto", "anotar", "cordon=platicar"] + Self.who(1))
      #expect(second.text.contains("Versión 2, anotada el "), "\(second.text)")
      #expect(try await ctl(["plan-de-parto", "ver"] + Self.who(1)).text == second.text)
      #expect(try await ctl(["plan-de-parto", "ver", "--edicion", "1"] + Self.who(1)).text == first.text)
      let wrong = try await ctl(["plan-de-parto", "anotar", "velas=si"] + Self.who(1))
      #expect(wrong.status != 0 && wrong.text.contains("un punto no es de los del plan de esta clínica"), "\(wrong.text)")

      let stranger = try await ctl(["plan-de-parto", "ver", "--persona", "1"] + Self.who(2))
      #expect(stranger.status != 0, "\(stranger.text)")
      let number = try await Self.patientNumber(2, server)
      let given = try await ctl(
        ["permiso", "dar", "--a", number, "--a-nacimiento", CampaignPerson.birthDate, "--puede", "plan"] + Self.who(1))
      #expect(given.text.contains("puede ver su plan de parto, hasta que usted lo quite. Nada más."), "\(given.text)")
      #expect(try await ctl(["plan-de-parto", "ver", "--persona", "1"] + Self.who(2)).text == second.text)
      #expect(try await ctl(["cita", "consultar", "--persona", "1"] + Self.who(2)).text == stranger.text)

      let born = try await ctl(["recien-nacido", "registrar", "--nacio", Self.daysAgo(2), "--json"] + Self.who(1))
      #expect(born.status == 0 && born.text.contains("\"ordinal\": 1"), "\(born.text)")
      let family = try await ctl(["cita", "familia"] + Self.who(1))
      #expect(family.text.contains("Recién nacido 1"), "\(family.text)")
      let booked = try await ctl(
        ["cita", "agendar", "--persona", "1", "--servicio", CampaignClinic.service, "--primera"] + Self.who(1))
      #expect(booked.status == 0 && booked.text.contains("Folio"), "\(booked.text)")
      let early = try await ctl(["recien-nacido", "registrar", "--nacio", Self.daysAgo(60)] + Self.who(1))
      #expect(early.status != 0 && early.text.contains("después se registra con sus documentos"), "\(early.text)")
    }
  }

  @Test("kioskctl tells a person without rights where they are cared for, what to bring and how to get the credential")
  func withoutRights() async throws {
    try await withServer(Self.clinic, people: 1) { server in
      let program = try BuiltPrograms.path("kioskctl")
      let socket = server.folder.path("p.sock")
      let staff = try await server.connect(server.staff)
      let nss = NSS(firstTenDigits: 55_512_345)!.description
      let imported = try await OperationsClient(staff).importPatients(
        .init(
          header: "nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,derechos_estado,derechos_hasta",
          rows: Array("\(nss),1H1985OR,Persona,Prueba,1985-04-30,H,BAJA,\(Self.daysAgo(90))\n".utf8), firstLine: 2),
        options: .write(RequestIdentifier()))
      await staff.close()
      #expect(imported.added == 1, "\(imported)")
      let run = try await ProgramRun.of(
        program,
        ["cita", "buscar", "--servicio", CampaignClinic.service, "--nss", nss, "--nacimiento", "1985-04-30", "--servidor", socket])
      for line in [
        "Pregunte por su vigencia.", "Le atienden sin costo en Centro de Salud Uno, Calle 1, todos los días.", "Lleve su CURP.",
        "Vaya al Módulo Bienestar.",
      ] { #expect(run.text.contains(line), "\(run.text)") }
    }
  }
}
