internal import ArgumentParser
internal import Foundation
internal import KioskServices
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl padron …`: the people the clinic knows.
struct PadronCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "padron",
    abstract: "Importa el padrón de derechohabientes de un archivo CSV.",
    discussion: """
      Ejemplo:
        kioskctl padron import padron.csv --informe problemas.csv

      \(PadronColumn.help)
      """,
    subcommands: [ImportCommand.self])

  struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Importa un padrón; repetirlo no duplica a nadie.",
      discussion: """
        El archivo se lee por partes, de cualquier tamaño. Una fila con problemas se deja fuera y queda en el informe con su \
        línea, su columna y qué corregir; corríjala e importe otra vez el mismo archivo. Si la importación se corta, repítala: \
        quien ya estaba cuenta como «sin cambios».

        Ejemplos:
          kioskctl padron import padron.csv
          kioskctl padron import padron.csv --informe /tmp/problemas.csv --json

        Termina con 0 si se tomaron todas las filas y con 2 si alguna quedó en el informe. Con --json: {"rows", "added", \
        "updated", "unchanged", "rejected", "report", "seconds"}.

        \(PadronColumn.help)
        """)

    @Argument(help: ArgumentHelp("El padrón, un CSV en UTF-8.", valueName: "archivo"))
    var file: String

    @Option(help: ArgumentHelp("Dónde dejar las filas con problemas; si no se dice, junto al padrón.", valueName: "informe"))
    var informe: String?

    @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

    func run() async throws {
      let output = Output.standard
      let report = PadronReport(path: informe ?? "\(file).problemas.csv")
      let source = try PadronSource(path: file)
      let isTerminal = isatty(STDERR_FILENO) == 1
      let summary = try await global.withServer { client in
        var run = PadronImport(
          client: OperationsClient(client), options: global.callOptions, report: report,
          meter: ProgressMeter(totalBytes: source.byteCount, isTerminal: isTerminal), output: output)
        return try await run.run(source)
      }
      let kept = try report.finish()
      if global.json { output.json(summary.json(report: kept)) } else { output.lines(summary.lines(report: kept, output.style)) }
      if summary.rejected > 0 { throw ExitCode(CommandStatus.partly.rawValue) }
    }
  }
}
