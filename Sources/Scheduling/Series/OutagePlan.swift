package import ClinicDomain

/// Who sits where when chairs are down: every session that loses its chair gets another chair or another hour near its own, or is named as
/// one that has none.
///
/// Nobody loses two sessions in a row. Whoever had none last time, or will have none next time, comes first; when no chair is free for them,
/// somebody who has lost none gives up theirs. Only when every chair within reach belongs to people who would themselves lose a second one
/// is a second one lost, and the alert says so.
///
/// As few people as possible are moved: a chair that works stays its person's, unless a second loss in a row can be avoided in no other way.
package struct OutagePlan: Hashable, Sendable {
  /// A session that is to take place, or should.
  package struct Session: Hashable, Sendable {
    package var patient: PatientID
    package var series: Int64
    package var number: Int
    /// Minutes since 1970 on the clinic's wall, of the beginning that is the session's own.
    package var due: Int
    /// Where it is now; `nil` when it has no place.
    package var slot: Slot?
    /// Whether it must leave its place, or has none and wants one.
    package var isAffected: Bool
    package var needsNoStairs: Bool

    package init(
      patient: PatientID, series: Int64, number: Int, due: Int, slot: Slot?, isAffected: Bool, needsNoStairs: Bool = false
    ) {
      self.patient = patient
      self.series = series
      self.number = number
      self.due = due
      self.slot = slot
      self.isAffected = isAffected
      self.needsNoStairs = needsNoStairs
    }
  }

  package struct Move: Hashable, Sendable {
    /// Its place in the sessions.
    package var session: Int
    package var to: Slot
  }

  package struct Loss: Hashable, Sendable {
    package var session: Int
    /// Whether the one before or after is lost too.
    package var isSecondInARow: Bool
  }

  /// By session.
  package private(set) var moves: [Move]
  /// By session.
  package private(set) var losses: [Loss]

  /// - Parameters:
  ///   - sessions: all of the chairs' sessions that lie near, whoever's, in any order.
  ///   - chairs: the stretches that a session can be held in: none that is closed, over, or somebody else's. Those where the sessions that
  ///     need not move are belong to them.
  ///   - upstairs: chairs that cannot be reached without stairs.
  ///   - lost: sessions of the same people that were lost already, by series and number.
  package init(
    sessions: [Session], chairs: [Slot], rule: ChairRule, upstairs: [ResourceID] = [], lost: [LostSession] = []
  ) {
    var seating = Seating(sessions: sessions, chairs: chairs, rule: rule, upstairs: upstairs, lost: lost)
    seating.seatAll()
    moves = sessions.indices.compactMap { session in
      guard let chair = seating.chair(of: session), chairs[chair] != sessions[session].slot else { return nil }
      return Move(session: session, to: chairs[chair])
    }
    losses = seating.losers.sorted().map { Loss(session: $0, isSecondInARow: seating.isAtRisk($0)) }
  }
}

/// A session that did not take place.
package struct LostSession: Hashable, Sendable {
  package var series: Int64
  package var number: Int

  package init(series: Int64, number: Int) {
    self.series = series
    self.number = number
  }
}

/// A matching of sessions and chairs under construction: who is seated stays seated, though perhaps elsewhere, unless they give up their place
/// to somebody who would lose a second one.
private struct Seating {
  let sessions: [OutagePlan.Session]
  let chairs: [Slot]
  /// By session: the chairs within its hours, the nearest first.
  private var reach: [[Int]]
  /// By session: the other sessions of its person.
  private let mates: [[Int]]
  /// By session.
  private var seats: [Int?]
  /// By chair.
  private var holders: [Int?]
  private var lost: [LostSession]
  /// Sessions that have no chair.
  private(set) var losers: [Int] = []
  private let rule: ChairRule

  init(sessions: [OutagePlan.Session], chairs: [Slot], rule: ChairRule, upstairs: [ResourceID], lost: [LostSession]) {
    self.sessions = sessions
    self.chairs = chairs
    self.rule = rule
    self.lost = lost
    seats = Array(repeating: nil, count: sessions.count)
    holders = Array(repeating: nil, count: chairs.count)
    var ofPerson: [PatientID: [Int]] = [:]
    for (place, session) in sessions.enumerated() { ofPerson[session.patient, default: []].append(place) }
    mates = sessions.enumerated().map { place, session in ofPerson[session.patient, default: []].filter { $0 != place } }
    reach = sessions.map { session in
      chairs.indices
        .filter { abs(chairs[$0].wallStart - session.due) <= rule.withinHours * 60 }
        .filter { !session.needsNoStairs || !upstairs.contains(chairs[$0].resource) }
        .sorted { session.prefers(chairs[$0], to: chairs[$1]) }
    }
    for (session, value) in sessions.enumerated() where !value.isAffected {
      guard let chair = chairs.firstIndex(where: { $0 == value.slot }) else { continue }
      seat(session, at: chair)
    }
  }

  func chair(of session: Int) -> Int? { seats[session] }

