internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl agenda export`: bookings in another system's columns.
struct ExportarCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Escribe las citas de uno o más días en las columnas de otro sistema, para capturarlas ahí.",
    discussion: """
      Van todas las citas y horas ocupadas de esas fechas como están aquí, también lo que se movió o canceló. El identificador de una \
      cita que el otro sistema no tiene es VENTANILLA- y su folio; con --propias van solo esas. Cuando el otro sistema las tenga y se \
      importe su archivo, se reconocen por persona y hora: no hay dos. Importar lo que se exportó no cambia nada.

      El archivo lleva datos personales: se escribe solo para quien lo pidió (permisos 600). Bórrelo después de capturarlo.

      Ejemplos:
        kioskctl agenda export --dia 2026-11-24 --mapa kiosk-config/importacion/muestra.yaml
        kioskctl agenda export --dia 2026-11-24 --hasta 2026-11-27 --propias --mapa kiosk-config/importacion/muestra.yaml --salida capturar.csv
      """)

  @Option(help: ArgumentHelp("Primera fecha.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var dia: CivilDate

  @Option(help: ArgumentHelp("Última fecha, hasta 92 días después; sin ella, la misma.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var hasta: CivilDate?

  @Flag(help: "Solo las que el otro sistema no tiene.")
  var propias = false

  @Option(help: ArgumentHelp("Dónde se escribe; sin ella, en la salida.", valueName: "archivo"))
  var salida: String?

  @OptionGroup var map: MapOption
  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func validate() throws {
    if let hasta, !(0...92).contains(dia.distance(to: hasta)) { throw ValidationError("--hasta: de la misma fecha a 92 días después.") }
  }

  func run() async throws {
    let map = try self.map.load()
    let bookings = try await global.withServer { client in
      let exchange = ExchangeClient(client)
      var bookings: [Wire.ExportedBooking] = []
      for date in dia...(hasta ?? dia) {
        bookings += try await Failure.of { () throws(RPCError) in
          try await exchange.listBookings(.init(source: map.source, date: date.description), options: global.callOptions)
        }.bookings
      }
      return bookings
    }
    try map.write(rows(bookings, map), to: salida)
  }

  /// Each booking once; a cancelled one only where the file can say so.
  private func rows(_ bookings: [Wire.ExportedBooking], _ map: BookingMap) -> [BookingRow] {
    let tellsState = map.name(of: .status) != nil
    var seen: Set<String> = []
    return bookings.filter { booking in
      (!propias || booking.sourceDate.isEmpty) && (tellsState || !booking.cancelled) && seen.insert(booking.reference).inserted
    }.compactMap(BookingRow.init)
  }
}

extension BookingMap {
  /// Writes a file in the other system's columns, for whoever asked alone; on standard output without a path.
  ///
  /// - Throws: ``Failure`` when a word cannot be written so, or the file cannot be made.
  func write(_ rows: [BookingRow], to path: String?) throws(Failure) {
    guard let bytes = bytes(of: rows) else {
      throw Failure(.badData, "Una palabra no se puede escribir en \(text.decoding.rawValue).", next: "Use decodificacion: utf-8 en el mapa.")
    }
    guard let path else { return FileHandle.standardOutput.write(Data(bytes)) }
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
      throw Failure(.cannotCreate, "No se puede escribir \(path).", next: "Elija otro lugar con --salida.")
    }
  }
}
