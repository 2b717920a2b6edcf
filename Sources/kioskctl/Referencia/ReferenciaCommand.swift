internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl referencia …`: a person's way to another unit and back.
struct ReferenciaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "referencia",
    abstract: "Referencia y contrarreferencia: a otra unidad y de regreso, sin que nadie se quede sin fecha.",
    discussion: """
      Si media hora después (clinic.yaml: compromisos) no hay fecha, la ventanilla recibe un aviso. El regreso hace la cita de seguimiento en \
      el mismo paso; si no hay lugar, queda una tarea.

        kioskctl referencia crear --numero 482011570 --nacimiento 1985-04-30 \\
          --tipo cirugia --especialidad traumatologia --unidad "HGR 2"
        kioskctl referencia fecha 482011570363 2026-12-09 --hora 10:15 \\
          --lugar "Torre B, piso 2"
        kioskctl referencia vista 482011570363
        kioskctl referencia regreso 482011570363 --servicio medicina_familiar
        kioskctl referencia estado 482011570363 --nacimiento 1985-04-30

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/referrals.proto).
      """,
    subcommands: [
      CrearReferenciaCommand.self, FechaReferenciaCommand.self, VistaReferenciaCommand.self, RegresoCommand.self,
      CancelarReferenciaCommand.self, EstadoReferenciaCommand.self,
    ])
}

/// `kioskctl referencia crear`.
struct CrearReferenciaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "crear", abstract: "Manda a una persona a otra unidad.")

  enum Tipo: String, ExpressibleByArgument, CaseIterable {
    case consulta, cirugia, estudio

    var wire: Wire.ReferralKind {
      switch self {
      case .consulta: .consultation
      case .cirugia: .surgery
      case .estudio: .study
      }
    }
  }

  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Option(help: ArgumentHelp("Para qué: consulta, cirugia o estudio.", valueName: "tipo"))
  var tipo: Tipo

  @Option(help: ArgumentHelp("Especialidad, en minúsculas sin acentos: cardiologia.", valueName: "código"))
  var especialidad: String

  @Option(help: ArgumentHelp("La otra unidad: \"HGR 2\".", valueName: "unidad"))
  var unidad: String

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let create = Wire.CreateReferralRequest(
        sessionToken: session.token, person: session.person, kind: tipo.wire, specialty: especialidad, destination: unidad)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await ReferralsClient(client).create(create, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.referral)
  }
}

/// What every act on one referral takes.
struct ReferralOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Folio de la referencia, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  /// Makes the call and shows the referral as it is then.
  func act<Reply: WireMessage>(
    _ call: (ReferralsClient, CallOptions) async throws(RPCError) -> Reply, shows referral: (Reply) -> Wire.Referral?
  ) async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await call(ReferralsClient(client), global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(referral(reply))
  }
}

/// `kioskctl referencia fecha`.
struct FechaReferenciaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fecha", abstract: "Anota la fecha que dio la otra unidad.")
  @OptionGroup var what: ReferralOptions

  @Argument(help: ArgumentHelp("Fecha: 2026-12-09.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate

  @Option(help: ArgumentHelp("Hora: 10:15.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute

  @Option(help: ArgumentHelp("A dónde llega: edificio, piso, consultorio.", valueName: "lugar"))
  var lugar: String

  func run() async throws {
    try await what.act({ client, options throws(RPCError) in
      try await client.setDate(
        .init(folio: what.folio.description, date: fecha.description, startMinute: Int32(hora.minutes), place: lugar), options: options)
    }, shows: \.referral)
  }
}

/// `kioskctl referencia vista`.
struct VistaReferenciaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "vista", abstract: "Anota que la atendieron en la otra unidad.")
  @OptionGroup var what: ReferralOptions

  func run() async throws {
    try await what.act({ client, options throws(RPCError) in
      try await client.markSeen(.init(folio: what.folio.description), options: options)
    }, shows: \.referral)
  }
}

/// `kioskctl referencia cancelar`.
struct CancelarReferenciaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "cancelar", abstract: "Cancela una referencia; el renglón se queda.")
  @OptionGroup var what: ReferralOptions

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo

  func run() async throws {
    try await what.act({ client, options throws(RPCError) in
      try await client.cancel(.init(folio: what.folio.description, reason: motivo.wire), options: options)
    }, shows: \.referral)
  }
}

/// `kioskctl referencia regreso`: the contrarreferencia.
struct RegresoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regreso",
    abstract: "Contrarreferencia: la persona regresa, con su cita de seguimiento o con una tarea si no hay lugar.",
    discussion: """
      Ejemplo:
        kioskctl referencia regreso 482011570363 --servicio medicina_familiar \\
          --desde 2026-12-14 --hasta 2026-12-18
      """)

  @Argument(help: ArgumentHelp("Folio de la referencia, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @Option(help: ArgumentHelp("Código del servicio del seguimiento; sin él, no hay cita.", valueName: "código"))
  var servicio: String?

  @Option(help: ArgumentHelp("El seguimiento, desde esta fecha; sin ella, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var desde: CivilDate?

  @Option(help: ArgumentHelp("Y hasta esta; sin ella, la última de la agenda.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let back = Wire.ReturnReferralRequest(
      folio: folio.description, service: servicio ?? "", earliestDate: desde?.description ?? "", lastDate: hasta?.description ?? "")
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ReferralsClient(client).returnPerson(back, options: global.callOptions.writing(id))
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.show(reply.referral)
    if let appointment = reply.appointment { output.show(appointment, json: false) }
    if let task = reply.task { output.text("Tarea \(task.id): \(task.text.printable)") }
  }
}

/// `kioskctl referencia estado`, for anybody with the folio and the birth date.
struct EstadoReferenciaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estado", abstract: "Dice dónde va una referencia: su fecha y lugar, o los días de espera.")

  @Argument(help: ArgumentHelp("Folio de la referencia, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @Option(help: ArgumentHelp("Fecha de nacimiento de la persona: 1985-04-30.", valueName: "fecha"))
  var nacimiento: String

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await ReferralsClient(client).getStatus(.init(folio: folio.description, birthDate: nacimiento), options: global.callOptions)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.referral)
  }
}

extension Output {
  /// A referral, for a person.
  func show(_ referral: Wire.Referral?) {
    guard let referral else { return }
    text("Referencia \(referral.folioDisplay)")
    text("  \(referral.text.printable)")
  }
}
