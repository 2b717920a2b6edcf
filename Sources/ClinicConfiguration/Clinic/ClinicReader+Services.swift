internal import ClinicDomain

extension ClinicReader {
  private static let serviceKeys: [Key] = [
    .required("codigo", "medicina_familiar"),
    .required("nombre", "Medicina familiar"),
    .required("minutos", "15"),
    .required("canales", "[kiosco, telefono, ventanilla]"),
    .required("exige_derechos", "sí"),
    .required("citas_por_persona", "1"),
    .optional("homoclave"),
    .optional("requisitos"),
    .optional("tolerancia_minutos"),
    .optional("nombre_discreto"),
    .optional("acompanan"),
    .optional("preparacion_minutos"),
    .optional("limpieza_minutos"),
    .optional("cupo"),
  ]

  mutating func readServices(_ tree: Tree?) {
    guard let tree, let items = tree.items("servicios", &findings) else { return }
    services.begin()
    if items.isEmpty {
      findings.error(tree.position, "no hay ningún servicio", fix: "defina al menos uno, como medicina_familiar")
    }
    for (index, item) in items.enumerated() {
      let fields = item.fields(of: "el elemento \(index + 1) de servicios", Self.serviceKeys, &findings)
      let code = fields?.placed("codigo", .code, &findings)
      services.append(fields.flatMap { readService($0, code?.value) }, named: code)
    }
    services.checkNames("el servicio", &findings)
  }

  private mutating func readService(_ fields: Fields, _ code: String?) -> Service? {
    let name = fields.value("nombre", .sentence, &findings)
    let minutes = fields.value("minutos", .integer(5...480, unit: "minutos"), &findings)
    let channels = fields["canales"]?.values("canales", .channel, &findings)
    let requiresRights = fields.value("exige_derechos", .yesOrNo, &findings)
    let maximum = fields.value("citas_por_persona", .integer(1...50), &findings)
    let homoclave = fields["homoclave"]?.value("homoclave", .homoclave, &findings)
    let requirements = fields["requisitos"]?.values("requisitos", .sentence, &findings)
    let grace = fields["tolerancia_minutos"]?.value("tolerancia_minutos", .integer(0...120, unit: "minutos"), &findings)
    let discreetName = fields.placed("nombre_discreto", .sentence, &findings)
    if let discreetName, let code, let name {
      checkDiscretion(of: discreetName, code: fields["codigo"]?.position ?? fields.position, code, name)
      if let requirements = fields["requisitos"] {
        findings.error(
          requirements.position, "un servicio con nombre_discreto no lleva requisitos: se leen y se oyen",
          fix: "quítelos; el personal los dice en persona")
      }
    }
    let stamp = readStamp(fields)
    if let code, let tree = fields["acompanan"] { companionTrees.append((code, tree)) }
    guard let code, let name, let minutes, let channels, let requiresRights, let maximum else { return nil }
    return Service(
      code: ServiceCode(code), name: name, slotMinutes: minutes,
      bookableBy: findings.unique(channels, { "el canal \"\($0.configurationWord)\"" }, fix: "quite el repetido"),
      requiresRights: requiresRights, maxActivePerPatient: maximum, homoclave: homoclave,
      requirements: requirements?.map(\.value) ?? [], graceMinutes: grace, discreetName: discreetName?.value,
      stamp: stamp)
  }

  /// Neither the discreet name nor the code, which travels to screens, may say what the name says.
  private mutating func checkDiscretion(
    of discreet: Placed<String>, code: TextPosition, _ codeText: String, _ name: String
  ) {
    let words = name.foldedSpanish.split { !$0.isLetter && !$0.isNumber }.filter { $0.count > 3 }.map(String.init)
    let said = discreet.value.foldedSpanish
    if let word = words.first(where: said.contains) {
      findings.error(
        discreet.position, "nombre_discreto dice \"\(word)\", que es del nombre del servicio",
        fix: "escriba uno que no lo diga, como Consulta de seguimiento")
    }
    if let word = words.first(where: codeText.foldedSpanish.contains) {
      findings.error(
        code, "el codigo de un servicio confidencial dice \"\(word)\", y el código llega a las pantallas",
        fix: "use uno que no lo diga, como consulta_discreta")
    }
  }
}

extension Channel {
  /// The channel's word in clinic.yaml.
  var configurationWord: String {
    switch self {
    case .kiosk: "kiosco"
    case .phone: "telefono"
    case .desk: "ventanilla"
    }
  }
}

extension ValueParser<Channel> {
  static let channel = word(of: Channel.allCases.map { ($0.configurationWord, $0) })
}
