internal import ClinicDomain

extension PaperSheet {
  /// Pages of Letter paper (816 × 1056 units, 96 an inch), each an SVG of its own: prints from any browser, and needs no font but a system's.
  package var svgPages: [String] {
    var rows = [Row.heading(["Hora", "Folio", "Llegó", "Atendida", "Notas"])] + expected.map(Row.expected)
    if expected.isEmpty { rows.append(.note("Nadie tiene cita en este turno.")) }
    rows += Self.wrapped(free).map(Row.note)
    rows.append(.note("Sin cita: cada renglón tiene un folio que no es de nadie más. Delo por escrito."))
    rows.append(.heading(["Hora", "Folio", "NSS o número de paciente", "Nacimiento", "Atendida"]))
    rows += blank.map(Row.blank)
    if blank.isEmpty { rows.append(.note("No hay renglones reservados: kioskctl agenda hojas --renglones 8")) }
    let pages = stride(from: 0, to: rows.count, by: Self.perPage).map { Array(rows[$0..<min($0 + Self.perPage, rows.count)]) }
    return pages.enumerated().map { number, rows in page(rows, number: number + 1, of: pages.count) }
  }

  private enum Row {
    case heading([String])
    case expected(Expected)
    case blank(PaperRow)
    case note(String)
  }

  private static let perPage = 31
  private static let left = 48
  private static let right = 768

  private func page(_ rows: [Row], number: Int, of count: Int) -> String {
    var out = """
      <svg xmlns="http://www.w3.org/2000/svg" width="8.5in" height="11in" viewBox="0 0 816 1056" font-family="sans-serif" font-size="15">
      <rect width="816" height="1056" fill="#fff"/>
      <text x="48" y="64" font-size="24" font-weight="bold">\(place.capitalizedFirst)</text>
      <text x="768" y="64" text-anchor="end" font-size="15">\(clinic.xmlEscaped)</text>
      <text x="48" y="90">\(date.spanishDayText) de \(date.year) · turno \(turno.xmlEscaped), \(hours.lowerBound.wallText) a \(hours.upperBound.wallText) · \(floor.xmlEscaped)</text>
      <text x="48" y="112" font-size="12" fill="#444">Impresa el \(printedOn) a las \(printedAt). Hoja para trabajar sin sistema. Página \(number) de \(count).</text>

      """
    var y = 128
    for row in rows {
      out += svg(row, y)
      y += 27
    }
    return out + """
      <text x="48" y="1004" font-size="12" fill="#444">Al volver el sistema, capture cada renglón: kioskctl agenda capturar FOLIO --hora HH:MM y quién es.</text>
      <text x="48" y="1022" font-size="12" fill="#444">Esta hoja no lleva nombres. Guárdela bajo llave; ya capturada, destrúyala.</text>
      </svg>

      """
  }

  private func svg(_ row: Row, _ y: Int) -> String {
    let base = y + 19
    func text(_ x: Int, _ words: String, _ more: String = "") -> String { "<text x=\"\(x)\" y=\"\(base)\"\(more)>\(words)</text>\n" }
    func box(_ x: Int, checked: Bool = false) -> String {
      let mark = checked ? "<path d=\"M\(x + 3) \(y + 13)l4 5 8 -12\" fill=\"none\" stroke=\"#000\" stroke-width=\"2\"/>" : ""
      return "<rect x=\"\(x)\" y=\"\(y + 4)\" width=\"18\" height=\"18\" fill=\"none\" stroke=\"#000\"/>\(mark)\n"
    }
    func line(_ x: Int, _ end: Int) -> String {
      "<path d=\"M\(x) \(y + 23)H\(end)\" stroke=\"#000\" stroke-width=\"0.8\"/>\n"
    }
    let mono = " font-family=\"monospace\" font-size=\"17\""
    let under = "<path d=\"M\(Self.left) \(y + 27)H\(Self.right)\" stroke=\"#bbb\" stroke-width=\"0.6\"/>\n"
    switch row {
    case .heading(let words):
      let places = words.contains("Llegó") ? [48, 120, 300, 370, 470] : [48, 120, 300, 520, 690]
      let shade = "<rect x=\"\(Self.left)\" y=\"\(y + 1)\" width=\"720\" height=\"25\" fill=\"#e6e6e6\"/>\n"
      return shade + zip(places, words).map { text($0 + 4, $1, " font-weight=\"bold\" font-size=\"13\"") }.joined()
    case .expected(let one):
      return text(52, one.state == .inLine ? "fila" : one.hour.wallText, mono) + text(124, one.folio.spoken, mono)
        + box(312, checked: one.state != .expected) + box(388, checked: one.state == .seen) + line(474, 764) + under
    case .blank(let row):
      return line(52, 108) + text(124, row.folio.spoken, mono) + line(304, 508) + line(524, 676) + box(712) + under
    case .note(let words): return text(48, words.xmlEscaped, " font-size=\"13\"")
    }
  }

  private static func wrapped(_ hours: [AgendaMinute]) -> [String] {
    guard !hours.isEmpty else { return ["Horas libres al imprimir: ninguna."] }
    return stride(from: 0, to: hours.count, by: 12).map { start in
      (start == 0 ? "Horas libres al imprimir: " : "") + hours[start..<min(start + 12, hours.count)].map(\.wallText).joined(separator: "  ")
    }
  }
}

extension String {
  fileprivate var xmlEscaped: String { replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;") }
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
