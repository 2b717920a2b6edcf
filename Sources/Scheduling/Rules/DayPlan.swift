internal import ClinicDomain

/// What a resource works on one weekday, closures left aside: its turnos, and all their slots with a number each.
struct DayPlan: Hashable, Sendable {
  struct TurnoPlan: Hashable, Sendable {
    var turno: TurnoCode
    var hours: Range<AgendaMinute>
    var stretches: [Range<AgendaMinute>]
    /// The numbers of its slots.
    var slots: Range<Int>
    /// Who may have how many of them, and from when on.
    var share: TurnoShare
  }

  /// By start.
  let turnos: [TurnoPlan]
  /// Slot `i` is `starts[i] ..< starts[i] + slotMinutes`; ascending, not overlapping.
  let starts: [AgendaMinute]
  let slotMinutes: Int
  /// What another system gives the appointments of; ascending, not overlapping.
  let external: [Range<AgendaMinute>]

  static let empty = DayPlan(turnos: [], starts: [], slotMinutes: 1, external: [])

  /// The plan of one resource on one weekday.
  init(_ resource: AgendaResource, on weekday: Weekday, in clinic: Clinic) {
    let given = resource.services.lazy.compactMap(clinic.service).first
    let length = given?.slotMinutes ?? 0
    // Who gives no service of their own works all the same, and others' appointments may need them: a turno without slots.
    guard length > 0 || resource.services.isEmpty else { self = .empty; return }
    let works = resource.rules.filter { $0.weekdays.contains(weekday) }
      .compactMap { rule in clinic.turno(rule.turno).map { (turno: $0, breaks: rule.breaks) } }
      .sorted { $0.turno.hours.lowerBound < $1.turno.hours.lowerBound }
    let external = clinic.owners.external(resource.id, on: weekday)
    var turnos: [TurnoPlan] = []
    var starts: [AgendaMinute] = []
    for (turno, breaks) in works {
      let stretches = turno.hours.removing(breaks)
      let first = starts.count
      let grid = length > 0 ? stretches.flatMap { $0.cut(into: length) } : []
      starts += grid.map(\.lowerBound)
      let slots = first..<starts.count
      let own = grid.count { slot in !external.contains { $0.overlaps(slot) } }
      turnos.append(
        TurnoPlan(
          turno: turno.code, hours: turno.hours, stretches: stretches, slots: slots,
          share: TurnoShare(of: resource.id, turno, slots: own * Int(given?.stamp.capacity ?? 1), in: clinic)))
    }
    // Longer than any agenda: no slot of it fits.
    self.init(turnos: turnos, starts: starts, slotMinutes: length > 0 ? length : AgendaMinute.latest.minutes + 1, external: external)
  }

  private init(turnos: [TurnoPlan], starts: [AgendaMinute], slotMinutes: Int, external: [Range<AgendaMinute>]) {
    self.turnos = turnos
    self.starts = starts
    self.slotMinutes = slotMinutes
    self.external = external
  }

  func minutes(ofSlot number: Int) -> Range<AgendaMinute> {
    let start = starts[number]
    // In range: the slot was cut out of a turno's hours.
    return start..<start.adding(minutes: slotMinutes)!
  }

  /// Whether any part of a stretch is another system's.
  func isExternal(_ minutes: Range<AgendaMinute>) -> Bool { external.contains { $0.overlaps(minutes) } }

  /// The number of the first slot that starts at or after `minute`; the number of slots when there is none.
  func firstSlot(from minute: AgendaMinute) -> Int {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < minute { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The numbers of the slots that overlap a stretch of time, whether or not it stands on the grid.
  func slots(overlapping minutes: Range<AgendaMinute>) -> Range<Int> {
    guard !minutes.isEmpty else { return 0..<0 }
    var first = firstSlot(from: minutes.lowerBound)
    if first > 0, self.minutes(ofSlot: first - 1).upperBound > minutes.lowerBound { first -= 1 }
    return first..<max(first, firstSlot(from: minutes.upperBound))
  }
}
