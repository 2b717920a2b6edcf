internal import ClinicDomain

extension ClinicReader {
  private static let seriesKeys: [Key] = [.optional("programas"), .optional("revision"), .optional("vacunas")]
  private static let programKeys: [Key] = [
    .required("codigo", "prenatal"), .required("servicio", "medicina_familiar"), .required("margen_dias", "5"), .optional("semanas"),
    .optional("cada_meses"), .optional("primera_en_dias"), .optional("recetas"), .optional("por_semana"), .optional("mueve_horas"),
    .optional("descanso_horas"),
  ]
  /// What makes a program one of its kind, with the keys that only this kind has.
  private static let kinds: [(key: String, more: [String])] = [
    ("semanas", []), ("cada_meses", ["primera_en_dias", "recetas"]), ("por_semana", ["mueve_horas", "descanso_horas"]),
  ]
  private static let prescriptionKeys: [Key] = [
    .required("cuantas", "3"), .required("cada_dias", "30"), .required("dias_habiles", "5"), .required("se_pierden", "sí"),
  ]
  private static let checkKeys: [Key] = [.required("servicio", "medicina_preventiva"), .required("cada_meses", "12")]
  private static let vaccineKeys: [Key] = [
    .required("servicio", "medicina_preventiva"), .required("dosis", "una lista con codigo, nombre, desde_meses y hasta_meses"),
  ]
  private static let doseKeys: [Key] = [
    .required("codigo", "srp_1"), .required("nombre", "Sarampión, rubéola y parotiditis: primera dosis"), .required("desde_meses", "12"),
    .required("hasta_meses", "71"),
  ]

  mutating func readSeries(_ tree: Tree?, _ policy: BookingPolicy?) -> SeriesPolicy {
    guard let fields = tree?.fields(of: "series", Self.seriesKeys, &findings) else { return .none }
    var policy = SeriesPolicy(programs: readPrograms(fields["programas"], policy), check: readCheck(fields["revision"]))
    if let vaccines = fields["vacunas"]?.fields(of: "vacunas", Self.vaccineKeys, &findings) {
      policy.vaccination = vaccines.value("servicio", services.name(ServiceCode.self), &findings)
      policy.doses = readDoses(vaccines["dosis"])
    }
    return policy
  }

  // MARK: Programs

  private mutating func readPrograms(_ tree: Tree?, _ policy: BookingPolicy?) -> [SeriesProgram] {
    guard let tree, let items = tree.items("programas", &findings) else { return [] }
    var programs: [SeriesProgram] = []
    var codes: [Placed<String>] = []
    for (index, item) in items.enumerated() {
      let place = "el elemento \(index + 1) de programas"
      guard let fields = item.fields(of: place, Self.programKeys, &findings) else { continue }
      let code = fields.placed("codigo", .code, &findings)
      if let code { codes.append(code) }
      let service = fields.value("servicio", services.name(ServiceCode.self), &findings)
      let tolerance = fields.value("margen_dias", .integer(0...31, unit: "días"), &findings)
      let plan = readPlan(fields, place, policy)
      guard let code, let service, let tolerance, let plan else { continue }
      checkDiscretion(of: code, service)
      programs.append(SeriesProgram(code: SeriesCode(code.value), service: service, toleranceDays: tolerance, plan: plan))
    }
    _ = findings.unique(codes, { "la serie \"\($0)\"" }, fix: "cambie el código de una de las dos")
    checkChairs(programs, tree.position)
    return programs
  }

  private mutating func readPlan(_ fields: Fields, _ place: String, _ policy: BookingPolicy?) -> SeriesProgram.Plan? {
    let kinds = Self.kinds.filter { fields[$0.key] != nil }
    guard kinds.count == 1, let kind = kinds.first else {
      findings.error(
        fields.position, kinds.isEmpty ? "\(place) no dice cada cuándo" : "\(place) dice cada cuándo de varias maneras",
        fix: "escriba una sola: semanas, cada_meses o por_semana")
      return nil
    }
    for other in Self.kinds where other.key != kind.key {
      for key in other.more {
        guard let tree = fields[key] else { continue }
        findings.error(tree.position, "\(key) va con \(other.key) y esta serie es de \(kind.key)", fix: "quítelo")
      }
    }
    switch kind.key {
    case "semanas": return readWeeks(fields)
    case "cada_meses": return readPeriod(fields, policy)
    default: return readChairs(fields)
    }
  }

  private mutating func readWeeks(_ fields: Fields) -> SeriesProgram.Plan? {
    guard let weeks = fields["semanas"]?.values("semanas", .integer(1...42, unit: "semanas"), &findings) else { return nil }
    let unique = findings.unique(weeks, { "la semana \($0)" }, fix: "quite la repetida")
    if let place = zip(weeks, weeks.dropFirst()).first(where: { $0.value > $1.value }) {
      findings.error(place.1.position, "semanas: \(place.1.value) viene después de \(place.0.value)", fix: "escríbalas de menor a mayor")
      return nil
    }
    return .prenatal(weeks: unique)
  }

