internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cierre …`, for staff: an agenda that closes while the clinic works.
struct CierreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cierre",
    abstract: "Para el personal: cierra una agenda por horas o días y mueve sus citas; o la abre otra vez.",
    discussion: """
      Desde que contesta, ahí no se agenda nada. Cada cita que estaba ahí pasa al lugar libre más cercano, y si no hay ninguno su persona \
      espera antes que todas las demás: primero quien ya está en la clínica, luego quien tenía la cita más pronto.

        kioskctl cierre poner C7 2026-11-24 --motivo medico-ausente
        kioskctl cierre poner C7 2026-11-24 --desde 11:00 --hasta 14:00
        kioskctl cierre quitar 12
        kioskctl cierre deshacer 12
        kioskctl lista-espera dia 2026-11-24
      """,
    subcommands: [PonerCierreCommand.self, QuitarCierreCommand.self, DeshacerCierreCommand.self])
}

/// `kioskctl cierre poner`.
struct PonerCierreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "poner", abstract: "Cierra una agenda.")

  enum Motivo: String, ExpressibleByArgument, CaseIterable {
    case medicoAusente = "medico-ausente"
    case equipoDescompuesto = "equipo-descompuesto"
    case localCerrado = "local-cerrado"
    case emergencia

    var wire: Wire.ClosureReason {
      switch self {
      case .medicoAusente: .staffAbsent
      case .equipoDescompuesto: .equipmentDown
      case .localCerrado: .roomClosed
      case .emergencia: .emergency
      }
    }
  }

  @Argument(help: ArgumentHelp("Agenda: C12, V2.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID

  @Argument(help: ArgumentHelp("Primer día: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate

  @Option(help: ArgumentHelp("Último día, si es más de uno.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var ultimo: CivilDate?

  @Option(help: ArgumentHelp("Desde esta hora.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var desde: AgendaMinute?

  @Option(help: ArgumentHelp("Hasta esta hora.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hasta: AgendaMinute?

  @Option(help: ArgumentHelp("Por qué: medico-ausente, equipo-descompuesto, local-cerrado o emergencia.", valueName: "motivo"))
  var motivo: Motivo = .localCerrado

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    try await global.withServer { client in
      let close = Wire.CloseRequest(
        resource: agenda.description, firstDate: fecha.description, lastDate: ultimo?.description ?? "",
        startMinute: Int32(desde?.minutes ?? 0), endMinute: Int32(hasta?.minutes ?? 0), reason: motivo.wire)
      let reply = try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).close(close, options: global.callOptions.writing(id))
      }
      if global.json { return try Output.standard.json(reply) }
      for closure in reply.closures { Output.standard.text("Cierre \(closure.id): \(closure.resource), \(closure.date).") }
      Output.standard.text("Sus citas se están moviendo; `lista-espera dia` dice cuáles faltan.")
    }
  }
}

/// `kioskctl cierre quitar`.
struct QuitarCierreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "quitar", abstract: "Abre una agenda otra vez.")

  @Argument(help: ArgumentHelp("Número del cierre; `lista-espera dia` lo muestra.", valueName: "cierre"))
  var cierre: Int64

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    try await global.withServer { client in
      let reply = try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).reopen(.init(closure: cierre), options: global.callOptions.writing(id))
      }
      if global.json { return try Output.standard.json(reply) }
      Output.standard.text(reply.text)
    }
  }
}

/// `kioskctl cierre deshacer`.
struct DeshacerCierreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deshacer",
    abstract: "Deshace el cierre que usted acaba de poner, con todos sus días; durante dos minutos.",
    discussion: """
      Cada cita queda como estaba, con su folio, y a quien no se le ha avisado ya no se le dice nada. Quien ya sabe de su lugar nuevo lo \
      conserva: sale en la lista con lo que se puede hacer. Después de dos minutos, `cierre quitar` abre la agenda y lo movido queda movido.

      Ejemplo:
        kioskctl cierre deshacer 12

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/waitlist.proto).
      """)

  @Argument(help: ArgumentHelp("Número del cierre.", valueName: "cierre"))
  var cierre: Int64

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo = .correccion

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).undoClose(.init(closure: cierre, reason: motivo.wire), options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.lines(reply.back.map(\.line) + reply.kept.flatMap(\.lines) + [reply.text.printable])
  }
}

extension Wire.BroughtBack {
  var line: String { "\(folio)  \(display.printable)" }
}

extension Wire.NotBroughtBack {
  var lines: [String] { ["\(folio)\(newFolio.isEmpty ? "" : " → \(newFolio)")  \(display.printable)", "  \(text.printable)"] }
}
