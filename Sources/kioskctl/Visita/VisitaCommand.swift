internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl visita …`: visits at home.
struct VisitaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visita",
    abstract: "Visitas a domicilio (trámite IMSS-03-019): buscar, pedir y la ruta del día.",
    discussion: """
      Una visita es una cita: se consulta, se cambia y se cancela con `kioskctl cita`. El domicilio solo aparece en la ruta.

        kioskctl visita buscar --cp 07300 --numero 482011570 --nacimiento 1985-04-30
        kioskctl visita pedir --agenda P1 --fecha 2026-11-24 --hora 09:00 \\
          --calle "Norte 72 4315" --colonia "La Joya" --cp 07300 --solicita "Ana López" \\
          --numero 482011570 --nacimiento 1985-04-30
        kioskctl visita ruta --dia 2026-11-24
      """,
    subcommands: [BuscarVisitaCommand.self, PedirVisitaCommand.self, RutaCommand.self])
}

/// `kioskctl visita buscar`: when somebody can be visited.
struct BuscarVisitaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "buscar",
    abstract: "Lista cuándo se puede visitar a una persona en un código postal.",
    discussion: """
      Ejemplo:
        kioskctl visita buscar --cp 07300 --numero 482011570 --nacimiento 1985-04-30

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/homevisits.proto).
      """)

  @Option(help: ArgumentHelp("Código postal del domicilio, cinco dígitos.", valueName: "código"))
  var cp: String

  @Option(help: ArgumentHelp("Solo esta fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let found = try await PatientSession.with(identity, global) { session, client, options in
      let find = Wire.FindHomeVisitsRequest(
        sessionToken: session.token, person: session.person, postalCode: cp, date: fecha?.description ?? "")
      return try await Failure.of { () throws(RPCError) in try await HomeVisitsClient(client).findHomeVisits(find, options: options) }
    }
    if global.json { return try Output.standard.json(found) }
    guard !found.slots.isEmpty else { throw Failure(nothingFree: found.steps) }
    Output.standard.lines([found.zone] + found.slots.map { "\($0.resource)  \($0.display)" })
  }
}

/// `kioskctl visita pedir`: the request of IMSS-03-019.
struct PedirVisitaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pedir",
    abstract: "Pide una visita a domicilio con los datos del trámite IMSS-03-019.",
    discussion: """
      Lo que se deja en blanco de consultorio, turno y teléfono se toma del registro de la persona.

      Ejemplo:
        kioskctl visita pedir --agenda P1 --fecha 2026-11-24 --hora 09:00 \\
          --calle "Norte 72 4315" --colonia "La Joya" --cp 07300 --solicita "Ana López" --parentesco hija \\
          --numero 482011570 --nacimiento 1985-04-30

      Con --json: la cita, sin el domicilio.
      """)

  @Option(help: ArgumentHelp("Agenda de quien visita: P1.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID

  @Option(help: ArgumentHelp("Fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate

  @Option(help: ArgumentHelp("Hora, entre las 08:00 y las 20:00: 09:00.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute

  @OptionGroup(title: "Domicilio") var home: HomeOptions
  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      var ask = home.request
      (ask.sessionToken, ask.person) = (session.token, session.person)
      (ask.resource, ask.date, ask.startMinute) = (agenda.description, fecha.description, Int32(hora.minutes))
      return try await Failure.of(writing: id) { [ask] () throws(RPCError) in
        try await HomeVisitsClient(client).requestHomeVisit(ask, options: options.writing(id))
      }
    }
    if global.json { return Output.standard.show(reply.appointment, json: true) }
    Output.standard.text(reply.text.printable)
  }
}

/// Where, and who asks. What is left out is the server's to miss: it says which datum.
struct HomeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Calle y número.", valueName: "calle"))
  var calle = ""

  @Option(help: ArgumentHelp("Colonia.", valueName: "colonia"))
  var colonia = ""

  @Option(help: ArgumentHelp("Código postal, cinco dígitos.", valueName: "código"))
  var cp = ""

  @Option(help: ArgumentHelp("Señas para llegar.", valueName: "señas"))
  var senas = ""

  @Option(help: ArgumentHelp("Teléfono; sin él, el de su registro.", valueName: "teléfono"))
  var telefono = ""

  @Option(help: ArgumentHelp("Nombre de quien pide la visita.", valueName: "nombre"))
  var solicita = ""

  @Option(help: ArgumentHelp("Qué es de la persona quien la pide: hija, vecino…", valueName: "parentesco"))
  var parentesco = ""

  @Option(help: ArgumentHelp("Consultorio al que está adscrita la persona, 12 o C12; sin él, el de su registro.", valueName: "número"))
  var adscripcion = ""

  @Option(help: ArgumentHelp("Turno de la persona; sin él, el de su registro.", valueName: "turno"))
  var turno = ""

  var request: Wire.RequestHomeVisitRequest {
    Wire.RequestHomeVisitRequest(
      street: calle, neighbourhood: colonia, postalCode: cp, references: senas, phone: telefono, applicant: solicita,
      kinship: parentesco, consultorio: adscripcion, turno: turno)
  }
}
