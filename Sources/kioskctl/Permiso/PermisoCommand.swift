internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl permiso`: who may do what for a person, to the single right.
struct PermisoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "permiso",
    abstract: "Da, quita y muestra permisos con derechos exactos: un familiar que agenda, quien acompaña un parto.",
    discussion: """
      Ejemplos:
        kioskctl permiso dar --numero 482011570 --nacimiento 1985-04-30 \\
          --a 310045528 --a-nacimiento 1990-02-01 --puede ver,agendar,cambiar
        kioskctl permiso ver --numero 482011570 --nacimiento 1985-04-30
        kioskctl permiso quitar 3 --numero 482011570 --nacimiento 1985-04-30
        kioskctl permiso familia dar --numero 482011570 --nacimiento 1985-04-30 \\
          --a-nacimiento 1990-02-01
      """,
    subcommands: [DarPermisoCommand.self, QuitarPermisoCommand.self, VerPermisosCommand.self, PermisoFamiliaCommand.self])
}

/// One right, as it is typed.
enum Permiso: String, CaseIterable {
  case ver, agendar, cambiar, plan, tratamientos

  var wire: Wire.ProxyRight {
    switch self {
    case .ver: .see
    case .agendar: .book
    case .cambiar: .change
    case .plan: .plan
    case .tratamientos: .care
    }
  }

  /// Reads "ver,agendar".
  static func list(_ text: String) throws -> [Permiso] {
    try text.split(separator: ",").map { word in
      guard let one = Permiso(rawValue: String(word)) else {
        throw ValidationError("\"\(word)\" no es un permiso: \(allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return one
    }
  }
}

/// `kioskctl permiso dar`.
struct DarPermisoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dar",
    abstract: "Deja que otra persona adulta haga exactamente eso por quien se identifica; lo que tenía antes se reemplaza.",
    discussion: """
      Permisos: ver (sus citas), agendar, cambiar (también cancelar), tratamientos (sus series) y plan (ver su plan de parto). Quien agenda o \
      cambia también ve. Las citas de servicios confidenciales no las ve nadie más, con ningún permiso. El personal que lo anota de un \
      documento agrega --personal con el motivo.

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto).
      """)

  @Option(
    name: .customLong("a"), help: ArgumentHelp("Número de paciente de quien recibe el permiso.", valueName: "número"),
    transform: { text in try IdentityOptions.checked { () throws(PatientNumberFault) in try PatientNumber(parsing: text) } })
  var grantee: PatientNumber

  @Option(
    name: .customLong("a-nacimiento"), help: ArgumentHelp("Su fecha de nacimiento.", valueName: "fecha"),
    transform: { text in try IdentityOptions.checked { () throws(BirthDateFault) in try BirthDate(parsing: text, today: .today) } })
  var granteeBirthDate: BirthDate

  @Option(help: ArgumentHelp("Qué puede, separado por comas: ver,agendar,cambiar,plan,tratamientos.", valueName: "permisos"), transform: Permiso.list)
  var puede: [Permiso]

  @Option(help: ArgumentHelp("Primer día; sin él, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var desde: CivilDate?

  @Option(help: ArgumentHelp("Último día; sin él, hasta que se quite.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate?

  @Option(help: ArgumentHelp("Lo anota el personal, de lo que dicen sus papeles; diga por qué.", valueName: "motivo"))
  var personal: Motivo?

  @OptionGroup(title: "Quién da el permiso") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let grant = Wire.GrantProxyRequest(
        sessionToken: session.token, granteeNumber: grantee.description, granteeBirthDate: granteeBirthDate.description,
        rights: puede.map(\.wire), fromDate: desde?.description ?? "", untilDate: hasta?.description ?? "",
        staffReason: personal?.wire ?? .unspecified)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await ProxiesClient(client).grantProxy(grant, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    let proxy = reply.proxy ?? Wire.Proxy()
    Output.standard.text("Permiso \(proxy.id). \(proxy.text.printable)")
  }
}

/// `kioskctl permiso quitar`.
struct QuitarPermisoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quitar",
    abstract: "Quita un permiso, o todo lo que la persona ha dado; vale en ese momento, también en sesiones abiertas.",
    discussion: "Con --todos se quitan también los permisos de familia (consentimientos). Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto).")

  @Argument(help: ArgumentHelp("Número del permiso, de `permiso ver`.", valueName: "permiso"))
  var proxy: Int64?

  @Flag(help: "Todo lo que la persona ha dado.")
  var todos = false

  @Option(help: ArgumentHelp("Lo hace el personal; diga por qué.", valueName: "motivo"))
  var personal: Motivo?

  @OptionGroup(title: "Quién lo dio") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.requiredForThemselves()
    guard (proxy == nil) == todos else { throw ValidationError("Diga el número del permiso, o --todos.") }
    guard proxy.map({ $0 > 0 }) ?? true else { throw ValidationError("El número de un permiso empieza en 1.") }
  }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let revoke = Wire.RevokeProxyRequest(sessionToken: session.token, proxy: proxy ?? 0, staffReason: personal?.wire ?? .unspecified)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await ProxiesClient(client).revokeProxy(revoke, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text.printable)
  }
}

/// `kioskctl permiso ver`.
struct VerPermisosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ver",
    abstract: "Muestra los permisos que la persona ha dado.",
    discussion: "Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto).")

  @OptionGroup(title: "Quién los dio") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of { () throws(RPCError) in
        try await ProxiesClient(client).listProxies(.init(sessionToken: session.token), options: options)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    guard !reply.proxies.isEmpty else { return output.text("Nadie tiene permiso de esta persona.") }
    for proxy in reply.proxies { output.text("Permiso \(proxy.id). \(proxy.text.printable)") }
  }
}
