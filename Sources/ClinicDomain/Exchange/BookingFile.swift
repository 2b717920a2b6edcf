/// A booking as a row of another system's file, every value checked.
package struct BookingRow: Hashable, Sendable {
  package var line: Int
  package var reference: String
  package var resource: ResourceID
  package var date: CivilDate
  package var start: AgendaMinute
  /// `nil` for the service's own.
  package var minutes: Int?
  /// `nil` for the agenda's first.
  package var service: ServiceCode?
  package var isCancelled: Bool
  package var patientNumber: PatientNumber?
  package var curp: CURP?
  /// With ``birthDate``.
  package var nss: NSS?
  package var birthDate: CivilDate?
  /// A sentence on what of the person cannot be read, so that the time alone is kept; says nothing of the person.
  package var remark: String?

  package init(
    line: Int = 0, reference: String, resource: ResourceID, date: CivilDate, start: AgendaMinute, minutes: Int? = nil, service: ServiceCode? = nil,
    isCancelled: Bool = false, patientNumber: PatientNumber? = nil, curp: CURP? = nil, nss: NSS? = nil, birthDate: CivilDate? = nil,
    remark: String? = nil
  ) {
    self.line = line
    self.reference = reference
    self.resource = resource
    self.date = date
    self.start = start
    self.minutes = minutes
    self.service = service
    self.isCancelled = isCancelled
    self.patientNumber = patientNumber
    self.curp = curp
    self.nss = nss
    self.birthDate = birthDate
    self.remark = remark
  }
}

/// Why a row cannot be taken, before anybody is asked.
package struct BookingProblem: Hashable, Sendable {
  package var line: Int
  /// As the other system calls it; empty for the whole row.
  package var column: String
  /// What is wrong and what to do; says nothing of a person.
  package var text: String
  /// The other system's name for the booking, when the row has one.
  package var reference: String?

  package init(line: Int, column: String, text: String, reference: String? = nil) {
    self.line = line
    self.column = column
    self.text = text
    self.reference = reference
  }
}

/// Why a file is not what its map says.
package enum BookingFileFault: Error, Hashable, Sendable {
  case text(SeparatedText.Fault)
  case empty
  /// Columns of the map that the file lacks, and what it has.
  case missing([BookingMap.NamedColumn], has: [String])
}

/// Another system's file: each row is a booking or has a problem, and none is left out.
package struct BookingFile: Hashable, Sendable {
  /// In the order of the file; no reference twice.
  package var rows: [BookingRow] = []
  package var problems: [BookingProblem] = []

  /// How many rows the file has.
  package var count: Int { rows.count + problems.count }
}

extension BookingMap {
  /// Reads a file.
  package func file(_ bytes: [UInt8]) throws(BookingFileFault) -> BookingFile {
    let all: [SeparatedText.Row]
    do { all = try text.rows(of: bytes) } catch { throw .text(error) }
    guard let header = all.first else { throw .empty }
    let names = header.fields.map { $0.trimmed }
    let missing = columns.filter { column in !names.contains { Self.isSame($0, column.name) } }
    guard missing.isEmpty else { throw .missing(missing, has: names) }
    var file = BookingFile()
    var lines: [String: Int] = [:]
    for row in all.dropFirst() {
      do throws(BookingProblem) {
        guard row.fields.count == names.count else {
          throw BookingProblem(
            line: row.line, column: "", text: "La fila tiene \(row.fields.count) campos y la primera \(names.count). Revise separadores y comillas.")
        }
        let booking = try booking(of: BookingCells(map: self, names: names, row: row))
        if let first = lines[booking.reference] {
          throw BookingProblem(
            line: row.line, column: name(of: .reference) ?? "", text: "El identificador ya está en la línea \(first). Deje una de las dos filas.",
            reference: booking.reference)
        }
        lines[booking.reference] = row.line
        file.rows.append(booking)
      } catch { file.problems.append(error) }
    }
    return file
  }

  /// Whether two words are one to a person: case, accents and spaces around them cost nothing.
  static func isSame(_ left: String, _ right: String) -> Bool { left.trimmed.foldedSpanish == right.trimmed.foldedSpanish }

