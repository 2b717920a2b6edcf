internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// `kioskctl cita codigo`: a code to go on by telephone.
struct CodigoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codigo",
    abstract: "Da un código de seis dígitos para seguir por teléfono con un apartado o una cita.",
    discussion: """
      Por teléfono se pide otra vez la fecha de nacimiento. Un apartado se guarda mientras sirve su código, un cuarto de hora.

      Ejemplo:
        kioskctl cita codigo 482011570363 --numero 482011570 --nacimiento 1985-04-30

      Con --json: el mensaje MakeCodeResponse del contrato.
      """)

  @Argument(
    help: ArgumentHelp("Folio de la cita o del apartado, 12 dígitos.", valueName: "folio"),
    transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.requiredForThemselves() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await TelephoneClient(client).makeCode(
          .init(sessionToken: session.token, folio: folio.description), options: options.writing(id))
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text("Código: \(reply.code.prefix(3)) \(reply.code.suffix(3))")
  }
}
