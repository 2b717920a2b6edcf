internal import ClinicDomain

extension ClinicReader {
  private static let waitlistKeys: [Key] = [
    .required("fuentes", "[cancelaciones, inasistencias, reaperturas]"), .required("ofertas_a_la_vez", "3"),
    .required("minutos_para_contestar", "20"), .required("cierra_minutos_antes", "30"), .required("veces", "10"),
    .required("dias", "30"), .required("por_persona", "2"), .optional("llamadas"),
  ]
  private static let callKeys: [Key] = [.required("dias", "lunes-viernes"), .required("horario", "09:00-20:00")]

  mutating func readWaitlist(_ tree: Tree?) -> WaitlistPolicy? {
    guard let fields = tree?.fields(of: "lista_espera", Self.waitlistKeys, &findings) else { return nil }
    let sources = fields["fuentes"]?.values("fuentes", .freedBy, &findings)
    freedBy = sources ?? []
    let atOnce = fields.value("ofertas_a_la_vez", .integer(1...50), &findings)
    let answer = fields.placed("minutos_para_contestar", .integer(1...1440, unit: "minutos"), &findings)
    let closes = fields.value("cierra_minutos_antes", .integer(0...1440, unit: "minutos"), &findings)
    let asks = fields.value("veces", .integer(1...50), &findings)
    let days = fields.value("dias", .integer(1...366, unit: "días"), &findings)
    let each = fields.value("por_persona", .integer(1...20), &findings)
    let calls = fields["llamadas"].map { readCalls($0) }
    guard let sources, let atOnce, let answer, let closes, let asks, let days, let each, calls != .some(.none) else { return nil }
    if answer.value > 120 {
      findings.warning(
        answer.position, "con \(answer.value) minutos para contestar, un lugar de hoy se puede ofrecer muy pocas veces",
        fix: "ponga 120 o menos si quiere que los lugares del mismo día lleguen a alguien")
    }
    return WaitlistPolicy(
      sources: findings.unique(sources, { "\"\($0.configurationWord)\"" }, fix: "quite el repetido"), offersAtOnce: atOnce,
      answerMinutes: answer.value, closesMinutes: closes, maxAsks: asks, maxDays: days, maxPerPatient: each,
      calls: calls ?? nil)
  }

  /// One key turns the Unifila of freed places on or off in a clinic. On, without the section `lista_espera`, its numbers are
  /// ``WaitlistPolicy/standard``; off, nothing is offered although the section is there; left out, the section decides.
  mutating func readUnifila(_ fields: Fields, _ policy: WaitlistPolicy?) -> WaitlistPolicy? {
    guard let isOn = fields.placed("unifila", .yesOrNo, &findings) else { return policy }
    guard isOn.value else {
      freedBy = []
      return nil
    }
    guard fields["lista_espera"] == nil else { return policy }
    freedBy = WaitlistPolicy.standard.sources.map { Placed(value: $0, position: isOn.position) }
    return .standard
  }

  private mutating func readCalls(_ tree: Tree) -> CallingHours? {
    tree.fields(of: "llamadas de lista_espera", Self.callKeys, &findings).flatMap { readCallingHours($0) }
  }

  mutating func readCallingHours(_ fields: Fields) -> CallingHours? {
    let days = fields["dias"]?.values("dias", .weekdays, &findings)
    let hours = fields.placed("horario", .hours, &findings)
    guard let days, let hours else { return nil }
    guard hours.value.upperBound <= .endOfDay else {
      findings.error(hours.position, "el horario pasa de la medianoche", fix: "escriba uno dentro de 08:00-21:00")
      return nil
    }
    if hours.value.lowerBound < Self.earliestCall || hours.value.upperBound > Self.latestCall {
      findings.warning(
        hours.position, "horario: nadie espera que su clínica le llame antes de las 08:00 o después de las 21:00",
        fix: "escriba uno dentro de 08:00-21:00")
    }
    return CallingHours(days: days.flatMap(\.value), hours: hours.value)
  }

  // Nobody expects their clinic's call before eight or after nine.
  private static let earliestCall = AgendaMinute(minutes: 480)!
  private static let latestCall = AgendaMinute(minutes: 1260)!
}

extension FreedPlace.Source {
  /// The source's word in clinic.yaml.
  var configurationWord: String {
    switch self {
    case .cancellation: "cancelaciones"
    case .noShow: "inasistencias"
    case .reopening: "reaperturas"
    }
  }
}

extension ValueParser<FreedPlace.Source> {
  static let freedBy = word(of: FreedPlace.Source.allCases.map { ($0.configurationWord, $0) })
}
