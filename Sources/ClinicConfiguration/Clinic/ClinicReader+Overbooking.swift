internal import ClinicDomain

extension ClinicReader {
  private static let overbookingKeys: [Key] = [
    .required("recursos", "[C1-C15]"), .required("dias", "lunes"), .required("horario", "08:00-10:00"),
    .required("anticipacion_dias", "14"), .required("personas", "2"),
  ]

  /// The section's rules, into ``overbooking``.
  ///
  /// - Parameter policy: `nil` when it has a problem of its own.
  mutating func readOverbooking(_ tree: Tree?, _ policy: BookingPolicy?, under caps: [CapacityEntry<TurnoCap>]) {
    guard let tree, let items = tree.items("sobrecupo", &findings) else { return }
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de sobrecupo", Self.overbookingKeys, &findings) else { continue }
      let named = fields["recursos"].flatMap { readResourceNames($0, "recursos") }
      let weekdays = fields["dias"].flatMap { readWeekdays($0) }
      let hours = fields.value("horario", .hours, &findings)
      let lead = fields.placed("anticipacion_dias", .integer(1...366, unit: "días"), &findings)
      let people = fields.value("personas", .integer(1...20), &findings)
      guard let named, let weekdays, let hours, let lead, let people else { continue }
      if let policy, lead.value > policy.horizonDays {
        findings.error(
          lead.position,
          "anticipacion_dias es \(lead.value) y la agenda solo llega a \(policy.horizonDays) días (horizonte_dias): nunca valdría",
          fix: "escriba \(policy.horizonDays) o menos, o suba horizonte_dias")
      }
      let rule = OverbookingRule(resources: named, weekdays: weekdays, hours: hours, lead: lead.value, people: people)
      checkNamedOnce(rule, at: item.position)
      checkWorks(OwnershipRule(.ventanilla, resources: named, weekdays: weekdays, hours: hours), at: item.position)
      checkCapped(rule, at: item.position, under: caps)
      overbooking.append(Placed(value: rule, position: item.position))
    }
  }

  private mutating func checkNamedOnce(_ rule: OverbookingRule, at position: TextPosition) {
    for earlier in overbooking {
      let both = rule.resources.filter { earlier.value.resources.contains($0) }
      guard !both.isEmpty, rule.hours.overlaps(earlier.value.hours), rule.weekdays.contains(where: earlier.value.weekdays.contains) else {
        continue
      }
      findings.error(
        position, "\(ResourceRange.describe(both)) ya \(both.count == 1 ? "tiene" : "tienen") sobrecupo a esas horas en la línea \(earlier.position.line)",
        fix: "deje cada consultorio, día y hora en un solo elemento")
      return
    }
  }

  /// What nothing limits would have no end.
  private mutating func checkCapped(_ rule: OverbookingRule, at position: TextPosition, under caps: [CapacityEntry<TurnoCap>]) {
    for id in rule.resources {
      let open = rules.first { entry in
        entry.resources.contains(id) && entry.hours.overlaps(rule.hours) && entry.rule.weekdays.contains(where: rule.weekdays.contains)
          && !caps.contains { $0.scope.contains(id, entry.rule.turno) }
      }
      guard let open else { continue }
      findings.error(
        position, "el turno \(open.rule.turno) de \(id) tiene sobrecupo y no tiene tope",
        fix: "agregue \(id) a un elemento de topes: el sobrecupo nunca lo pasa")
      return
    }
  }
}

// MARK: - Against the other sections

extension ClinicReader {
  /// Who does not come can be counted on once: either a second person has the slot beforehand, or it is offered afterwards.
  mutating func checkOverbooking(_ series: SeriesPolicy) {
    for entry in overbooking {
      let rule = entry.value
      let given = resources.values.filter { $0.ids.contains(where: rule.resources.contains) }
      if let chair = given.flatMap(\.services).map(\.value).first(where: { series.chairs(of: $0) != nil }) {
        findings.error(entry.position, "\(chair) se da en sillas propias, y en una silla no caben dos", fix: "quite esos recursos de este elemento")
      }
      let when = "\(ResourceRange.describe(rule.resources)) de \(clock(rule.hours.lowerBound)) a \(clock(rule.hours.upperBound))"
      let isSeen = given.contains { $0.attendsLive }
      if isSeen, let other = freedBy.first(where: { $0.value == .noShow }) {
        findings.error(
          entry.position,
          "\(when): el sobrecupo ya da el lugar de quienes no llegarán, y la fuente inasistencias (línea \(other.position.line)) lo ofrecería otra vez",
          fix: "quite inasistencias de las fuentes de lista_espera, o quite este sobrecupo")
      }
      if let other = freedBy.first(where: { $0.value == .cancellation }) {
        findings.warning(
          entry.position,
          "\(when): lo que se cancele a esas horas no se ofrece a la lista de espera (cancelaciones, línea \(other.position.line)): el sobrecupo ya lo dio",
          fix: "es a propósito si así lo quiere; si no, quite uno de los dos")
      }
    }
  }
}
