internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita consultar`: a person's appointments, or one of them.
struct ConsultarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consultar",
    abstract: "Lista las citas de una persona, o muestra una por su folio.",
    discussion: """
      Ejemplos:
        kioskctl cita consultar --numero 482011570 --nacimiento 1985-04-30
        kioskctl cita consultar --numero 482011570 --nacimiento 1985-04-30 \\
          --persona 1 --todas
        kioskctl cita consultar 482011570363 --numero 482011570 \\
          --nacimiento 1985-04-30

      Con --json: una lista de citas; con folio, la cita.
      """)

  @Argument(
    help: ArgumentHelp("Folio, 12 dígitos; sin él se listan todas las vigentes.", valueName: "folio"),
    transform: { try FolioText.checked($0) })
  var folio: Folio?

  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Flag(help: "También las pasadas y las canceladas.")
  var todas = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    _ = try identity.required()
    guard folio == nil || !todas else { throw ValidationError("--todas no va con un folio.") }
  }

  func run() async throws {
    try await global.withServer { client in
      let options = global.callOptions
      try await PatientSession.with(
        try identity.required(), persona: identity.persona, client: client, options: options
      ) { session in
        if let folio {
          try await show(folio, session, AppointmentsClient(client), options)
        } else {
          try await list(session, AppointmentsClient(client), options)
        }
      }
    }
  }

  private func show(
    _ folio: Folio, _ session: PatientSession, _ appointments: AppointmentsClient, _ options: CallOptions
  ) async throws {
    let reply = try await Failure.of { () throws(RPCError) in
      try await appointments.get(.init(sessionToken: session.token, folio: folio.description), options: options)
    }
    Output.standard.show(reply.appointment, json: global.json)
  }

  private func list(_ session: PatientSession, _ appointments: AppointmentsClient, _ options: CallOptions) async throws {
    let output = Output.standard
    let reply = try await Failure.of { () throws(RPCError) in
      try await appointments.list(
        .init(sessionToken: session.token, person: session.person, includePast: todas), options: options)
    }
    if global.json { return output.json(.array(reply.appointments.map(\.json))) }
    guard !reply.appointments.isEmpty else {
      return output.text(todas ? "No tiene citas." : "No tiene citas vigentes. Con --todas se ven también las pasadas.")
    }
    output.lines(TextTable(appointments: reply.appointments).lines(output.style))
  }
}
