internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import VentanillaMessages

/// People by a list: a CSV with one of the columns `numero`, `curp`, or `nss` and `fecha_nacimiento`, and perhaps `codigo_postal`.
struct PersonList {
  /// Each with its line in the file.
  var people: [(line: Int, person: Wire.PersonReference)] = []

  /// - Parameter zones: postal codes or how they begin; people of others are left out, and none names everybody.
  /// - Throws: ``Failure`` for a file that cannot be read or says too little.
  init(path: String, zones: [String]) throws(Failure) {
    guard let data = FileManager.default.contents(atPath: path), data.count <= Self.longestFile else {
      throw Failure(.noInput, "No se puede leer \(path), o mide más de \(Self.longestFile >> 20) MiB.", next: "Revise la ruta y que sea un archivo CSV.")
    }
    let rows: [SeparatedText.Row]
    do { rows = try SeparatedText(decoding: .utf8, separator: UInt8(ascii: ",")).rows(of: Array(data)) } catch {
      switch error {
      case .unclosedQuote(let line): throw Failure(.badData, "\(path):\(line): hay comillas que se abren y no se cierran.", next: "Ciérrelas.")
      case .notUTF8(let line): throw Failure(.badData, "\(path):\(line): no está en UTF-8.", next: "Guarde el archivo como CSV UTF-8.")
      }
    }
    let names = rows.first?.fields.map { $0.lowercased().filter { $0 != " " } } ?? []
    func field(_ name: String, of row: SeparatedText.Row) -> String {
      guard let place = names.firstIndex(of: name), row.fields.indices.contains(place) else { return "" }
      return row.fields[place].trimmingCharacters(in: .whitespaces)
    }
    guard names.contains("numero") || names.contains("curp") || (names.contains("nss") && names.contains("fecha_nacimiento")) else {
      throw Failure(
        .badData, "\(path): ninguna columna dice de quién es cada renglón.",
        next: "La primera fila lleva numero, o curp, o nss y fecha_nacimiento.")
    }
    guard zones.isEmpty || names.contains("codigo_postal") else {
      throw Failure(.badData, "\(path): falta la columna codigo_postal.", next: "Agréguela, o quite --codigo-postal.")
    }
    for row in rows.dropFirst() {
      let code = field("codigo_postal", of: row)
      guard zones.isEmpty || zones.contains(where: code.hasPrefix) else { continue }
      let (number, curp) = (field("numero", of: row), field("curp", of: row))
      people.append((
        row.line,
        Wire.PersonReference(
          patientNumber: number, curp: number.isEmpty ? curp : "", nss: number.isEmpty && curp.isEmpty ? field("nss", of: row) : "",
          birthDate: number.isEmpty && curp.isEmpty ? field("fecha_nacimiento", of: row) : "")
      ))
    }
    guard !people.isEmpty else { throw Failure(.badData, "\(path): no hay ninguna persona que pasar.", next: "Revise el archivo y --codigo-postal.") }
  }

  /// A padrón of a large clinic.
  private static let longestFile = 64 << 20
}

/// Which people of a list.
struct PersonListOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Una lista CSV con numero, o curp, o nss y fecha_nacimiento.", valueName: "archivo"))
  var archivo: String?

  @Option(help: ArgumentHelp("De la lista, solo los códigos postales que empiezan así; se puede repetir.", valueName: "código"))
  var codigoPostal: [String] = []

  @Option(help: ArgumentHelp("Una persona, por su número; se puede repetir.", valueName: "número"))
  var persona: [String] = []

  var isEmpty: Bool { archivo == nil && persona.isEmpty }

  func validate() throws {
    guard codigoPostal.isEmpty || archivo != nil else { throw ValidationError("--codigo-postal es de una lista: falta --archivo.") }
  }

  /// In pieces that one call takes; one empty piece when nobody is named.
  func pieces() throws(Failure) -> [[(line: Int, person: Wire.PersonReference)]] {
    var all = persona.map { (line: 0, person: Wire.PersonReference(patientNumber: $0)) }
    if let archivo { all += try PersonList(path: archivo, zones: codigoPostal).people }
    guard !all.isEmpty else { return [[]] }
    return stride(from: 0, to: all.count, by: Self.pieceLength).map { Array(all[$0..<min($0 + Self.pieceLength, all.count)]) }
  }

  private static let pieceLength = 500
}
