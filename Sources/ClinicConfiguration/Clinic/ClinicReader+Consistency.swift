internal import ClinicDomain

/// What no single section can see.
extension ClinicReader {
  mutating func checkTogether(_ policy: BookingPolicy?) {
    checkSlotLengths()
    checkServicesAreGiven()
    checkResourcesWork()
    checkOverlaps()
    checkSlotsFit()
    if let policy { checkLimits(policy) }
  }

  /// One agenda has slots of one length.
  private mutating func checkSlotLengths() {
    for entry in resources.values {
      let given = entry.services.compactMap { named in service(named.value).map { (named.position, $0) } }
      guard let first = given.first,
        let other = given.first(where: { $0.1.slotMinutes != first.1.slotMinutes })
      else { continue }
      findings.error(
        other.0,
        "\(other.1.code) dura \(other.1.slotMinutes) minutos y \(first.1.code), del mismo lugar, \(first.1.slotMinutes)",
        fix: "ponga juntos solo servicios de la misma duración")
    }
  }

  private mutating func checkServicesAreGiven() {
    // An entry with a problem of its own may be the one that gives it.
    let allLegible = resources.names.count == resources.values.reduce(0) { $0 + $1.ids.count }
    guard services.isComplete, resources.isComplete, allLegible else { return }
    let given = Set(resources.values.flatMap(\.services).map(\.value.rawValue))
    for name in services.names where !given.contains(name.value) {
      findings.error(
        name.position, "ningún consultorio ni ventanilla da el servicio \"\(name.value)\"",
        fix: "agréguelo a los servicios de alguno, o quítelo de aquí")
    }
  }

  private mutating func checkResourcesWork() {
    guard !findings.hasErrors else { return }
    let working = Set(rules.flatMap(\.resources))
    for entry in resources.values {
      let idle = entry.ids.filter { !working.contains($0) }
      guard !idle.isEmpty else { continue }
      let names = ResourceRange.describe(idle)
      findings.warning(
        entry.position,
        idle.count == 1 ? "\(names) no tiene ninguna regla: no dará citas" : "\(names) no tienen ninguna regla: no darán citas",
        fix: "agregue \(names) a una regla")
    }
  }

  private mutating func checkLimits(_ policy: BookingPolicy) {
    for service in services.values where service.maxActivePerPatient > policy.maxActivePerPatient {
      let (own, all) = (service.maxActivePerPatient, policy.maxActivePerPatient)
      findings.warning(
        services.position(of: service.code.rawValue) ?? .start,
        "\(service.code) permite \(own) citas por persona, pero entre todos los servicios solo caben \(all)",
        fix: "baje citas_por_persona o suba citas_activas_por_persona")
    }
  }

  private func service(_ code: ServiceCode) -> Service? { services.values.first { $0.code == code } }
}

// MARK: - Rules against each other

extension ClinicReader {
  /// A stretch of the week that a rule fills, in minutes since Monday 00:00.
  private struct Stretch {
    let rule: Int
    let start: Int
    let end: Int
  }

  private static let weekMinutes = 7 * 1440

  /// Two rules of one resource never share a minute of the week, also past midnight and from Sunday into Monday.
  ///
  /// Reported once for each rule that overlaps an earlier one, with all the resources that the two share.
  private mutating func checkOverlaps() {
    for (rules, resources) in resourcesByRules() {
      var longest: Stretch?
      var reported: Set<Int> = []
      for stretch in stretches(of: rules) {
        if let before = longest, stretch.start < before.end, before.rule != stretch.rule {
          let later = max(before.rule, stretch.rule)
          if reported.insert(later).inserted {
            report(min(before.rule, stretch.rule), later, from: stretch.start, to: min(before.end, stretch.end), resources)
          }
        }
        if longest.map({ $0.end < stretch.end }) ?? true { longest = stretch }
      }
    }
  }

