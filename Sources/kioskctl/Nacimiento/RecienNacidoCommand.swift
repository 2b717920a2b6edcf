internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl recien-nacido`: somebody who has no number of the institute yet.
struct RecienNacidoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recien-nacido",
    abstract: "Registra a un recién nacido en el expediente de su mamá, sin CURP ni NSS, y lo une después con su renglón del padrón.",
    discussion: """
      Ejemplos:
        kioskctl recien-nacido registrar --nacio 2026-11-20 --motivo rutina --numero 482011570 --nacimiento 1998-04-30
        kioskctl recien-nacido unir --recien-nacido 482011588 --padron 482011596 --motivo en-persona
      """,
    subcommands: [RegistrarRecienNacidoCommand.self, UnirRecienNacidoCommand.self])
}

/// `kioskctl recien-nacido registrar`.
struct RegistrarRecienNacidoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registrar",
    abstract: "Registra a un recién nacido; desde entonces su mamá le hace sus citas en su propia sesión.",
    discussion: "Es del personal. Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto).")

  @Option(help: ArgumentHelp("Fecha en que nació; hasta 28 días atrás.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var nacio: CivilDate

  @Option(help: ArgumentHelp("Sus nombres; sin ellos, \"Recién nacido\" y su número.", valueName: "nombres"))
  var nombre: String?

  @Option(help: ArgumentHelp("Por qué lo hace el personal.", valueName: "motivo"))
  var motivo: Motivo = .rutina

  @OptionGroup(title: "Su mamá") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let register = Wire.RegisterNewbornRequest(
        sessionToken: session.token, birthDate: nacio.description, givenName: nombre ?? "", staffReason: motivo.wire)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await ProxiesClient(client).registerNewborn(register, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text.printable)
  }
}

/// `kioskctl recien-nacido unir`.
struct UnirRecienNacidoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unir",
    abstract: "Une a un recién nacido con el renglón que el padrón le dio después: sus citas y sus series se quedan.",
    discussion: """
      El renglón del padrón es del NSS de su mamá y de la misma fecha de nacimiento. Desde entonces vale el número del padrón.

      Es del personal. Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto).
      """)

  @Option(help: ArgumentHelp("El número con que se registró al recién nacido.", valueName: "número"))
  var recienNacido: String

  @Option(help: ArgumentHelp("El número de su renglón del padrón.", valueName: "número"))
  var padron: String

  @Option(help: ArgumentHelp("Por qué lo hace el personal.", valueName: "motivo"))
  var motivo: Motivo = .rutina

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    try await MergedPerson(of: recienNacido, with: padron, motivo).show(global, request)
  }
}
