internal import ClinicDomain
internal import ClinicStore
internal import Scheduling

/// What the server does of itself for series: it writes down the sessions of coming days, gives what is due its place, writes down what was
/// missed, and finds other chairs for the sessions of those that are down.
struct SeriesKeeper: Sendable {
  let counter: Counter

  init(_ counter: Counter) { self.counter = counter }

  /// So many days before it is due, staff are alerted of what has no place: time enough to open an agenda or to ask another unit.
  private static let leadDays = 7

  private var rules: ClinicRules { counter.rules }
  private var hasPrograms: Bool { !rules.clinic.series.programs.isEmpty }

  /// - Parameter reopening: whether what has lost its place is looked for too.
  /// - Returns: how much there was to do.
  func look(reopening: Bool) async throws(StoreFault) -> Int {
    guard hasPrograms else { return 0 }
    let (today, last) = (counter.today, rules.horizon(at: counter.now))
    let settled = counter.now.adding(seconds: -LifeCommand.undoSeconds)
    let (short, missed, lost) = try await counter.store.read { reader throws(StoreFault) in
      (
        try reader.seriesToExtend(through: last), try reader.seriesWithMissedPrescriptions(on: today),
        reopening ? try reader.activitiesToReopen(from: today, changedBefore: settled) : []
      )
    }
    var done = 0
    for activity in lost { done += try await count(.reopen(ReopenActivity(series: activity.series, number: activity.number))) }
    let handed = try await counter.store.read { reader throws(StoreFault) in try reader.seriesHandedOver(by: today) }
    for series in handed where rules.clinic.series.program(series.program).flatMap({ rules.clinic.service($0.service) })?.requiresRights != false {
      if case .granted(.series(let outcome), _) = try await counter.submit(.transfer(.handOverSeries(HandOverSeries(series: series.id)))),
        outcome.series.status != .active { done += 1 }
    }
    for series in short { done += try await count(.extend(ExtendSessions(series: series.id, through: last))) }
    for series in missed { done += try await count(.lapse(LapsePrescriptions(series: series))) }
    let due = try await counter.store.read { reader throws(StoreFault) in try reader.activitiesToPlace(from: today, through: last) }
    for activity in due { done += try await place(activity, today: today) }
    return done
  }

  /// Sessions among appointments that stand in a closed agenda, day by day: each day's in one step.
  ///
  /// - Returns: how many were moved, or staff are alerted of.
  func replan(_ closed: [Appointment]) async throws(StoreFault) -> Int {
    guard hasPrograms else { return 0 }
    var done = 0
    for program in rules.clinic.series.programs {
      guard case .chairs = program.plan else { continue }
      let dates = Set(closed.filter { $0.service == program.service }.map(\.slot.date)).sorted()
      for date in dates {
        let command = ReplanSessions(program: program.code, dates: date...date, folioSeed: Counter.folioSeed())
        if case .granted(.replanned(let outcome), _) = try await submit(.replan(command)) {
          done += outcome.moved.count + outcome.lost.count
        }
      }
    }
    return done
  }

  /// Whether an appointment is a session that a series gave, which is moved here and nowhere else. One on a chair that somebody has outside any
  /// series is moved as every other.
  func keeps(_ appointment: Appointment) async throws(StoreFault) -> Bool {
    guard rules.clinic.series.chairs(of: appointment.service) != nil else { return false }
    let since = appointment.slot.date.advanced(by: -Self.seriesDays)
    return try await counter.store.read { reader throws(StoreFault) in
      try reader.folios(inSeriesOf: appointment.patient, since: since).contains(appointment.folio)
    }
  }

  /// A session that was put off is still its series'.
  private static let seriesDays = 60

  private func place(_ due: DueActivity, today: CivilDate) async throws(StoreFault) -> Int {
    guard let program = rules.clinic.series.program(due.series.program) else { return 0 }
    let now = counter.now
    let theirs = try await counter.store.appointments(of: due.patient.id, includePast: false, now: now).filter { $0.status.isActive }
    if let own = due.visit(among: theirs, of: program) {
      return try await count(.place(PlaceActivity(series: due.series.id, number: due.activity.number, to: nil, own: own, folioSeed: 0)))
    }
    // Whoever said no, or did not come, is asked by staff.
    if due.activity.status == .onHold, due.appointment?.wasDeclined == true { return 0 }
    var person = PersonView(due.patient, active: theirs)
    person.elsewhere = counter.store.snapshot.elsewhere(due.patient.id)
    for channel in [.desk] + Channel.allCases.filter({ $0 != .desk }) {
      let place = counter.store.snapshot.place(
        for: due.activity, of: program, chair: due.series.chair, person: person, channel: channel, at: now)
      guard let place else { continue }
      let command = PlaceActivity(
        series: due.series.id, number: due.activity.number, to: place, channel: channel, folioSeed: Counter.folioSeed())
      // Somebody was faster: the next look finds another.
      return try await count(.place(command))
    }
    // What is due in another unit's care is that unit's to place.
    if let from = person.elsewhere?.from, from <= due.activity.window.lowerBound { return 0 }
    guard due.activity.status == .notStarted, due.activity.due <= today.advanced(by: Self.leadDays) else { return 0 }
    return try await count(.place(PlaceActivity(series: due.series.id, number: due.activity.number, to: nil, folioSeed: 0)))
  }

  /// - Returns: 1 when something changed.
  private func count(_ command: SeriesCommand) async throws(StoreFault) -> Int {
    if case .granted(.series(let outcome), _) = try await submit(command) { outcome.activities.isEmpty ? 0 : 1 } else { 0 }
  }

  private func submit(_ command: SeriesCommand) async throws(StoreFault) -> StoreOutcome {
    try await counter.submit(.series(command))
  }
}

extension DueActivity {
  /// The appointment that is the visit although the activity has none by its row: the last one, which stands again (somebody took its end back),
  /// or, after the person had let it go, one of the service that they have in its days.
  fileprivate func visit(among theirs: [Appointment], of program: SeriesProgram) -> Folio? {
    guard let appointment else { return nil }
    if appointment.status.isActive { return appointment.folio }
    guard appointment.wasDeclined else { return nil }
    return theirs.first { $0.service == program.service && $0.status != .pending && activity.window.contains($0.slot.date) }?.folio
  }
}
