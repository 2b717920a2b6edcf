internal import ClinicDomain

extension ClinicReader {
  mutating func readIdentity(_ fields: Fields) -> ClinicIdentity? {
    let clues = fields.placed("clues", .clues, &findings)
    let ooad = fields.value("ooad", .ooad, &findings)
    let number = fields.value("numero", .integer(1...9999), &findings)
    let name = fields.value("nombre", .sentence, &findings)
    let zone = fields.placed("zona", .zone, &findings)
    if let clues { warn(clues, ooad) }
    if let zone, let ooad, !ooad.zones.contains(zone.value) {
      findings.warning(
        zone.position, "la zona \(zone.value) no es la de \(ooad.state.spanishText)",
        fix: "compruebe la hora de la unidad; ahí se usa \(ooad.zones.joined(separator: " o "))")
    }
    guard let clues, let ooad, let number, let name, let zone else { return nil }
    return ClinicIdentity(clues: clues.value, ooad: ooad.name, number: number, name: name, zone: zone.value)
  }

  /// Doubts about a CLUES: its rules were found by comparison, so they never refuse one.
  private mutating func warn(_ clues: Placed<CLUES>, _ ooad: OOAD?) {
    if clues.value.warning != nil {
      findings.warning(
        clues.position, "el último dígito de la CLUES \(clues.value) no es el acostumbrado",
        fix: "cotéjela con el catálogo de la Secretaría de Salud; si ahí está así, déjela")
    }
    if let ooad, ooad.state != clues.value.state {
      findings.warning(
        clues.position,
        "la CLUES es de \(clues.value.state.spanishText) (\(clues.value.state.rawValue)) y el OOAD \(ooad.name) no",
        fix: "compruebe las dos primeras letras: se espera \(ooad.state.rawValue)")
    }
    if !clues.value.isIMSS {
      findings.warning(
        clues.position, "la CLUES es de la institución \(clues.value.institution)", fix: "las del IMSS llevan IMS en ese lugar")
    }
  }
}

extension ValueParser<CLUES> {
  static let clues = ValueParser { text throws(Complaint) in
    do throws(CLUESFault) { return try CLUES(parsing: text) } catch {
      switch error {
      case .empty: throw Complaint("está vacía", fix: "escriba sus 11 caracteres, como DFIMS000266")
      case .wrongLength(let count):
        throw Complaint("tiene \(count) caracteres y son 11", fix: "escríbala completa, como DFIMS000266")
      case .unexpectedCharacter(let position):
        throw Complaint(
          "el carácter \(position) no es \(position <= 5 ? "una letra" : "un dígito")",
          fix: "escriba 5 letras y 6 dígitos, como DFIMS000266")
      case .unknownState:
        throw Complaint(
          "las letras \(text.trimmed.prefix(2).uppercased()) no son de ningún estado",
          fix: "la Ciudad de México es DF; Colima, CM; el Estado de México, MC")
      }
    }
  }
}
