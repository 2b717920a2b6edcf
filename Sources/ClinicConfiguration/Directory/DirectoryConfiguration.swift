package import ClinicDomain

/// Reads kiosk-config/directorio/NOMBRE.yaml: the units that a clinic knows, its own and those of other institutions.
package enum DirectoryConfiguration {
  /// - Returns: the units, ascending by CLUES.
  package static func read(bytes: [UInt8], file: String) throws(ConfigurationProblems) -> Configured<[HealthUnit]> {
    let root = try Tree.root(of: bytes, file: file)
    var reader = DirectoryReader(findings: Findings(file: file))
    let units = reader.read(root)
    return try reader.findings.result(units)
  }

  /// Reads a file; one that cannot be opened is a problem like the others.
  package static func load(path: String) throws(ConfigurationProblems) -> Configured<[HealthUnit]> {
    try read(bytes: ConfigurationFile.bytes(path), file: path)
  }
}

private struct DirectoryReader {
  var findings: Findings

  private static let keys: [Key] = [
    .required("unidades", "una lista con clues, institucion, nombre, domicilio, codigo_postal, horario y atiende"),
  ]
  private static let unitKeys: [Key] = [
    .required("clues", "DFIMO000123"), .required("institucion", "imss-bienestar"), .required("nombre", "Centro de Salud Muestra"),
    .required("domicilio", "Av. Muestra 100, col. Centro"), .required("codigo_postal", "\"06000\""),
    .required("horario", "lunes a viernes de 8:00 a 20:00"), .optional("telefono"), .required("atiende", "[medicina_familiar, vacunas]"),
  ]

  mutating func read(_ root: Tree) -> [HealthUnit]? {
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings), let list = fields["unidades"],
      let items = list.items("unidades", &findings)
    else { return nil }
    var codes: [Placed<String>] = []
    let units = items.enumerated().compactMap { readUnit($1, at: $0 + 1, &codes) }
    _ = findings.unique(codes, { "la unidad \($0)" }, fix: "quite la repetida")
    guard units.count == items.count else { return nil }
    if !units.contains(where: { $0.institution == .imssBienestar }) {
      findings.error(
        list.position, "no hay ninguna unidad de IMSS-Bienestar: a quien no tiene seguro no se le diría a dónde ir",
        fix: "agregue al menos una con institucion: imss-bienestar")
    }
    if !units.contains(where: { $0.care.contains(.urgencias) }) {
      findings.error(
        list.position, "ninguna unidad atiende urgencias, y a quien la necesita no se le diría a dónde ir",
        fix: "agregue la más cercana, con urgencias en atiende")
    }
    return units.sorted { $0.clues < $1.clues }
  }

  private mutating func readUnit(_ tree: Tree, at number: Int, _ codes: inout [Placed<String>]) -> HealthUnit? {
    guard let fields = tree.fields(of: "el elemento \(number) de unidades", Self.unitKeys, &findings) else { return nil }
    let clues = fields.placed("clues", .clues, &findings)
    let institution = fields.placed("institucion", .institution, &findings)
    let name = fields.value("nombre", .sentence, &findings)
    let address = fields.value("domicilio", .sentence, &findings)
    let postalCode = fields.value("codigo_postal", .postalCode, &findings)
    let hours = fields.value("horario", .sentence, &findings)
    let phone = fields["telefono"] == nil ? nil : fields.value("telefono", .mexicanPhone, &findings)
    let care = fields["atiende"]?.values("atiende", .care, &findings)
    if let clues { codes.append(Placed(value: "\(clues.value)", position: clues.position)) }
    if let clues, let institution { compare(clues.value, institution) }
    guard let clues, let institution, let name, let address, let postalCode, let hours, let care else { return nil }
    return HealthUnit(
      clues: clues.value, institution: institution.value, name: name, address: address, postalCode: postalCode, hours: hours, phone: phone,
      care: findings.unique(care, { "\"\($0.rawValue)\"" }, fix: "quite el repetido"))
  }

  /// Letters of a CLUES that only one institution has say whose the unit is.
  private mutating func compare(_ clues: CLUES, _ institution: Placed<Institution>) {
    let owner = Institution.allCases.first { $0.cluesLetters == clues.institution }
    guard owner != nil || institution.value.cluesLetters != nil, owner != institution.value else { return }
    findings.error(
      institution.position, "la CLUES \(clues) no es de una unidad de \(institution.value.name)",
      fix: owner.map { "escriba institucion: \($0.rawValue), o corrija la CLUES" } ?? "corrija la CLUES o la institución")
  }
}

extension ValueParser<Institution> {
  static let institution = word(of: Institution.allCases.filter { $0 != .none }.map { ($0.rawValue, $0) })
}

extension ValueParser<HealthUnit.Care> {
  static let care = word(of: HealthUnit.Care.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<PostalCode> {
  static let postalCode = ValueParser { text throws(Complaint) in
    guard let code = PostalCode(text) else {
      throw Complaint("\"\(text.excerpt)\" no es un código postal", fix: "escriba cinco dígitos entre comillas, como \"07300\"")
    }
    return code
  }
}
