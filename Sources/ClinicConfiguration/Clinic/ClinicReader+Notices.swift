internal import ClinicDomain

extension ClinicReader {
  private static let noticeKeys: [Key] = [
    .required("dias", "lunes-viernes"), .required("horario", "09:00-20:00"), .required("llamadas", "3"), .required("cada_minutos", "120"),
    .optional("recordatorio_dias"),
  ]

  mutating func readNotices(_ tree: Tree?) -> NoticePolicy? {
    guard let fields = tree?.fields(of: "avisos", Self.noticeKeys, &findings) else { return nil }
    let hours = readCallingHours(fields)
    let calls = fields.value("llamadas", .integer(1...5), &findings)
    let between = fields.value("cada_minutos", .integer(30...1440, unit: "minutos"), &findings)
    let days = fields["recordatorio_dias"] == nil ? nil : fields.value("recordatorio_dias", .integer(1...14, unit: "días"), &findings)
    guard let hours, let calls, let between else { return nil }
    return NoticePolicy(hours: hours, maxCalls: calls, betweenMinutes: between, reminderDays: days)
  }
}
