internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

struct PersonasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "personas",
    abstract: "Lista por quién puede agendar hoy el promotor que llama.",
    discussion: "Ejemplo:\n  kioskctl promotor personas --servidor unix:promotor.sock\n\nCon --json, la respuesta del servidor (ventanilla/v1/promoters.proto).")

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in try await PromotersClient(client).listPeople(.init(), options: global.callOptions) }
    }
    if global.json { return try output.json(reply) }
    guard !reply.people.isEmpty else { return output.text("Nadie está en su lista. El personal de la clínica la lleva.") }
    output.lines(
      TextTable(
        [.init("N.º", alignedRight: true), .init("Persona"), .init("Hasta")],
        rows: reply.people.map { ["\($0.number)", $0.name.printable, $0.until] }
      ).lines(output.style))
  }
}

/// `kioskctl promotor agendar`: one order for several people.
struct AgendarGrupoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agendar",
    abstract: "Agenda a varias personas de la lista: cada una su primer lugar, o por qué no.",
    discussion: """
      Repetir la orden con el mismo --solicitud da lo mismo y hace lo que faltaba: nadie queda dos veces.

      Ejemplo:
        kioskctl promotor agendar --servicio medicina_familiar --personas 1,2,3 --servidor unix:promotor.sock

      Con --json, la respuesta del servidor (ventanilla/v1/promoters.proto). Termina con 2 si alguien quedó sin lugar.
      """)

  @Option(help: ArgumentHelp("Código del servicio.", valueName: "código"))
  var servicio: String

  @Option(
    help: ArgumentHelp("Quiénes, por su número en la lista: 1,2,3.", valueName: "lista"),
    transform: { try AgendaText.numbers($0, 1...40, amount: "uno a cuarenta", example: "1,2,3") })
  var personas: [Int32]

  @Option(help: ArgumentHelp("Nada antes de esta fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var desde: CivilDate?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let output = Output.standard
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await PromotersClient(client).bookForPeople(
          .init(service: servicio, people: personas, earliestDate: desde?.description ?? ""), options: global.callOptions.writing(id))
      }
    }
    if global.json { try output.json(reply) } else { output.lines(reply.placements.map { "\($0.number). \($0.text)".printable }) }
    if reply.placements.contains(where: { $0.outcome != .placed }) { throw ExitCode(CommandStatus.partly.rawValue) }
  }
}

struct CitasPromotorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "citas",
    abstract: "Lista las citas que hizo el promotor que llama y que siguen en pie: cuándo y dónde.",
    discussion: "Ejemplo:\n  kioskctl promotor citas --servidor unix:promotor.sock\n\nCon --json, la respuesta del servidor (ventanilla/v1/promoters.proto).")

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in try await PromotersClient(client).listPlaced(.init(), options: global.callOptions) }
    }
    if global.json { return try output.json(reply) }
    guard !reply.appointments.isEmpty else { return output.text("No hay citas en pie que usted haya agendado.") }
    output.lines(TextTable(placed: reply.appointments).lines(output.style))
  }
}

/// `kioskctl promotor ver`.
struct VerCitaPromotorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ver",
    abstract: "Muestra una cita que hizo el promotor que llama, por su folio: cuándo y dónde.",
    discussion: "Ejemplo:\n  kioskctl promotor ver 482011570363 --servidor unix:promotor.sock\n\nCon --json, la respuesta del servidor (ventanilla/v1/promoters.proto).")

  @Argument(help: ArgumentHelp("Folio, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await PromotersClient(client).getPlaced(.init(folio: folio.description), options: global.callOptions)
      }
    }
    if global.json { return try output.json(reply) }
    output.lines(TextTable(placed: reply.appointment.map { [$0] } ?? []).lines(output.style))
  }
}

extension TextTable {
  fileprivate init(placed appointments: [Wire.PlacedAppointment]) {
    self.init(
      [.init("N.º", alignedRight: true), .init("Folio"), .init("Cuándo y dónde")],
      rows: appointments.map { ["\($0.number)", $0.folioDisplay, $0.display.printable] })
  }
}
