internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda …`: what the clinic's own people do with a day.
struct AgendaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agenda",
    abstract: "La agenda del personal: el día de un consultorio, quién llegó y quién no, y qué se hizo con cada cita.",
    discussion: """
      Solo por el socket del personal. Cada cambio queda en la bitácora con quién lo hizo y su motivo (--motivo).

        kioskctl agenda dia C12
        kioskctl agenda atendida 482011570363
        kioskctl agenda falta 482011570363
        kioskctl agenda liberar 482011570363
        kioskctl agenda por-error 482011570363
        kioskctl agenda deshacer 482011570363
        kioskctl agenda historia 482011570363
        kioskctl agenda autorizar --motivo prioridad-medica …
        kioskctl agenda hojas --carpeta hojas
        kioskctl agenda cambiar --de C12 --turno matutino --a C14 --motivo falta-personal
        kioskctl agenda deshacer-cambio --a C14 --turno matutino
        kioskctl agenda entregar --de C12 --turno matutino --a DFIMS000266 --unidad "UMF 20" --fecha 2026-12-07 --motivo rutina
        kioskctl agenda capturar 482011570363 --hora 09:15 --numero 482011570 --nacimiento 1985-04-30
        kioskctl agenda import citas.csv --mapa kiosk-config/importacion/muestra.yaml
      """,
    subcommands: [
      AgendaDiaCommand.self, AtendidaCommand.self, FaltaCommand.self, LiberarCommand.self, PorErrorCommand.self, DeshacerCommand.self, HistoriaCommand.self,
      AutorizarCommand.self, HojasCommand.self, CapturarCommand.self, PapelCommand.self,
      ImportarCommand.self, ExportarCommand.self, ConflictosCommand.self,
      CambiarCommand.self, DeshacerCambioCommand.self, EntregarCommand.self, EntregadasCommand.self, RecuperarCommand.self,
    ])
}

/// What every act of the staff on one appointment takes.
struct ActOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Folio de la cita, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  /// Makes the call and shows the appointment as it is then.
  func act(
    _ call: (AgendaClient, CallOptions) async throws(RPCError) -> Wire.Appointment?
  ) async throws {
    let id = request.identifier()
    let appointment = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await call(AgendaClient(client), global.callOptions.writing(id))
      }
    }
    Output.standard.show(appointment, json: global.json)
  }
}

struct AtendidaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atendida", abstract: "Marca que la consulta se dio.",
    discussion: "Ejemplo:\n  kioskctl agenda atendida 482011570363\n\nCon --json: la cita, con status \"fulfilled\".")
  @OptionGroup var what: ActOptions

  func run() async throws {
    try await what.act { client, options throws(RPCError) in
      try await client.markAttended(
        .init(folio: what.folio.description, reason: (what.motivo ?? .rutina).wire), options: options
      ).appointment
    }
  }
}

struct FaltaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "falta", abstract: "Marca que la persona no vino, cuando su hora ya terminó, o que se retiró sin que la atendieran.",
    discussion: """
      De quien ya llegó, con --motivo se-retiro y a cualquier hora: lo que queda de su lugar es de quien sigue.

      Ejemplos:
        kioskctl agenda falta 482011570363
        kioskctl agenda falta 482011570363 --motivo se-retiro

      Con --json: la cita, con status "noshow".
      """)
  @OptionGroup var what: ActOptions

  func run() async throws {
    try await what.act { client, options throws(RPCError) in
      try await client.markNoShow(
        .init(folio: what.folio.description, reason: (what.motivo ?? .rutina).wire), options: options
      ).appointment
    }
  }
}

struct LiberarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "liberar", abstract: "Da por libre el lugar de quien no llegó dentro de la tolerancia.",
    discussion: """
      Solo en consultorios donde se registra quién llega. Si la persona viene después, tiene un lugar en la fila de hoy.

      Ejemplo:
        kioskctl agenda liberar 482011570363

      Con --json: la cita, con status "noshow".
      """)
  @OptionGroup var what: ActOptions

  func run() async throws {
    try await what.act { client, options throws(RPCError) in
      try await client.free(.init(folio: what.folio.description, reason: (what.motivo ?? .rutina).wire), options: options).appointment
    }
  }
}

struct PorErrorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "por-error", abstract: "Marca una cita como hecha por error: no cuenta en ningún lado y su lugar queda libre.",
    discussion: "Ejemplo:\n  kioskctl agenda por-error 482011570363\n\nCon --json: la cita, con status \"entered-in-error\".")
  @OptionGroup var what: ActOptions

  func run() async throws {
    try await what.act { client, options throws(RPCError) in
      try await client.markEnteredInError(
        .init(folio: what.folio.description, reason: (what.motivo ?? .correccion).wire), options: options
      ).appointment
    }
  }
}

struct DeshacerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deshacer", abstract: "Deshace lo último que usted hizo con una cita; durante dos minutos.",
    discussion: """
      A quien se recibió o se autorizó por equivocación lo marca como hecho por error.

      Ejemplo:
        kioskctl agenda deshacer 482011570363

      Con --json: la cita, como estaba.
      """)
  @OptionGroup var what: ActOptions

  func run() async throws {
    try await what.act { client, options throws(RPCError) in
      try await client.undo(.init(folio: what.folio.description, reason: (what.motivo ?? .correccion).wire), options: options).appointment
    }
  }
}
