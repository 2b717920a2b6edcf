internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl lista-espera tomar`: a place of today that nobody who waits has taken, for somebody who is here.
struct TomarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tomar",
    abstract: "Da a quien está en la clínica un lugar de hoy que quedó para quien llegue sin cita.",
    discussion: """
      Ejemplo:
        kioskctl lista-espera tomar 482011570363 --numero 482011570 --nacimiento 1985-04-30
      """)

  @Argument(help: ArgumentHelp("Número del lugar; `lista-espera dia` lo muestra.", valueName: "lugar"))
  var lugar: Int64

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions
  @OptionGroup var request: RequestIDOption

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let id = request.identifier()
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of(writing: id) { () throws(RPCError) in
        try await WaitlistClient(client).takeWalkInPlace(
          .init(sessionToken: session.token, person: session.person, place: lugar), options: options.writing(id))
      }
    }
    Output.standard.show(reply.appointment, json: global.json)
  }
}
