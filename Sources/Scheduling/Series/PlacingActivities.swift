package import ClinicDomain

/// Writes down the sessions of a chair through a date. The server itself asks for it, day after day.
package struct ExtendSessions: Hashable, Sendable {
  package var series: Int64
  package var through: CivilDate

  package init(series: Int64, through: CivilDate) {
    self.series = series
    self.through = through
  }
}

/// Gives an appointment to what is due, or alerts staff that there is none. The server itself asks for it.
package struct PlaceActivity: Hashable, Sendable {
  package var series: Int64
  package var number: Int
  /// `nil` when no place was found.
  package var to: SlotChoice?
  /// The share that the place counts in.
  package var channel: Channel
  /// An appointment that the person has, and that is the visit: one that they booked after they had lost the place, or the old one again.
  package var own: Folio?
  package var folioSeed: UInt64

  package init(series: Int64, number: Int, to: SlotChoice?, channel: Channel = .desk, own: Folio? = nil, folioSeed: UInt64) {
    self.series = series
    self.number = number
    self.to = to
    self.channel = channel
    self.own = own
    self.folioSeed = folioSeed
  }
}

extension ExtendSessions {
  /// - Throws: `series` with `notFound`, `over`, `unknownProgram` (not one of chairs).
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    let series = try scope.activeSeries()
    guard let program = rules.clinic.series.program(series.program), let chair = series.chair else { throw .series(.unknownProgram) }
    let last = scope.series.activities.map(\.due).max()
    let first = max(last?.advanced(by: 1) ?? series.anchor, rules.today(at: now))
    guard first <= through else { return Decision(SeriesOutcome(series), []) }
    let sessions = program.sessions(of: series.id, on: chair, dates: first...through, number: scope.series.nextNumber, at: now)
    return Decision(SeriesOutcome(series, sessions), sessions.map { .activity($0) })
  }
}

extension PlaceActivity {
  /// The person had this coming: limits of what one person may have at once are not asked, and it counts in none. Every other rule holds.
  ///
  /// - Returns: the activity; one that has a place already, or of which staff are alerted already, stays as it is.
  /// - Throws: `series` with `notFound`, `over`, `unknownProgram`, `notDue` (nothing to place), `beyondHorizon` (a place outside its days), then as a
  ///   booking from `serviceNotOffered` on.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    let series = try scope.activeSeries()
    guard let activity = scope.series.activities.first(where: { $0.number == number }), let person = scope.patient else {
      throw .series(.notFound)
    }
    guard let program = rules.clinic.series.program(series.program) else { throw .series(.unknownProgram) }
    guard activity.kind == .appointment, activity.isOpen else { throw .series(.notDue) }
    if activity.status == .scheduled { return Decision(SeriesOutcome(series, [activity]), []) }
    if let own {
      let visit = scope.active.first { $0.folio == own }
      guard let visit, visit.service == program.service, visit.status != .pending, activity.window.contains(visit.slot.date),
        !scope.inSeries.contains(own)
      else { return Decision(SeriesOutcome(series), []) }
      let placed = activity.placed(own, at: now)
      return Decision(SeriesOutcome(series, [placed]), [.activity(placed)])
    }
    guard let to else {
      guard activity.status == .notStarted else { return Decision(SeriesOutcome(series, [activity]), []) }
      let alerted = activity.changed({ $0.status = .onHold; $0.alertedAt = now }, at: now)
      return Decision(SeriesOutcome(series, [alerted]), [.activity(alerted)])
    }
    guard program.allows(to, for: activity) else { throw .beyondHorizon(last: activity.window.upperBound) }
    let offer = try rules.loneOffer(program.service, at: to, to: PersonView(person), through: channel, at: now)
    try scope.checkOpen(offer.slot, at: now)
    let commitments = Commitments(of: scope.active, rules: rules, at: now)
    if let other = commitments.clash(with: offer.slot) ?? commitments.unrested(offer.slot, program) { throw .personBusy(other.folio) }
    try rules.checkRoom(for: offer, through: channel, load: scope.load, at: now)
    try scope.checkUnoffered(offer.slot, stamped: offer.service.stamp, at: now)
    if let other = scope.occupant(of: offer.slot, stamped: offer.service.stamp, at: now) { throw .slotTaken(by: other.folio) }
    let appointment = Appointment(
      folio: folio, patient: person.id, service: program.service, turno: offer.turno, slot: offer.slot, status: .booked, channel: channel,
      holdExpiresAt: nil, cancellation: nil, createdAt: now, changedAt: now)
    let placed = activity.placed(folio, at: now)
    return Decision(
      SeriesOutcome(series, [placed]), scope.endingStaleHolds(at: now) + [.insert(appointment), .activity(placed)])
  }
}

