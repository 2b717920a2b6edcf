package import ClinicDomain

/// Reads kiosk-config/importacion/NOMBRE.yaml: how another system's file of bookings is to be understood.
package enum BookingMapConfiguration {
  package static func read(bytes: [UInt8], file: String) throws(ConfigurationProblems) -> Configured<BookingMap> {
    let root = try Tree.root(of: bytes, file: file)
    var reader = BookingMapReader(findings: Findings(file: file))
    let map = reader.read(root)
    return try reader.findings.result(map)
  }

  /// Reads a file; one that cannot be opened is a problem like the others.
  package static func load(path: String) throws(ConfigurationProblems) -> Configured<BookingMap> {
    try read(bytes: ConfigurationFile.bytes(path), file: path)
  }
}

private struct BookingMapReader {
  var findings: Findings

  private static let keys: [Key] = [
    .required("origen", "simf"), .required("archivo", "un grupo con decodificacion y separador"),
    .required("columnas", "un grupo con identificador, consultorio, fecha y hora"), .required("formatos", "un grupo con fecha y hora"),
    .optional("consultorios"), .optional("servicios"), .optional("estados"), .optional("ausentes"),
  ]
  private static let columnExamples: [BookingMap.Column: String] = [
    .reference: "ID_CITA", .resource: "CONSULTORIO", .date: "FECHA", .start: "HORA",
  ]

