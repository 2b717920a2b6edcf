package import ClinicDomain

/// A visit of a periodic series took place: what comes after it is arranged. Staff only.
package struct RenewSeries: Hashable, Sendable {
  package var actor: Actor
  package var series: Int64
  /// The day of the visit.
  package var visit: CivilDate

  package init(actor: Actor, series: Int64, visit: CivilDate) {
    self.actor = actor
    self.series = series
    self.visit = visit
  }
}

/// A prescription was collected, by the person or by whoever they sent. Staff only.
package struct CollectPrescription: Hashable, Sendable {
  package var actor: Actor
  package var series: Int64
  package var number: Int

  package init(actor: Actor, series: Int64, number: Int) {
    self.actor = actor
    self.series = series
    self.number = number
  }
}

/// Somebody of the clinic takes charge of what has no place.
package struct AcknowledgeAlert: Hashable, Sendable {
  package var actor: Actor
  package var series: Int64
  package var number: Int

  package init(actor: Actor, series: Int64, number: Int) {
    self.actor = actor
    self.series = series
    self.number = number
  }
}

/// What was not collected in its days is written down as missed. The server itself asks for it.
package struct LapsePrescriptions: Hashable, Sendable {
  package var series: Int64

  package init(series: Int64) { self.series = series }
}

extension RenewSeries {
  /// The visit is done, what is left of the prescriptions before it is void, and the next ones and the next visit are due. An appointment
  /// that the visit had for a later day goes back to the agenda.
  ///
  /// - Throws: `notAllowed`, then `series` with `notFound`, `over`, `unknownProgram` (not a periodic one), `notDue` (no visit is open),
  ///   `dateOutOfRange` (to come, a month ago, or not after the visit before).
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    guard case .staff = actor else { throw .notAllowed }
    var series = try scope.activeSeries()
    guard let program = rules.clinic.series.program(series.program), case .periodic = program.plan else { throw .series(.unknownProgram) }
    guard let open = scope.series.activities.last(where: { $0.kind == .appointment && $0.isOpen }) else { throw .series(.notDue) }
    let today = rules.today(at: now)
    let isFirst = open.number == 1
    guard (today.advanced(by: -StartSeries.lateDays)...today).contains(visit), isFirst ? visit >= series.anchor : visit > series.anchor else {
      throw .series(.dateOutOfRange)
    }
    var changes: [AgendaChange] = []
    if let appointment = scope.series.appointments[open.number] { changes += appointment.yielded(rules: rules, at: now) }
    let done = open.changed({ $0.status = .completed; $0.alertedAt = nil }, at: now)
    let void = scope.series.activities.filter { $0.kind == .medicationRequest && $0.isOpen }
      .map { $0.changed({ $0.status = .cancelled }, at: now) }
    series.anchor = visit
    series.changedAt = now
    let next = program.cycle(
      of: series.id, after: visit, number: scope.series.nextNumber, today: today, days: rules.clinic.businessDays, at: now)
    let all = void + [done] + next
    return Decision(SeriesOutcome(series, all), changes + [.series(series)] + all.map { .activity($0) })
  }
}

extension CollectPrescription {
  /// - Returns: the prescription; one that is collected already stays so.
  /// - Throws: `notAllowed`, then `series` with `notFound`, `over`, `missed`, `notDue`, `notYet`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    guard case .staff = actor else { throw .notAllowed }
    let series = try scope.activeSeries()
    let prescriptions = scope.series.activities.filter { $0.kind == .medicationRequest }
    guard let wanted = prescriptions.first(where: { $0.number == number }) else { throw .series(.notFound) }
    if wanted.status == .completed { return Decision(SeriesOutcome(series, [wanted]), []) }
    let today = rules.today(at: now)
    if let missed = prescriptions.first(where: { $0.isMissed(on: today) && $0.voids(wanted, in: scope.series, by: rules, series) }) {
      throw .series(.missed(last: missed.window.upperBound))
    }
    guard wanted.status == .notStarted else { throw .series(.notDue) }
    guard wanted.window.lowerBound <= today else { throw .series(.notYet(wanted.window.lowerBound)) }
    let collected = wanted.changed({ $0.status = .completed }, at: now)
    return Decision(SeriesOutcome(series, [collected]), [.activity(collected)])
  }
}

