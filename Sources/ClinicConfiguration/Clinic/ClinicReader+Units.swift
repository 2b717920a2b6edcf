internal import ClinicDomain

extension ClinicReader {
  private static let unitKeys: [Key] = [
    .required("nombre", "Hospital de Cardiología"), .required("domicilio", "avenida Cuauhtémoc 330, colonia Doctores"),
    .required("telefono", "5555550000"), .optional("extension"), .required("minutos", "25"), .required("hemodinamia", "sí"),
  ]

  /// Words of a name and an address together: with the rest of the sentence a caller who is told to dial 911 hears ten seconds more.
  private static let unitWords = 25

  /// Where somebody with the signs of the heart is taken, the nearest first.
  mutating func readCapableUnits(_ tree: Tree?) -> [CapableUnit] {
    guard let tree, let items = tree.items("unidades_infarto", &findings) else { return [] }
    if items.isEmpty {
      findings.error(
        tree.position, "unidades_infarto está vacía: a quien le duele el pecho hay que decirle a dónde ir", fix: "agregue al menos una unidad")
    }
    var names: [Placed<String>] = []
    let units = items.enumerated().compactMap { index, item -> CapableUnit? in
      guard let fields = item.fields(of: "el elemento \(index + 1) de unidades_infarto", Self.unitKeys, &findings) else { return nil }
      let name = fields.placed("nombre", .sentence, &findings)
      let address = fields.value("domicilio", .sentence, &findings)
      let phone = fields.value("telefono", .mexicanPhone, &findings)
      let phoneExtension = fields.value("extension", .phoneExtension, &findings)
      let minutes = fields.value("minutos", .integer(1...600, unit: "minutos"), &findings)
      let hemodynamics = fields.value("hemodinamia", .yesOrNo, &findings)
      if let name { names.append(name) }
      guard let name, let address, let phone, let minutes, let hemodynamics else { return nil }
      let words = (name.value + " " + address).split(separator: " ").count
      if words > Self.unitWords {
        findings.error(
          name.position, "el nombre y el domicilio tienen \(words) palabras y por teléfono caben \(Self.unitWords)", fix: "acórtelos")
      }
      return CapableUnit(
        name: name.value, address: address, phone: phone, phoneExtension: phoneExtension, minutes: minutes, doesHemodynamics: hemodynamics)
    }
    _ = findings.unique(names, { "la unidad \"\($0)\"" }, fix: "deje una sola")
    if !units.isEmpty, !units.contains(where: \.doesHemodynamics) {
      findings.warning(tree.position, "ninguna unidad de unidades_infarto hace hemodinamia", fix: "agregue la más cercana que la haga")
    }
    return units.enumerated().sorted { ($0.element.minutes, $0.offset) < ($1.element.minutes, $1.offset) }.map(\.element)
  }
}

extension ValueParser<PhoneNumber> {
  static let mexicanPhone = ValueParser { text throws(Complaint) in
    guard let number = PhoneNumber(text), number.isMexican else {
      throw Complaint("\"\(text.excerpt)\" no es un teléfono de diez dígitos", fix: "escríbalo entre comillas, como \"5555550000\"")
    }
    return number
  }
}

extension ValueParser<String> {
  static let phoneExtension = ValueParser { text throws(Complaint) in
    guard 1...6 ~= text.utf8.count, text.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      throw Complaint("\"\(text.excerpt)\" no es una extensión", fix: "escriba de 1 a 6 dígitos entre comillas")
    }
    return text
  }
}
