internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita apartar`: a hold.
struct ApartarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apartar",
    abstract: "Aparta un lugar unos minutos, mientras la persona decide.",
    discussion: """
      El folio que da sirve para `cita agendar` y `cita cancelar`; si no se agenda a tiempo, el lugar queda libre solo.

      Ejemplos:
        kioskctl cita apartar --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --primera
        kioskctl cita apartar --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --agenda C12 --fecha 2026-11-24 --hora 08:15

      Con --json: la cita, con status "pending".
      """)

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Qué lugar") var slot: SlotOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    try slot.require()
  }

  func run() async throws {
    let id = request.identifier()
    try await global.withServer { client in
      let appointments = AppointmentsClient(client)
      let options = global.callOptions
      let reply = try await PatientSession.with(
        try identity.required(), persona: identity.persona, client: client, options: options
      ) { session in
        let choice = try await slot.choice(for: session, appointments, options)
        let hold = Wire.HoldRequest(sessionToken: session.token, person: session.person, slot: choice)
        return try await Failure.of(writing: id) { () throws(RPCError) in
          try await appointments.hold(hold, options: options.writing(id))
        }
      }
      Output.standard.show(reply.appointment, json: global.json)
    }
  }
}

extension Output {
  /// An appointment that a call returned.
  func show(_ appointment: Wire.Appointment?, json asJSON: Bool) {
    guard let appointment else { return }
    if asJSON { json(appointment.json) } else { lines(appointment.lines(style)) }
  }
}
