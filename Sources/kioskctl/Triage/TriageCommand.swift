internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl triage …`, for staff: colours, and who has waited too long.
struct TriageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triage",
    abstract: "Para médicos y enfermeras: el color de cada urgencia, y quién lleva más tiempo del que su color permite.",
    discussion: """
      rojo 0, naranja 10, amarillo 30, verde 120 y azul 180 minutos. Ningún kiosco ni llamada pone un color. Al pasarse el tiempo, sale una \
      alarma en todas las consolas (`kioskctl alarma seguir`).

        kioskctl triage color amarillo
        kioskctl triage color naranja --numero-triage 7
        kioskctl triage atender 7
        kioskctl triage lista
      """,
    subcommands: [ColorCommand.self, AtenderTriageCommand.self, ListaTriageCommand.self])
}

struct ColorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "color", abstract: "Pone un color a quien llega, u otro a quien espera.")

  enum Color: String, ExpressibleByArgument, CaseIterable {
    case rojo, naranja, amarillo, verde, azul

    var wire: Wire.TriageColor {
      switch self {
      case .rojo: .rojo
      case .naranja: .naranja
      case .amarillo: .amarillo
      case .verde: .verde
      case .azul: .azul
      }
    }
  }

  @Argument(help: ArgumentHelp("rojo, naranja, amarillo, verde o azul.", valueName: "color")) var color: Color
  @Option(help: ArgumentHelp("De quien ya espera; sin él, alguien nuevo.", valueName: "n")) var numeroTriage: Int64 = 0
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await TriageClient(client).setColor(.init(triage: numeroTriage, color: color.wire), options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.triage?.text.printable ?? "")
  }
}

struct AtenderTriageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "atender", abstract: "Alguien le ve: el tiempo se detiene.")

  @Argument(help: ArgumentHelp("El número que da la lista.", valueName: "n")) var numero: Int64
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await TriageClient(client).markTriaged(.init(triage: numero), options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.triage?.text.printable ?? "")
  }
}

struct ListaTriageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lista", abstract: "Quién espera: primero a quienes se les pasó el tiempo, luego por cuándo se les pasa.",
    discussion: "Con --json: el mensaje ListTriageResponse del contrato.")

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in try await TriageClient(client).listTriage(.init(), options: global.callOptions) }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    guard !reply.cases.isEmpty else { return output.text("Nadie espera con un color.") }
    for triage in reply.cases { output.text(triage.breachedAtUnixMs == 0 ? triage.text.printable : output.style.bold(triage.text.printable)) }
  }
}
