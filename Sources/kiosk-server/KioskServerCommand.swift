internal import ArgumentParser
internal import KioskServer

/// kiosk-server: the clinic's server.
@main
struct KioskServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kiosk-server",
    abstract: "El servidor de la clínica: agenda, citas y trámites para kioscos, teléfono y ventanilla.",
    discussion: """
      Lee server.yaml, y la clínica que ahí se nombra; abre o crea la base en la carpeta de datos, escucha, y cuando está \
      listo imprime una línea «lista: DIRECCIÓN…». Con SIGTERM o Ctrl-C termina lo empezado, cierra la base e imprime \
      «cerrado en orden».

      Ejemplo: kiosk-server --config kiosk-config/server.yaml

      Salida: 0 si cerró en orden; 78 si la configuración tiene errores (kioskctl config check los muestra igual); \
      1 si no pudo iniciar.
      """,
    version: "kiosk-server \(KioskServerProgram.version)")

  @Option(help: ArgumentHelp("El archivo server.yaml.", valueName: "archivo"))
  var config = "kiosk-config/server.yaml"

  @Option(help: ArgumentHelp("Otra carpeta de datos que la de server.yaml.", valueName: "carpeta"))
  var datos: String?

  @Option(help: ArgumentHelp("Otro clinic.yaml que el de server.yaml.", valueName: "archivo"))
  var clinica: String?

  @Option(
    name: .customLong("escucha"),
    help: ArgumentHelp(
      "En lugar de las escuchas de server.yaml: tcp:HOST:PUERTO=papel o unix:RUTA=papel; se puede repetir.",
      valueName: "dirección=papel"))
  var listeners: [String] = []

  @Option(help: ArgumentHelp("Qué se anota: error, warning, notice, info o debug.", valueName: "nivel"))
  var bitacora = "notice"

  func run() async throws {
    let status = await KioskServerProgram.run(
      KioskServerProgram.Arguments(
        configuration: config, dataFolder: datos, clinic: clinica, listeners: listeners, logLevel: bitacora))
    throw ExitCode(status)
  }
}
