internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl permiso familia`: consent among the adults of one NSS, to see and to make each other's appointments.
struct PermisoFamiliaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "familia",
    abstract: "Deja que otra persona adulta del mismo NSS vea y haga sus citas, o deja de dejarla.",
    discussion: """
      Vale para quien está en la misma familia; se dice por su fecha de nacimiento. Para otra persona, o para permitir menos, use `permiso dar`.

      Ejemplos:
        kioskctl permiso familia dar --numero 482011570 --nacimiento 1985-04-30 \\
          --a-nacimiento 1990-02-01
        kioskctl permiso familia quitar --numero 482011570 --nacimiento 1985-04-30 --todos
      """,
    subcommands: [DarPermisoFamiliaCommand.self, QuitarPermisoFamiliaCommand.self])

  /// A birth date as it is typed.
  static func birthDate(_ text: String) throws -> BirthDate {
    try IdentityOptions.checked { () throws(BirthDateFault) in try BirthDate(parsing: text, today: .today) }
  }
}

/// `kioskctl permiso familia dar`.
struct DarPermisoFamiliaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dar", abstract: "Deja que otra persona adulta del mismo NSS vea y haga las citas de quien se identifica.",
    discussion: "Con --json: {}.")

  @Option(
    name: .customLong("a-nacimiento"), help: ArgumentHelp("Fecha de nacimiento de quien recibe el permiso.", valueName: "fecha"),
    transform: PermisoFamiliaCommand.birthDate)
  var granteeBirthDate: BirthDate

  @OptionGroup(title: "Quién da el permiso") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await PatientsClient(client).grantConsent(
          .init(sessionToken: session.token, birthDate: granteeBirthDate.description), options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text("Desde ahora esa persona puede ver y hacer sus citas. Para quitarlo: kioskctl permiso familia quitar.")
  }
}

/// `kioskctl permiso familia quitar`.
struct QuitarPermisoFamiliaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quitar", abstract: "Quita ese permiso a una persona de la familia, o a todas; vale en ese momento.",
    discussion: "Con --json: {}.")

  @Option(
    name: .customLong("a-nacimiento"), help: ArgumentHelp("Fecha de nacimiento de quien lo tiene.", valueName: "fecha"),
    transform: PermisoFamiliaCommand.birthDate)
  var granteeBirthDate: BirthDate?

  @Flag(help: "A todas las personas de la familia.")
  var todos = false

  @OptionGroup(title: "Quién lo dio") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.requiredForThemselves()
    guard (granteeBirthDate == nil) == todos else { throw ValidationError("Diga la fecha de nacimiento con --a-nacimiento, o --todos.") }
  }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await PatientsClient(client).revokeConsent(
          .init(sessionToken: session.token, birthDate: granteeBirthDate?.description ?? ""), options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(todos ? "Nadie de la familia puede ya ver ni hacer sus citas." : "Esa persona ya no puede ver ni hacer sus citas.")
  }
}
