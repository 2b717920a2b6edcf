internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// `kioskctl agenda autorizar`: a place beyond what the agenda allows.
struct AutorizarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autorizar",
    abstract: "Da un lugar por encima del tope del turno, del reparto por canal o junto a otra cita; queda quién y por qué.",
    discussion: """
      Nunca acorta un descanso ni da una hora cerrada. Es la única manera de pasar un tope para otra fecha; para quien ya está en la \
      clínica, `cita admitir --sobre-tope`.

      Ejemplo:
        kioskctl agenda autorizar --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --agenda C12 --fecha 2026-11-24 \\
          --hora 08:15 --motivo prioridad-medica

      Con --json: la cita, con status "booked".
      """)

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Lugar") var slot: SlotOptions

  @Option(help: ArgumentHelp("Por qué; queda en la bitácora.", valueName: "motivo"))
  var motivo: Motivo

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws {
    _ = try identity.required()
    guard !slot.primera else { throw ValidationError("--primera no va aquí: diga la agenda, la fecha y la hora.") }
    try slot.require()
  }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      let override = Wire.OverrideRequest(
        sessionToken: session.token, person: session.person, slot: try await slot.choice(for: session, AppointmentsClient(client), options),
        reason: motivo.wire)
      return try await Failure.of(writing: id) { () throws(RPCError) in
        try await AgendaClient(client).override(override, options: options.writing(id))
      }
    }
    Output.standard.show(reply.appointment, json: global.json)
  }
}
