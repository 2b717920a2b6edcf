internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl devolucion …`, for staff: calls that the clinic owes.
struct DevolucionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devolucion",
    abstract: "Para el personal: las llamadas que la clínica prometió, de quién son, para cuándo, y cómo terminaron.",
    discussion: """
      Cada una es de alguien y tiene plazo. Se toma, se marca, se anota qué pasó y se cierra; a los tres intentos sin respuesta, o al \
      pasarse el plazo, pasa a la jefatura. Al cerrarla se olvida el número.

        kioskctl devolucion ver
        kioskctl devolucion tomar 482011570363
        kioskctl devolucion intento 482011570363 no-contesto
        kioskctl devolucion intento 482011570363 contesto
        kioskctl devolucion cerrar 482011570363 atendida
      """,
    subcommands: [PedirDevolucionCommand.self, VerDevolucionesCommand.self, TomarDevolucionCommand.self, IntentoCommand.self, CerrarDevolucionCommand.self])
}

/// `kioskctl devolucion ver`.
struct VerDevolucionesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ver", abstract: "Las llamadas por hacer: primero las que escalaron, luego por plazo.",
    discussion: "Con --json: el mensaje ListCallbacksResponse del contrato.")

  @Flag(help: "Las últimas cerradas.")
  var cerradas = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    try await global.withServer { client in
      let reply = try await Failure.of { () throws(RPCError) in
        try await TelephoneClient(client).listCallbacks(.init(closed: cerradas), options: global.callOptions)
      }
      let output = Output.standard
      if global.json { return try output.json(reply) }
      guard !reply.callbacks.isEmpty else { return output.text(cerradas ? "Ninguna llamada cerrada." : "Ninguna llamada por hacer.") }
      for callback in reply.callbacks { output.show(callback) }
    }
  }
}

/// What every act on one call takes.
struct DevolucionOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Folio de la llamada, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  /// Makes the call and shows what was asked about as it is then.
  func act<Reply: WireMessage>(
    _ callback: (Reply) -> Wire.StaffCallback?, _ call: (TelephoneClient, CallOptions) async throws(RPCError) -> Reply
  ) async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await call(TelephoneClient(client), global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    if let callback = callback(reply) { Output.standard.show(callback) }
  }
}

/// `kioskctl devolucion tomar`.
struct TomarDevolucionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tomar", abstract: "La hace suya: usted es quien llama.")
  @OptionGroup var what: DevolucionOptions

  func run() async throws {
    try await what.act(\.callback) { client, options throws(RPCError) in
      try await client.takeCallback(.init(folio: what.folio.description), options: options)
    }
  }
}

/// `kioskctl devolucion intento`.
struct IntentoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "intento", abstract: "Anota qué pasó al marcar.")

  enum Resultado: String, ExpressibleByArgument, CaseIterable {
    case contesto
    case noContesto = "no-contesto"
    case ocupado
    case equivocado

    var wire: Wire.AttemptResult {
      switch self {
      case .contesto: .answered
      case .noContesto: .noAnswer
      case .ocupado: .busy
      case .equivocado: .wrongNumber
      }
    }
  }

  @OptionGroup var what: DevolucionOptions

  @Argument(help: ArgumentHelp("contesto, no-contesto, ocupado o equivocado (el número no es de la persona).", valueName: "resultado"))
  var resultado: Resultado

  func run() async throws {
    try await what.act(\.callback) { client, options throws(RPCError) in
      try await client.noteAttempt(.init(folio: what.folio.description, result: resultado.wire), options: options)
    }
  }
}

/// `kioskctl devolucion cerrar`.
struct CerrarDevolucionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "cerrar", abstract: "La cierra con su resultado y olvida el número.")

  enum Resultado: String, ExpressibleByArgument, CaseIterable {
    case atendida
    case conCita = "con-cita"
    case urgencias
    case yaNo = "ya-no"
    case noLocalizada = "no-localizada"

    var wire: Wire.CallbackOutcome {
      switch self {
      case .atendida: .attended
      case .conCita: .appointment
      case .urgencias: .emergency
      case .yaNo: .notNeeded
      case .noLocalizada: .unreached
      }
    }
  }

  @OptionGroup var what: DevolucionOptions

  @Argument(help: ArgumentHelp("atendida, con-cita, urgencias, ya-no (ya no la necesita) o no-localizada.", valueName: "resultado"))
  var resultado: Resultado

  func run() async throws {
    try await what.act(\.callback) { client, options throws(RPCError) in
      try await client.closeCallback(.init(folio: what.folio.description, outcome: resultado.wire), options: options)
    }
  }
}

extension Output {
  /// A call to return, as staff work with it.
  fileprivate func show(_ callback: Wire.StaffCallback) {
    let number = callback.phone.isEmpty ? "" : "  \(PhoneNumber(callback.phone)?.spoken ?? callback.phone.printable)"
    let who = callback.patientNumber.isEmpty ? "" : "  paciente \(callback.patientNumber.printable)"
    text("\(callback.folio)\(number)\(who)")
    let line = "    \(callback.text.printable)"
    text(callback.escalatedAtUnixMs != 0 && callback.outcome == .unspecified ? style.bold(line) : line)
  }
}
