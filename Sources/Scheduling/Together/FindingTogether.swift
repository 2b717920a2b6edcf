package import ClinicDomain

extension PersonView {
  /// Several people who come at once, as one: a room that all of them reach, a date that covers each, a time at which none is elsewhere. The
  /// doctor is the first one's.
  package init(together people: [PersonView]) {
    self.init(
      consultorio: people.first?.consultorio, turno: people.first?.turno, needsNoStairs: people.contains(where: \.needsNoStairs),
      coverage: people.map(\.coverage).min { $0.isShorter(than: $1) } ?? .withoutKnownEnd, active: people.flatMap(\.active))
    elsewhere = people.compactMap(\.elsewhere).min { $0.from < $1.from }
  }
}

extension Rights.Coverage {
  fileprivate func isShorter(than other: Self) -> Bool {
    switch (self, other) {
    case (.none, .none), (.withoutKnownEnd, _): false
    case (.none, _): true
    case (.through(let last), .through(let otherLast)): last < otherLast
    case (.through, .none): false
    case (.through, .withoutKnownEnd): true
    }
  }
}

extension AgendaIndex {
  /// Slots that follow each other in one turno of one agenda, one for each of `count` people: the doctor of `query`'s person first, then by
  /// date, start and resource. Of a long free stretch every beginning is one.
  ///
  /// - Parameter query: its person is all of them, see ``PersonView/init(together:)``.
  /// - Complexity: O(resource-days up to the last one found), one word each and its free slots.
  package func findTogether(_ count: Int, _ query: FindSlots, at now: Instant) -> [[FoundSlot]] {
    guard query.limit > 0, count > 0,
      var scan = FreeSlotScan(self, service: query.service, person: query.person, channel: query.channel, at: now),
      scan.service.companions.isEmpty, let dates = query.dates(within: scan.dates)
    else { return [] }
    scan.places = count
    var own: [[FoundSlot]] = []
    var others: [[FoundSlot]] = []
    for date in dates where others.count < query.limit {
      guard let minute = scan.firstMinute(of: date).map({ max($0, query.earliestMinute) }) else { continue }
      var runs: [[FoundSlot]] = []
      for resource in scan.resources {
        let id = scan.index.rules.clinic.resources[resource].id
        guard query.resource == nil || query.resource == id,
          let lane = scan.lane(ofResource: resource, on: date, from: minute, turnos: query.wants)
        else { continue }
        runs += scan.runs(of: count, in: lane)
      }
      runs.sort { ($0[0].slot.start, $0[0].slot.resource) < ($1[0].slot.start, $1[0].slot.resource) }
      own += runs.filter { $0[0].ownDoctor }
      others += runs.filter { !$0[0].ownDoctor }
      if own.count >= query.limit { break }
    }
    return Array((own + others).prefix(query.limit))
  }
}

extension FreeSlotScan {
  /// Every run of so many free slots of a lane, by start: each begins a step after the one before.
  fileprivate mutating func runs(of count: Int, in lane: SlotLane) -> [[FoundSlot]] {
    var lane = lane
    var free: [FoundSlot] = []
    while let number = lane.head {
      let next = found(slot(number, of: lane), turno: lane.turno(ofSlot: number))
      lane.advance()
      if isClear(next.slot) { free.append(next) }
    }
    return free.indices.compactMap { first in
      var run = [free[first]]
      var wanted = run[0].slot.start.adding(minutes: service.stepMinutes)
      for next in free[(first + 1)...] where run.count < count && next.slot.start == wanted && next.turno == run[0].turno {
        run.append(next)
        wanted = next.slot.start.adding(minutes: service.stepMinutes)
      }
      return run.count == count ? run : nil
    }
  }
}
