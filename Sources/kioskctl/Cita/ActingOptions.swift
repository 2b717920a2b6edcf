internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// Why somebody of the clinic does it, as it is typed.
enum Motivo: String, ExpressibleByArgument, CaseIterable {
  case rutina
  case enPersona = "en-persona"
  case porTelefono = "por-telefono"
  case prioridadMedica = "prioridad-medica"
  case urgencia
  case faltaPersonal = "falta-personal"
  case fallaEquipo = "falla-equipo"
  case cierre
  case correccion
  case seRetiro = "se-retiro"

  var wire: Wire.StaffReason {
    switch self {
    case .rutina: .routine
    case .enPersona: .askedInPerson
    case .porTelefono: .askedByPhone
    case .prioridadMedica: .medicalPriority
    case .urgencia: .emergency
    case .faltaPersonal: .staffAbsent
    case .fallaEquipo: .equipmentDown
    case .cierre: .closure
    case .correccion: .correction
    case .seRetiro: .personLeft
    }
  }
}

/// Who acts on an appointment: the person, in a session of theirs, or the clinic's own people, who say why.
struct ActingOptions: ParsableArguments {
  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Option(help: ArgumentHelp("Lo hace el personal, por su socket y sin sesión de la persona; diga por qué.", valueName: "motivo"))
  var personal: Motivo?

  func validate() throws {
    guard (identity.request == nil) != (personal == nil) else {
      throw ValidationError("Diga quién es (--nss, --numero o --curp, con --nacimiento), o --personal con el motivo si lo hace el personal.")
    }
  }

  /// Hands the token to `body`, or an empty one and the staff's reason.
  func acting<Value>(
    _ client: any RPCTransport, _ options: CallOptions, _ body: (_ token: String, _ reason: Wire.StaffReason) async throws -> Value
  ) async throws -> Value {
    guard let request = identity.request else { return try await body("", personal?.wire ?? .unspecified) }
    return try await PatientSession.with(request, persona: identity.persona, client: client, options: options) { session in
      try await body(session.token, .unspecified)
    }
  }
}
