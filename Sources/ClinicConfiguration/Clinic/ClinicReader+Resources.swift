internal import ClinicDomain

/// Consultorios, or ventanillas, that are alike.
struct ResourceEntry {
  let position: TextPosition
  /// Those that no earlier entry has.
  let ids: [ResourceID]
  let services: [Placed<ServiceCode>]
  let floor: Int
  let tags: [String]
  let attendsLive: Bool
}

extension ClinicReader {
  mutating func readResources(_ tree: Tree?, _ kind: ResourceID.Kind) {
    let section = kind.plural
    let example = kind == .consultorio ? "C1-C15" : "\(kind.letter)1"
    // A professional's time goes into the appointments of others: their own services, and a floor, may be left out.
    let isProfessional = kind == .profesional
    let keys: [Key] = [
      .required("numeros", example), isProfessional ? .optional("servicios") : .required("servicios", "[medicina_familiar]"),
      isProfessional ? .optional("piso") : .required("piso", "0"), .optional("etiquetas"), .optional("asistencia_en_vivo"),
    ]
    // Ventanillas may be left out; consultorios come first, and when they are missing that has been reported.
    guard let tree else { return }
    guard let items = tree.items(section, &findings) else { return resources.markIncomplete() }
    if kind == .consultorio {
      resources.begin()
      if items.isEmpty {
        findings.error(tree.position, "no hay ningún consultorio", fix: "defina al menos uno, como C1")
        resources.markIncomplete()
      }
    }
    for (index, item) in items.enumerated() {
      let fields = item.fields(of: "el elemento \(index + 1) de \(section)", keys, &findings)
      readResource(fields, kind)
    }
  }

  private mutating func readResource(_ fields: Fields?, _ kind: ResourceID.Kind) {
    guard let fields, let numbers = fields["numeros"], let ranges = numbers.values("numeros", .resources(kind), &findings)
    else { return resources.markIncomplete() }
    let ids = unused(ranges)
    let mayOmit = kind == .profesional
    let services = fields["servicios"]?.values("servicios", services.name(ServiceCode.self), &findings)
      ?? (mayOmit && fields["servicios"] == nil ? [] : nil)
    let floor = fields.value("piso", .floor, &findings) ?? (mayOmit && fields["piso"] == nil ? 0 : nil)
    let live = fields["asistencia_en_vivo"]?.value("asistencia_en_vivo", .yesOrNo, &findings)
    let tags = fields["etiquetas"]?.values("etiquetas", .code, &findings)
    resources.append(names: ids.map { Placed(value: $0.description, position: numbers.position) })
    if let services {
      _ = findings.unique(services, { "\"\($0)\"" }, fix: "quite el repetido")
    }
    let uniqueTags = findings.unique(tags ?? [], { "la etiqueta \"\($0)\"" }, fix: "quite la repetida")
    guard let services, let floor else { return }
    resources.append(
      value: ResourceEntry(position: numbers.position, ids: ids, services: services, floor: floor, tags: uniqueTags,
        attendsLive: live ?? true))
  }

  /// The resources named here for the first time; the others are reported, once for each range.
  private mutating func unused(_ ranges: [Placed<ResourceRange>]) -> [ResourceID] {
    var taken = Dictionary(resources.names.map { ($0.value, $0.position.line) }) { first, _ in first }
    var ids: [ResourceID] = []
    for range in ranges {
      var repeated: [(id: ResourceID, line: Int)] = []
      for id in range.value.ids {
        if let line = taken[id.description] {
          repeated.append((id, line))
        } else {
          taken[id.description] = range.position.line
          ids.append(id)
        }
      }
      guard let first = repeated.first else { continue }
      let names = ResourceRange.describe(repeated.map(\.id))
      let verb = repeated.count == 1 ? "ya está definido" : "ya están definidos"
      findings.error(range.position, "\(names) \(verb) en la línea \(first.line)", fix: "deje cada número en un solo lugar")
    }
    return ids
  }
}

extension ValueParser<Int> {
  /// A floor's number; 0 is the ground floor.
  static let floor = ValueParser { text throws(Complaint) in
    if ["PB", "PLANTA_BAJA", "PLANTA BAJA"].contains(text.foldedSpanish) {
      throw Complaint("\"\(text)\" no es un número", fix: "escriba 0 para la planta baja")
    }
    return try integer(-5...60).parse(text)
  }
}
