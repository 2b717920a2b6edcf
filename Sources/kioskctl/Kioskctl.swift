internal import ArgumentParser
internal import Foundation

/// Ventanilla's tool for people at a terminal: arguments in, one call or a few, text or JSON out.
@main
struct Kioskctl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kioskctl",
    abstract: "Atiende la ventanilla de la clínica desde una terminal.",
    discussion: """
      Habla con kiosk-server, que debe estar iniciado (salvo `config check` y `guia`, que solo leen archivos). Sin --servidor usa el \
      socket .ventanilla/personal.sock si existe, y si no 127.0.0.1:24820; la variable VENTANILLA_SERVIDOR dice otro.

      Para empezar:
        kioskctl cita buscar --servicio medicina_familiar
        kioskctl cita agendar --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --primera
        kioskctl call Health/Check '{}'
        kioskctl help cita agendar

      \(CommandStatus.help)
      """,
    version: "kioskctl 1.0",
    subcommands: [
      CitaCommand.self, AgendaCommand.self, ListaEsperaCommand.self, CierreCommand.self, CallCommand.self, ConfigCommand.self, DatabaseCommand.self, PadronCommand.self, GuiaCommand.self,
      TopCommand.self, IdentificacionCommand.self, SerieCommand.self, ReferenciaCommand.self, AvisoCommand.self, TamizCommand.self, LegadoCommand.self, InformeCommand.self, AlarmaCommand.self, DevolucionCommand.self, OrientacionesCommand.self, VisitaCommand.self, PromotorCommand.self,
      PermisoCommand.self, ContactoCommand.self, PlanDePartoCommand.self, RecienNacidoCommand.self, PersonaCommand.self,
      EmbarazoCommand.self, NecesidadesCommand.self, NombreCommand.self, DirectorioCommand.self, MotivosCommand.self, TriageCommand.self,
    ])

  static func main() async {
    let status = await run(Array(CommandLine.arguments.dropFirst()), output: .standard)
    Foundation.exit(status.rawValue)
  }

  /// Runs one command line; what it has to say goes to `output`.
  static func run(_ arguments: [String], output: Output) async -> CommandStatus {
    do {
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return .ok
    } catch let failure as Failure {
      output.fail(failure, asJSON: arguments.contains("--json"))
      return failure.status
    } catch {
      let status = exitCode(for: error)
      var text = SpanishMessages.translate(fullMessage(for: error))
      if !status.isSuccess, let near = CommandNames.suggestion(for: arguments) { text += "\n¿Quiso decir `\(near)`?" }
      if status.isSuccess { output.text(text) } else { output.error(text) }
      return status.isSuccess ? .ok : CommandStatus(rawValue: status.rawValue) ?? .usage
    }
  }
}
