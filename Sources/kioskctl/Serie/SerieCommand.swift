internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl serie …`: what a person is seen for again and again.
struct SerieCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serie",
    abstract: "Lo que se atiende una y otra vez: control del embarazo, receta resurtible, sillas, seguimiento; y lo que toca por edad.",
    discussion: """
      Los códigos de las series están en clinic.yaml, sección series. Empezar, renovar, recoger, terminar y los avisos son del personal. \
      Cada visita recibe su lugar cuando la agenda llega a ella; lo que no alcanza lugar está en `serie avisos`.

        kioskctl serie empezar prenatal --fecha 2026-10-19 --numero 482011570 --nacimiento 1985-04-30
        kioskctl serie empezar sesiones --silla C40 --hora 07:00 --dias lunes miercoles viernes \\
          --numero 482011570 --nacimiento 1985-04-30
        kioskctl serie ver --numero 482011570 --nacimiento 1985-04-30
        kioskctl serie renovar 12
        kioskctl serie recoger 12 2
        kioskctl serie terminar 12 estable
        kioskctl serie avisos
        kioskctl serie dosis 2025-05-23
      """,
    subcommands: [
      EmpezarSerieCommand.self, VerSerieCommand.self, RenovarSerieCommand.self, RecogerCommand.self, TerminarSerieCommand.self,
      AvisosCommand.self, AtenderAvisoCommand.self, RevisionCommand.self, DosisCommand.self,
    ])
}

/// `kioskctl serie empezar`.
struct EmpezarSerieCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "empezar", abstract: "Para el personal: empieza una serie y apunta todo lo que toca.",
    discussion: "Ejemplo:\n  kioskctl serie empezar prenatal --fecha 2026-10-19 --numero 482011570 --nacimiento 1985-04-30")

  @Argument(help: ArgumentHelp("Código de la serie en clinic.yaml.", valueName: "serie"))
  var serie: String

  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Option(
    help: ArgumentHelp("Desde qué día se cuenta: última menstruación, la consulta que ya se dio, la primera sesión; si no, hoy.", valueName: "fecha"),
    transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @Option(help: ArgumentHelp("Para una serie con silla: cuál.", valueName: "silla"), transform: { try AgendaText.resource($0) })
  var silla: ResourceID?

  @Option(help: ArgumentHelp("A qué hora.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute?

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Qué días: lunes miercoles viernes.", valueName: "días"),
    transform: { text in
      guard let day = Weekday(spanish: text) else { throw ValidationError("escriba los días como lunes, miercoles o viernes") }
      return day
    })
  var dias: [Weekday] = []

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo = .rutina

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    guard (silla == nil) == (hora == nil), (silla == nil) == dias.isEmpty else {
      throw ValidationError("Para una serie con silla diga las tres: --silla, --hora y --dias.")
    }
  }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let chair = silla.map {
        Wire.StandingChair(
          resource: $0.description, startMinute: Int32(hora?.minutes ?? 0), weekdays: dias.map { Int32($0.rawValue) })
      }
      let start = Wire.StartSeriesRequest(
        sessionToken: session.token, person: session.person, program: serie, date: fecha?.description ?? "", chair: chair, reason: motivo.wire)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await SeriesClient(client).start(start, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.series.map { [$0] } ?? [])
  }
}

/// `kioskctl serie ver`.
struct VerSerieCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ver", abstract: "Muestra las series de una persona y todo lo que toca en ellas.",
    discussion: "Ejemplo:\n  kioskctl serie ver --numero 482011570 --nacimiento 1985-04-30")

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of { () throws(RPCError) in
        try await SeriesClient(client).list(.init(sessionToken: session.token, person: session.person), options: options)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    guard !reply.series.isEmpty else { return Output.standard.text("No tiene ninguna serie.") }
    Output.standard.show(reply.series)
  }
}

/// `kioskctl serie renovar`.
struct RenovarSerieCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renovar", abstract: "Para el personal: se dio una visita de la serie; apunta las recetas y la visita que siguen.")

  @OptionGroup var what: SeriesOptions

  @Option(help: ArgumentHelp("El día de la visita; si no, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  func run() async throws {
    let reply = try await what.call { client, options throws(RPCError) in
      try await client.renew(.init(series: what.serie, date: fecha?.description ?? "", reason: what.motivo.wire), options: options)
    }
    if what.global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.series.map { [$0] } ?? [])
  }
}

/// `kioskctl serie recoger`.
struct RecogerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recoger", abstract: "Para el personal: la persona, o quien mandó, recogió lo de una receta.")

  @OptionGroup var what: SeriesOptions

  @Argument(help: ArgumentHelp("Cuál, por su número en `serie ver`.", valueName: "número"))
  var numero: Int32

  func run() async throws {
    let reply = try await what.call { client, options throws(RPCError) in
      try await client.collect(.init(series: what.serie, number: numero, reason: what.motivo.wire), options: options)
    }
    if what.global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.activity?.text ?? "")
  }
}

/// `kioskctl serie terminar`.
struct TerminarSerieCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminar", abstract: "Para el personal: termina una serie y devuelve los lugares que guardaba.",
    discussion: "Ejemplo:\n  kioskctl serie terminar 12 estable")

  enum Fin: String, ExpressibleByArgument, CaseIterable {
    case estable, terminada, traslado, solicitud, error

    var wire: Wire.SeriesEndReason {
      switch self {
      case .estable: .stable
      case .terminada: .finished
      case .traslado: .transferred
      case .solicitud: .requested
      case .error: .error
      }
    }
  }

  @OptionGroup var what: SeriesOptions

  @Argument(help: ArgumentHelp("Por qué: estable, terminada, traslado, solicitud o error.", valueName: "fin"))
  var fin: Fin

  func run() async throws {
    let reply = try await what.call { client, options throws(RPCError) in
      try await client.end(.init(series: what.serie, end: fin.wire, reason: what.motivo.wire), options: options)
    }
    if what.global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.series?.text ?? "")
  }
}

/// What every act of the staff on a series takes.
struct SeriesOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Número de la serie, como en `serie ver`.", valueName: "serie"))
  var serie: Int64

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo = .rutina

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func call<Reply>(_ body: (SeriesClient, CallOptions) async throws(RPCError) -> Reply) async throws -> Reply {
    let id = request.identifier()
    return try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await body(SeriesClient(client), global.callOptions.writing(id))
      }
    }
  }
}

extension Output {
  /// Series, one under the other, each with what is due in it.
  func show(_ series: [Wire.CareSeries]) {
    for one in series {
      text("Serie \(one.id), \(one.program.printable): \(one.text.printable)")
      for activity in one.activities {
        let folio = activity.folio.isEmpty ? "" : "  folio \(activity.folio)"
        text("  \(activity.number)  \(activity.text.printable)\(folio)")
      }
    }
  }
}
