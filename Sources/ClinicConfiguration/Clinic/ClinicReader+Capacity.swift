internal import ClinicDomain

/// A rule of the section `capacidad`, with the place it stands at.
struct CapacityEntry<Rule> {
  let position: TextPosition
  let scope: TurnoScope
  let rule: Rule
}

extension ClinicReader {
  private static let capacityKeys: [Key] = [.optional("topes"), .optional("cuotas"), .optional("liberaciones"), .optional("sobrecupo")]

  /// - Parameter policy: `nil` when it has a problem of its own, which then stands in the findings.
  mutating func readCapacity(_ tree: Tree?, _ policy: BookingPolicy?) -> CapacityPolicy {
    guard let fields = tree?.fields(of: "capacidad", Self.capacityKeys, &findings) else { return .open }
    let caps = readCaps(fields["topes"])
    let quotas = readQuotas(fields["cuotas"])
    let releases = readReleases(fields["liberaciones"], policy)
    checkOnce(caps, "tope")
    checkOnce(quotas, "cuotas")
    checkOnce(releases, "liberación")
    for quota in quotas { checkFits(quota, under: caps) }
    for cap in caps { checkUseful(cap) }
    readOverbooking(fields["sobrecupo"], policy, under: caps)
    return CapacityPolicy(
      caps: caps.map(\.rule), quotas: quotas.map(\.rule), releases: releases.map(\.rule), overbooking: overbooking.map(\.value))
  }

  // MARK: Each list

  private mutating func readCaps(_ tree: Tree?) -> [CapacityEntry<TurnoCap>] {
    let keys = Self.scopeKeys + [.required("personas", "24")]
    return readEntries(tree, "topes", keys) { reader, fields, scope in
      fields.value("personas", .integer(1...500), &reader.findings).map { TurnoCap(scope: scope, places: $0) }
    }
  }

  private mutating func readQuotas(_ tree: Tree?) -> [CapacityEntry<ChannelQuotas>] {
    let keys = Self.scopeKeys + [
      .required("canales", "{kiosco: 8, telefono: 8, ventanilla: 4}"), .required("se_liberan_horas", "24"),
    ]
    return readEntries(tree, "cuotas", keys) { reader, fields, scope in
      let hours = fields.value("se_liberan_horas", .integer(0...8784, unit: "horas"), &reader.findings)
      guard let channels = fields["canales"] else { return nil }
      let channelKeys = Channel.allCases.map { Key.optional($0.configurationWord) }
      guard let shares = channels.fields(of: "canales", channelKeys, &reader.findings) else { return nil }
      var quotas = ChannelQuotas(scope: scope, fallbackMinutes: 60 * (hours ?? 0))
      for channel in Channel.allCases where shares[channel.configurationWord] != nil {
        guard let places = shares.value(channel.configurationWord, .integer(0...500), &reader.findings) else { return nil }
        quotas[channel] = places
      }
      if quotas.total == 0 {
        // A key that is no channel has been reported, and was probably meant to be one.
        if Channel.allCases.contains(where: { shares[$0.configurationWord] != nil }) {
          reader.findings.error(
            channels.position, "ningún canal tiene lugares propios",
            fix: "escriba cuántos tiene cada uno, o quite este elemento de cuotas")
        }
        return nil
      }
      return hours == nil ? nil : quotas
    }
  }

  private mutating func readReleases(_ tree: Tree?, _ policy: BookingPolicy?) -> [CapacityEntry<ReleaseRule>] {
    let keys = Self.scopeKeys + [
      .required("dias_antes", "28"), .required("desde", "07:00"), .required("cada_minutos", "2"),
    ]
    let turnoCount = turnos.values.count
    return readEntries(tree, "liberaciones", keys) { reader, fields, scope in
      let days = fields.placed("dias_antes", .integer(0...366, unit: "días"), &reader.findings)
      let first = fields.placed("desde", .timeOfDay, &reader.findings)
      let step = fields.value("cada_minutos", .integer(0...120, unit: "minutos"), &reader.findings)
      if let days, let policy, days.value > policy.horizonDays {
        reader.findings.error(
          days.position, "dias_antes es \(days.value) y la agenda solo llega a \(policy.horizonDays) días (horizonte_dias)",
          fix: "escriba \(policy.horizonDays) o menos, o suba horizonte_dias")
      }
      guard let days, let first, let step else { return nil }
      let last = first.value.minutes + step * (scope.resources.count * (scope.turno == nil ? turnoCount : 1) - 1)
      guard last < AgendaMinute.endOfDay.minutes else {
        reader.findings.error(
          first.position, "no alcanza el día: con \(step) minutos entre uno y otro, el último se abriría después de las 24:00",
          fix: "empiece antes, o ponga menos minutos en cada_minutos")
        return nil
      }
      return ReleaseRule(scope: scope, daysAhead: days.value, first: first.value, stepMinutes: step)
    }
  }

