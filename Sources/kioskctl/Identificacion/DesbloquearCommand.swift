internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// `kioskctl identificacion desbloquear`: a kiosk or a person begins again.
struct DesbloquearCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "desbloquear",
    abstract: "Deja que un kiosco vuelva a identificar, o que una persona vuelva a probar por cualquier medio.",
    discussion: """
      Queda registrado quién lo hizo y por qué. Antes de desbloquear un kiosco, vea quién está ahí; antes de desbloquear a una persona, \
      compruebe quién es.

      Ejemplos:
        kioskctl identificacion desbloquear --equipo kiosk/entrada-2 --motivo equipo-revisado
        kioskctl identificacion desbloquear --numero 482011570 --motivo identidad-comprobada
      """)

  /// The contract's reasons, as they are typed.
  enum Motivo: String, ExpressibleByArgument, CaseIterable {
    case identidadComprobada = "identidad-comprobada"
    case equipoRevisado = "equipo-revisado"
    case intentoTerminado = "intento-terminado"
    case mantenimiento

    var wire: Wire.UnlockReason {
      switch self {
      case .identidadComprobada: .identityShown
      case .equipoRevisado: .deviceChecked
      case .intentoTerminado: .attemptEnded
      case .mantenimiento: .maintenance
      }
    }
  }

  @Option(help: ArgumentHelp("Un kiosco, con el nombre que da `identificacion estado`.", valueName: "equipo"))
  var equipo: String?

  @Option(
    help: ArgumentHelp("Una persona, por su NSS.", valueName: "nss"),
    transform: { text in try IdentityOptions.checked { () throws(NSSFault) in try NSS(parsing: text) } })
  var nss: NSS?

  @Option(
    help: ArgumentHelp("Una persona, por su número de paciente.", valueName: "número"),
    transform: { text in try IdentityOptions.checked { () throws(PatientNumberFault) in try PatientNumber(parsing: text) } })
  var numero: PatientNumber?

  @Option(
    help: ArgumentHelp("Una persona, por su CURP.", valueName: "curp"),
    transform: { text in try IdentityOptions.checked { () throws(CURPFault) in try CURP(parsing: text) } })
  var curp: CURP?

  @Option(help: ArgumentHelp("Por qué; se guarda.", valueName: "motivo"))
  var motivo: Motivo

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    guard [equipo != nil, nss != nil, numero != nil, curp != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("Diga qué se desbloquea con uno solo: --equipo, --nss, --numero o --curp.")
    }
  }

  /// What is unlocked, as the contract has it.
  var what: Wire.UnlockIdentificationRequest.What? {
    if let equipo { return .device(equipo) }
    if let nss { return .nss(nss.description) }
    if let numero { return .patientNumber(numero.description) }
    return curp.map { .curp($0.description) }
  }

  func run() async throws {
    let id = request.identifier()
    try await global.withServer { client in
      _ = try await Failure.of(writing: id) { () throws(RPCError) in
        try await IdentificationClient(client).unlock(
          Wire.UnlockIdentificationRequest(what: what, reason: motivo.wire), options: global.callOptions.writing(id))
      }
      let output = Output.standard
      global.json ? output.json(.object([.init("unlocked", .bool(true))])) : output.text("Desbloqueado.")
    }
  }
}