  mutating func read(_ root: Tree) -> BookingMap? {
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings) else { return nil }
    let source = fields.value("origen", .code, &findings)
    let text = fields["archivo"].flatMap { readText($0) }
    let columns = fields["columnas"].flatMap { readColumns($0) }
    let formats = fields["formatos"].flatMap { readFormats($0) }
    let resources = readMeanings(fields["consultorios"], "consultorios", .resource)
    let services = readMeanings(fields["servicios"], "servicios", ValueParser<String>.code).map { meanings in
      meanings.map { BookingMap.Meaning($0.word, ServiceCode($0.value)) }
    }
    let states = readStates(fields["estados"])
    let missing: BookingMap.Missing? = fields["ausentes"] == nil ? .tell : fields.value("ausentes", .missing, &findings)
    if let columns { check(columns, fields) }
    guard let source, let text, let columns, let formats, let resources, let services, let states, let missing else { return nil }
    return BookingMap(
      source: source, text: text, columns: columns, dates: formats.date, hours: formats.hour, resources: resources, services: services,
      cancelled: states.cancelled, standing: states.standing, missing: missing)
  }

  private mutating func readText(_ tree: Tree) -> SeparatedText? {
    let keys: [Key] = [.required("decodificacion", "utf-8"), .required("separador", "\",\"")]
    guard let fields = tree.fields(of: "archivo", keys, &findings) else { return nil }
    let decoding = fields.value("decodificacion", .decoding, &findings)
    let separator = fields.value("separador", .separator, &findings)
    guard let decoding, let separator else { return nil }
    return SeparatedText(decoding: decoding, separator: separator)
  }

  /// In the order of the map's file, which is the one in which they are written.
  private mutating func readColumns(_ tree: Tree) -> [BookingMap.NamedColumn]? {
    let keys = BookingMap.Column.allCases.map { column in
      column.isRequired ? Key.required(column.rawValue, Self.columnExamples[column] ?? "COLUMNA") : .optional(column.rawValue)
    }
    guard let fields = tree.fields(of: "columnas", keys, &findings), case .mapping(let entries) = tree.content else { return nil }
    var read: [Placed<String>] = []
    var columns: [BookingMap.NamedColumn] = []
    for entry in entries {
      guard let column = BookingMap.Column(rawValue: entry.key), let name = fields.placed(entry.key, .sentence, &findings) else { continue }
      read.append(Placed(value: name.value.foldedSpanish, position: name.position))
      columns.append(BookingMap.NamedColumn(column, name.value, line: name.position.line))
    }
    _ = findings.unique(read, { "la columna \"\($0)\"" }, fix: "cada clave nombra una columna distinta del archivo")
    return columns
  }

  private mutating func readFormats(_ tree: Tree) -> (date: WrittenDate, hour: WrittenHour)? {
    let keys: [Key] = [.required("fecha", "dd/mm/aaaa"), .required("hora", "hh:mm")]
    guard let fields = tree.fields(of: "formatos", keys, &findings) else { return nil }
    let date = fields.value("fecha", .writtenDate, &findings)
    let hour = fields.value("hora", .writtenHour, &findings)
    guard let date, let hour else { return nil }
    return (date, hour)
  }

  private mutating func readMeanings<Value: Hashable & Sendable>(
    _ tree: Tree?, _ place: String, _ parser: ValueParser<Value>
  ) -> [BookingMap.Meaning<Value>]? {
    guard let tree else { return [] }
    guard case .mapping(let entries) = tree.content else {
      findings.error(
        tree.position, "\(place) es un grupo de palabras del otro sistema y \(tree.kind)", fix: "escriba cada una en su línea, con lo que es aquí")
      return nil
    }
    let meanings = entries.compactMap { entry in
      entry.value.value("\(place), \"\(entry.key.excerpt)\"", parser, &findings).map { BookingMap.Meaning(entry.key, $0) }
    }
    _ = findings.unique(
      entries.map { Placed(value: $0.key.foldedSpanish, position: $0.position) }, { "\"\($0)\"" }, fix: "deje una sola línea")
    return meanings.count == entries.count ? meanings : nil
  }

  private mutating func readStates(_ tree: Tree?) -> (standing: String, cancelled: [String])? {
    guard let tree else { return ("", []) }
    guard let fields = tree.fields(of: "estados", [.required("vigente", "ACTIVA"), .required("cancelada", "[CANCELADA]")], &findings) else { return nil }
    let standing = fields.value("vigente", .sentence, &findings)
    let cancelled = fields["cancelada"]?.values("cancelada", .sentence, &findings)
    guard let standing, let cancelled else { return nil }
    return (standing, findings.unique(cancelled, { "\"\($0)\"" }, fix: "deje una sola"))
  }

  /// What would make an import do less than its author thinks.
  private mutating func check(_ columns: [BookingMap.NamedColumn], _ fields: Fields) {
    func has(_ column: BookingMap.Column) -> Bool { columns.contains { $0.column == column } }
    if let place = fields["columnas"]?.position, !has(.patientNumber), !has(.curp), !has(.nss) {
      findings.warning(
        place, "ninguna columna dice de quién es la cita: todas se toman como horas ocupadas", fix: "agregue numero, curp, o nss con nacimiento")
    }
    if has(.nss) != has(.birthDate), let place = fields["columnas"]?.position {
      findings.error(place, "nss y nacimiento van juntas: de un NSS hay varias personas", fix: "agregue la que falta, o quite la otra")
    }
    if has(.status), fields["estados"] == nil, let place = fields["columnas"]?.position {
      findings.error(place, "hay columna estado y no se dice cuáles son los estados", fix: "agregue estados: {vigente: ACTIVA, cancelada: [CANCELADA]}")
    }
  }
}

extension ValueParser<SeparatedText.Decoding> {
  static let decoding = word(of: SeparatedText.Decoding.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<UInt8> {
  static let separator = word(of: [(",", UInt8(ascii: ",")), (";", UInt8(ascii: ";")), ("|", UInt8(ascii: "|")), ("tabulador", UInt8(ascii: "\t"))])
}

extension ValueParser<WrittenDate> {
  static let writtenDate = word(of: WrittenDate.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<WrittenHour> {
  static let writtenHour = word(of: WrittenHour.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<BookingMap.Missing> {
  static let missing = word(of: BookingMap.Missing.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<ResourceID> {
  /// "C12": what a consultorio of the other system is here.
  static let resource = ValueParser { text throws(Complaint) in
    guard let resource = ResourceID(text: text.trimmed) else {
      throw Complaint("\"\(text.excerpt)\" no es una agenda", fix: "escriba la letra y el número, como C12 o V2")
    }
    return resource
  }
}
