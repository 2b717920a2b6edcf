internal import ClinicDomain

/// What a service's appointments occupy besides their own agenda: read after the resources, which it names.
extension ClinicReader {
  private static let companionKeys: [Key] = [
    .required("papel", "especialista_remoto"), .required("nombre", "especialista a distancia"), .required("recursos", "[P1-P3]"),
  ]

  /// By the service's code.
  mutating func readCompanions() -> [String: [CompanionRole]] {
    var companions: [String: [CompanionRole]] = [:]
    for (service, tree) in companionTrees {
      guard let items = tree.items("acompanan", &findings) else { continue }
      if !(1...4 ~= items.count) {
        findings.error(tree.position, "acompanan tiene \(items.count) papeles", fix: "escriba de uno a cuatro, o quite acompanan")
      }
      var codes: [Placed<String>] = []
      for (index, item) in items.enumerated() {
        guard let fields = item.fields(of: "el elemento \(index + 1) de acompanan", Self.companionKeys, &findings) else { continue }
        let code = fields.placed("papel", .code, &findings)
        let name = fields.value("nombre", .sentence, &findings)
        let resources = fields["recursos"].flatMap { readResourceNames($0, "recursos") }
        if let code { codes.append(code) }
        guard let code, let name, let resources else { continue }
        checkCompanions(resources, of: service, at: fields["recursos"]?.position ?? fields.position)
        companions[service, default: []].append(CompanionRole(code: code.value, name: name, resources: resources))
      }
      _ = findings.unique(codes, { "el papel \"\($0)\"" }, fix: "escriba cada papel una vez")
    }
    return companions
  }

  /// An agenda that gives the service cannot accompany it.
  private mutating func checkCompanions(_ ids: [ResourceID], of service: String, at position: TextPosition) {
    let givers = resources.values.filter { $0.services.contains { $0.value.rawValue == service } }.flatMap(\.ids)
    let both = ids.filter(givers.contains)
    guard !both.isEmpty else { return }
    findings.error(
      position, "\(ResourceRange.describe(both)) ya da el servicio \"\(service)\", y no puede además acompañarlo",
      fix: "nombre a otros, o quítele el servicio")
  }
}

extension Service {
  func with(_ companions: [CompanionRole]) -> Service {
    var service = self
    service.companions = companions
    return service
  }
}
