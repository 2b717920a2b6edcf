internal import ClinicDomain

/// The slots nearest to a wish, met so far; see ``AgendaIndex/alternatives(to:at:limit:)`` for the key.
struct NearestSlots {
  /// How a slot is related to the wish; nearer kin first.
  enum Kinship: Int, CaseIterable {
    case sameAgendaDay, ownDoctor, sameTurno, other
  }

  /// The rest of the key, within a kinship.
  private struct Distance: Comparable {
    var days: Int
    var minutes: Int
    var slot: Slot

    static func < (left: Self, right: Self) -> Bool {
      (left.days, left.minutes, left.slot.date, left.slot.start, left.slot.resource)
        < (right.days, right.minutes, right.slot.date, right.slot.start, right.slot.resource)
    }
  }

  /// Nearest first.
  private(set) var found: [FoundSlot] = []
  private let wish: SlotWish
  private let turno: TurnoCode?
  private let limit: Int

  init(_ wish: SlotWish, rules: ClinicRules, limit: Int) {
    self.wish = wish
    self.limit = limit
    turno = rules.turno(of: wish.choice)
  }

  var isFull: Bool { found.count >= limit }

  private func kinship(of resource: ResourceID, _ turno: TurnoCode, on date: CivilDate) -> Kinship {
    if resource == wish.choice.resource, date == wish.choice.date { return .sameAgendaDay }
    if wish.person.isOwnDoctor(resource, turno) { return .ownDoctor }
    return turno == self.turno ? .sameTurno : .other
  }

  /// Appends the nearest of one kinship, until the limit is reached; stops as soon as no farther date can be nearer.
  mutating func collect(_ kinship: Kinship, from scan: inout FreeSlotScan) {
    let resources = resources(for: kinship, of: scan)
    let room = limit - found.count
    var nearest: [(distance: Distance, turno: TurnoCode)] = []
    for dates in dates(for: kinship, of: scan) {
      for date in dates {
        guard let minute = scan.firstMinute(of: date) else { continue }
        for resource in resources {
          let id = scan.index.rules.clinic.resources[resource].id
          let lane = scan.lane(ofResource: resource, on: date, from: minute) { turno in
            self.kinship(of: id, turno, on: date) == kinship
          }
          if let lane { take(lane, from: &scan, room: room, into: &nearest) }
        }
      }
      if nearest.count == room { break }
    }
    found += nearest.map { scan.found($0.distance.slot, turno: $0.turno) }
  }

  /// Keeps the `room` nearest, in order.
  private func take(
    _ lane: consuming SlotLane, from scan: inout FreeSlotScan, room: Int,
    into nearest: inout [(distance: Distance, turno: TurnoCode)]
  ) {
    while let number = lane.head {
      lane.advance()
      let slot = scan.slot(number, of: lane)
      let distance = Distance(
        days: abs(wish.choice.date.distance(to: slot.date)),
        minutes: abs(slot.start.minutes - wish.choice.start.minutes), slot: slot)
      if nearest.count == room, let last = nearest.last, last.distance < distance { continue }
      guard scan.isClear(slot) else { continue }
      let place = nearest.firstIndex { distance < $0.distance } ?? nearest.endIndex
      nearest.insert((distance, lane.turno(ofSlot: number)), at: place)
      if nearest.count > room { nearest.removeLast() }
    }
  }

  private func resources(for kinship: Kinship, of scan: FreeSlotScan) -> [Int] {
    let only: ResourceID? = switch kinship {
    case .sameAgendaDay: wish.choice.resource
    case .ownDoctor: wish.person.consultorio
    case .sameTurno, .other: nil
    }
    if let only { return scan.resources.filter { scan.index.rules.clinic.resources[$0].id == only } }
    return kinship == .ownDoctor ? [] : scan.resources
  }

  /// The bookable dates, in groups of equal distance to the wish, nearest first.
  private func dates(for kinship: Kinship, of scan: FreeSlotScan) -> [[CivilDate]] {
    let wished = wish.choice.date
    guard kinship != .sameAgendaDay else { return scan.dates.contains(wished) ? [[wished]] : [] }
    let nearest = min(max(wished, scan.dates.lowerBound), scan.dates.upperBound)
    let gap = abs(wished.distance(to: nearest))
    let reach = max(
      abs(wished.distance(to: scan.dates.lowerBound)), abs(wished.distance(to: scan.dates.upperBound)))
    return (gap...reach).map { distance in
      let pair = distance == 0 ? [wished] : [wished.advanced(by: -distance), wished.advanced(by: distance)]
      return pair.filter { scan.dates.contains($0) }
    }
  }
}

extension ClinicRules {
  /// The turno that a choice falls into: of the resource that day, or else the clinic's first that has the hour.
  func turno(of choice: SlotChoice) -> TurnoCode? {
    turnoAgendas(of: choice.resource, on: choice.date).first { $0.hours.contains(choice.start) }?.turno
      ?? clinic.turnos.first { $0.hours.contains(choice.start) }?.code
  }
}
