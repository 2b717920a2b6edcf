internal import ClinicDomain

/// Which field of a row belongs to which column.
struct PadronHeader {
  /// In the order of the file.
  private let columns: [PadronColumn]

  var width: Int { columns.count }

  func index(of column: PadronColumn) -> Int? { columns.firstIndex(of: column) }

  /// Reads the file's first row; case and spaces around names do not matter.
  ///
  /// - Throws: everything that is wrong with it.
  init(line: Int, fields: [String]) throws(PadronHeaderFault) {
    func problem(_ mensaje: String) -> PadronProblem { PadronProblem(line: line, column: nil, mensaje: mensaje) }
    if fields.count == 1, fields[0].contains(where: { $0 == ";" || $0 == "\t" }) {
      let mensaje = "Las columnas no están separadas por comas. Guarde el archivo como «CSV UTF-8 (delimitado por comas)»."
      throw PadronHeaderFault(problems: [problem(mensaje)])
    }
    var (columns, problems) = ([PadronColumn](), [PadronProblem]())
    for (index, field) in fields.enumerated() {
      let place = "La columna \(index + 1) de la primera fila"
      guard let column = PadronColumn(rawValue: field.trimmed.lowercased()) else {
        problems.append(problem("\(place) tiene un nombre que no se conoce. Use: \(PadronColumn.names)."))
        continue
      }
      if columns.contains(column) { problems.append(problem("\(place) repite «\(column.rawValue)». Deje una sola.")) }
      columns.append(column)
    }
    for column in PadronColumn.allCases where column.isRequired && !columns.contains(column) {
      problems.append(problem("Falta la columna «\(column.rawValue)» en la primera fila."))
    }
    guard problems.isEmpty else { throw PadronHeaderFault(problems: problems) }
    self.columns = columns
  }
}

/// Why no row of the file can be read.
struct PadronHeaderFault: Error {
  let problems: [PadronProblem]
}

extension PadronColumn {
  fileprivate static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
