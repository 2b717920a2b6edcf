internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl db nightly`: the check of a night, now; or what the last nights found.
struct NightlyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightly",
    abstract: "Hace ahora la revisión que el servidor hace cada noche: todo renglón contra la bitácora, y todo lugar dado fuera de orden.",
    discussion: """
      El servidor la hace solo, a la hora de clinic.yaml (compromisos: revision_nocturna), y guarda el resultado. Un lugar que se dio fuera de \
      orden sin un renglón que diga quién y por qué es un problema, y la dirección recibe un aviso.

      Termina con 0 si todo está bien y con 1 si hay problemas.

      Ejemplos:
        kioskctl db nightly
        kioskctl db nightly --ultimas

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/register.proto).
      """)

  @Flag(help: "No revisa: muestra lo que encontraron las últimas noches.")
  var ultimas = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    if ultimas { try await list() } else { try await check() }
  }

  private func check() async throws {
    let output = Output.standard
    let id = request.identifier()
    let reply = try await global.withServer { client in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await RegisterClient(client).runNightlyCheck(.init(), options: global.patientOptions.writing(id))
      }
    }
    let problems = reply.check?.problems ?? []
    if global.json { try output.json(reply) } else { output.lines(Self.lines(problems, output.style)) }
    if !problems.isEmpty { throw ExitCode(CommandStatus.refused.rawValue) }
  }

  private func list() async throws {
    let output = Output.standard
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await RegisterClient(client).listNightlyChecks(.init(), options: global.callOptions)
      }
    }
    if global.json { return try output.json(reply) }
    guard !reply.checks.isEmpty else { return output.text("Todavía no hay ninguna revisión.") }
    for check in reply.checks {
      output.text("Revisión \(check.id), hasta el renglón \(check.lastRow) de la bitácora:")
      output.lines(Self.lines(check.problems, output.style))
    }
  }

  private static func lines(_ problems: [String], _ style: TerminalStyle) -> [String] {
    let sum = problems.isEmpty ? style.green("Todo está en orden.") : style.red("Problemas: \(problems.count).")
    return problems.map { "\(style.red("✗")) \($0.printable)" } + [sum]
  }
}
