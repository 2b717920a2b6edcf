package import ClinicDomain

/// What can be asked about series of care.
package enum SeriesCommand: Hashable, Sendable {
  case start(StartSeries)
  case renew(RenewSeries)
  case collect(CollectPrescription)
  case end(EndSeries)
  case acknowledge(AcknowledgeAlert)
  /// The server's own: what time brings.
  case extend(ExtendSessions)
  case place(PlaceActivity)
  case reopen(ReopenActivity)
  case lapse(LapsePrescriptions)
  case replan(ReplanSessions)

  var needs: CommandNeeds {
    switch self {
    case .start(let start): CommandNeeds(patient: start.patient, series: .starting(start.program, start.patient))
    case .renew(let renew): CommandNeeds(series: .series(renew.series))
    case .collect(let collect): CommandNeeds(series: .series(collect.series))
    case .end(let end): CommandNeeds(series: .series(end.series))
    case .acknowledge(let acknowledge): CommandNeeds(series: .series(acknowledge.series))
    case .extend(let extend): CommandNeeds(series: .series(extend.series))
    case .lapse(let lapse): CommandNeeds(series: .series(lapse.series))
    case .reopen(let reopen): CommandNeeds(series: .series(reopen.series))
    case .place(let place):
      CommandNeeds(
        activeAppointments: true, day: place.to.map { AgendaDay(resource: $0.resource, date: $0.date) }, load: place.to,
        series: .series(place.series))
    case .replan(let replan): CommandNeeds(series: .sessions(replan.program, replan.dates))
    }
  }

  var authorship: Authorship {
    switch self {
    case .start(let start): Authorship(start.actor, .startSeries, through: start.channel)
    case .renew(let renew): Authorship(renew.actor, .renewSeries)
    case .collect(let collect): Authorship(collect.actor, .collectPrescription)
    case .end(let end): Authorship(end.actor, .endSeries)
    case .acknowledge(let acknowledge): Authorship(acknowledge.actor, .acknowledgeAlert)
    case .extend: Authorship(.system, .extendSeries)
    case .place: Authorship(.system, .placeActivity)
    case .reopen: Authorship(.system, .reopenActivity)
    case .lapse: Authorship(.system, .lapsePrescription)
    case .replan: Authorship(.system, .replanSessions)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 {
    switch self {
    case .place(let place): place.folioSeed
    case .replan(let replan): replan.folioSeed
    case .start, .renew, .collect, .end, .acknowledge, .extend, .reopen, .lapse: 0
    }
  }

  func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<CommandOutcome> {
    switch self {
    case .start(let start): try start.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.series)
    case .renew(let renew): try renew.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.series)
    case .collect(let collect): try collect.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.series)
    case .end(let end): try end.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.series)
    case .acknowledge(let acknowledge): try acknowledge.decide(in: scope, at: now).outcome(CommandOutcome.series)
    case .extend(let extend): try extend.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.series)
    case .place(let place): try place.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.series)
    case .reopen(let reopen): try reopen.decide(in: scope, at: now).outcome(CommandOutcome.series)
    case .lapse(let lapse): try lapse.decide(in: scope, rules: rules, at: now).outcome(CommandOutcome.series)
    case .replan(let replan): try replan.decide(in: scope, rules: rules, at: now, folio: folio).outcome(CommandOutcome.replanned)
    }
  }
}

/// A series as a command left it, with what it changed of what is due.
package struct SeriesOutcome: Hashable, Sendable {
  package var series: CareSeries
  /// By number.
  package var activities: [SeriesActivity]

  package init(_ series: CareSeries, _ activities: [SeriesActivity] = []) {
    self.series = series
    self.activities = activities
  }
}

/// Why a command about a series is refused. Cases stand in the order in which they are checked.
package enum SeriesRefusal: Hashable, Sendable {
  /// The clinic has no such program.
  case unknownProgram
  /// No such series, or nothing of that number in it.
  case notFound
  /// The series has ended.
  case over
  /// The person has one of this program.
  case alreadyActive(Int64)
  /// The date cannot be the one that the days are counted from.
  case dateOutOfRange
  /// A program of chairs wants a chair, an hour of its grid and as many weekdays as it has sessions; another wants none.
  case noSuchChair
  /// The chair is somebody else's on one of the days.
  case chairTaken
  /// It can be collected from that day on.
  case notYet(CivilDate)
  /// It, or one before it, could be collected up to that day.
  case missed(last: CivilDate)
  /// Nothing is to be done about it any more.
  case notDue
}

// MARK: - What a decision reads

/// Which rows of series a command's decision reads.
package enum SeriesNeed: Hashable, Sendable {
  /// The person's active series, the chairs that are somebody's in the program, and the next number.
  case starting(SeriesCode, PatientID)
  /// A series with all that is due in it, and the appointments that it has.
  case series(Int64)
  /// All sessions of a program on some dates and near them.
  case sessions(SeriesCode, ClosedRange<CivilDate>)
}

/// What was found of them.
package struct SeriesScope: Hashable, Sendable {
  package var series: CareSeries?
  /// By number.
  package var activities: [SeriesActivity] = []
  /// The appointment that each scheduled activity has now, by the activity's number.
  package var appointments: [Int: Appointment] = [:]
  /// The person's active series.
  package var active: [CareSeries] = []
  /// Whose chairs are somebody's, in the program.
  package var standing: [StandingPlace] = []
  /// A number that no series has.
  package var next: Int64 = 1
  package var sessions: [ChairSession] = []
  /// Sessions near those that were lost.
  package var lost: [LostSession] = []

  package init() {}

  /// The number after the last activity.
  var nextNumber: Int { (activities.map(\.number).max() ?? 0) + 1 }
}

/// One session of a chair, with its appointment as it stands.
package struct ChairSession: Hashable, Sendable {
  package var patient: Patient
  package var activity: SeriesActivity
  /// `nil` when it has no place.
  package var appointment: Appointment?

  package init(patient: Patient, activity: SeriesActivity, appointment: Appointment?) {
    self.patient = patient
    self.activity = activity
    self.appointment = appointment
  }
}
