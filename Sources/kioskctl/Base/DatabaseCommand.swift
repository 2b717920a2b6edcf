internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl db …`: care of the store of a running server, which alone opens its files.
struct DatabaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db",
    abstract: "Revisa y respalda la base de datos del servidor que está en marcha.",
    discussion: """
      Se hace por el socket del personal. Mientras el servidor está en marcha nadie más debe abrir sus archivos; quien solo \
      quiere mirar usa: sqlite3 -readonly .ventanilla/ventanilla.sqlite

      Ejemplos:
        kioskctl db check
        kioskctl db verify
        kioskctl db llave secretos/cabezas.llave
        kioskctl db nightly
        kioskctl db backup respaldo-de-hoy.sqlite
      """,
    subcommands: [CheckCommand.self, VerifyCommand.self, HeadKeyCommand.self, NightlyCommand.self, BackupCommand.self])

  struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Revisa integridad, sumas de cada fila, empalmes, y que la agenda en memoria sea la del disco.",
      discussion: """
        Termina con 0 si todo está bien y con 1 si hay problemas.

        Ejemplo:
          kioskctl db check --espera 120

        Con --json: {"problems": [texto…], "checked": [texto…]}.
        """)

    @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

    func run() async throws {
      let output = Output.standard
      let reply = try await global.withServer { client in
        try await Failure.of { () throws(RPCError) in
          try await OperationsClient(client).checkStore(.init(), options: global.patientOptions)
        }
      }
      if global.json { output.json(reply.json) } else { output.lines(reply.lines(output.style)) }
      if !reply.problems.isEmpty { throw ExitCode(CommandStatus.refused.rawValue) }
    }
  }

  struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "backup",
      abstract: "Escribe una copia completa de la base en la carpeta de respaldos del servidor, sin detenerlo.",
      discussion: """
        Ejemplos:
          kioskctl db backup
          kioskctl db backup respaldo-2026-11-21.sqlite

        Con --json: {"path", "content_sha256"}.
        """)

    @Argument(help: ArgumentHelp("Nombre del archivo, sin carpeta; sin él, el servidor pone fecha y hora.", valueName: "archivo"))
    var file: String?

    @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

    func validate() throws {
      guard file?.contains("/") != true else {
        throw ValidationError("Escriba solo el nombre: el respaldo queda en la carpeta de respaldos del servidor.")
      }
    }

    func run() async throws {
      let output = Output.standard
      let reply = try await global.withServer { client in
        try await Failure.of { () throws(RPCError) in
          try await OperationsClient(client).backup(.init(fileName: file ?? ""), options: global.patientOptions)
        }
      }
      if global.json {
        return output.json(
          .object([.init("path", .string(reply.path)), .init("content_sha256", .string(reply.contentSha256))]))
      }
      output.lines([
        "Respaldo completo y releído: \(reply.path.printable)", "  SHA-256 de su contenido: \(reply.contentSha256.printable)",
      ])
    }
  }
}

extension Wire.CheckStoreResponse {
  var json: JSONValue {
    .object([
      .init("problems", .array(problems.map { .string($0) })), .init("checked", .array(checked.map { .string($0) })),
    ])
  }

  func lines(_ style: TerminalStyle) -> [String] {
    let found = problems.map { "\(style.red("✗")) \($0.printable)" }
    let sum = problems.isEmpty ? style.green("La base está bien.") : style.red("Problemas: \(problems.count).")
    return checked.map { "\(style.green("✓")) \($0.printable)" } + found + [sum]
  }
}

extension GlobalOptions {
  /// For calls that go through the whole store: at least five minutes.
  var patientOptions: CallOptions { CallOptions(timeout: max(.seconds(300), .milliseconds(Int64(espera * 1000)))) }
}
