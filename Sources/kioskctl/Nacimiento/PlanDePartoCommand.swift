internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl plan-de-parto`: what a woman wants of her birth.
struct PlanDePartoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan-de-parto",
    abstract: "Anota, cambia e imprime el plan de parto de una mujer: es suyo, y lo ve quien ella deja.",
    discussion: """
      Ejemplos:
        kioskctl plan-de-parto ver --numero 482011570 --nacimiento 1985-04-30 | lp
        kioskctl plan-de-parto anotar acompanante=si cordon=platicar --numero 482011570 --nacimiento 1985-04-30
      """,
    subcommands: [VerPlanCommand.self, AnotarPlanCommand.self])
}

/// `kioskctl plan-de-parto ver`.
struct VerPlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ver",
    abstract: "Muestra el plan como se imprime: 80 columnas, sin nombre.",
    discussion: """
      Quien acompaña lo ve con --persona, si tiene el permiso `plan`. Las versiones anteriores las ve solo ella, con --edicion.

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/proxies.proto).
      """)

  @Option(help: ArgumentHelp("Una versión anterior, desde 1; sin ella, la última.", valueName: "n"))
  var edicion: Int32 = 0

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    _ = try identity.required()
    guard edicion >= 0 else { throw ValidationError("--edicion empieza en 1.") }
  }

  func run() async throws {
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of { () throws(RPCError) in
        try await ProxiesClient(client).getBirthPlan(
          .init(sessionToken: session.token, person: session.person, version: edicion), options: options)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.plan)
  }
}

/// `kioskctl plan-de-parto anotar`.
struct AnotarPlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anotar",
    abstract: "Anota respuestas; las demás quedan como estaban, y las versiones anteriores se guardan.",
    discussion: "Cada respuesta es PUNTO=si, PUNTO=no o PUNTO=platicar; los puntos son los de `plan-de-parto ver --json`.")

  @Argument(help: ArgumentHelp("acompanante=si", valueName: "punto=respuesta"), transform: { try BirthPlanText.line($0) })
  var respuestas: [Wire.BirthPlanLine]

  @Option(help: ArgumentHelp("Lo anota el personal, como ella lo dice; diga por qué.", valueName: "motivo"))
  var personal: Motivo?

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    guard identity.persona == 0 else { throw ValidationError("El plan de parto lo anota ella: quite --persona.") }
  }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let record = Wire.RecordBirthPlanRequest(
        sessionToken: session.token, lines: respuestas, staffReason: personal?.wire ?? .unspecified)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await ProxiesClient(client).recordBirthPlan(record, options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.show(reply.plan)
  }
}

enum BirthPlanText {
  private static let words: [(word: String, answer: Wire.BirthPlanAnswer)] = [("si", .yes), ("sí", .yes), ("no", .no), ("platicar", .talk)]

  static func line(_ text: String) throws -> Wire.BirthPlanLine {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let answer = words.first(where: { $0.word == parts[1] })?.answer else {
      throw ValidationError("Escriba cada respuesta como acompanante=si, acompanante=no o acompanante=platicar.")
    }
    return Wire.BirthPlanLine(item: String(parts[0]), answer: answer)
  }
}

extension Output {
  fileprivate func show(_ plan: Wire.BirthPlan?) {
    lines((plan?.printed ?? "").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0).printable })
  }
}
