internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl legado …`, for staff: what the clinic has committed itself to.
struct LegadoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legado",
    abstract: "Para el personal: registro de legados, con evidencia, fecha e historia; nada se cambia ni se borra.",
    discussion: """
      Cada renglón queda en la bitácora encadenada: `kioskctl db verify` dice si alguien lo tocó.

        kioskctl legado agregar --titulo "Unifila en toda la unidad" \\
          --responsable "Dirección" --fecha 2026-12-31 --evidencia "Acta 12/2026"
        kioskctl legado evidencia 3 "Fotografía de la entrada, sha256 9f86d081…"
        kioskctl legado estado 3 en-curso --nota "Obra empezada"
        kioskctl legado lista --vencidos
        kioskctl legado ver 3

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/register.proto).
      """,
    subcommands: [
      AgregarLegadoCommand.self, EvidenciaCommand.self, EstadoLegadoCommand.self, ListaLegadosCommand.self, VerLegadoCommand.self,
    ])
}

/// `kioskctl legado agregar`.
struct AgregarLegadoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "agregar", abstract: "Agrega un legado con su primera evidencia.")

  @Option(help: ArgumentHelp("Qué se prometió.", valueName: "texto")) var titulo: String
  @Option(help: ArgumentHelp("Qué área responde; nunca el nombre de una persona.", valueName: "área")) var responsable: String
  @Option(help: ArgumentHelp("Para cuándo.", valueName: "fecha"), transform: { try AgendaText.date($0) }) var fecha: CivilDate
  @Option(help: ArgumentHelp("Qué lo muestra y dónde está; se puede repetir.", valueName: "texto")) var evidencia: [String]
  @OptionGroup var call: RegisterOptions

  func run() async throws {
    try await call.write({ client, options throws(RPCError) in
      try await client.addLegado(
        .init(title: titulo, owner: responsable, dueDate: fecha.description, evidence: evidencia), options: options)
    }, shows: \.legado)
  }
}

/// `kioskctl legado evidencia`.
struct EvidenciaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "evidencia", abstract: "Agrega una evidencia a un legado.")

  @Argument(help: ArgumentHelp("Número del legado.", valueName: "legado")) var legado: Int64
  @Argument(help: ArgumentHelp("Qué es y dónde está.", valueName: "evidencia")) var evidencia: String
  @OptionGroup var call: RegisterOptions

  func run() async throws {
    try await call.write({ client, options throws(RPCError) in
      try await client.addEvidence(.init(legado: legado, reference: evidencia), options: options)
    }, shows: \.legado)
  }
}

/// `kioskctl legado estado`.
struct EstadoLegadoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "estado", abstract: "Agrega un estado a la historia de un legado.")

  enum Estado: String, ExpressibleByArgument, CaseIterable {
    case planeado
    case enCurso = "en-curso"
    case cumplido, cancelado

    var wire: Wire.LegadoStatus {
      switch self {
      case .planeado: .planned
      case .enCurso: .inProgress
      case .cumplido: .fulfilled
      case .cancelado: .cancelled
      }
    }
  }

  @Argument(help: ArgumentHelp("Número del legado.", valueName: "legado")) var legado: Int64
  @Argument(help: ArgumentHelp("planeado, en-curso, cumplido o cancelado.", valueName: "estado")) var estado: Estado
  @Option(help: ArgumentHelp("Qué pasó.", valueName: "texto")) var nota: String
  @Option(help: ArgumentHelp("Fecha nueva, si cambia.", valueName: "fecha"), transform: { try AgendaText.date($0) }) var fecha: CivilDate?
  @OptionGroup var call: RegisterOptions

  func run() async throws {
    try await call.write({ client, options throws(RPCError) in
      try await client.setStatus(
        .init(legado: legado, status: estado.wire, note: nota, dueDate: fecha?.description ?? ""), options: options)
    }, shows: \.legado)
  }
}

/// `kioskctl legado lista`.
struct ListaLegadosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "lista", abstract: "Muestra los legados con su estado.")

  @Flag(help: "Solo los que pasaron su fecha.") var vencidos = false
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await RegisterClient(client).listLegados(.init(overdueOnly: vencidos), options: global.callOptions)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    guard !reply.legados.isEmpty else { return output.text(vencidos ? "Ningún legado pasó su fecha." : "No hay legados.") }
    output.lines(TextTable(legados: reply.legados).lines(output.style))
  }
}

/// `kioskctl legado ver`.
struct VerLegadoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ver", abstract: "Muestra un legado con sus evidencias y su historia.")

  @Argument(help: ArgumentHelp("Número del legado.", valueName: "legado")) var legado: Int64
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await RegisterClient(client).getLegado(.init(legado: legado), options: global.callOptions)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.show(reply.legado)
    for evidence in reply.evidence { output.text("  evidencia: \(evidence.reference.printable)") }
    for change in reply.history {
      output.text("  \(change.status.spanish), para el \(change.dueDate): \(change.note.printable) (\(change.by.printable))")
    }
  }
}

/// What every act on the register takes.
struct RegisterOptions: ParsableArguments {
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func write<Reply: WireMessage>(
    _ call: (RegisterClient, CallOptions) async throws(RPCError) -> Reply, shows legado: (Reply) -> Wire.Legado?
  ) async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await call(RegisterClient(client), global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(legado(reply))
  }
}

extension Output {
  fileprivate func show(_ legado: Wire.Legado?) {
    guard let legado else { return }
    text("Legado \(legado.id): \(legado.title.printable)")
    text("  \(legado.owner.printable), \(legado.status.spanish), para el \(legado.dueDate)\(legado.overdue ? " (vencido)" : ""); evidencias: \(legado.evidenceCount)")
  }
}

extension TextTable {
  fileprivate init(legados: [Wire.Legado]) {
    self.init(
      [Column("Nº", alignedRight: true), Column("Para el"), Column("Estado"), Column("Responde"), Column("Evid.", alignedRight: true), Column("Legado")],
      rows: legados.map { legado in
        ["\(legado.id)", legado.dueDate, legado.status.spanish + (legado.overdue ? " (vencido)" : ""), legado.owner, "\(legado.evidenceCount)", legado.title]
      })
  }
}

extension Wire.LegadoStatus {
  fileprivate var spanish: String {
    switch self {
    case .planned: "planeado"
    case .inProgress: "en curso"
    case .fulfilled: "cumplido"
    case .cancelled: "cancelado"
    case .unspecified, .unrecognized: "sin estado"
    }
  }
}
