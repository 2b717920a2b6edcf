internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita buscar`: what is free.
struct BuscarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "buscar",
    abstract: "Lista lugares libres: primero los del médico propio, luego los demás.",
    discussion: """
      Sin --nss, --numero ni --curp busca para nadie en particular. Lo que se lista estaba libre al escribirlo y no queda apartado.

      Ejemplos:
        kioskctl cita buscar --servicio medicina_familiar --fecha 2026-11-24
        kioskctl cita buscar --servicio medicina_familiar --turno vespertino \\
          --desde 2026-11-24T16:00 --limite 5
        kioskctl cita buscar --servicio medicina_familiar --numero 482011570 \\
          --nacimiento 1985-04-30 --persona 1

      Al final dice cuándo se abren los siguientes lugares.

      Con --json: {"slots": [lugar…], "steps": [{"code", "text"}…], "next_release": {"opens_at_unix_ms", "date", "resource", "turno", "display"}}; \
      null si no se sabe.
      """)

  @OptionGroup(title: "Quién") var identity: IdentityOptions

  @Option(help: ArgumentHelp("Código del servicio; `cita servicios` los lista.", valueName: "código"))
  var servicio: String

  @Option(help: ArgumentHelp("Solo este turno: matutino, vespertino…", valueName: "turno"))
  var turno: String?

  @Option(help: ArgumentHelp("Solo esta fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @Option(
    help: ArgumentHelp("Nada antes: una fecha, una hora de cada día, o las dos con T en medio.", valueName: "desde"),
    transform: { try Since(typed: $0) })
  var desde: Since?

  @Option(
    help: ArgumentHelp("Solo esta agenda: C12, V2.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID?

  @Flag(help: "También con otros médicos, para quien está en cuidados paliativos: sin esto ve sólo los lugares del suyo.")
  var otros = false

  @Option(help: ArgumentHelp("Cuántos lugares a lo más, de 1 a 100.", valueName: "n"))
  var limite: Int32 = 12

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    guard (1...100).contains(limite) else { throw ValidationError("--limite va de 1 a 100.") }
  }

  func run() async throws {
    let output = Output.standard
    try await global.withServer { client in
      let found = try await find(client)
      if global.json { return output.json(found.json) }
      let release = found.nextRelease.map { [$0.display.printable] } ?? []
      guard !found.slots.isEmpty else {
        output.lines(release)
        throw Failure(nothingFree: found.steps)
      }
      output.lines(TextTable(slots: found.slots).lines(output.style) + release)
    }
  }

  private func find(_ client: any RPCTransport) async throws -> Wire.FindResponse {
    let appointments = AppointmentsClient(client)
    let options = global.callOptions
    var request = Wire.FindRequest(
      service: servicio, turno: turno ?? "", date: fecha?.description ?? "", earliestDate: desde?.date?.description ?? "",
      earliestMinute: Int32(desde?.minute?.minutes ?? 0), resource: agenda?.description ?? "", limit: limite, anyDoctor: otros)
    guard let identity = identity.request else {
      return try await Failure.of { () throws(RPCError) in try await appointments.find(request, options: options) }
    }
    return try await PatientSession.with(
      identity, persona: self.identity.persona, client: client, options: options
    ) { session in
      (request.sessionToken, request.person) = (session.token, session.person)
      let request = request
      return try await Failure.of { () throws(RPCError) in try await appointments.find(request, options: options) }
    }
  }
}

extension Wire.FindResponse {
  var json: JSONValue {
    .object([
      .init("slots", .array(slots.map(\.json))), .init("steps", .array(steps.map(\.json))), .init("next_release", nextRelease?.json ?? .null),
    ])
  }
}

extension Wire.NextRelease {
  fileprivate var json: JSONValue {
    .object([
      .init("opens_at_unix_ms", .number("\(opensAtUnixMs)")), .init("date", .string(date)), .init("resource", .string(resource)),
      .init("turno", .string(turno)), .init("display", .string(display)),
    ])
  }
}
