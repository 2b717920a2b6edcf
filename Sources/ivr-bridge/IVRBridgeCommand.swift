internal import ArgumentParser
internal import IVRBridge

/// ivr-bridge: the clinic's telephone.
@main
struct IVRBridgeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ivr-bridge",
    abstract: "El puente telefónico: un Asterisk llama por FastAGI, y quien llama recibe orientación, citas o una persona.",
    discussion: """
      Ejemplos:
        ivr-bridge prompts render      # hace los sonidos que faltan, con espeak-ng y sox
        ivr-bridge check               # revisa archivos, cada sonido y el servidor
        ivr-bridge serve               # atiende llamadas hasta SIGTERM o Ctrl-C
        ivr-bridge call --text         # una llamada entera en la terminal
      """,
    version: "ivr-bridge \(IVRBridgeProgram.version)",
    subcommands: [ServeCommand.self, CheckCommand.self, PromptsCommand.self, CallCommand.self, MapCommand.self])
}

struct ConfigurationOption: ParsableArguments {
  @Option(help: ArgumentHelp("El archivo ivr-bridge.yaml.", valueName: "archivo"))
  var config = "kiosk-config/ivr-bridge.yaml"
}

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Atiende llamadas.",
    discussion: """
      Cuando está listo imprime «lista: DIRECCIÓN». Con SIGTERM o Ctrl-C no toma más llamadas, pasa a una persona las que hay, e imprime \
      «cerrado en orden».

      Salida: 0 si cerró en orden; 78 si un archivo tiene errores; 1 si no pudo iniciar.
      """)

  @OptionGroup var place: ConfigurationOption

  @Option(help: ArgumentHelp("Qué se anota: error, warning, notice, info o debug.", valueName: "nivel"))
  var bitacora = "notice"

  func run() async throws {
    throw ExitCode(await IVRBridgeProgram.serve(configuration: place.config, logLevel: bitacora))
  }
}
