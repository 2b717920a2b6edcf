internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda hojas`: sheets for a day on paper.
struct HojasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hojas",
    abstract: "Imprime las hojas con que se trabaja sin luz o sin sistema: una por consultorio y turno.",
    discussion: """
      Cada hoja lleva la hora y el folio de cada cita, las horas libres y renglones en blanco. El folio de un renglón en blanco queda \
      reservado: nadie más lo recibe nunca, y al volver el sistema se captura con `kioskctl agenda capturar`. Imprimir otra vez da los \
      mismos folios. No llevan nombres: están a la vista de quien se sienta frente al escritorio.

      Sin --carpeta se escriben aquí, como texto de 80 columnas. Con ella, un archivo .txt y los .svg (tamaño carta) de cada hoja.

      Ejemplos:
        kioskctl agenda hojas --agenda C12 --turno matutino | lpr
        kioskctl agenda hojas --fecha 2026-11-24 --carpeta hojas --renglones 12

      Con --json: [{"resource", "turno", "appointments", "blank", "files"}].
      """)

  @Option(help: ArgumentHelp("Solo esta agenda; se puede repetir.", valueName: "agenda"), transform: { try AgendaText.resource($0) })
  var agenda: [ResourceID] = []

  @Option(help: ArgumentHelp("Solo este turno.", valueName: "turno"))
  var turno: String?

  @Option(help: ArgumentHelp("Fecha, hasta siete días adelante; sin ella, hoy.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @Option(help: ArgumentHelp("Renglones en blanco, 0 a 60.", valueName: "número"))
  var renglones = 8

  @Option(help: ArgumentHelp("Dónde dejar los archivos; se crea si no existe.", valueName: "carpeta"))
  var carpeta: String?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    guard 0...60 ~= renglones else { throw ValidationError("--renglones: de 0 a 60.") }
  }

  func run() async throws {
    let output = Output.standard
    let date = fecha?.description ?? ""
    let printed = try await global.withServer { client -> [Printed] in
      let paper = PaperClient(client)
      let list = try await Failure.of { () throws(RPCError) in try await paper.listSheets(.init(date: date), options: global.callOptions) }
      var printed: [Printed] = []
      for name in list.sheets where isWanted(name) {
        if renglones > 0 {
          let reserve = Wire.ReserveRowsRequest(resource: name.resource, date: list.date, turno: name.turno, count: Int32(renglones))
          _ = try await Failure.of(repeating: "la misma orden") { () throws(RPCError) in
            try await paper.reserveRows(reserve, options: global.callOptions.writing(RequestIdentifier().description))
          }
        }
        let sheet = try await Failure.of { () throws(RPCError) in
          try await paper.getSheet(.init(resource: name.resource, date: list.date, turno: name.turno), options: global.callOptions)
        }
        let files = try carpeta.map { try write(sheet, as: "\(list.date)-\(name.resource)-\(name.turno)", in: $0) } ?? []
        if carpeta == nil, !global.json { output.text(sheet.text) }
        printed.append(Printed(name: name, sheet: sheet, files: files))
      }
      return printed
    }
    guard !printed.isEmpty else {
      throw Failure(.refused, "Ninguna agenda trabaja ese turno en esa fecha.", next: "Vea cuáles con: kioskctl call Paper/ListSheets '{}'")
    }
    if global.json { return output.json(.array(printed.map(\.json))) }
    if let carpeta {
      let blank = printed.reduce(0) { $0 + Int($1.sheet.blank) }
      output.text("\(printed.count) hojas en \(carpeta), con \(blank) renglones en blanco. Imprímalas y guárdelas bajo llave.")
    }
  }

  private func isWanted(_ name: Wire.SheetName) -> Bool {
    (agenda.isEmpty || agenda.contains { $0.description == name.resource }) && (turno == nil || turno == name.turno)
  }

  private struct Printed {
    let name: Wire.SheetName
    let sheet: Wire.GetSheetResponse
    let files: [String]

    var json: JSONValue {
      .object([
        .init("resource", .string(name.resource)), .init("turno", .string(name.turno)), .init("appointments", .number("\(sheet.appointments)")),
        .init("blank", .number("\(sheet.blank)")), .init("files", .array(files.map { .string($0) })),
      ])
    }
  }

  private func write(_ sheet: Wire.GetSheetResponse, as name: String, in folder: String) throws(Failure) -> [String] {
    let files = [("\(folder)/\(name).txt", sheet.text)]
      + sheet.svgPages.enumerated().map { ("\(folder)/\(name)-\($0 + 1).svg", $1) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (path, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) }
    } catch {
      throw Failure(.cannotCreate, "No se puede escribir en \(folder).", next: "Elija otra carpeta con --carpeta.")
    }
    return files.map(\.0)
  }
}