extension SeriesActivity {
  /// It has an appointment, and nobody needs to be alerted.
  func placed(_ folio: Folio, at now: Instant) -> SeriesActivity {
    changed({
      $0.status = .scheduled
      $0.folio = folio
      $0.alertedAt = nil
      $0.acknowledgedAt = nil
    }, at: now)
  }

  /// Minutes since 1970 on the clinic's wall, of what has an hour of its own.
  var wallStart: Int? { start.map { due.daysSinceEpoch * 1440 + $0.minutes } }
}

extension SeriesProgram {
  /// Whether a place is near enough to what is due: in its days, and of a session within its hours.
  func allows(_ choice: SlotChoice, for activity: SeriesActivity) -> Bool {
    guard activity.window.contains(choice.date) else { return false }
    guard case .chairs(let rule) = plan, let due = activity.wallStart else { return true }
    return abs(choice.date.daysSinceEpoch * 1440 + choice.start.minutes - due) <= rule.withinHours * 60
  }
}

extension Commitments {
  /// Another session of the person's that begins too soon before or after a slot.
  func unrested(_ slot: Slot, _ program: SeriesProgram) -> Appointment? {
    guard case .chairs(let rule) = program.plan else { return nil }
    return appointments.first { $0.service == program.service && abs($0.slot.wallStart - slot.wallStart) < rule.restHours * 60 }
  }
}

// MARK: - Where there is a place

extension AgendaIndex {
  /// The best free place for what is due: of a session its own chair and hour, or what is nearest to that; of a visit the nearest day, of one
  /// day the own doctor first.
  ///
  /// - Parameters:
  ///   - chair: of a series of sessions.
  ///   - person: with their active appointments.
  /// - Returns: `nil` when there is none within its days.
  package func place(
    for activity: SeriesActivity, of program: SeriesProgram, chair: StandingPlace?, person: PersonView, channel: Channel, at now: Instant
  ) -> SlotChoice? {
    guard var scan = FreeSlotScan(self, service: program.service, person: person, channel: channel, at: now) else { return nil }
    let days = activity.window.filter { scan.dates.contains($0) }
    var best: (key: PlaceKey, choice: SlotChoice)?
    for date in days.sorted(by: { (abs(activity.due.distance(to: $0)), $0) < (abs(activity.due.distance(to: $1)), $1) }) {
      // A visit is on the nearest day that has a place at all; a session's hours reach over midnight.
      if best != nil, activity.start == nil { break }
      guard let minute = scan.firstMinute(of: date) else { continue }
      for resource in scan.resources {
        guard var lane = scan.lane(ofResource: resource, on: date, from: minute, turnos: { _ in true }) else { continue }
        while let number = lane.head {
          lane.advance()
          let slot = scan.slot(number, of: lane)
          guard program.allows(slot.choice, for: activity), scan.isClear(slot), scan.commitments.unrested(slot, program) == nil else { continue }
          let key = PlaceKey(slot, lane.turno(ofSlot: number), for: activity, chair: chair, person: person)
          if best.map({ key < $0.key }) ?? true { best = (key, slot.choice) }
        }
      }
    }
    return best?.choice
  }
}

/// Which of two free places is better for what is due.
private struct PlaceKey: Comparable {
  private let minutesOff: Int
  private let isElsewhere: Int
  private let wallStart: Int
  private let resource: ResourceID

  init(_ slot: Slot, _ turno: TurnoCode, for activity: SeriesActivity, chair: StandingPlace?, person: PersonView) {
    minutesOff = activity.wallStart.map { abs(slot.wallStart - $0) } ?? 0
    if let chair { isElsewhere = slot.resource == chair.resource ? 0 : 1 } else {
      isElsewhere = person.isOwnDoctor(slot.resource, turno) ? 0 : turno == person.turno ? 1 : 2
    }
    wallStart = slot.wallStart
    resource = slot.resource
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.minutesOff, left.isElsewhere, left.wallStart, left.resource) < (right.minutesOff, right.isElsewhere, right.wallStart, right.resource)
  }
}
