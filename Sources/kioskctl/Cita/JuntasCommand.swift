internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// Several people of one family, by the numbers of `cita familia`.
struct PeopleOptions: ParsableArguments {
  @Option(
    name: .customLong("personas"), help: ArgumentHelp("Para quiénes, por su número en `cita familia`, en el orden en que pasan: 0,1,2.", valueName: "lista"),
    transform: { try AgendaText.numbers($0, 2...8, amount: "dos a ocho", example: "0,1,2") })
  var people: [Int32]
}

/// `kioskctl cita buscar-juntas`: slots that follow each other.
struct BuscarJuntasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "buscar-juntas",
    abstract: "Lista lugares seguidos para varias personas de una familia.",
    discussion: """
      Ejemplo:
        kioskctl cita buscar-juntas --numero 482011570 --nacimiento 1985-04-30 \\
          --personas 0,1,2 --servicio medicina_familiar

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/together.proto).
      """)

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Para quiénes") var family: PeopleOptions

  @Option(help: ArgumentHelp("Código del servicio; `cita servicios` los lista.", valueName: "código"))
  var servicio: String

  @Option(help: ArgumentHelp("Solo este turno: matutino, vespertino…", valueName: "turno"))
  var turno: String?

  @Option(help: ArgumentHelp("Solo esta fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let found = try await FamilySession.with(identity, global) { session, client, options in
      let request = Wire.FindTogetherRequest(
        sessionToken: session.token, people: family.people, service: servicio, turno: turno ?? "", date: fecha?.description ?? "")
      return try await Failure.of { () throws(RPCError) in try await TogetherClient(client).findTogether(request, options: options) }
    }
    if global.json { return try Output.standard.json(found) }
    guard !found.runs.isEmpty else { throw Failure(nothingFree: found.steps) }
    Output.standard.lines(found.runs.map(\.display))
  }
}

/// `kioskctl cita agendar-juntas`: all of them or none.
struct AgendarJuntasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agendar-juntas",
    abstract: "Hace citas seguidas para varias personas de una familia: todas o ninguna.",
    discussion: """
      Ejemplo:
        kioskctl cita agendar-juntas --numero 482011570 --nacimiento 1985-04-30 \\
          --personas 0,1,2 --servicio medicina_familiar \\
          --agenda C12 --fecha 2026-11-24 --hora 08:15

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/together.proto).
      """)

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Para quiénes") var family: PeopleOptions

  @Option(help: ArgumentHelp("Código del servicio; `cita servicios` los lista.", valueName: "código"))
  var servicio: String

  @Option(help: ArgumentHelp("Agenda: C12 es el consultorio 12.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID

  @Option(help: ArgumentHelp("Fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate

  @Option(help: ArgumentHelp("Hora a la que pasa la primera persona: 08:15.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await FamilySession.with(identity, global) { session, client, options in
      let book = Wire.BookTogetherRequest(
        sessionToken: session.token, service: servicio, resource: agenda.description, date: fecha.description,
        startMinute: Int32(hora.minutes), people: family.people)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await TogetherClient(client).bookTogether(book, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.lines([reply.text] + reply.appointments.map { "\($0.folioDisplay)  \($0.slot?.display ?? "")" })
  }
}

/// A session whose family was listed, so that its numbers stand.
enum FamilySession {
  static func with<Value>(
    _ identity: IdentityOptions, _ global: GlobalOptions,
    _ body: (PatientSession, any RPCTransport, CallOptions) async throws -> Value
  ) async throws -> Value {
    try await PatientSession.with(identity, global) { session, client, options in
      _ = try await Failure.of { () throws(RPCError) in
        try await PatientsClient(client).listFamily(.init(sessionToken: session.token), options: options)
      }
      return try await body(session, client, options)
    }
  }
}