  private mutating func readPeriod(_ fields: Fields, _ policy: BookingPolicy?) -> SeriesProgram.Plan? {
    let months = fields.placed("cada_meses", .integer(1...24, unit: "meses"), &findings)
    let first = fields.value("primera_en_dias", .integer(1...90, unit: "días"), &findings)
    var rule = PeriodicRule(everyMonths: months?.value ?? 1, firstWithinDays: first)
    if let tree = fields["recetas"] {
      guard let prescriptions = readPrescriptions(tree) else { return nil }
      rule.prescriptions = prescriptions
      if let months, let policy { checkTimely(prescriptions, every: months, policy) }
    }
    return months == nil ? nil : .periodic(rule)
  }

  private mutating func readPrescriptions(_ tree: Tree) -> PrescriptionRule? {
    guard let fields = tree.fields(of: "recetas", Self.prescriptionKeys, &findings) else { return nil }
    let count = fields.value("cuantas", .integer(1...12), &findings)
    let every = fields.value("cada_dias", .integer(1...92, unit: "días"), &findings)
    let days = fields.value("dias_habiles", .integer(1...30, unit: "días"), &findings)
    let lapses = fields.value("se_pierden", .yesOrNo, &findings)
    guard let count, let every, let days, let lapses else { return nil }
    return PrescriptionRule(count: count, everyDays: every, businessDays: days, lapses: lapses)
  }

  /// The next visit is to be given before the last prescription's days are over: when it is due it must be within the agenda by then.
  private mutating func checkTimely(_ rule: PrescriptionRule, every months: Placed<Int>, _ policy: BookingPolicy) {
    let lastCloses = (rule.count - 1) * rule.everyDays + rule.businessDays + rule.businessDays / 5 * 2
    let needed = months.value * 30 - lastCloses
    guard policy.horizonDays < needed else { return }
    findings.warning(
      months.position,
      "con horizonte_dias en \(policy.horizonDays), la siguiente cita se da cuando ya cerró la última receta",
      fix: "suba horizonte_dias a \(needed) si quiere darla antes")
  }

  private mutating func readChairs(_ fields: Fields) -> SeriesProgram.Plan? {
    for key in ["mueve_horas", "descanso_horas"] where fields[key] == nil {
      findings.error(fields.position, "falta \"\(key)\" en una serie con silla", fix: "agregue, por ejemplo, \(key): \(key == "mueve_horas" ? 24 : 20)")
    }
    let week = fields.value("por_semana", .integer(1...7, unit: "sesiones"), &findings)
    let hours = fields.value("mueve_horas", .integer(1...72, unit: "horas"), &findings)
    let rest = fields.value("descanso_horas", .integer(1...72, unit: "horas"), &findings)
    guard let week, let hours, let rest else { return nil }
    return .chairs(ChairRule(perWeek: week, withinHours: hours, restHours: rest))
  }

  /// The code travels to screens: of a confidential service it says nothing that the service's name says.
  private mutating func checkDiscretion(of code: Placed<String>, _ service: ServiceCode) {
    guard let service = services.values.first(where: { $0.code == service }), service.isConfidential else { return }
    let words = service.name.foldedSpanish.split { !$0.isLetter && !$0.isNumber }.filter { $0.count > 3 }.map(String.init)
    guard let word = words.first(where: code.value.foldedSpanish.contains) else { return }
    findings.error(
      code.position, "el codigo de la serie de un servicio confidencial dice \"\(word)\", y el código llega a las pantallas",
      fix: "use uno que no lo diga, como seguimiento")
  }

  /// Whose sessions an appointment is must be one program.
  private mutating func checkChairs(_ programs: [SeriesProgram], _ position: TextPosition) {
    for (place, program) in programs.enumerated() {
      guard case .chairs = program.plan, programs[..<place].contains(where: { $0.service == program.service }) else { continue }
      findings.error(
        position, "el servicio \"\(program.service)\" de la serie con silla \"\(program.code)\" es también de otra serie",
        fix: "dé a la serie con silla un servicio propio")
    }
  }

  // MARK: Checks and doses

  private mutating func readCheck(_ tree: Tree?) -> PreventiveCheck? {
    guard let fields = tree?.fields(of: "revision", Self.checkKeys, &findings) else { return nil }
    let service = fields.value("servicio", services.name(ServiceCode.self), &findings)
    let months = fields.value("cada_meses", .integer(1...60, unit: "meses"), &findings)
    guard let service, let months else { return nil }
    return PreventiveCheck(service: service, everyMonths: months)
  }

  private mutating func readDoses(_ tree: Tree?) -> [VaccineDose] {
    guard let tree, let items = tree.items("dosis", &findings) else { return [] }
    var doses: [VaccineDose] = []
    var codes: [Placed<String>] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de dosis", Self.doseKeys, &findings) else { continue }
      let code = fields.placed("codigo", .code, &findings)
      if let code { codes.append(code) }
      let name = fields.value("nombre", .sentence, &findings)
      let from = fields.value("desde_meses", .integer(0...1440, unit: "meses"), &findings)
      let through = fields.placed("hasta_meses", .integer(0...1440, unit: "meses"), &findings)
      guard let code, let name, let from, let through else { continue }
      guard from <= through.value else {
        findings.error(through.position, "hasta_meses es \(through.value), antes de desde_meses, que es \(from)", fix: "escriba \(from) o más")
        continue
      }
      doses.append(VaccineDose(code: code.value, name: name, fromMonths: from, throughMonths: through.value))
    }
    _ = findings.unique(codes, { "la dosis \"\($0)\"" }, fix: "cambie el código de una de las dos")
    return doses
  }
}
