internal import ClinicDomain

extension PaperSheet {
  /// Lines of at most 80 characters of ASCII, for a printer that has no others.
  package var text: String { lines.map(\.asciiFolded).joined(separator: "\n") + "\n" }

  private var lines: [String] {
    let rule = String(repeating: "-", count: 80)
    var lines = [
      Self.spread(String(clinic.prefix(44)), place.uppercased()),
      Self.spread("\(date.spanishDayText) de \(date.year), turno \(turno) \(hours.lowerBound.wallText)-\(hours.upperBound.wallText)", floor),
      Self.spread("Impresa el \(printedOn) a las \(printedAt)", "HOJA PARA TRABAJAR SIN SISTEMA"), rule,
      "HORA    FOLIO            LLEGO  ATENDIDA  NOTAS", rule,
    ]
    for one in expected {
      let hour = one.state == .inLine ? "fila " : one.hour.wallText
      let (came, seen) = (one.state == .expected ? "[ ]" : "[X]", one.state == .seen ? "[X]" : "[ ]")
      lines.append("\(hour)   \(one.folio.spoken)    \(came)     \(seen)    ______________________________")
    }
    if expected.isEmpty { lines.append("Nadie tiene cita en este turno.") }
    lines += [rule] + Self.wrapped("Horas libres al imprimir: ", free.isEmpty ? ["ninguna"] : free.map(\.wallText))
    lines += [
      rule, "SIN CITA: cada renglon tiene su folio, que no es de nadie mas. Delo por escrito.",
      "HORA    FOLIO            NSS O NUMERO DE PACIENTE   NACIMIENTO   ATENDIDA", rule,
    ]
    for row in blank { lines.append("__:__   \(row.folio.spoken)   ________________________   ____-__-__     [ ]") }
    if blank.isEmpty { lines.append("No hay renglones reservados: kioskctl agenda hojas --renglones 8") }
    return lines + [
      rule, "Al volver el sistema: kioskctl agenda capturar FOLIO --hora HH:MM y quien es.",
      "Esta hoja no lleva nombres. Guardela bajo llave; ya capturada, destruyala.",
    ]
  }

  /// The two at the ends of a line; what does not fit of the first is cut.
  private static func spread(_ left: String, _ right: String) -> String {
    let left = left.prefix(max(0, 79 - right.count))
    return left + String(repeating: " ", count: max(1, 80 - left.count - right.count)) + right
  }

  private static func wrapped(_ title: String, _ words: [String]) -> [String] {
    var lines = [title]
    for word in words {
      if lines[lines.count - 1].count + word.count + 1 > 80 { lines.append(String(repeating: " ", count: title.count)) }
      lines[lines.count - 1] += word + " "
    }
    return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
  }
}

extension String {
  /// Letters without their accents, ñ as n; anything else that is no ASCII as "?".
  fileprivate var asciiFolded: String { String(map { $0.isASCII ? $0 : Self.plain[$0] ?? "?" }) }

  private static let plain: [Character: Character] = [
    "á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u", "ñ": "n", "Á": "A", "É": "E", "Í": "I", "Ó": "O", "Ú": "U", "Ü": "U",
    "Ñ": "N", "–": "-", "«": "\"", "»": "\"",
  ]
}
