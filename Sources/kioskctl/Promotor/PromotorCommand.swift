internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl promotor …`: community promoters and the people on their lists.
struct PromotorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promotor",
    abstract: "Promotores de la comunidad: por quién puede agendar cada uno, hasta cuándo, y sus citas en grupo.",
    discussion: """
      El personal da y quita permisos. El promotor, por su propia puerta (papel promotor), ve a las personas de su lista, las \
      agenda en grupo y ve cuándo y dónde son esas citas: nunca para qué.

      El personal:
        kioskctl promotor dar --promotor uid:1003 --hasta 2026-12-31 \\
          --numero 482011570 --nacimiento 1985-04-30
        kioskctl promotor lista --promotor uid:1003
        kioskctl promotor quitar --promotor uid:1003 --persona 4

      El promotor:
        kioskctl promotor personas --servidor unix:promotor.sock
        kioskctl promotor agendar --servicio medicina_familiar --personas 1,2,3 --servidor unix:promotor.sock
        kioskctl promotor citas --servidor unix:promotor.sock
        kioskctl promotor ver 482011570363 --servidor unix:promotor.sock
      """,
    subcommands: [
      DarCommand.self, ListaPromotorCommand.self, QuitarCommand.self, PersonasCommand.self, AgendarGrupoCommand.self, CitasPromotorCommand.self,
      VerCitaPromotorCommand.self,
    ])
}

/// Who the promoter is.
struct PromoterOption: ParsableArguments {
  @Option(help: ArgumentHelp("Quién es el promotor, como lo prueba su conexión: uid:1003, o el nombre de su certificado.", valueName: "quién"))
  var promotor: String
}

struct DarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dar",
    abstract: "Pone a una persona en la lista de un promotor, hasta un día.",
    discussion: """
      Otra vez, cambia el último día. Queda en la bitácora.

      Ejemplo:
        kioskctl promotor dar --promotor uid:1003 --hasta 2026-12-31 \\
          --numero 482011570 --nacimiento 1985-04-30

      Con --json, la respuesta del servidor (ventanilla/v1/promoters.proto).
      """)

  @OptionGroup(title: "Promotor") var who: PromoterOption

  @Option(help: ArgumentHelp("Último día: 2026-12-31.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo?

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let grant = Wire.GrantListingRequest(
        sessionToken: session.token, person: session.person, promoter: who.promotor, until: hasta.description,
        reason: (motivo ?? .enPersona).wire)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await PromotersClient(client).grantListing(grant, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.listing)
  }
}

struct QuitarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quitar",
    abstract: "Quita a una persona de la lista de un promotor, desde ahora.",
    discussion: "Ejemplo:\n  kioskctl promotor quitar --promotor uid:1003 --persona 4\n\nCon --json, la respuesta del servidor (ventanilla/v1/promoters.proto).")

  @OptionGroup(title: "Promotor") var who: PromoterOption

  @Option(help: ArgumentHelp("Su número en la lista.", valueName: "n"))
  var persona: Int32

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await PromotersClient(client).revokeListing(
          .init(promoter: who.promotor, number: persona, reason: (motivo ?? .enPersona).wire), options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.listing)
  }
}

struct ListaPromotorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lista",
    abstract: "Muestra por quién puede agendar un promotor, y por quién podía.",
    discussion: "Ejemplo:\n  kioskctl promotor lista --promotor uid:1003\n\nCon --json, la respuesta del servidor (ventanilla/v1/promoters.proto).")

  @OptionGroup(title: "Promotor") var who: PromoterOption
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await PromotersClient(client).listListings(.init(promoter: who.promotor), options: global.callOptions)
      }
    }
    if global.json { return try output.json(reply) }
    guard !reply.listings.isEmpty else { return output.text("Nadie está en su lista.") }
    output.lines(
      TextTable(
        [.init("N.º", alignedRight: true), .init("Persona"), .init("Hasta"), .init("Vale hoy")],
        rows: reply.listings.map { ["\($0.number)", $0.name.printable, $0.until, $0.stands ? "sí" : "no"] }
      ).lines(output.style))
  }
}

extension Output {
  fileprivate func show(_ listing: Wire.Listing?) {
    guard let listing else { return }
    let name = listing.name.printable
    text(listing.stands ? "\(listing.number). \(name): puede agendarla hasta el \(listing.until)." : "\(listing.number). \(name): ya no puede agendarla.")
  }
}
