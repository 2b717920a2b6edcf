internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl motivos`: what a week's people asked about, for epidemiological surveillance.
struct MotivosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motivos",
    abstract: "Cuántas personas preguntaron por cada malestar, por día de una semana. Sin nada de ninguna persona.",
    discussion: """
      Para vigilancia epidemiológica. Lo que preguntaron menos de cinco sale como «<5», y no hay sumas de las que se pueda sacar.

      Ejemplo:
        kioskctl motivos --semana 2026-11-16 --csv > motivos.csv

      Con --json: el mensaje ExportMotivesResponse del contrato.
      """)

  @Option(help: ArgumentHelp("Un día de la semana; sin él, la semana pasada.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var semana: CivilDate?
  @Flag(help: "Escribe CSV: clues, fecha, motivo, personas.")
  var csv = false
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let reply = try await global.withServer { client in
      try await Failure.of { () throws(RPCError) in
        try await MeasuresClient(client).exportMotives(.init(week: semana?.description ?? ""), options: global.callOptions)
      }
    }
    let output = Output.standard
    if global.json { return try output.json(reply) }
    if csv {
      output.text("clues,fecha,motivo,personas")
      for cell in reply.cells { output.text("\(reply.clues),\(cell.date),\(cell.motive.printable),\(cell.suppressed ? "<5" : "\(cell.count)")") }
      return
    }
    output.text("Del \(reply.firstDate) al \(reply.lastDate)")
    guard !reply.cells.isEmpty else { return output.text("Nadie preguntó por nada.") }
    for cell in reply.cells { output.text("  \(cell.date)  \(cell.motive.printable): \(cell.suppressed ? "menos de 5" : "\(cell.count)")") }
  }
}
