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

  /// - Returns: how much there was to do.
  func look() async throws(StoreFault) -> Int {
    guard hasPrograms else { return 0 }
    let (today, last) = (counter.today, rules.horizon(at: counter.now))
    let (short, missed) = try await counter.store.read { reader throws(StoreFault) in
      (try reader.seriesToExtend(through: last), try reader.seriesWithMissedPrescriptions(on: today))
    }
    var done = 0
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

  /// Whether an appointment is a session on a chair, which is moved here and nowhere else.
  func keeps(_ appointment: Appointment) -> Bool { rules.clinic.series.chairs(of: appointment.service) != nil }

  private func place(_ due: DueActivity, today: CivilDate) async throws(StoreFault) -> Int {
    guard let program = rules.clinic.series.program(due.series.program) else { return 0 }
    let now = counter.now
    let theirs = try await counter.store.appointments(of: due.patient.id, includePast: false, now: now).filter { $0.status.isActive }
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