extension LapsePrescriptions {
  /// Where the clinic says so, what comes after a missed prescription is void, and the next visit is due at once.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    let series = try scope.activeSeries()
    let today = rules.today(at: now)
    let prescriptions = scope.series.activities.filter { $0.kind == .medicationRequest && $0.status == .notStarted }
    let missed = prescriptions.filter { $0.isMissed(on: today) }
    guard !missed.isEmpty else { return Decision(SeriesOutcome(series), []) }
    var changed = missed.map { $0.changed({ $0.status = .stopped }, at: now) }
    let void = prescriptions.filter { wanted in !missed.contains(wanted) && missed.contains { $0.voids(wanted, in: scope.series, by: rules, series) } }
    changed += void.map { $0.changed({ $0.status = .cancelled }, at: now) }
    if rules.lapses(series), let program = rules.clinic.series.program(series.program),
      let visit = scope.series.activities.last(where: { $0.kind == .appointment && $0.status == .notStarted })
    {
      let soon = today.advanced(by: 1)
      changed.append(visit.changed({
        $0.due = min($0.due, soon)
        $0.window = $0.due...max($0.due, soon.advanced(by: program.toleranceDays))
      }, at: now))
    }
    changed.sort { $0.number < $1.number }
    return Decision(SeriesOutcome(series, changed), changed.map { .activity($0) })
  }
}

extension AcknowledgeAlert {
  /// - Throws: `notAllowed`, then `series` with `notFound`, `notDue` (it has a place).
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<SeriesOutcome> {
    guard case .staff = actor else { throw .notAllowed }
    guard let series = scope.series.series, let activity = scope.series.activities.first(where: { $0.number == number }) else {
      throw .series(.notFound)
    }
    guard activity.alertedAt != nil else { throw .series(.notDue) }
    guard activity.acknowledgedAt == nil else { return Decision(SeriesOutcome(series, [activity]), []) }
    let seen = activity.changed({ $0.acknowledgedAt = now }, at: now)
    return Decision(SeriesOutcome(series, [seen]), [.activity(seen)])
  }
}

extension CommandScope {
  /// The named series, when it goes on.
  ///
  /// - Throws: `series` with `notFound` or `over`.
  func activeSeries() throws(CommandRefusal) -> CareSeries {
    guard let series = series.series else { throw .series(.notFound) }
    guard series.status == .active else { throw .series(.over) }
    return series
  }
}

extension SeriesActivity {
  /// Whether it is still to be done.
  package var isOpen: Bool { status == .notStarted || status == .scheduled || status == .onHold }

  /// Whether a prescription's days are over and nobody collected it.
  fileprivate func isMissed(on today: CivilDate) -> Bool {
    status == .stopped || (status == .notStarted && window.upperBound < today)
  }

  /// Whether another prescription can be collected no more once this one is missed: itself, and where the clinic says so, those of the
  /// same visit that come after it. Between the prescriptions of two visits stands a visit.
  fileprivate func voids(_ other: SeriesActivity, in scope: SeriesScope, by rules: ClinicRules, _ series: CareSeries) -> Bool {
    if number == other.number { return true }
    guard rules.lapses(series), number < other.number else { return false }
    return !scope.activities.contains { $0.kind == .appointment && number < $0.number && $0.number < other.number }
  }
}

extension ClinicRules {
  fileprivate func lapses(_ series: CareSeries) -> Bool {
    guard case .periodic(let rule)? = clinic.series.program(series.program)?.plan else { return false }
    return rule.prescriptions?.lapses ?? false
  }
}

extension Appointment {
  /// It goes back to the agenda, when it is booked and still to come: nobody needs it any more.
  func yielded(rules: ClinicRules, at now: Instant) -> [AgendaChange] {
    guard status == .booked, now < rules.start(of: slot) else { return [] }
    return [.replace(cancelled(.notNeeded, at: now))] + rules.freeing(self, by: .cancellation, at: now)
  }
}
