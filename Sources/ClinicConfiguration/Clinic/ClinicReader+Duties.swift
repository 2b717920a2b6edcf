internal import ClinicDomain

extension ClinicReader {
  private static let dutyKeys: [Key] = [
    .optional("referencia_minutos"), .optional("cirugia_dias"), .optional("tamiz_dias_habiles"), .optional("tamiz_servicio"),
    .optional("revision_nocturna"),
  ]

  /// By when the clinic does what it owes; what the section leaves out is as it is where there is no section.
  mutating func readDuties(_ tree: Tree?) -> DutyPolicy {
    var policy = DutyPolicy.standard
    guard let fields = tree?.fields(of: "compromisos", Self.dutyKeys, &findings) else { return policy }
    if let minutes = fields.value("referencia_minutos", .integer(1...1440, unit: "minutos"), &findings) { policy.referralMinutes = minutes }
    if let days = fields.placed("cirugia_dias", .integer(1...366, unit: "días"), &findings) {
      policy.surgeryDays = days.value
      if days.value > 180 {
        findings.warning(
          days.position, "con \(days.value) días, una cirugía puede esperar medio año sin que el jefe de servicio lo sepa",
          fix: "ponga 180 o menos si quiere que se entere antes")
      }
    }
    if let days = fields.value("tamiz_dias_habiles", .integer(1...10, unit: "días hábiles"), &findings) { policy.childBusinessDays = days }
    if let service = fields.value("tamiz_servicio", services.name(ServiceCode.self), &findings) { policy.childService = service }
    if let minute = fields.value("revision_nocturna", .timeOfDay, &findings) { policy.nightlyMinute = minute }
    return policy
  }
}
