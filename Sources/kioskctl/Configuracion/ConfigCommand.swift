internal import ArgumentParser
internal import ClinicConfiguration
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl config …`: the files of kiosk-config. Needs no server.
struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Revisa los archivos de configuración, sin servidor.",
    discussion: """
      Ejemplo:
        kioskctl config check kiosk-config/clinics/umf-muestra-30/clinic.yaml
      """,
    subcommands: [CheckCommand.self])

  struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Muestra todo lo que hay que corregir, con archivo, línea, columna y arreglo.",
      discussion: """
        Sin archivos revisa todos los .yaml de kiosk-config. server.yaml se lee como configuración del servidor, los de una \
        carpeta guidance como guías médicas para quien llama, los demás como la de una clínica. Termina con 1 si hay errores; los \
        avisos no cuentan.

        Ejemplos:
          kioskctl config check
          kioskctl config check kiosk-config/server.yaml

        Con --json: una lista con file, line, column, severity (error, warning), message y fix.
        """)

    @Argument(help: ArgumentHelp("Archivos por revisar.", valueName: "archivo"))
    var files: [String] = []

    @Flag(help: "Escribe JSON en lugar de texto; las claves no cambian.")
    var json = false

    func run() throws {
      let output = Output.standard
      let paths = files.isEmpty ? try ConfigurationFolder.files(in: "kiosk-config") : files
      let problems = paths.flatMap { path in ConfigurationFolder.problems(of: path) }
      let errors = problems.count { $0.severity == .error }
      if json {
        output.json(.array(problems.map(\.json)))
      } else {
        output.lines(problems.map { $0.line(output.style) })
        output.text(ConfigurationFolder.summary(files: paths.count, errors: errors, warnings: problems.count - errors))
      }
      if errors > 0 { throw ExitCode(CommandStatus.refused.rawValue) }
    }
  }
}
