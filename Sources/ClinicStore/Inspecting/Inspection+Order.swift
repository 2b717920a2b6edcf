internal import ClinicDomain
internal import Scheduling

/// Whether each place that was given out of order has the row of the history that says who gave it and why.
extension Inspection {
  /// What the check of a night looks at: every row and its history, and the caps and shares of ``night``.
  func nightly() -> [CheckFinding] { findings([history, rowSums, overlaps, order, register, caps, places]) }

  func order() throws(StoreFault) -> [CheckFinding] { try lanes() + handovers() + unexplained() }

  /// Nobody stands beside others but whom staff put there, or the clinic's own rule of overbooking.
  private func lanes() throws(StoreFault) -> [CheckFinding] {
    try find(
      .order,
      """
      SELECT folio FROM appointment WHERE lane >= coalesce(capacity, 1) AND lane <> folio AND 'appointment:' || folio NOT IN (SELECT object FROM audit
        WHERE act IN (\(Self.beside)) AND actor LIKE 'staff:%' AND reason IS NOT NULL OR act = '\(Act.overbook.rawValue)') ORDER BY folio
      """
    ) { "La cita \($0) está junto a otra en el mismo lugar, y la bitácora no dice quién la puso ni por qué." }
  }

  /// A place that somebody left went to whoever was asked for it, or to a walk-in of its day.
  private func handovers() throws(StoreFault) -> [CheckFinding] {
    try find(
      .order,
      """
      SELECT p.taken_by FROM freed_place p JOIN appointment a ON a.folio = p.taken_by WHERE p.state = 'given' AND (
        'appointment:' || p.taken_by NOT IN (SELECT object FROM audit WHERE act IN ('take-place', 'admit-over-cap'))
        OR a.resource <> p.resource OR a.day <> p.day OR a.start_minute <> p.start_minute
        OR EXISTS (SELECT 1 FROM slot_offer o WHERE o.place = p.id AND o.state = 'accepted' AND o.patient <> a.patient))
      ORDER BY p.taken_by
      """
    ) { "El lugar que otra persona dejó pasó a la cita \($0) sin que la bitácora diga cómo." }
  }

  /// Who goes past a rule for somebody else says why.
  private func unexplained() throws(StoreFault) -> [CheckFinding] {
    try find(
      .order, "SELECT seq FROM audit WHERE act IN (\(Self.past)) AND (actor NOT LIKE 'staff:%' OR reason IS NULL) ORDER BY seq"
    ) { "El renglón \($0) de la bitácora pasa por encima de una regla sin decir quién o por qué." }
  }

  /// Every legado has evidence and a status.
  func register() throws(StoreFault) -> [CheckFinding] {
    try find(
      .register,
      """
      SELECT id FROM legado l WHERE NOT EXISTS (SELECT 1 FROM legado_evidence e WHERE e.legado = l.id)
        OR NOT EXISTS (SELECT 1 FROM legado_entry e WHERE e.legado = l.id) ORDER BY id
      """
    ) { "El legado \($0) no tiene evidencia o no tiene estado." }
  }

  /// No turno of a date has more people than its cap, but those whom staff put there beyond it.
  ///
  /// Only where somebody was put within two days: a cap that is lowered later makes nothing wrong of what was right before. And only where all
  /// places are the clinic's own: what another system gives knows no cap.
  private func caps() throws(StoreFault) -> [CheckFinding] {
    guard let (rules, now) = night, !rules.clinic.capacity.caps.isEmpty else { return [] }
    let rows = try Statement(
      """
      SELECT resource, day, turno, count(*), sum('appointment:' || folio IN (SELECT object FROM audit
        WHERE act IN (\(Self.past)) AND actor LIKE 'staff:%' AND reason IS NOT NULL))
      FROM appointment WHERE status IN ('booked', 'arrived', 'checked-in', 'fulfilled') AND lane <> folio
      GROUP BY resource, day, turno HAVING max(created_at) > ? ORDER BY day, resource, turno
      """, in: connection)
    rows.bind(now.adding(seconds: -2 * 86_400).milliseconds, at: 1)
    defer { rows.reset() }
    var found: [CheckFinding] = []
    while found.count < Self.bound, try rows.step() {
      guard let resource = ResourceID(text: rows.text(0)), let date = CivilDate(daysSinceEpoch: Int(rows.integer(1))) else { continue }
      let turno = TurnoCode(rows.text(2))
      guard let cap = rules.clinic.capacity.caps.first(where: { $0.scope.contains(resource, turno) })?.places else { continue }
      let (people, beyond) = (Int(rows.integer(3)), Int(rows.integer(4)))
      if people - beyond > cap, !rules.turnoAgendas(of: resource, on: date).contains(where: { $0.grid.contains(where: rules.isExternal) }) {
        let text = "\(resource), \(date), \(turno): hay \(people) personas con un tope de \(cap), y la bitácora solo explica \(beyond) de más."
        found.append(CheckFinding(.order, text))
      }
    }
    return found
  }

  private func find(
    _ check: CheckFinding.Check, _ sql: String, _ text: (Int64) -> String
  ) throws(StoreFault) -> [CheckFinding] {
    let rows = try Statement("\(sql) LIMIT \(Self.bound)", in: connection)
    defer { rows.reset() }
    var found: [CheckFinding] = []
    while try rows.step() { found.append(CheckFinding(check, text(rows.integer(0)))) }
    return found
  }

  /// Acts that put somebody beside others.
  private static let beside = words([.admit, .admitOverCap, .overrideCap, .acceptConflict])
  /// Acts that go past a rule.
  private static let past = words(Act.allCases.filter(\.goesPastCap))

  static func words(_ acts: [Act]) -> String { acts.map { "'\($0.rawValue)'" }.joined(separator: ", ") }
}
