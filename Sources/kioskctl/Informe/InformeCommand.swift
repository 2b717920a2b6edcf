internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl informe`: the measures of some days.
struct InformeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "informe",
    abstract: "Informe de la dirección: tercer lugar libre, citas en cinco días, lugares reaprovechados, faltas, diferimiento y equidad.",
    discussion: """
      Solo por el socket del personal. No contiene nada de ninguna persona: lo que hicieron menos de cinco personas no se dice («·»), ni lo que \
      lo delataría por resta. Junto a cada porcentaje, entre qué valores está con 95 % de confianza (intervalo de Wilson).

      Ejemplos:
        kioskctl informe
        kioskctl informe --desde 2026-01-01 --hasta 2026-12-31 --grafica informe.svg
        kioskctl informe --desde 2026-11-01 --csv > informe.csv

      Con --json: la respuesta de Measures/Report.
      """)

  @Option(help: ArgumentHelp("Primer día; sin él, cuatro semanas.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var desde: CivilDate?

  @Option(help: ArgumentHelp("Último día, incluido; sin él, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate?

  @Flag(help: "Escribe CSV en lugar de tablas: una medida por renglón.")
  var csv = false

  @Option(help: ArgumentHelp("Dibuja el informe en un archivo SVG.", valueName: "archivo"))
  var grafica: String?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    if csv, global.json { throw ValidationError("Escriba --csv o --json, no los dos.") }
    if let desde, let hasta, hasta < desde { throw ValidationError("--hasta no puede ser anterior a --desde.") }
  }

  func run() async throws {
    let output = Output.standard
    let report = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await MeasuresClient(client).report(
          .init(firstDate: desde?.description ?? "", lastDate: hasta?.description ?? ""), options: global.patientOptions)
      }
    }
    if let grafica {
      do { try Data(ReportPlot(report).svg.utf8).write(to: URL(filePath: grafica)) } catch {
        throw Failure(.cannotCreate, "No se pudo escribir \(grafica).", next: "Revise que la carpeta exista, sea suya y tenga espacio.")
      }
    }
    if global.json { return output.json(report.json) }
    if csv { return output.lines(report.csvLines) }
    output.lines(report.lines(output.style))
    if let grafica { output.text("\nGráfica: \(grafica)") }
  }
}
