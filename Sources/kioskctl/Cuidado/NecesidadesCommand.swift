internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl necesidades`, for staff: how somebody is cared for.
struct NecesidadesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "necesidades",
    abstract: "Para el personal: anota o quita lo que una persona necesita.",
    discussion: """
      Las que cambian algo: sin_escaleras (sólo planta baja), sordera y señas (se le llama a la vista, nunca en voz alta), paliativos (siempre \
      su médico, sin fila). Las demás palabras sólo se muestran.

      Ejemplo:
        kioskctl necesidades --agregar paliativos --motivo prioridad-medica \\
          --numero 482011570 --nacimiento 1950-04-30

      Con --json: el mensaje SetNeedsResponse del contrato.
      """)

  @Option(help: ArgumentHelp("Una palabra que se anota; se puede repetir.", valueName: "palabra")) var agregar: [String] = []
  @Option(help: ArgumentHelp("Una palabra que se quita; se puede repetir.", valueName: "palabra")) var quitar: [String] = []
  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo")) var motivo: Motivo

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    guard !agregar.isEmpty || !quitar.isEmpty else { throw ValidationError("Diga qué: --agregar o --quitar, con la palabra.") }
  }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let set = Wire.SetNeedsRequest(
        sessionToken: session.token, person: session.person, add: agregar, remove: quitar, reason: motivo.wire)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await CareClient(client).setNeeds(set, options: options.writing(id))
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    output.text(reply.needs.isEmpty ? "No tiene nada anotado." : "Necesita: \(reply.needs.map(\.printable).joined(separator: ", ")).")
  }
}
