package import ClinicDomain

/// A search for free slots.
package struct FindSlots: Hashable, Sendable {
  package var service: ServiceCode
  /// For whom; `nil` searches for nobody in particular.
  package var person: PersonView?
  package var channel: Channel
  /// Only this turno.
  package var turno: TurnoCode?
  /// Only this date.
  package var date: CivilDate?
  /// Nothing before this date.
  package var earliestDate: CivilDate?
  /// On each date, nothing before this time.
  package var earliestMinute: AgendaMinute
  /// Only this agenda.
  package var resource: ResourceID?
  /// How many at most.
  package var limit: Int
  /// Whether slots are found that somebody has and the clinic gives to a second person.
  package var includesOverbooked = false
  /// Whether other doctors' slots are found for somebody who stays with their own.
  package var asksForOthers = false

  package init(
    service: ServiceCode, person: PersonView? = nil, channel: Channel, turno: TurnoCode? = nil, date: CivilDate? = nil,
    earliestDate: CivilDate? = nil, earliestMinute: AgendaMinute = .midnight, resource: ResourceID? = nil, limit: Int = 12
  ) {
    self.service = service
    self.person = person
    self.channel = channel
    self.turno = turno
    self.date = date
    self.earliestDate = earliestDate
    self.earliestMinute = earliestMinute
    self.resource = resource
    self.limit = limit
  }
}

/// A slot that was free when the search looked.
package struct FoundSlot: Hashable, Sendable {
  package var slot: Slot
  package var turno: TurnoCode
  package var service: ServiceCode
  /// With the person's own doctor: their consultorio and turno.
  package var ownDoctor: Bool

  package init(slot: Slot, turno: TurnoCode, service: ServiceCode, ownDoctor: Bool) {
    self.slot = slot
    self.turno = turno
    self.service = service
    self.ownDoctor = ownDoctor
  }
}

extension AgendaIndex {
  /// The free slots that fit: the person's own doctor first (their consultorio and turno), then the others; within each by date,
  /// start and resource. Who stays with their doctor has the first of these alone.
  ///
  /// What the person could not book is not among them: past, beyond the horizon, after the end of their rights, up the stairs,
  /// not for this channel, at the time of an appointment that `person` is known to have.
  ///
  /// - Complexity: O(resource-days up to the last slot found), one word each; nothing is allocated per slot.
  package func find(_ query: FindSlots, at now: Instant) -> [FoundSlot] {
    findCounting(query, at: now).slots
  }

  /// As ``find(_:at:)``, and how much it looked at.
  package func findCounting(_ query: FindSlots, at now: Instant) -> (slots: [FoundSlot], work: SearchWork) {
    guard query.limit > 0,
      var scan = FreeSlotScan(self, service: query.service, person: query.person, channel: query.channel, at: now),
      let dates = query.dates(within: scan.dates)
    else { return ([], SearchWork()) }
    scan.includesOverbooked = query.includesOverbooked
    var found: [FoundSlot] = []
    found.reserveCapacity(min(query.limit, 128))
    scan.collectOwnDoctor(query, on: dates, into: &found)
    // An agenda that is named is asked for.
    if query.person?.staysWithDoctor != true || query.asksForOthers || query.resource != nil {
      scan.collectOthers(query, on: dates, into: &found)
    }
    return (found, scan.work)
  }
}

extension FindSlots {
  /// The dates that are asked for among those that can be booked; `nil` when there are none.
  func dates(within bookable: ClosedRange<CivilDate>) -> ClosedRange<CivilDate>? {
    let first = [bookable.lowerBound, earliestDate, date].compactMap(\.self).max()!
    let last = [bookable.upperBound, date].compactMap(\.self).min()!
    return first <= last ? first...last : nil
  }

  func wants(_ turno: TurnoCode) -> Bool { self.turno == nil || turno == self.turno }
}

extension FreeSlotScan {
  /// The person's own doctor, date by date.
  fileprivate mutating func collectOwnDoctor(
    _ query: FindSlots, on dates: ClosedRange<CivilDate>, into found: inout [FoundSlot]
  ) {
    guard let person, let consultorio = person.consultorio, query.resource == nil || query.resource == consultorio,
      let own = resources.first(where: { index.rules.clinic.resources[$0].id == consultorio })
    else { return }
    for date in dates {
      guard found.count < query.limit else { return }
      guard let minute = firstMinute(of: date).map({ max($0, query.earliestMinute) }) else { continue }
      let lane = lane(ofResource: own, on: date, from: minute) { query.wants($0) && $0 == person.turno }
      guard let lane else { continue }
      merge([lane], limit: query.limit, into: &found)
    }
  }

  /// Everybody else, date by date.
  fileprivate mutating func collectOthers(
    _ query: FindSlots, on dates: ClosedRange<CivilDate>, into found: inout [FoundSlot]
  ) {
    let wanted = resources.filter { query.resource == nil || index.rules.clinic.resources[$0].id == query.resource }
    var lanes: [SlotLane] = []
    lanes.reserveCapacity(wanted.count)
    for date in dates {
      guard found.count < query.limit else { return }
      guard let minute = firstMinute(of: date).map({ max($0, query.earliestMinute) }) else { continue }
      lanes.removeAll(keepingCapacity: true)
      for resource in wanted {
        let id = index.rules.clinic.resources[resource].id
        let person = person
        let lane = lane(ofResource: resource, on: date, from: minute) {
          query.wants($0) && person?.isOwnDoctor(id, $0) != true
        }
        if let lane { lanes.append(lane) }
      }
      merge(lanes, limit: query.limit, into: &found)
    }
  }

  /// Takes slots from the lanes by start, then resource, until all are empty or the limit is reached.
  ///
  /// - Parameter lanes: of one date, by resource.
  private mutating func merge(_ lanes: consuming [SlotLane], limit: Int, into found: inout [FoundSlot]) {
    var lanes = lanes
    while found.count < limit {
      var first: (lane: Int, number: Int, start: AgendaMinute)?
      for (place, lane) in lanes.enumerated() {
        guard let number = lane.head else { continue }
        let start = lane.plan.starts[number]
        if let best = first, best.start <= start { continue }
        first = (place, number, start)
      }
      guard let first else { return }
      lanes[first.lane].advance()
      let slot = slot(first.number, of: lanes[first.lane])
      if isClear(slot) { found.append(self.found(slot, turno: lanes[first.lane].turno(ofSlot: first.number))) }
    }
  }
}
