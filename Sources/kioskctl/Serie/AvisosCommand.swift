internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl serie avisos`.
struct AvisosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "avisos", abstract: "Para el personal: lo que toca y no tiene lugar; lo que más espera, primero.")

  @Flag(help: "También lo que ya está a cargo de alguien.")
  var todos = false

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await SeriesClient(client).listAlerts(.init(acknowledged: todos), options: global.callOptions)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    guard !reply.alerts.isEmpty else { return Output.standard.text("No hay avisos: todo lo que toca tiene lugar.") }
    for alert in reply.alerts {
      let taken = alert.acknowledgedAtUnixMs == 0 ? "" : " (a cargo)"
      Output.standard.text(
        "Serie \(alert.series), \(alert.number)\(taken): \(alert.name.printable), paciente \(alert.patientNumber). \(alert.text.printable)")
    }
  }
}

/// `kioskctl serie atender`.
struct AtenderAvisoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atender", abstract: "Para el personal: toma un aviso a su cargo.")

  @OptionGroup var what: SeriesOptions

  @Argument(help: ArgumentHelp("Cuál, por su número en `serie avisos`.", valueName: "número"))
  var numero: Int32

  func run() async throws {
    let reply = try await what.call { client, options throws(RPCError) in
      try await client.acknowledge(.init(series: what.serie, number: numero, reason: what.motivo.wire), options: options)
    }
    if what.global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text)
  }
}

/// `kioskctl serie revision`.
struct RevisionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revision", abstract: "Dice si a una persona le toca la revisión preventiva, y los lugares más cercanos.")

  @OptionGroup(title: "Quién") var identity: IdentityOptions
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws { _ = try identity.required() }

  func run() async throws {
    let reply = try await PatientSession.with(identity, global) { session, client, options in
      try await Failure.of { () throws(RPCError) in
        try await SeriesClient(client).offerCheck(.init(sessionToken: session.token, person: session.person), options: options)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    guard reply.offered else { return Output.standard.text("Por ahora no le toca la revisión preventiva.") }
    Output.standard.text(reply.text.printable)
    for slot in reply.slots { Output.standard.text("  \(slot.display.printable)") }
  }
}

/// `kioskctl serie dosis`.
struct DosisCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dosis", abstract: "Dice qué vacunas tocan por edad; para cualquier persona, sin identificarse.",
    discussion: "Ejemplo:\n  kioskctl serie dosis 2025-05-23 --recibidas srp_1")

  @Argument(help: ArgumentHelp("Fecha de nacimiento: 2025-05-23 o 23052025.", valueName: "nacimiento"))
  var nacimiento: String

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Códigos de las que ya tiene.", valueName: "dosis"))
  var recibidas: [String] = []

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await SeriesClient(client).listDueDoses(.init(birthDate: nacimiento, received: recibidas), options: global.callOptions)
      }
    }
    if global.json { return try Output.standard.json(reply) }
    Output.standard.text(reply.text.printable)
  }
}
