internal import ClinicDomain

extension ClinicReader {
  private static let policyKeys: [Key] = [
    .required("horizonte_dias", "28"),
    .required("apartado_segundos", "{kiosco: 120, telefono: 180, ventanilla: 300}"),
    .required("tolerancia_minutos", "10"),
    .required("registro_abre_minutos", "30"),
    .required("citas_activas_por_persona", "3"),
    .optional("citas_activas_por_familia"),
    .required("apartados_por_persona", "1"),
    .required("mayoria_de_edad", "18"),
  ]
  private static let holdKeys: [Key] = [
    .required("kiosco", "120"), .required("telefono", "180"), .required("ventanilla", "300"),
  ]

  mutating func readPolicy(_ tree: Tree?) -> BookingPolicy? {
    guard let fields = tree?.fields(of: "reservas", Self.policyKeys, &findings) else { return nil }
    let horizon = fields.value("horizonte_dias", .integer(1...366, unit: "días"), &findings)
    let holds = readHolds(fields["apartado_segundos"])
    let grace = fields.value("tolerancia_minutos", .integer(0...120, unit: "minutos"), &findings)
    let checkIn = fields.value("registro_abre_minutos", .integer(0...240, unit: "minutos"), &findings)
    let appointments = fields.value("citas_activas_por_persona", .integer(1...50), &findings)
    let household = fields.placed("citas_activas_por_familia", .integer(1...200), &findings)
    let maxHolds = fields.value("apartados_por_persona", .integer(1...20), &findings)
    let age = fields.value("mayoria_de_edad", .integer(12...21, unit: "años"), &findings)
    if let household, let appointments, household.value < appointments {
      findings.warning(
        household.position, "una familia puede tener \(household.value) citas y una sola persona \(appointments)",
        fix: "suba citas_activas_por_familia o baje citas_activas_por_persona")
    }
    guard let horizon, let holds, let grace, let checkIn, let appointments, let maxHolds, let age,
      fields["citas_activas_por_familia"] == nil || household != nil
    else { return nil }
    return BookingPolicy(
      horizonDays: horizon, holdSeconds: holds, graceMinutes: grace, checkInOpensMinutes: checkIn,
      maxActivePerPatient: appointments, maxActivePerHousehold: household?.value, maxHoldsPerPatient: maxHolds, adultAge: age)
  }

  private mutating func readHolds(_ tree: Tree?) -> HoldSeconds? {
    guard let fields = tree?.fields(of: "apartado_segundos", Self.holdKeys, &findings) else { return nil }
    let seconds = ValueParser<Int>.integer(10...3600, unit: "segundos")
    let kiosk = fields.value("kiosco", seconds, &findings)
    let phone = fields.value("telefono", seconds, &findings)
    let desk = fields.value("ventanilla", seconds, &findings)
    guard let kiosk, let phone, let desk else { return nil }
    return HoldSeconds(kiosk: kiosk, phone: phone, desk: desk)
  }

  /// What can be offered instead: at least one step for each occasion.
  mutating func readGuidance(_ tree: Tree?) -> [StepOccasion: [NextStep]] {
    let keys = StepOccasion.allCases.map { Key.required($0.rawValue, "una lista con codigo y texto") }
    guard let fields = tree?.fields(of: "orientacion", keys, &findings) else { return [:] }
    var guidance: [StepOccasion: [NextStep]] = [:]
    for occasion in StepOccasion.allCases {
      guard let tree = fields[occasion.rawValue], let items = tree.items(occasion.rawValue, &findings) else { continue }
      if items.isEmpty {
        findings.error(
          tree.position, "\(occasion.rawValue) no ofrece nada: a nadie se le dice solo \"no hay\"",
          fix: "agregue al menos un paso con codigo y texto")
      }
      guidance[occasion] = readSteps(items, occasion)
    }
    return guidance
  }

  private mutating func readSteps(_ items: [Tree], _ occasion: StepOccasion) -> [NextStep] {
    let keys: [Key] = [.required("codigo", "orientacion_telefonica"), .required("texto", "Llame al 800 2222 668.")]
    var codes: [Placed<String>] = []
    var steps: [NextStep] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de \(occasion.rawValue)", keys, &findings) else { continue }
      let code = fields.placed("codigo", .code, &findings)
      let text = fields.value("texto", .sentence, &findings)
      if let code { codes.append(code) }
      if let code, let text { steps.append(NextStep(code: code.value, text: text)) }
    }
    _ = findings.unique(codes, { "el paso \"\($0)\"" }, fix: "quite el repetido")
    return steps
  }
}
