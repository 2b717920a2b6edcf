internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda capturar`: a row that was filled in by hand.
struct CapturarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capturar",
    abstract: "Captura un renglón de una hoja que se llenó a mano.",
    discussion: """
      Nadie se pierde: si su hora ya es de otra persona, queda en la fila de hoy y se dice de quién es; si ya tenía cita ese día, es la \
      misma. Capturar dos veces el mismo renglón lo deja igual. Quien tenía cita se marca con `kioskctl agenda atendida FOLIO`. De una \
      hoja cuyo día ya pasó hay que decir qué fue de la persona: --atendida o --se-fue.

      Ejemplos:
        kioskctl agenda capturar 482011570363 --hora 09:15 --numero 482011570 --nacimiento 1985-04-30
        kioskctl agenda capturar 482011570363 --hora 09:15 --atendida --nss 00809012347 --nacimiento 1985-04-30

      Con --json: {"appointment", "row"}. Termina con 2 si quedó en la fila de hoy.
      """)

  @Argument(help: ArgumentHelp("Folio del renglón, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @Option(help: ArgumentHelp("La hora que se escribió: 09:15.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute

  @Flag(help: "La consulta se dio.")
  var atendida = false

  @Flag(help: "La persona se fue sin consulta.")
  var seFue = false

  @Option(help: ArgumentHelp("Código del servicio; sin él, el primero del consultorio.", valueName: "código"))
  var servicio: String?

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    if atendida, seFue { throw ValidationError("Diga una de dos: --atendida o --se-fue.") }
  }

  func run() async throws {
    let output = Output.standard
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let enter = Wire.EnterRequest(
        sessionToken: session.token, person: session.person, folio: folio.description, startMinute: Int32(hora.minutes), attended: atendida,
        service: servicio ?? "", left: seFue)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await PaperClient(client).enter(enter, options: options.writing(id))
      }
    }
    let row = reply.row ?? Wire.PaperRow()
    if global.json {
      output.json(.object([.init("appointment", reply.appointment?.json ?? .null), .init("row", row.json)]))
    } else {
      output.show(reply.appointment, json: false)
      output.text(row.text.printable)
    }
    if row.outcome == .todaysLine { throw ExitCode(CommandStatus.partly.rawValue) }
  }
}

/// `kioskctl agenda papel`: what of a day's sheets is keyed in.
struct PapelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "papel",
    abstract: "Muestra los renglones reservados de las hojas de un día: cuáles se capturaron y cómo quedaron.",
    discussion: """
      Ejemplos:
        kioskctl agenda papel
        kioskctl agenda papel --fecha 2026-11-24 --agenda C12 --conflictos

      Con --json: [{"folio", "resource", "turno", "number", "outcome", "appointment_folio", "conflict_folio", "text"}].
      """)

  @Option(help: ArgumentHelp("Fecha; sin ella, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @Option(help: ArgumentHelp("Solo esta agenda.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID?

  @Flag(help: "Solo lo que quedó en la fila de hoy.")
  var conflictos = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await PaperClient(client).listRows(
          .init(date: fecha?.description ?? "", resource: agenda?.description ?? ""), options: global.callOptions)
      }
    }
    let rows = reply.rows.filter { !conflictos || $0.outcome == .todaysLine }
    if global.json { return output.json(.array(rows.map(\.json))) }
    guard !rows.isEmpty else { return output.text("No hay renglones de papel que mostrar.") }
    output.lines(
      TextTable(
        [.init("Agenda"), .init("Turno"), .init("N.º", alignedRight: true), .init("Folio"), .init("Qué pasó")],
        rows: rows.map { [$0.resource, $0.turno, "\($0.number)", $0.folioDisplay, $0.text] }
      ).lines(output.style))
  }
}

extension Wire.PaperRow {
  var json: JSONValue {
    .object([
      .init("folio", .string(folio)), .init("resource", .string(resource)), .init("turno", .string(turno)), .init("number", .number("\(number)")),
      .init("outcome", .string(word)), .init("appointment_folio", .string(appointmentFolio)),
      .init("conflict_folio", .string(conflictFolio)), .init("text", .string(text)),
    ])
  }

  private var word: String {
    switch outcome {
    case .slot: "slot"
    case .todaysLine: "todays_line"
    case .sameAppointment: "same_appointment"
    default: "blank"
    }
  }
}
