internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl devolucion pedir`.
struct PedirDevolucionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pedir", abstract: "Promete una llamada a alguien, con folio y plazo.",
    discussion: """
      Por paliativos y por ADEC basta saber quién es: se llama al número que la clínica tiene. Una persona que cuida a otra la nombra con \
      --persona.

      Ejemplos:
        kioskctl devolucion pedir --motivo salud --telefono 5512345678
        kioskctl devolucion pedir --motivo paliativos --numero 482011570 --nacimiento 1950-04-30

      Con --json: el mensaje RequestCallbackResponse del contrato.
      """)

  enum MotivoDeLlamada: String, ExpressibleByArgument, CaseIterable {
    case salud, cita, tramite, otro, embarazo, paliativos, adec

    var wire: Wire.CallbackReason {
      switch self {
      case .salud: .guidance
      case .cita: .appointment
      case .tramite: .tramite
      case .otro: .other
      case .embarazo: .pregnancy
      case .paliativos: .palliative
      case .adec: .adec
      }
    }
  }

  @Option(help: ArgumentHelp("salud, cita, tramite, otro, embarazo, paliativos o adec.", valueName: "motivo")) var motivo: MotivoDeLlamada
  @Option(help: ArgumentHelp("A qué número.", valueName: "teléfono")) var telefono = ""
  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let wanted = Wire.RequestCallbackRequest(phone: telefono, reason: motivo.wire)
    let reply: Wire.RequestCallbackResponse
    if identity.request == nil {
      reply = try await global.withServer { client in
        try await Failure.of(writing: id) { () throws(RPCError) in
          try await TelephoneClient(client).requestCallback(wanted, options: global.callOptions.writing(id))
        }
      }
    } else {
      reply = try await PatientSession.with(identity, global) { session, client, options in
        var wanted = wanted
        (wanted.sessionToken, wanted.person) = (session.token, session.person)
        let asked = wanted
        return try await Failure.of(writing: id) { () throws(RPCError) in
          try await TelephoneClient(client).requestCallback(asked, options: options.writing(id))
        }
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.text("Le toca a \(reply.owner.printable), a más tardar el \(reply.date) a las \(AgendaMinute(minutes: Int(reply.minute))?.description ?? ""). Folio \(reply.folio).")
  }
}
