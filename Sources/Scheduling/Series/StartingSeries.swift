package import ClinicDomain

/// Begins a series for a person; staff only.
package struct StartSeries: Hashable, Sendable {
  package var actor: Actor
  package var patient: PatientID
  package var program: SeriesCode
  /// What the days are counted from; see ``CareSeries/anchor``.
  package var anchor: CivilDate
  /// For a program of chairs.
  package var chair: StandingPlace?
  package var channel: Channel

  package init(
    actor: Actor, patient: PatientID, program: SeriesCode, anchor: CivilDate, chair: StandingPlace? = nil, channel: Channel = .desk
  ) {
    self.actor = actor
    self.patient = patient
    self.program = program
    self.anchor = anchor
    self.chair = chair
    self.channel = channel
  }

  /// A pregnancy lasts 40 weeks and is over after 42.
  static let pregnancyDays = 42 * 7
  /// A visit of the last month may be written down late.
  static let lateDays = 31
}

extension StartSeries {
  /// Everything that is due is written down at once; a place is found for each when the agenda reaches it.
  ///
  /// - Throws: `notAllowed` (not staff, or a person nobody knows), then `series` with, in this order, `unknownProgram`, `alreadyActive`,
  ///   `dateOutOfRange`, `noSuchChair`, `chairTaken`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    guard case .staff = actor, let person = scope.patient else { throw .notAllowed }
    guard let program = rules.clinic.series.program(program), let service = rules.service(program.service) else {
      throw .series(.unknownProgram)
    }
    if let other = scope.series.active.first(where: { $0.program == program.code }) { throw .series(.alreadyActive(other.id)) }
    let today = rules.today(at: now)
    guard program.anchors(on: today, horizon: rules.horizon(at: now)).contains(anchor) else { throw .series(.dateOutOfRange) }
    try check(chair, of: program, service, for: person, in: scope, rules: rules)
    let series = CareSeries(
      id: scope.series.next, patient: person.id, program: program.code, anchor: anchor, chair: chair, createdAt: now, changedAt: now)
    let activities = program.opening(of: series.id, from: anchor, today: today, days: rules.clinic.businessDays, at: now)
    return Decision(SeriesOutcome(series, activities), [.series(series)] + activities.map { .activity($0) })
  }

  private func check(
    _ chair: StandingPlace?, of program: SeriesProgram, _ service: Service, for person: Patient, in scope: CommandScope, rules: ClinicRules
  ) throws(CommandRefusal) {
    guard case .chairs(let rule) = program.plan else {
      if chair != nil { throw .series(.noSuchChair) }
      return
    }
    guard let chair, chair.weekdays.count == rule.perWeek, let resource = rules.clinic.resource(chair.resource),
      resource.services.contains(service.code), resource.isReachable(by: PersonView(person)),
      chair.weekdays.allSatisfy({ rules.hasSlot(at: chair.start, of: chair.resource, on: $0) })
    else { throw .series(.noSuchChair) }
    let isTaken = scope.series.standing.contains { other in
      other.resource == chair.resource && other.weekdays.contains(where: chair.weekdays.contains)
        && abs(other.start.minutes - chair.start.minutes) < service.slotMinutes
    }
    if isTaken { throw .series(.chairTaken) }
  }
}

extension SeriesProgram {
  /// The dates that a series can be counted from.
  fileprivate func anchors(on today: CivilDate, horizon: CivilDate) -> ClosedRange<CivilDate> {
    switch plan {
    case .prenatal: today.advanced(by: -StartSeries.pregnancyDays)...today
    case .periodic(let rule): today.advanced(by: rule.firstWithinDays == nil ? -StartSeries.lateDays : 0)...today
    case .chairs: today...horizon
    }
  }
}

extension ClinicRules {
  /// Whether a slot of a resource's grid begins then on a weekday, closures left aside.
  fileprivate func hasSlot(at start: AgendaMinute, of resource: ResourceID, on weekday: Weekday) -> Bool {
    guard let index = clinic.resourceIndex(resource) else { return false }
    return plan(ofResource: index, on: weekday).starts.contains(start)
  }
}
