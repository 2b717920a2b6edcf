internal import ArgumentParser
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl orientaciones`, for staff: what was kept of guidance that people heard.
struct OrientacionesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orientaciones",
    abstract: "Para el personal: las orientaciones que se oyeron, la última primero; de nadie se dice quién fue.",
    discussion: """
      Ejemplo:
        kioskctl orientaciones --ultimos 20

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/telephone.proto): también lo que se oprimió.
      """)

  @Option(help: ArgumentHelp("Cuántos, de 1 a 1000.", valueName: "n"))
  var ultimos: Int32 = 100

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    guard (1...1000).contains(ultimos) else { throw ValidationError("--ultimos va de 1 a 1000.") }
  }

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await TelephoneClient(client).listGuidance(.init(limit: ultimos), options: global.callOptions)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    guard !reply.records.isEmpty else { return output.text("Todavía no hay ninguna orientación guardada.") }
    output.lines(
      TextTable(
        [.init("N.º", alignedRight: true), .init("Guía"), .init("Por dónde"), .init("Cómo terminó"), .init("Señales")],
        rows: reply.records.map(\.row)
      ).lines(output.style))
  }
}

extension Wire.GuidanceRecord {
  fileprivate var row: [String] {
    let kept = what ?? Wire.KeepGuidanceRequest()
    let guide = kept.guide.map { "\($0.guide) v\($0.version)" } ?? ""
    let ending = kept.ending.isEmpty ? "colgó" : kept.ending
    return ["\(record)", guide, channel == "phone" ? "teléfono" : "kiosco", ending, (kept.signs + kept.promptSigns).joined(separator: ", ")].map(\.printable)
  }
}
