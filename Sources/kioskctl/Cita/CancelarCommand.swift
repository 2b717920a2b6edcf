internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// `kioskctl cita cancelar`: a cancellation, or a hold given back.
struct CancelarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancelar",
    abstract: "Cancela una cita o devuelve un apartado; el lugar queda libre al momento.",
    discussion: """
      Ejemplos:
        kioskctl cita cancelar 482011570363 --numero 482011570 \\
          --nacimiento 1985-04-30
        kioskctl cita cancelar 482011570363 --numero 482011570 \\
          --nacimiento 1985-04-30 --motivo no-puede-ir
        kioskctl cita cancelar 482011570363 --personal por-telefono

      Con --json: la cita, con status "cancelled".
      """)

  /// The contract's reasons, as they are typed.
  enum Motivo: String, ExpressibleByArgument, CaseIterable {
    case noPuedeIr = "no-puede-ir"
    case yaNoNecesita = "ya-no-necesita"
    case otroLugar = "otro-lugar"
    case clinica

    var wire: Wire.CancellationReason {
      switch self {
      case .noPuedeIr: .cannotCome
      case .yaNoNecesita: .notNeeded
      case .otroLugar: .otherPlace
      case .clinica: .clinic
      }
    }
  }

  @Argument(
    help: ArgumentHelp("Folio de la cita o del apartado, 12 dígitos.", valueName: "folio"),
    transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup var acting: ActingOptions

  @Option(help: ArgumentHelp("Por qué; se guarda y no decide nada.", valueName: "motivo"))
  var motivo: Motivo?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let options = global.callOptions
    let (reply, besides) = try await global.withServer { client in
      try await acting.acting(client, options) { token, reason in
        let cancel = Wire.CancelRequest(
          sessionToken: token, folio: folio.description, reason: motivo?.wire ?? .unspecified, staffReason: reason)
        let reply = try await Failure.of(writing: id) { () throws(RPCError) in
          try await AppointmentsClient(client).cancel(cancel, options: options.writing(id))
        }
        return (reply, await PatientSession.offeredCheck(token, person: acting.identity.persona, client: client, options: options))
      }
    }
    Output.standard.show(reply.appointment, json: global.json)
    if !global.json { Output.standard.lines(besides) }
  }
}
