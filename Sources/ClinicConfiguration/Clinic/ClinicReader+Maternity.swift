internal import ClinicDomain

/// What a pregnant person is always answered with, and who is on duty for it.
extension ClinicReader {
  private static let maternityKeys: [Key] = [
    .required("servicio", "medicina_familiar"), .required("dias", "7"), .optional("responde_minutos"),
    .required("guardia", "una lista con nombre, puesto, telefono, dias y horario"),
  ]
  private static let dutyKeys: [Key] = [
    .required("nombre", "Enf. María Muestra"), .required("puesto", "enfermera de guardia"), .required("telefono", "\"5555550000\""),
    .optional("dias"), .optional("horario"),
  ]
  /// Words of a name and a post together: a caller hears them with a telephone number.
  private static let titleWords = 12

  /// `nil` where the section is left out, or has a problem.
  mutating func readMaternity(_ tree: Tree?) -> MaternityPolicy? {
    guard let tree, let fields = tree.fields(of: "embarazo", Self.maternityKeys, &findings) else { return nil }
    let service = fields.value("servicio", services.name(ServiceCode.self), &findings)
    let days = fields.value("dias", .integer(0...MaternityPolicy.maximumDays, unit: "días"), &findings)
    let minutes = fields["responde_minutos"] == nil
      ? MaternityPolicy.maximumAnswerMinutes
      : fields.value("responde_minutos", .integer(1...MaternityPolicy.maximumAnswerMinutes, unit: "minutos"), &findings)
    guard let list = fields["guardia"], let items = list.items("guardia", &findings) else { return nil }
    if !(1...MaternityPolicy.maximumRoster ~= items.count) {
      findings.error(
        list.position, "guardia tiene \(items.count): a una embarazada siempre le responde alguien con nombre",
        fix: "escriba de una a \(MaternityPolicy.maximumRoster) personas")
    }
    let roster = items.enumerated().compactMap { readOnDuty($1, at: $0 + 1) }
    guard let service, let days, let minutes, !roster.isEmpty, roster.count == items.count else { return nil }
    let policy = MaternityPolicy(service: service, days: days, answerMinutes: minutes, roster: roster)
    if let gap = policy.gap {
      findings.error(
        list.position, "el \(gap.weekday.spanishName) a las \(gap.minute) no hay nadie en guardia: a una embarazada no se le contestaría",
        fix: "agregue a quien responde a esa hora; el último elemento sin dias ni horario vale siempre")
    }
    return policy
  }

  private mutating func readOnDuty(_ tree: Tree, at number: Int) -> OnDuty? {
    guard let fields = tree.fields(of: "el elemento \(number) de guardia", Self.dutyKeys, &findings) else { return nil }
    let name = fields.placed("nombre", .sentence, &findings)
    let post = fields.value("puesto", .sentence, &findings)
    let phone = fields.value("telefono", .mexicanPhone, &findings)
    let weekdays = fields["dias"].map { readWeekdays($0) } ?? Weekday.allCases
    let hours = fields["horario"] == nil ? .midnight ..< .endOfDay : fields.value("horario", .hours, &findings)
    guard let name, let post, let phone, let weekdays, let hours else { return nil }
    let words = (name.value + " " + post).split(separator: " ").count
    if words > Self.titleWords {
      findings.error(
        name.position, "el nombre y el puesto tienen \(words) palabras y por teléfono caben \(Self.titleWords)", fix: "acórtelos")
    }
    return OnDuty(name: name.value, post: post, phone: phone, weekdays: weekdays, hours: hours)
  }
}
