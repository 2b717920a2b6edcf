internal import ClinicDomain

/// Who had which stretch of each agenda from when until when; of what comes of it, how it stood at each midnight.
struct MeasuredAgenda: Sendable {
  private struct Stretch: Sendable {
    enum Kind: UInt8, Sendable { case appointment, freedAppointment, keptPlace, block }

    var start: UInt16
    var end: UInt16
    /// The slots of the day's plan that it reaches into.
    var firstSlot: UInt16
    var endSlot: UInt16
    var kind: Kind
    /// How many people may have its slot.
    var capacity: UInt8
    var from: Instant
    var until: Instant

    var isAppointment: Bool { kind == .appointment || kind == .freedAppointment }
    func stands(at instant: Instant) -> Bool { from <= instant && instant < until }
    func overlaps(_ other: Self) -> Bool { start < other.end && other.start < end }
  }

  private let rules: ClinicRules
  private let period: ClosedRange<CivilDate>
  /// The period, and as far as its last day looked ahead.
  let dates: ClosedRange<CivilDate>
  /// Day by day of one resource, then of the next.
  private var cells: [[Stretch]]

  init(rules: ClinicRules, period: ClosedRange<CivilDate>) {
    self.rules = rules
    self.period = period
    dates = period.lowerBound...period.upperBound.advanced(by: rules.clinic.policy.horizonDays)
    cells = Array(repeating: [], count: rules.clinic.resources.count * dates.count)
  }

  mutating func add(_ appointment: MeasuredAppointment, resource: Int, isFreed: Bool) {
    add(
      appointment.slot, resource: resource, isFreed ? .freedAppointment : .appointment, stamp: appointment.stamp, from: appointment.createdAt,
      until: appointment.leftAt)
  }

  mutating func add(_ place: FreedPlace) {
    guard let resource = rules.clinic.resourceIndex(place.slot.resource) else { return }
    add(place.slot, resource: resource, .keptPlace, stamp: rules.stamp(of: place.service), from: place.freedAt, until: place.isKept ? place.until : place.changedAt)
  }

  mutating func add(_ block: AgendaBlock) {
    guard let resource = rules.clinic.resourceIndex(block.slot.resource) else { return }
    add(block.slot, resource: resource, .block, from: block.createdAt, until: block.liftedAt ?? .latest)
  }

  private mutating func add(
    _ slot: Slot, resource: Int, _ kind: Stretch.Kind, stamp: SlotStamp = .exclusive, from: Instant, until: Instant
  ) {
    guard dates.contains(slot.date) else { return }
    let slots = rules.plan(ofResource: resource, on: slot.date).slots(overlapping: stamp.reach(of: slot.minutes))
    cells[resource * dates.count + dates.lowerBound.distance(to: slot.date)].append(
      Stretch(
        start: UInt16(slot.minutes.lowerBound.minutes), end: UInt16(slot.minutes.upperBound.minutes), firstSlot: UInt16(slots.lowerBound),
        endSlot: UInt16(slots.upperBound), kind: kind, capacity: stamp.capacity, from: from, until: until))
  }
}

// MARK: - Freed slots

extension MeasuredAgenda {
  /// By resource, of the slots of the period that were left in time: those with an appointment that was made afterwards.
  func freed() -> [Proportion] {
    rules.clinic.resources.indices.map { resource in
      var proportion = Proportion()
      for day in 0..<period.count {
        let cell = cells[resource * dates.count + day]
        for left in cell where left.kind == .freedAppointment {
          proportion.total += 1
          if cell.contains(where: { $0.isAppointment && left.until <= $0.from && $0.overlaps(left) }) { proportion.count += 1 }
        }
      }
      return proportion
    }
  }
}

// MARK: - The third next slot

extension MeasuredAgenda {
  /// By resource, for each day of the period.
  func thirdNext() -> [[Int?]] {
    let midnights = period.map { (date: $0, instant: rules.zone.instant(of: $0, minute: .midnight)) }
    return rules.clinic.resources.indices.map { resource in
      let days = dates.map { date in
        (date: date, plan: rules.plan(ofResource: resource, on: date), open: rules.openSlots(ofResource: resource, on: date))
      }
      return midnights.indices.map { day in
        var found = 0
        for ahead in 0...rules.clinic.policy.horizonDays where day + ahead < days.count {
          let (date, plan, open) = days[day + ahead]
          guard !open.isEmpty else { continue }
          found += free(
            cells[resource * dates.count + day + ahead], open, plan, on: date, today: midnights[day].date, at: midnights[day].instant)
          if found >= ClinicMeasures.rank { return ahead }
        }
        return nil
      }
    }
  }

  /// Whether nobody more may have the slot that a stretch shares with others.
  private func isFull(_ stretch: Stretch, of cell: [Stretch], at instant: Instant) -> Bool {
    cell.count { $0.start == stretch.start && $0.stands(at: instant) } >= Int(stretch.capacity)
  }

  /// How many slots of an agenda's date could be booked at an instant, on whatever channel.
  private func free(
    _ cell: [Stretch], _ open: SlotMask, _ plan: DayPlan, on date: CivilDate, today: CivilDate, at instant: Instant
  ) -> Int {
    var mask = open
    for stretch in cell where stretch.stands(at: instant) && (stretch.capacity == 1 || isFull(stretch, of: cell, at: instant)) {
      mask.remove(Int(stretch.firstSlot)..<Int(stretch.endSlot))
    }
    guard plan.turnos.contains(where: { $0.share.cap != nil || $0.share.opening != nil }) else { return mask.count }
    return plan.turnos.reduce(0) { sum, turno in
      guard rules.isOpened(turno.share, on: date, today: today, at: instant) else { return sum }
      var ofTurno = mask
      ofTurno.remove(0..<turno.slots.lowerBound)
      ofTurno.remove(turno.slots.upperBound..<plan.starts.count)
      guard let cap = turno.share.cap else { return sum + ofTurno.count }
      let hours = UInt16(turno.hours.lowerBound.minutes)..<UInt16(turno.hours.upperBound.minutes)
      let load = cell.count { $0.kind != .block && $0.stands(at: instant) && hours.contains($0.start) }
      return sum + min(ofTurno.count, max(0, cap - load))
    }
  }
}