  private mutating func report(_ earlier: Int, _ later: Int, from start: Int, to end: Int, _ resources: [ResourceID]) {
    let line = rules[earlier].position.line
    let when = "el \(Weekday(rawValue: start / 1440 + 1)!) de \(time(start)) a \(time(end))"
    findings.error(
      rules[later].position,
      "\(ResourceRange.describe(resources)): esta regla se encima con la de la línea \(line) \(when)",
      fix: "quite de una de las dos el día, el turno o el recurso")
  }

  /// Resources that work by the same rules, together with these rules, by index; in the order of the resources.
  private func resourcesByRules() -> [(rules: [Int], resources: [ResourceID])] {
    var rulesOf: [ResourceID: [Int]] = [:]
    for (index, entry) in rules.enumerated() {
      for id in entry.resources { rulesOf[id, default: []].append(index) }
    }
    var places: [[Int]: Int] = [:]
    var groups: [(rules: [Int], resources: [ResourceID])] = []
    for id in rulesOf.keys.sorted() {
      let key = rulesOf[id]!
      if let place = places[key] {
        groups[place].resources.append(id)
      } else {
        places[key] = groups.count
        groups.append((key, [id]))
      }
    }
    return groups
  }

  /// What the rules fill of the week, ascending by start.
  private func stretches(of indices: [Int]) -> [Stretch] {
    var found: [Stretch] = []
    for index in indices {
      let hours = rules[index].hours
      for weekday in rules[index].rule.weekdays {
        let midnight = (weekday.rawValue - 1) * 1440
        let start = midnight + hours.lowerBound.minutes
        let end = midnight + hours.upperBound.minutes
        found.append(Stretch(rule: index, start: start, end: min(end, Self.weekMinutes)))
        if end > Self.weekMinutes { found.append(Stretch(rule: index, start: 0, end: end - Self.weekMinutes)) }
      }
    }
    return found.sorted { ($0.start, $0.rule) < ($1.start, $1.rule) }
  }

  private func time(_ weekMinute: Int) -> String { AgendaMinute(minutes: weekMinute % 1440)!.description }
}

// MARK: - Slots against hours

extension ClinicReader {
  /// Minutes that no slot fills are a warning: a clinic may want them. A rule under which not one slot fits is an error.
  private mutating func checkSlotsFit() {
    for entry in rules {
      for length in slotLengths(of: entry.resources) {
        let open = openStretches(entry)
        let slots = open.reduce(0) { $0 + $1.count / length }
        if slots == 0 {
          findings.error(
            entry.position, "en este turno no cabe ninguna cita de \(length) minutos",
            fix: "alargue el turno o quite descansos")
        } else if let short = open.first(where: { $0.count % length != 0 }) {
          let (from, to) = (AgendaMinute(minutes: short.lowerBound)!, AgendaMinute(minutes: short.upperBound)!)
          findings.warning(
            entry.position,
            "de \(clock(from)) a \(clock(to)) no cabe un número entero de citas de \(length) minutos:"
              + " sobran \(short.count % length)",
            fix: "mueva el descanso o el horario si no es a propósito")
        }
      }
    }
  }

  /// Ascending, unique.
  private func slotLengths(of ids: Set<ResourceID>) -> [Int] {
    let entries = resources.values.filter { $0.ids.contains { ids.contains($0) } }
    return Set(entries.flatMap(\.services).compactMap { service($0.value)?.slotMinutes }).sorted()
  }

  /// The turno without its breaks, in minutes of the agenda.
  func openStretches(_ entry: RuleEntry) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start = entry.hours.lowerBound.minutes
    for pause in entry.rule.breaks {
      if start < pause.lowerBound.minutes { stretches.append(start..<pause.lowerBound.minutes) }
      start = max(start, pause.upperBound.minutes)
    }
    if start < entry.hours.upperBound.minutes { stretches.append(start..<entry.hours.upperBound.minutes) }
    return stretches
  }
}