  private func booking(of cells: BookingCells) throws(BookingProblem) -> BookingRow {
    let reference = try cells.required(.reference)
    guard reference.count <= 64, !reference.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw cells.problem(.reference, "El identificador tiene más de 64 caracteres, o uno que no se ve.")
    }
    let place = try cells.required(.resource)
    let named = resources.first { Self.isSame($0.word, place) }?.value ?? ResourceID(text: place)
    guard let resource = named else {
      throw cells.problem(.resource, "«\(place.excerpt)» no está en consultorios del mapa. Agréguelo, por ejemplo: \"\(place.excerpt)\": C12")
    }
    guard let date = dates.date(try cells.required(.date)) else {
      throw cells.problem(.date, "La fecha no está escrita como \(dates.rawValue). Corríjala, o cambie formatos.fecha del mapa.")
    }
    guard let start = hours.minute(try cells.required(.start)), start < .latest else {
      throw cells.problem(.start, "La hora no está escrita como \(hours.rawValue). Corríjala, o cambie formatos.hora del mapa.")
    }
    var row = BookingRow(reference: reference, resource: resource, date: date, start: start)
    row.line = cells.row.line
    if let text = cells[.minutes] {
      guard let minutes = Int(digits: text.utf8), (1...480).contains(minutes) else {
        throw cells.problem(.minutes, "La duración es un número de minutos, de 1 a 480. Vacía vale la del servicio.")
      }
      row.minutes = minutes
    }
    if let text = cells[.service] {
      guard let service = services.first(where: { Self.isSame($0.word, text) })?.value ?? (text.isOfCodeLetters ? ServiceCode(text) : nil) else {
        throw cells.problem(.service, "«\(text.excerpt)» no está en servicios del mapa. Agréguelo, por ejemplo: \"\(text.excerpt)\": medicina_familiar")
      }
      row.service = service
    }
    if let text = cells[.status] { row.isCancelled = cancelled.contains { Self.isSame($0, text) } }
    cells.identify(&row)
    return row
  }

  // MARK: Writing

  /// A file of the bookings, the columns' names first; `nil` when a word of it cannot be written in the map's decoding.
  package func bytes(of rows: [BookingRow]) -> [UInt8]? {
    guard var bytes = text.bytes(of: columns.map(\.name)) else { return nil }
    for row in rows {
      guard let line = text.bytes(of: columns.map { written($0.column, of: row) }) else { return nil }
      bytes += line
    }
    return bytes
  }

  private func written(_ column: Column, of row: BookingRow) -> String {
    switch column {
    case .reference: row.reference
    case .resource: resources.first { $0.value == row.resource }?.word ?? row.resource.description
    case .date: dates.text(row.date)
    case .start: hours.text(row.start)
    case .minutes: row.minutes.map { "\($0)" } ?? ""
    case .service: row.service.map { service in services.first { $0.value == service }?.word ?? service.rawValue } ?? ""
    case .status: row.isCancelled ? cancelled.first ?? "" : standing
    case .patientNumber: row.patientNumber?.description ?? ""
    case .curp: row.curp?.description ?? ""
    case .nss: row.nss?.description ?? ""
    case .birthDate: row.birthDate.map(dates.text) ?? ""
    }
  }
}

extension BookingProblem: Error {}

/// The cells of one row, by what the map says of their columns.
private struct BookingCells {
  let map: BookingMap
  let names: [String]
  let row: SeparatedText.Row

  /// Without spaces around it; `nil` when it is empty, or the map has no such column.
  subscript(_ column: BookingMap.Column) -> String? {
    guard let name = map.name(of: column), let place = names.firstIndex(where: { BookingMap.isSame($0, name) }) else { return nil }
    let text = row.fields[place].trimmed
    return text.isEmpty ? nil : text
  }

  func required(_ column: BookingMap.Column) throws(BookingProblem) -> String {
    guard let text = self[column] else { throw problem(column, "Está vacía. Escriba su valor en el otro sistema y exporte otra vez.") }
    return text
  }

  func problem(_ column: BookingMap.Column, _ text: String) -> BookingProblem {
    BookingProblem(line: row.line, column: map.name(of: column) ?? "", text: text, reference: self[.reference])
  }

  /// The first of number, CURP and NSS that can be read; what cannot costs the person, not the time.
  func identify(_ booking: inout BookingRow) {
    if let text = self[.patientNumber] { booking.patientNumber = PatientNumber(text) }
    if let text = self[.curp] { booking.curp = CURP(text) }
    if let text = self[.nss], let born = self[.birthDate].flatMap(map.dates.date) {
      booking.nss = NSS(text)
      booking.birthDate = booking.nss == nil ? nil : born
    }
    let isWritten = self[.patientNumber] != nil || self[.curp] != nil || self[.nss] != nil
    if isWritten, booking.patientNumber == nil, booking.curp == nil, booking.nss == nil {
      booking.remark = "Lo que dice de la persona no se puede leer (número, CURP, o NSS con fecha de nacimiento): se toma la hora sin persona."
    }
  }
}

extension String {
  /// Enough of a word to find it.
  fileprivate var excerpt: String { count <= 40 ? self : prefix(39) + "…" }
}
