internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl aviso …`, for staff: what was not done in time, and whose it is.
struct AvisoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aviso",
    abstract: "Para el personal: lo que no se hizo a tiempo, de quién es, y quién se encarga.",
    discussion: """
      Una referencia sin fecha, una cirugía que se espera demasiado, una niña o un niño con señales de alarma sin lugar, un seguimiento \
      sin lugar, un legado vencido, o problemas en la revisión de la noche.

        kioskctl aviso lista --de jefe-de-servicio
        kioskctl aviso atender 12

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/referrals.proto).
      """,
    subcommands: [ListaAvisosCommand.self, EncargarseCommand.self])
}

/// `kioskctl aviso lista`.
struct ListaAvisosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "lista", abstract: "Muestra los avisos de los que nadie se ha encargado.")

  enum Duenio: String, ExpressibleByArgument, CaseIterable {
    case ventanilla
    case jefeDeServicio = "jefe-de-servicio"
    case direccion

    var wire: Wire.AlertOwner {
      switch self {
      case .ventanilla: .desk
      case .jefeDeServicio: .headOfService
      case .direccion: .director
      }
    }
  }

  @Option(help: ArgumentHelp("Solo los de ventanilla, jefe-de-servicio o direccion.", valueName: "quién"))
  var de: Duenio?

  @Flag(help: "También los atendidos y los terminados, de los últimos 31 días.")
  var todos = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await ReferralsClient(client).listAlerts(.init(owner: de?.wire ?? .unspecified, all: todos), options: global.callOptions)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    guard !reply.alerts.isEmpty else { return output.text("No hay avisos pendientes.") }
    output.lines(TextTable(alerts: reply.alerts).lines(output.style))
  }
}

/// `kioskctl aviso atender`.
struct EncargarseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "atender", abstract: "Dice que usted se encarga de un aviso.")

  @Argument(help: ArgumentHelp("Número del aviso; `aviso lista` lo muestra.", valueName: "aviso"))
  var aviso: Int64

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ReferralsClient(client).acknowledgeAlert(.init(alert: aviso), options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text("Aviso \(aviso): se encarga \((reply.alert?.acknowledgedBy ?? "").printable).")
  }
}

extension TextTable {
  fileprivate init(alerts: [Wire.DutyAlert]) {
    self.init(
      [Column("Aviso", alignedRight: true), Column("De quién"), Column("Estado"), Column("Paciente"), Column("Qué falta")],
      rows: alerts.map { ["\($0.id)", $0.owner.spanish, $0.stateText, $0.patientNumber, $0.text] })
  }
}

extension Wire.DutyAlert {
  fileprivate var stateText: String {
    if resolvedAtUnixMs != 0 { return "terminado" }
    return acknowledgedAtUnixMs != 0 ? "atendido por \(acknowledgedBy)" : "pendiente"
  }
}

extension Wire.AlertOwner {
  fileprivate var spanish: String {
    switch self {
    case .desk: "ventanilla"
    case .headOfService: "jefe de servicio"
    case .director: "dirección"
    case .unspecified, .unrecognized: "otro"
    }
  }
}
