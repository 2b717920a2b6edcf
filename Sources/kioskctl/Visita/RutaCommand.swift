internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl visita ruta`: whom the clinic visits on a day.
struct RutaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ruta",
    abstract: "La ruta del día: a quién se visita, por zona, profesional y hora, con su domicilio.",
    discussion: """
      Solo por el socket del personal, y desde el día de ayer. Quien la imprime la cuida: dice dónde vive cada persona.

      Ejemplos:
        kioskctl visita ruta
        kioskctl visita ruta --dia 2026-11-24 --zona norte --agenda P1

      Con --json, la respuesta del servidor tal como la define el contrato (ventanilla/v1/homevisits.proto).
      """)

  @Option(help: ArgumentHelp("Día; sin él, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var dia: CivilDate?

  @Option(help: ArgumentHelp("Solo esta zona, por su código.", valueName: "zona"))
  var zona = ""

  @Option(help: ArgumentHelp("Solo la ruta de un profesional: P1.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: ResourceID?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let route = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await HomeVisitsClient(client).getRoute(
          .init(date: dia?.description ?? "", zone: zona, resource: agenda?.description ?? ""), options: global.callOptions)
      }
    }
    if global.json { return try output.json(route) }
    guard !route.stops.isEmpty else { return output.text("No hay visitas a domicilio ese día.") }
    output.lines(
      TextTable(
        [.init("Zona"), .init("Quién va"), .init("Hora"), .init("Folio"), .init("Persona"), .init("Domicilio"), .init("Teléfono"), .init("Pidió"), .init("Médico")],
        rows: route.stops.map(\.row)
      ).lines(output.style))
  }
}

extension Wire.HomeVisitStop {
  fileprivate var row: [String] {
    let start = appointment?.slot.flatMap { AgendaMinute(minutes: Int($0.startMinute)) }?.description ?? ""
    let home = [street, neighbourhood, postalCode, references].filter { !$0.isEmpty }.joined(separator: ", ")
    let asked = kinship.isEmpty ? applicant : "\(applicant) (\(kinship))"
    return [
      zoneName, appointment?.slot?.resource ?? "", start, appointment?.folioDisplay ?? "", name,
      home.isEmpty ? "sin domicilio: llame a la persona" : home, phone, asked, "\(consultorio) \(turno)",
    ].map(\.printable)
  }
}
