internal import ClinicDomain

/// A weekly rule with the resources it is for.
struct RuleEntry {
  let position: TextPosition
  let rule: WeeklyRule
  let hours: Range<AgendaMinute>
  let resources: Set<ResourceID>
}

extension ClinicReader {
  private static let ruleKeys: [Key] = [
    .required("turno", "matutino"), .required("dias", "lunes-viernes"), .required("recursos", "[C1-C15, V1]"),
    .optional("descansos"),
  ]

  mutating func readRules(_ tree: Tree?) {
    guard let tree, let items = tree.items("reglas", &findings) else { return }
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de reglas", Self.ruleKeys, &findings) else { continue }
      let turno = fields.placed("turno", turnos.name(TurnoCode.self), &findings)
      let weekdays = fields["dias"].flatMap { readWeekdays($0) }
      let resources = fields["recursos"].flatMap { readResourceNames($0, "recursos") }
      let breaks = fields["descansos"].flatMap { readBreaks($0, turno.flatMap { self.turno($0.value) }) } ?? []
      guard let turno, let hours = self.turno(turno.value)?.hours, let weekdays, let resources else { continue }
      rules.append(
        RuleEntry(
          position: turno.position, rule: WeeklyRule(turno: turno.value, weekdays: weekdays, breaks: breaks), hours: hours,
          resources: Set(resources)))
    }
  }

  mutating func readWeekdays(_ tree: Tree) -> [Weekday]? {
    guard let days = tree.values("dias", .weekdays, &findings) else { return nil }
    let each = days.flatMap { day in day.value.map { Placed(value: $0, position: day.position) } }
    return findings.unique(each, { "el \($0.spanishName)" }, fix: "escriba cada día una vez").sorted()
  }

  /// Resources by name, ranges opened, without repeats; unknown ones are reported.
  mutating func readResourceNames(_ tree: Tree, _ key: String) -> [ResourceID]? {
    guard let ranges = tree.values(key, .resources(nil), &findings) else { return nil }
    let known = Set(resources.names.map(\.value))
    var named: [ResourceID: Int] = [:]
    var ids: [ResourceID] = []
    for range in ranges {
      let unknown = range.value.ids.filter { !known.contains($0.description) }
      if resources.isComplete, !unknown.isEmpty {
        let defined = resources.names.compactMap { ResourceID(text: $0.value) }.filter { $0.kind == unknown[0].kind }
        findings.error(
          range.position,
          "\(key): \(ResourceRange.describe(unknown)) no \(unknown.count == 1 ? "está definido" : "están definidos")",
          fix: defined.isEmpty
            ? "no hay \(unknown[0].kind.plural) definidos"
            : "solo \(defined.count == 1 ? "está definido" : "están definidos") \(ResourceRange.describe(defined))")
      }
      let again = range.value.ids.filter { named[$0] != nil }
      if let first = again.first {
        findings.error(
          range.position, "\(key): \(ResourceRange.describe(again)) ya se nombra en la línea \(named[first]!)",
          fix: "escriba cada uno una vez")
      }
      for id in range.value.ids where named.updateValue(range.position.line, forKey: id) == nil { ids.append(id) }
    }
    return ids
  }

  /// Breaks on the turno's agenda, ascending; those of a night turno may lie after midnight.
  private mutating func readBreaks(_ tree: Tree, _ turno: Turno?) -> [Range<AgendaMinute>]? {
    guard let breaks = tree.values("descansos", .hours, &findings), let turno else { return nil }
    let placed = breaks.compactMap { item -> Placed<Range<AgendaMinute>>? in
      guard item.value.lowerBound < turno.hours.lowerBound,
        let start = item.value.lowerBound.adding(minutes: AgendaMinute.endOfDay.minutes),
        let end = item.value.upperBound.adding(minutes: AgendaMinute.endOfDay.minutes)
      else { return item }
      return Placed(value: start..<end, position: item.position)
    }
    for item in placed
    where item.value.lowerBound < turno.hours.lowerBound || item.value.upperBound > turno.hours.upperBound {
      findings.error(
        item.position, "el descanso sale del horario del turno \(turno.code)",
        fix: "escriba un descanso entre \(clock(turno.hours.lowerBound)) y \(clock(turno.hours.upperBound))")
    }
    let sorted = placed.sorted { ($0.value.lowerBound, $0.position) < ($1.value.lowerBound, $1.position) }
    for (first, second) in zip(sorted, sorted.dropFirst()) where second.value.lowerBound < first.value.upperBound {
      let (earlier, later) = first.position < second.position ? (first, second) : (second, first)
      findings.error(
        later.position, "el descanso se encima con el de las \(clock(earlier.value.lowerBound))",
        fix: "sepárelos o escriba uno solo")
    }
    return sorted.map(\.value)
  }
}

/// A time of an agenda as a wall shows it; the midnight that ends a day is 24:00.
func clock(_ time: AgendaMinute) -> String {
  time > .endOfDay ? time.adding(minutes: -AgendaMinute.endOfDay.minutes)!.description : time.description
}
