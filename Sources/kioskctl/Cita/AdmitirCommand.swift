internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// `kioskctl cita admitir`, for staff: somebody without an appointment, or an emergency.
struct AdmitirCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admitir",
    abstract: "Para el personal: pasa a consulta a quien está en la clínica sin cita, o por una urgencia.",
    discussion: """
      Nunca ocupa un descanso y nunca pasa del tope de personas del turno, salvo con --sobre-tope: entonces hay que decir por qué, y queda en \
      la bitácora con el nombre de quien lo hizo.

      Ejemplos:
        kioskctl cita admitir C7 --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar
        kioskctl cita admitir C7 --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --urgencia --sobre-tope \\
          --motivo urgencia

      Con --json: la cita, con status "arrived".
      """)

  enum Motivo: String, ExpressibleByArgument, CaseIterable {
    case prioridadMedica = "prioridad-medica"
    case urgencia, solicitud

    var wire: Wire.AdmissionReason {
      switch self {
      case .prioridadMedica: .medicalPriority
      case .urgencia: .emergency
      case .solicitud: .askedInPerson
      }
    }
  }

  @Argument(help: ArgumentHelp("Agenda: C12, V2.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID

  @Option(help: ArgumentHelp("Código del servicio.", valueName: "código"))
  var servicio: String

  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Flag(help: "Es una urgencia: pasa primero.")
  var urgencia = false

  @Flag(help: "Aunque el turno ya tenga a todas las personas que puede atender.")
  var sobreTope = false

  @Option(help: ArgumentHelp("Por qué: prioridad-medica, urgencia o solicitud.", valueName: "motivo"))
  var motivo: Motivo?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    guard !sobreTope || motivo != nil else { throw ValidationError("--sobre-tope pide --motivo: queda en la bitácora.") }
  }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let admit = Wire.AdmitRequest(
        sessionToken: session.token, person: session.person, service: servicio, resource: agenda.description, emergency: urgencia,
        overCap: sobreTope, reason: motivo?.wire ?? .unspecified)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).admit(admit, options: options.writing(id))
      }
    }
    Output.standard.show(reply.appointment, json: global.json)
  }
}
