internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl cita servicios`: what the clinic gives appointments for.
struct ServiciosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "servicios",
    abstract: "Lista para qué da citas la clínica, con el código que usa --servicio.",
    discussion: """
      Ejemplo:
        kioskctl cita servicios

      Con --json: una lista con code, name, slot_minutes, homoclave y requirements.
      """)

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    try await global.withServer { client in
      let services = try await Failure.of { () throws(RPCError) in
        try await AppointmentsClient(client).listServices(.init(), options: global.callOptions).services
      }
      if global.json { return output.json(.array(services.map(\.json))) }
      output.lines(TextTable(services: services).lines(output.style))
    }
  }
}

extension TextTable {
  init(services: [Wire.Service]) {
    self.init(
      [Column("Código"), Column("Servicio"), Column("Minutos", alignedRight: true), Column("Trámite"), Column("Traer")],
      rows: services.map { [$0.code, $0.name, "\($0.slotMinutes)", $0.homoclave, $0.requirements.joined(separator: "; ")] })
  }
}

extension Wire.Service {
  /// Keys: those of the contract's `Service`.
  var json: JSONValue {
    .object([
      .init("code", .string(code)), .init("name", .string(name)), .init("slot_minutes", .number("\(slotMinutes)")),
      .init("homoclave", .string(homoclave)), .init("requirements", .array(requirements.map { .string($0) })),
    ])
  }
}
