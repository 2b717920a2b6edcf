internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl tamiz`: the screen for alarm signs of cancer in a child.
struct TamizCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tamiz",
    abstract: "Señales de alarma de cáncer en una niña o un niño: con cualquiera hay cita en tres días hábiles, o alguien se encarga.",
    discussion: """
      Ejemplo (la persona 1 de la familia de quien se identifica):
        kioskctl tamiz --nss 00809012347 --nacimiento 1985-04-30 --persona 1 \\
          --senal moretones --senal fiebre

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/referrals.proto).
      """)

  enum Senal: String, ExpressibleByArgument, CaseIterable {
    case fiebre
    case bajaDePeso = "baja-de-peso"
    case palidez, moretones
    case dolorDeCabeza = "dolor-de-cabeza"
    case bulto, ojo
    case dolorDeHueso = "dolor-de-hueso"

    var wire: Wire.ChildAlarmSign {
      switch self {
      case .fiebre: .fever
      case .bajaDePeso: .weightLoss
      case .palidez: .pallor
      case .moretones: .bruises
      case .dolorDeCabeza: .headache
      case .bulto: .lump
      case .ojo: .eye
      case .dolorDeHueso: .bonePain
      }
    }
  }

  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Option(
    help: ArgumentHelp(
      "Una señal; se puede repetir: fiebre, baja-de-peso, palidez, moretones, dolor-de-cabeza, bulto, ojo, dolor-de-hueso.",
      valueName: "señal"))
  var senal: [Senal] = []

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let screen = Wire.ScreenChildRequest(sessionToken: session.token, person: session.person, signs: senal.map(\.wire))
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await ReferralsClient(client).screenChild(screen, options: options.writing(id))
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.text(reply.text.printable)
    if let appointment = reply.appointment { output.show(appointment, json: false) }
    if let alert = reply.alert { output.text("Aviso \(alert.id), del jefe de servicio.") }
  }
}