  // MARK: What they have in common

  private static let scopeKeys: [Key] = [.required("recursos", "[C1-C15]"), .optional("turno")]

  private mutating func readEntries<Rule>(
    _ tree: Tree?, _ section: String, _ keys: [Key], _ read: (inout ClinicReader, Fields, TurnoScope) -> Rule?
  ) -> [CapacityEntry<Rule>] {
    guard let tree, let items = tree.items(section, &findings) else { return [] }
    var entries: [CapacityEntry<Rule>] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de \(section)", keys, &findings) else { continue }
      let named = fields["recursos"].flatMap { readResourceNames($0, "recursos") }
      let turno = fields.value("turno", turnos.name(TurnoCode.self), &findings)
      let scope = TurnoScope(resources: named ?? [], turno: turno)
      guard let rule = read(&self, fields, scope), named != nil, fields["turno"] == nil || turno != nil else { continue }
      entries.append(CapacityEntry(position: item.position, scope: scope, rule: rule))
    }
    return entries
  }

  /// Of two that name the same turno the second would never be looked at.
  private mutating func checkOnce<Rule>(_ entries: [CapacityEntry<Rule>], _ what: String) {
    for (place, entry) in entries.enumerated() {
      for earlier in entries[..<place] {
        let both = entry.scope.resources.filter { earlier.scope.resources.contains($0) }
        guard !both.isEmpty, entry.scope.turno == nil || earlier.scope.turno == nil || entry.scope.turno == earlier.scope.turno else { continue }
        let verb = both.count == 1 ? "ya tiene" : "ya tienen"
        findings.error(
          entry.position, "\(ResourceRange.describe(both)) \(verb) \(what) en la línea \(earlier.position.line)",
          fix: "deje cada consultorio y turno en un solo elemento")
        break
      }
    }
  }

  /// The channels' shares are of places that there are.
  private mutating func checkFits(_ entry: CapacityEntry<ChannelQuotas>, under caps: [CapacityEntry<TurnoCap>]) {
    guard let (resource, turno, places) = fewest(of: entry.scope, under: caps), entry.rule.total > places else { return }
    findings.error(
      entry.position, "las cuotas suman \(entry.rule.total) y en el turno \(turno) de \(resource) caben \(places) citas",
      fix: "baje las cuotas hasta que sumen \(places) o menos")
  }

  private mutating func checkUseful(_ entry: CapacityEntry<TurnoCap>) {
    guard let (resource, turno, places) = fewest(of: entry.scope, under: []), entry.rule.places < places else { return }
    findings.warning(
      entry.position, "el tope es de \(entry.rule.places) personas y en el turno \(turno) de \(resource) caben \(places) citas",
      fix: "es a propósito si quiere dejar tiempo libre; si no, suba personas")
  }

  /// The turno of a scope with the fewest places on the grid, or under its cap.
  private func fewest(
    of scope: TurnoScope, under caps: [CapacityEntry<TurnoCap>]
  ) -> (resource: ResourceID, turno: TurnoCode, places: Int)? {
    var fewest: (resource: ResourceID, turno: TurnoCode, places: Int)?
    for id in scope.resources {
      guard let (length, stamp) = slot(of: id) else { continue }
      // With time before and after it an appointment shuts the slots beside it.
      let step = (2 * length + Int(stamp.before) + Int(stamp.after) - 1) / length
      for rule in rules where rule.resources.contains(id) && (scope.turno == nil || scope.turno == rule.rule.turno) {
        let grid = openStretches(rule).reduce(0) { $0 + ($1.count / length + step - 1) / step } * Int(stamp.capacity)
        let cap = caps.first { $0.scope.contains(id, rule.rule.turno) }?.rule.places
        let places = min(grid, cap ?? grid)
        if places < fewest?.places ?? .max { fewest = (id, rule.rule.turno, places) }
      }
    }
    return fewest
  }

  /// How long a slot of an agenda is, and what an appointment takes of the agenda besides.
  private func slot(of id: ResourceID) -> (length: Int, stamp: SlotStamp)? {
    let services = resources.values.first { $0.ids.contains(id) }?.services.map(\.value) ?? []
    return self.services.values.first { services.contains($0.code) }.map { ($0.slotMinutes, $0.stamp) }
  }
}

extension ValueParser<AgendaMinute> {
  /// `07:00`: a time of one day, before its end.
  static let timeOfDay = ValueParser { text throws(Complaint) in
    if let time = AgendaMinute(text: text), time < .endOfDay { return time }
    let guess = AgendaMinute(text: text.replacing(".", with: ":")) ?? AgendaMinute(text: text + ":00")
    let fix = guess.flatMap { $0 < .endOfDay ? "escriba \($0)" : nil }
    throw Complaint("\"\(text.excerpt)\" no es una hora del día", fix: fix ?? "escriba una hora de 00:00 a 23:59, como 07:00")
  }
}