  /// Whether the one before or after is lost.
  func isAtRisk(_ session: Int) -> Bool {
    let value = sessions[session]
    return lost.contains { $0.series == value.series && abs($0.number - value.number) == 1 }
  }

  mutating func seatAll() {
    // Whoever would lose a second one first; then the sooner, then whoever cannot take stairs, then in the order of the series.
    func key(_ session: Int) -> (Int, Int, Int, Int64, Int) {
      let value = sessions[session]
      return (isAtRisk(session) ? 0 : 1, value.due, value.needsNoStairs ? 0 : 1, value.series, value.number)
    }
    let affected = sessions.map(\.isAffected)
    var waiting = sessions.indices.filter { affected[$0] }
    while let next = waiting.min(by: { key($0) < key($1) }) {
      waiting.removeAll { $0 == next }
      if find(for: next, through: { affected[$0] }) { continue }
      guard isAtRisk(next) else {
        lose(next)
        continue
      }
      if find(for: next, through: { _ in true }) { continue }
      if let given = giveUp(for: next) { lose(given) } else { lose(next) }
    }
  }

  private mutating func lose(_ session: Int) {
    losers.append(session)
    lost.append(LostSession(series: sessions[session].series, number: sessions[session].number))
  }

  private mutating func seat(_ session: Int, at chair: Int) {
    seats[session] = chair
    holders[chair] = session
  }

  /// Finds a chain that ends in a free chair, and moves everybody along it by one.
  ///
  /// - Parameter mayMove: who may be moved for it.
  private mutating func find(for session: Int, through mayMove: (Int) -> Bool) -> Bool {
    chain(from: session, through: mayMove, endsAt: { _ in false }) != nil
  }

  /// The same, but the chain ends with somebody who can lose theirs: they have lost none before or after. Those who are moved anyway before
  /// those whose chair works.
  private mutating func giveUp(for session: Int) -> Int? {
    let risks = sessions.indices.map { isAtRisk($0) }
    let affected = sessions.map(\.isAffected)
    return chain(from: session, through: { _ in true }, endsAt: { affected[$0] && !risks[$0] })
      ?? chain(from: session, through: { _ in true }, endsAt: { !risks[$0] })
  }

  /// Breadth first, so that as few people as possible are moved.
  ///
  /// - Returns: who has no chair any more, or `session` itself when nobody has to give one up; `nil` when there is no such chain.
  private mutating func chain(
    from session: Int, through mayMove: (Int) -> Bool, endsAt: (Int) -> Bool
  ) -> Int? {
    var cameFrom: [Int?] = Array(repeating: nil, count: chairs.count)
    var queue = [session]
    var seen = Array(repeating: false, count: chairs.count)
    var place = 0
    while place < queue.count {
      let current = queue[place]
      place += 1
      for chair in reach[current] where !seen[chair] && isRested(current, at: chair) {
        let holder = holders[chair]
        guard holder != session else { continue }
        seen[chair] = true
        cameFrom[chair] = current
        if holder == nil || holder.map(endsAt) == true {
          if let holder { seats[holder] = nil }
          move(to: chair, cameFrom)
          return holder ?? session
        }
        // One person's two sessions are not moved at once, so that the rest between them stays what was looked at.
        if let holder, mayMove(holder), !isOnTheWay(holder, to: current, cameFrom) { queue.append(holder) }
      }
    }
    return nil
  }

  /// Whether the chain up to `session` moves somebody's session already.
  private func isOnTheWay(_ other: Int, to session: Int, _ cameFrom: [Int?]) -> Bool {
    var session = session
    while sessions[session].patient != sessions[other].patient {
      guard let chair = seats[session], let before = cameFrom[chair] else { return false }
      session = before
    }
    return true
  }

  /// Seats whoever the chain came from at its last chair, whom it came from before at theirs, and so on to its beginning.
  private mutating func move(to chair: Int, _ cameFrom: [Int?]) {
    var chair: Int? = chair
    while let free = chair, let session = cameFrom[free] {
      let old = seats[session]
      seat(session, at: free)
      chair = old
    }
  }

  /// Whether a person's other sessions leave enough time between.
  private func isRested(_ session: Int, at chair: Int) -> Bool {
    let start = chairs[chair].wallStart
    return !mates[session].contains { other in
      let fixed = sessions[other].isAffected ? nil : sessions[other].slot
      guard let place = seats[other].map({ chairs[$0] }) ?? fixed else { return false }
      return abs(place.wallStart - start) < rule.restHours * 60
    }
  }
}

extension OutagePlan.Session {
  /// Nearer to its own hour, then its own chair, then the earlier, then the first in order.
  fileprivate func prefers(_ left: Slot, to right: Slot) -> Bool {
    func key(_ slot: Slot) -> (Int, Int, Int, ResourceID) {
      (abs(slot.wallStart - due), slot.resource == self.slot?.resource ? 0 : 1, slot.wallStart, slot.resource)
    }
    return key(left) < key(right)
  }
}

extension Slot {
  /// Minutes since 1970 on the clinic's wall clock.
  package var wallStart: Int { date.daysSinceEpoch * 1440 + minutes.lowerBound.minutes }
}
