internal import ClinicDomain

/// Visits at home: which service they are, and the zones with their days, professionals and visits.
extension ClinicReader {
  private static let homeVisitKeys: [Key] = [
    .required("servicio", "visita_domiciliaria"), .required("zonas", "una lista con codigo, nombre, codigos_postales, dias, profesionales y visitas_por_dia"),
  ]
  private static let zoneKeys: [Key] = [
    .required("codigo", "norte"), .required("nombre", "Zona norte"), .required("codigos_postales", "[07300-07399]"),
    .required("dias", "[lunes, jueves]"), .required("profesionales", "[P1]"), .required("visitas_por_dia", "8"),
  ]

  mutating func readHomeVisits(_ tree: Tree?) -> HomeVisitPolicy? {
    guard let tree, let fields = tree.fields(of: "visitas_domiciliarias", Self.homeVisitKeys, &findings) else { return nil }
    let service = fields.placed("servicio", services.name(ServiceCode.self), &findings)
    guard let items = fields["zonas"]?.items("zonas", &findings) else { return nil }
    if items.isEmpty {
      findings.error(fields["zonas"]?.position ?? tree.position, "no hay ninguna zona", fix: "defina al menos una, o quite visitas_domiciliarias")
    }
    var codes: [Placed<String>] = []
    var zones: [HomeZone] = []
    var taken: [Placed<ClosedRange<PostalCode>>] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de zonas", Self.zoneKeys, &findings) else { continue }
      if let code = fields.placed("codigo", .code, &findings) { codes.append(code) }
      if let zone = readZone(fields, service?.value, &taken) { zones.append(zone) }
    }
    _ = findings.unique(codes, { "la zona \"\($0)\"" }, fix: "cambie el código de una de las dos")
    if let service { checkVisited(service) }
    guard let service, !zones.isEmpty else { return nil }
    return HomeVisitPolicy(service: service.value, zones: zones)
  }

  private mutating func readZone(
    _ fields: Fields, _ service: ServiceCode?, _ taken: inout [Placed<ClosedRange<PostalCode>>]
  ) -> HomeZone? {
    let code = fields["codigo"].flatMap { tree in if case .text(let text) = tree.content { text } else { nil } }
    let name = fields.value("nombre", .sentence, &findings)
    let postalCodes = fields["codigos_postales"]?.values("codigos_postales", .postalCodes, &findings)
    let weekdays = fields["dias"].flatMap { readWeekdays($0) }
    let professionals = fields["profesionales"].flatMap { readResourceNames($0, "profesionales") }
    let visits = fields.value("visitas_por_dia", .integer(1...200), &findings)
    for range in postalCodes ?? [] {
      if let other = taken.first(where: { $0.value.overlaps(range.value) }) {
        findings.error(
          range.position, "ese código postal ya está en la línea \(other.position.line)", fix: "deje cada código postal en una sola zona")
      }
      taken.append(range)
    }
    if let professionals, let weekdays, let position = fields["profesionales"]?.position {
      checkProfessionals(professionals, weekdays, service, at: position)
    }
    guard let code, let name, let postalCodes, let weekdays, let professionals, let visits else { return nil }
    return HomeZone(
      code: code, name: name, postalCodes: postalCodes.map(\.value), weekdays: weekdays, professionals: professionals, visitsPerDay: visits)
  }

  /// Who visits gives the service, works on one of the days, and never outside 08:00 to 20:00.
  private mutating func checkProfessionals(
    _ ids: [ResourceID], _ weekdays: [Weekday], _ service: ServiceCode?, at position: TextPosition
  ) {
    for id in ids {
      guard let entry = resources.values.first(where: { $0.ids.contains(id) }) else { continue }
      if let service, !entry.services.contains(where: { $0.value == service }) {
        findings.error(position, "\(id) no da el servicio \"\(service)\"", fix: "agréguelo a sus servicios, o nombre a otro")
      }
      let works = rules.filter { $0.resources.contains(id) && $0.rule.weekdays.contains { weekdays.contains($0) } }
      if works.isEmpty, findings.hasErrors == false {
        findings.warning(position, "\(id) no trabaja ninguno de los días de la zona", fix: "revise los días, o agregue una regla")
      }
      let allowed = HomeVisitPolicy.hours
      if let rule = works.first(where: { $0.hours.lowerBound < allowed.lowerBound || allowed.upperBound < $0.hours.upperBound }) {
        findings.error(
          position,
          "\(id) trabaja de \(clock(rule.hours.lowerBound)) a \(clock(rule.hours.upperBound)), y las visitas a domicilio son de 08:00 a 20:00",
          fix: "póngale un turno dentro de ese horario")
      }
    }
  }

  /// A visit needs nobody else's agenda, and its name is said in a route.
  private mutating func checkVisited(_ service: Placed<ServiceCode>) {
    guard let definition = services.values.first(where: { $0.code == service.value }) else { return }
    if definition.isConfidential {
      findings.error(service.position, "un servicio con nombre_discreto no puede ser visita a domicilio", fix: "use un servicio aparte")
    }
    if companionTrees.contains(where: { $0.service == service.value.rawValue }) {
      findings.error(service.position, "un servicio con acompanan no puede ser visita a domicilio", fix: "use un servicio aparte")
    }
  }
}

extension ValueParser<ClosedRange<PostalCode>> {
  /// `07300`, or `07300-07399`.
  static let postalCodes = ValueParser { text throws(Complaint) in
    let parts = text.replacing("–", with: "-").split(separator: "-", omittingEmptySubsequences: false).map { String($0).trimmed }
    let codes = parts.compactMap { PostalCode($0) }
    guard codes.count == parts.count, let first = codes.first, let last = codes.last, codes.count <= 2 else {
      throw Complaint("\"\(text.excerpt)\" no es un código postal", fix: "escriba cinco dígitos, como 07300, o de uno a otro, como 07300-07399")
    }
    guard first <= last else { throw Complaint("\"\(text.excerpt)\" va de mayor a menor", fix: "escriba \(last)-\(first)") }
    return first...last
  }
}
