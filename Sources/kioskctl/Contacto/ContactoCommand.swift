internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl contacto`: whom the clinic may call, what it has to tell, and whom nobody could tell.
struct ContactoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contacto",
    abstract: "A quién puede llamar la clínica por sus citas, qué se le debe decir, y a quién falta avisarle.",
    discussion: """
      Ejemplos:
        kioskctl contacto llamadas si --numero 482011570 --nacimiento 1985-04-30
        kioskctl contacto avisos --numero 482011570 --nacimiento 1985-04-30
        kioskctl contacto visto 482011570363 --numero 482011570 --nacimiento 1985-04-30
        kioskctl contacto pendientes
        kioskctl contacto avisado 482011570363 --motivo en-persona

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/contact.proto).
      """,
    subcommands: [LlamadasCommand.self, AvisosDePersonaCommand.self, VistoCommand.self, PendientesCommand.self, AvisadoCommand.self])
}

/// `kioskctl contacto llamadas`.
struct LlamadasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "llamadas", abstract: "Deja que la clínica llame a la persona por sus citas, o deja de dejarla.")

  enum Respuesta: String, ExpressibleByArgument, CaseIterable {
    case si, no
  }

  @Argument(help: ArgumentHelp("si o no.", valueName: "respuesta"))
  var respuesta: Respuesta

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ContactClient(client).chooseCalls(
          .init(sessionToken: session.token, person: session.person, calls: respuesta == .si), options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text.printable)
  }
}

/// `kioskctl contacto avisos`.
struct AvisosDePersonaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "avisos", abstract: "Muestra lo que la clínica tiene que decirle a la persona de sus citas.")

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of { () throws(RPCError) in
        try await ContactClient(client).listNotices(.init(sessionToken: session.token, person: session.person), options: options)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.text(reply.calls ? "La clínica le puede llamar por sus citas." : "La clínica no le llama por sus citas.")
    guard !reply.notices.isEmpty else { return output.text("No hay nada que decirle.") }
    output.lines(
      TextTable([TextTable.Column("Folio"), TextTable.Column("Qué se le dice")], rows: reply.notices.map { [$0.folio, $0.text] }).lines(output.style))
  }
}

/// `kioskctl contacto visto`.
struct VistoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visto", abstract: "Dice que la persona ya leyó u oyó que su cita cambió.")

  @Argument(
    help: ArgumentHelp("Folio de la cita que cambió, de `contacto avisos`.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ContactClient(client).seeNotice(
          .init(sessionToken: session.token, person: session.person, folio: folio.description), options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text("Quedó anotado: la persona ya sabe que su cita cambió.")
  }
}

/// `kioskctl contacto pendientes`.
struct PendientesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pendientes",
    abstract: "Para el personal: a quién le cambió la cita y no se le ha podido avisar, por folio, y por qué.")

  @Flag(help: "También a quien se le está llamando.")
  var todos = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await ContactClient(client).listUntold(.init(all: todos), options: global.callOptions)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    guard !reply.people.isEmpty else { return output.text("A nadie le falta que le avisen.") }
    output.lines(
      TextTable(
        [TextTable.Column("Folio"), TextTable.Column("Llamadas", alignedRight: true), TextTable.Column("Por qué"), TextTable.Column("Qué se le dice")],
        rows: reply.people.map { [$0.folio, "\($0.calls)", $0.reasonText, $0.text] }
      ).lines(output.style))
  }
}

/// `kioskctl contacto avisado`.
struct AvisadoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "avisado", abstract: "Para el personal: dice que ya se avisó a la persona de una cita que cambió.")

  @Argument(
    help: ArgumentHelp("Folio de la cita que cambió, de `contacto pendientes`.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @Option(help: ArgumentHelp("Cómo fue: en-persona, por-telefono …", valueName: "motivo"))
  var motivo: Motivo

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await ContactClient(client).tellPerson(
          .init(folio: folio.description, reason: motivo.wire), options: global.callOptions.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text.printable)
  }
}
