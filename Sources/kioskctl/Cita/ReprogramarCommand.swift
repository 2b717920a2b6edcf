internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita reprogramar`: another slot instead of the one that a person has.
struct ReprogramarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reprogramar",
    abstract: "Cambia una cita a otro lugar en un paso; la de antes vale hasta que se toma la nueva.",
    discussion: """
      Ejemplos:
        kioskctl cita reprogramar 482011570363 --numero 482011570 \\
          --nacimiento 1985-04-30 --agenda C12 --fecha 2026-11-24 --hora 08:15
        kioskctl cita reprogramar 482011570363 --personal por-telefono \\
          --agenda C12 --fecha 2026-11-24 --hora 08:15

      Con --json: {"appointment": la cita nueva, "replaced_folio": el folio de la de antes}.
      """)

  @Argument(help: ArgumentHelp("Folio de la cita, 12 dígitos.", valueName: "folio"), transform: { try FolioText.checked($0) })
  var folio: Folio

  @OptionGroup var acting: ActingOptions

  @Option(help: ArgumentHelp("Agenda: C12 es el consultorio 12.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID

  @Option(help: ArgumentHelp("Fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate

  @Option(help: ArgumentHelp("Hora a la que empieza: 08:15.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func run() async throws {
    let id = request.identifier()
    let options = global.callOptions
    let (reply, besides) = try await global.withServer { client in
      try await acting.acting(client, options) { token, reason in
        let reschedule = Wire.RescheduleRequest(
          sessionToken: token, folio: folio.description, resource: agenda.description, date: fecha.description,
          startMinute: Int32(hora.minutes), staffReason: reason)
        let reply = try await Failure.of(writing: id) { () throws(RPCError) in
          try await AppointmentsClient(client).reschedule(reschedule, options: options.writing(id))
        }
        return (reply, await PatientSession.offeredCheck(token, person: acting.identity.persona, client: client, options: options))
      }
    }
    let output = Output.standard
    if global.json {
      return output.json(
        .object([.init("appointment", reply.appointment?.json ?? .null), .init("replaced_folio", .string(reply.replacedFolio))]))
    }
    output.show(reply.appointment, json: false)
    if reply.replacedFolio.isEmpty { output.text("Es el lugar que ya tenía: nada cambió.") }
    output.lines(besides)
  }
}
