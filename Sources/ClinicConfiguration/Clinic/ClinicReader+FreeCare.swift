internal import ClinicDomain

/// Who cares for people without rights, and what a birth plan asks.
extension ClinicReader {
  private static let freeCareKeys: [Key] = [
    .optional("unidades"),
    .required("llevar", "[su CURP, una identificación con fotografía]"),
    .required("credencial", "una lista de oraciones, un paso cada una"),
  ]
  private static let unitKeys: [Key] = [
    .required("clues", "DFSSA003961"), .required("nombre", "Centro de Salud Muestra"), .required("domicilio", "Av. Muestra 100, col. Centro"),
    .required("horario", "lunes a viernes de 8:00 a 20:00"),
  ]

  /// `nil` where the section is left out, or has a problem.
  mutating func readFreeCare(_ tree: Tree?) -> FreeCare? {
    guard let tree, let fields = tree.fields(of: "atencion_gratuita", Self.freeCareKeys, &findings) else { return nil }
    if fields["unidades"] == nil, directoryFile == nil {
      findings.error(
        tree.position, "falta \"unidades\" en atencion_gratuita",
        fix: "agregue, por ejemplo, unidades: una lista con clues, nombre, domicilio y horario; o la sección directorio, que da las más cercanas")
    }
    let units = readUnits(fields["unidades"])
    let bring = fields["llevar"]?.values("llevar", .sentence, &findings)
    let credential = fields["credencial"]?.values("credencial", .sentence, &findings)
    guard !units.isEmpty || fields["unidades"] == nil, let bring, let credential else { return nil }
    return FreeCare(units: units, bring: bring.map(\.value), credential: credential.map(\.value))
  }

  private mutating func readUnits(_ tree: Tree?) -> [FreeCare.Unit] {
    guard let tree, let items = tree.items("unidades", &findings) else { return [] }
    if !(1...FreeCare.maximumUnits ~= items.count) {
      findings.error(
        tree.position, "unidades tiene \(items.count): a quien perdió sus derechos se le dice a dónde ir",
        fix: "escriba de una a \(FreeCare.maximumUnits), la más cercana primero")
    }
    var units: [FreeCare.Unit] = []
    var codes: [Placed<String>] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de unidades", Self.unitKeys, &findings) else { continue }
      let clues = fields.placed("clues", .clues, &findings)
      let name = fields.value("nombre", .sentence, &findings)
      let address = fields.value("domicilio", .sentence, &findings)
      let hours = fields.value("horario", .sentence, &findings)
      if let clues {
        codes.append(Placed(value: "\(clues.value)", position: clues.position))
        if clues.value.isIMSS {
          findings.error(
            clues.position, "la CLUES \(clues.value) es de una unidad del IMSS, que pide derechos",
            fix: "escriba una de IMSS-Bienestar o de la Secretaría de Salud")
        }
      }
      guard let clues, let name, let address, let hours else { continue }
      units.append(FreeCare.Unit(clues: clues.value, name: name, address: address, hours: hours))
    }
    _ = findings.unique(codes, { "la unidad \($0)" }, fix: "quite la repetida")
    return units
  }

  private static let planKeys: [Key] = [
    .required("aviso", "Muestra, no validada clínicamente."), .required("puntos", "una lista con codigo y texto"),
  ]
  private static let planItemKeys: [Key] = [
    .required("codigo", "acompanante"), .required("texto", "Quiero que me acompañe la persona que yo elija."),
  ]

  /// `nil` where the section is left out, or has a problem.
  mutating func readBirthPlan(_ tree: Tree?) -> BirthPlanForm? {
    guard let tree, let fields = tree.fields(of: "plan_de_parto", Self.planKeys, &findings) else { return nil }
    let notice = fields.value("aviso", .sentence, &findings)
    guard let list = fields["puntos"], let items = list.items("puntos", &findings) else { return nil }
    if !(1...BirthPlanForm.maximumItems ~= items.count) {
      findings.error(
        list.position, "puntos tiene \(items.count)", fix: "escriba de uno a \(BirthPlanForm.maximumItems), o quite plan_de_parto")
    }
    var codes: [Placed<String>] = []
    var read: [BirthPlanForm.Item] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de puntos", Self.planItemKeys, &findings) else { continue }
      let code = fields.placed("codigo", .code, &findings)
      let text = fields.value("texto", .sentence, &findings)
      if let code { codes.append(code) }
      if let code, let text { read.append(BirthPlanForm.Item(code: code.value, text: text)) }
    }
    _ = findings.unique(codes, { "el punto \"\($0)\"" }, fix: "cambie el código de uno de los dos")
    guard let notice, !read.isEmpty else { return nil }
    return BirthPlanForm(notice: notice, items: read)
  }
}
