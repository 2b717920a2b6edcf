internal import ArgumentParser
internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda import`: another system's bookings.
struct ImportarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Trae las citas de otro sistema: de quien está en el padrón como citas, las demás como horas ocupadas.",
    discussion: """
      Sin --aplicar solo dice qué haría. Se puede repetir cuantas veces se quiera: la misma fila otra vez no cambia nada, y si se corta, \
      la misma orden la completa. Cada fila se toma, queda sin cambios, ya pasó o es un conflicto con su línea, su motivo y qué hacer; \
      ninguna se pierde: con --aplicar quedan en ARCHIVO.conflictos.csv. Lo que la persona cambió aquí no se deshace. Las horas de `duena: externa` nunca se agendan aquí: solo así llegan.

      El mapa de columnas es un archivo de kiosk-config/importacion; revíselo con `kioskctl config check`.

      Ejemplos:
        kioskctl agenda import citas.csv --mapa kiosk-config/importacion/muestra.yaml
        kioskctl agenda import citas.csv --mapa kiosk-config/importacion/muestra.yaml --aplicar

      Termina con 2 si hay conflictos. Con --json: {"applied", "rows", "taken", "added", "busy", "linked", "changed", "cancelled", \
      "unchanged", "past", "conflicts", "remarks", "gone", "gone_cancelled", "differences"}; "differences" dice de cada cita nueva, cambiada o \
      cancelada {"line", "reference", "kind", "before", "after"}.
      """)

  @Argument(help: ArgumentHelp("El archivo del otro sistema.", valueName: "archivo"))
  var file: String

  @OptionGroup var map: MapOption

  @Flag(help: "Hazlo; sin esto solo se dice qué se haría.")
  var aplicar = false

  @Option(help: ArgumentHelp("Dónde dejar los conflictos; si no se dice, con --aplicar, junto al archivo.", valueName: "informe"))
  var informe: String?

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    let map = try self.map.load()
    let bookings = try self.map.read(file, as: map)
    let summary = try await global.withServer { client in
      try await BookingImport(client: ExchangeClient(client), options: global.callOptions, map: map, isApplied: aplicar).run(bookings)
    }
    let kept = try report(summary)
    if global.json { output.json(summary.json) } else { output.lines(summary.lines(output.style)) }
    if let kept, !global.json { output.text("Los conflictos quedaron en \(kept).") }
    if !summary.conflicts.isEmpty { throw ExitCode(CommandStatus.partly.rawValue) }
  }
}

extension ImportarCommand {
  /// Keeps the rows that were not taken, those that nobody can read among them.
  ///
  /// - Returns: where; `nil` when there is none, or a dry run names no place.
  private func report(_ summary: BookingSummary) throws(Failure) -> String? {
    guard let path = informe ?? (aplicar ? "\(file).conflictos.csv" : nil) else { return nil }
    let report = PadronReport(path: path)
    try report.add(summary.conflicts.map { Wire.RowProblem(line: Int32(clamping: $0.line), column: $0.what, text: $0.text) })
    return try report.finish()
  }
}

/// Which column map.
struct MapOption: ParsableArguments {
  @Option(help: ArgumentHelp("El mapa de columnas.", valueName: "mapa"))
  var mapa: String

  /// - Throws: ``Failure`` with every problem of the map.
  func load() throws(Failure) -> BookingMap {
    do { return try BookingMapConfiguration.load(path: mapa).value } catch {
      throw Failure(.badData, error.description, next: "Corrija el mapa; uno de muestra: kiosk-config/importacion/muestra.yaml")
    }
  }

  /// More than a year of the largest clinic.
  private static let longestFile = 64 << 20

  /// - Throws: ``Failure`` for a file that cannot be read, or is not what the map says.
  func read(_ path: String, as map: BookingMap) throws(Failure) -> BookingFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.noInput, "No se puede leer \(path).", next: "Revise la ruta y que sea un archivo.")
    }
    guard data.count <= Self.longestFile else {
      throw Failure(.badData, "\(path) mide más de \(Self.longestFile >> 20) MiB.", next: "Exporte menos fechas a la vez.")
    }
    do { return try map.file(Array(data)) } catch { throw failure(error, path) }
  }

  private func failure(_ fault: BookingFileFault, _ path: String) -> Failure {
    switch fault {
    case .empty: Failure(.badData, "\(path) está vacío.", next: "La primera fila lleva los nombres de las columnas.")
    case .text(.unclosedQuote(let line)):
      Failure(.badData, "\(path):\(line): hay comillas que se abren y no se cierran.", next: "Ciérrelas, o revise archivo.separador del mapa.")
    case .text(.notUTF8(let line)):
      Failure(.badData, "\(path):\(line): no está en UTF-8.", next: "Escriba decodificacion: latin-1 en \(mapa), o guarde el archivo como UTF-8.")
    case .missing(let columns, let names):
      Failure(
        .badData,
        columns.map { "\(mapa):\($0.line): columnas.\($0.column.rawValue): el archivo no tiene la columna «\($0.name)»" }.joined(separator: "\n"),
        next: "El archivo tiene: \(names.map { "«\($0)»" }.joined(separator: ", ")). Corrija el mapa, o archivo.separador si parece una sola.")
    }
  }
}
