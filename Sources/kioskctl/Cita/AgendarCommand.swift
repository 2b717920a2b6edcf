internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita agendar`: an appointment, of a hold or of a free place.
struct AgendarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agendar",
    abstract: "Hace una cita de un apartado, o de un lugar libre en un paso.",
    discussion: """
      Cuando contesta, la cita ya está guardada.

      Ejemplos:
        kioskctl cita agendar 482011570363 --numero 482011570 \\
          --nacimiento 1985-04-30
        kioskctl cita agendar --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --primera
        kioskctl cita agendar --numero 482011570 --nacimiento 1985-04-30 \\
          --persona 1 --servicio medicina_familiar \\
          --agenda C12 --fecha 2026-11-24 --hora 08:15

      Con --json: la cita, con status "booked".
      """)

  @Argument(
    help: ArgumentHelp("Folio del apartado, 12 dígitos; sin él, diga qué lugar.", valueName: "folio"),
    transform: { try FolioText.checked($0) })
  var folio: Folio?

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Qué lugar") var slot: SlotOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    if folio == nil { return try slot.require() }
    guard slot.isEmpty else {
      throw ValidationError("El folio de un apartado ya dice el lugar: quite --servicio, --agenda, --fecha, --hora y --primera.")
    }
  }

  func run() async throws {
    let id = request.identifier()
    try await global.withServer { client in
      let appointments = AppointmentsClient(client)
      let options = global.callOptions
      let (reply, besides) = try await PatientSession.with(
        try identity.required(), persona: identity.persona, client: client, options: options
      ) { session in
        let what: Wire.BookRequest.What =
          if let folio { .holdFolio(folio.description) } else {
            .slot(try await slot.choice(for: session, appointments, options))
          }
        let book = Wire.BookRequest(sessionToken: session.token, person: session.person, what: what)
        let reply = try await Failure.of(writing: id) { () throws(RPCError) in
          try await appointments.book(book, options: options.writing(id))
        }
        return (reply, await PatientSession.offeredCheck(session.token, person: session.person, client: client, options: options))
      }
      Output.standard.show(reply.appointment, json: global.json)
      if !global.json { Output.standard.lines(besides) }
    }
  }
}

enum FolioText {
  static func checked(_ text: String) throws -> Folio {
    do { return try Folio(parsing: text) } catch { throw ValidationError(error.mensaje) }
  }
}
