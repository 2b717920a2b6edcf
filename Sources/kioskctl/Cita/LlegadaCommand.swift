internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita confirmar`: the person will come.
struct ConfirmarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirmar",
    abstract: "Anota que la persona sí viene.",
    discussion: """
      Ejemplos:
        kioskctl cita confirmar 482011570363 --numero 482011570 --nacimiento 1985-04-30
        kioskctl cita confirmar 482011570363 --personal por-telefono

      Con --json: la cita.
      """)

  @Argument(help: ArgumentHelp("Folio de la cita, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio
  @OptionGroup var acting: ActingOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let options = global.callOptions
    let reply = try await global.withServer { client in
      try await acting.acting(client, options) { token, reason in
        try await Failure.of(writing: id) { () throws(RPCError) in
          try await AppointmentsClient(client).confirm(
            .init(sessionToken: token, folio: folio.description, staffReason: reason), options: options.writing(id))
        }
      }
    }
    Output.standard.show(reply.appointment, json: global.json)
  }
}

/// `kioskctl cita llegada`: the person is in the clinic.
struct LlegadaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "llegada",
    abstract: "Registra que la persona ya está en la clínica; quien llega tarde ese día siempre tiene un lugar en la fila.",
    discussion: """
      Ejemplos:
        kioskctl cita llegada 482011570363 --numero 482011570 --nacimiento 1985-04-30
        kioskctl cita llegada 482011570363 --personal en-persona

      Con --json: {"appointment", "arrival": "on_time" | "late" | "todays_line"}.
      """)

  @Argument(help: ArgumentHelp("Folio de la cita, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio
  @OptionGroup var acting: ActingOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let options = global.callOptions
    let reply = try await global.withServer { client in
      try await acting.acting(client, options) { token, reason in
        try await Failure.of(writing: id) { () throws(RPCError) in
          try await AppointmentsClient(client).checkIn(
            .init(sessionToken: token, folio: folio.description, staffReason: reason), options: options.writing(id))
        }
      }
    }
    guard global.json else { return Output.standard.show(reply.appointment, json: false) }
    Output.standard.json(
      .object([.init("appointment", reply.appointment?.json ?? .null), .init("arrival", .string(reply.arrival.word))]))
  }
}

/// `kioskctl cita comprobar`: an appointment exists, shown to who has its folio and the birth date.
struct ComprobarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "comprobar",
    abstract: "Comprueba una cita con su folio y la fecha de nacimiento de la persona; no dice de quién es.",
    discussion: """
      Ejemplo:
        kioskctl cita comprobar 482011570363 --nacimiento 1985-04-30

      Con --json: la cita.
      """)

  @Argument(help: ArgumentHelp("Folio de la cita, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @Option(help: ArgumentHelp("Fecha de nacimiento: 1985-04-30 o 30041985.", valueName: "fecha"))
  var nacimiento: String

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await AppointmentsClient(client).prove(
          .init(folio: folio.description, birthDate: nacimiento), options: global.callOptions)
      }
    }
    Output.standard.show(reply.appointment, json: global.json)
  }
}

extension Wire.Arrival {
  /// For programs.
  var word: String {
    switch self {
    case .onTime: "on_time"
    case .late: "late"
    case .todaysLine: "todays_line"
    case .unspecified, .unrecognized: "unknown"
    }
  }
}
