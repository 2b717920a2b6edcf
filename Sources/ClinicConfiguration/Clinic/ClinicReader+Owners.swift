internal import ClinicDomain

extension ClinicReader {
  private static let ownerKeys: [Key] = [
    .required("duena", "externa"), .required("recursos", "[C1-C15]"), .optional("dias"), .optional("turno"), .optional("horario"),
  ]

  /// Who gives the appointments of which hours. Each element says its hours as a turno, as a stretch, or not at all: then all of them.
  mutating func readOwners(_ tree: Tree?) -> [OwnershipRule] {
    guard let tree, let items = tree.items("duenas", &findings) else { return [] }
    var read: [Placed<OwnershipRule>] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de duenas", Self.ownerKeys, &findings) else { continue }
      let owner = fields.value("duena", .owner, &findings)
      let resources = fields["recursos"].flatMap { readResourceNames($0, "recursos") }
      let weekdays = fields["dias"].map { readWeekdays($0) } ?? Weekday.allCases
      let hours = readHours(fields)
      guard let owner, let resources, let weekdays, let hours else { continue }
      let rule = OwnershipRule(owner, resources: resources, weekdays: weekdays, hours: hours)
      checkReached(rule, at: item.position, after: read)
      checkWorks(rule, at: item.position)
      read.append(Placed(value: rule, position: item.position))
    }
    return read.map(\.value)
  }

  /// `nil` when they are wrong, which is then reported.
  private mutating func readHours(_ fields: Fields) -> Range<AgendaMinute>? {
    if let horario = fields["horario"], fields["turno"] != nil {
      findings.error(horario.position, "hay turno y horario", fix: "deje uno de los dos")
      return nil
    }
    if fields["turno"] != nil {
      return fields.value("turno", turnos.name(TurnoCode.self), &findings).flatMap { turno($0)?.hours }
    }
    guard fields["horario"] != nil else { return .midnight ..< .latest }
    return fields.value("horario", .hours, &findings)
  }

  /// The first element that names an hour holds: one whose every hour has been named says nothing.
  private mutating func checkReached(_ rule: OwnershipRule, at position: TextPosition, after earlier: [Placed<OwnershipRule>]) {
    let isReached = rule.resources.contains { resource in
      rule.weekdays.contains { weekday in
        let before = earlier.map(\.value).filter { $0.resources.contains(resource) && $0.weekdays.contains(weekday) }
          .map { OwnershipRule(.externa, resources: $0.resources, weekdays: $0.weekdays, hours: $0.hours) }
        let named = before.external(resource, on: weekday).map { $0.clamped(to: rule.hours) }.filter { !$0.isEmpty }
        return named.reduce(0) { $0 + $1.upperBound.minutes - $1.lowerBound.minutes }
          < rule.hours.upperBound.minutes - rule.hours.lowerBound.minutes
      }
    }
    guard !isReached else { return }
    findings.error(
      position, "los elementos anteriores ya dicen de quién es cada una de esas horas",
      fix: "póngalo antes que ellos, o quítelo: vale el primero que nombra el consultorio, el día y la hora")
  }

  mutating func checkWorks(_ rule: OwnershipRule, at position: TextPosition) {
    let known = Set(resources.names.map(\.value))
    let idle = rule.resources.filter { id in
      known.contains(id.description) && !rules.contains { entry in
        entry.resources.contains(id) && entry.hours.overlaps(rule.hours) && entry.rule.weekdays.contains { rule.weekdays.contains($0) }
      }
    }
    guard !idle.isEmpty, resources.isComplete else { return }
    findings.warning(
      position, "\(ResourceRange.describe(idle)) no \(idle.count == 1 ? "trabaja" : "trabajan") a esas horas",
      fix: "revise los días y el horario, o agregue una regla")
  }
}

extension ValueParser<AgendaOwner> {
  static let owner = word(of: AgendaOwner.allCases.map { ($0.rawValue, $0) })
}
