package import ClinicDomain

/// What can be asked about alarms, calls to return and records of guidance. The agenda is not touched by it.
package enum TelephoneCommand: Hashable, Sendable {
  case tellAlarm(AlarmReport)
  case acknowledge(AcknowledgeAlarm)
  /// By number; the server itself asks for it when the time is over.
  case escalateAlarm(Int64)
  case requestCallback(RequestCallback)
  case takeCallback(Folio, by: StaffName)
  case noteAttempt(NoteAttempt)
  case closeCallback(CloseCallback)
  /// The server itself asks for it when the deadline has passed.
  case escalateCallback(Folio)
  case keepGuidance(GuidanceRecord)
  case makeCode(MakeResumeCode)
  case useCode(UseResumeCode)
  case leaseCalls(LeaseCalls)
  case noteCall(NoteCall)
  case tellNotice(TellNotice)
  case chooseCalls(ChooseCalls)
  case countAnswer(CountAnswer)
}

/// Somebody of the clinic goes to the person of an alarm.
package struct AcknowledgeAlarm: Hashable, Sendable {
  package var alarm: Int64
  package var by: StaffName

  package init(alarm: Int64, by: StaffName) {
    self.alarm = alarm
    self.by = by
  }
}

/// Has somebody of the clinic call a number.
package struct RequestCallback: Hashable, Sendable {
  /// May be left out only by a pregnant person who is in the clinic or on the line.
  package var phone: PhoneNumber?
  package var reason: Callback.Reason
  /// In minutes of the clinic's opening hours; `nil` is as long as the reason has by itself.
  package var withinMinutes: Int?
  package var patient: PatientID?
  package var guidance: [UInt8]?
  package var channel: Channel
  package var folioSeed: UInt64

  package init(
    phone: PhoneNumber?, reason: Callback.Reason, withinMinutes: Int? = nil, patient: PatientID? = nil, guidance: [UInt8]? = nil,
    channel: Channel, folioSeed: UInt64
  ) {
    self.phone = phone
    self.reason = reason
    self.withinMinutes = withinMinutes
    self.patient = patient
    self.guidance = guidance
    self.channel = channel
    self.folioSeed = folioSeed
  }
}

/// What came of an attempt to reach somebody.
package struct NoteAttempt: Hashable, Sendable {
  package var folio: Folio
  package var result: CallbackAttempt.Result
  package var by: StaffName

  package init(folio: Folio, result: CallbackAttempt.Result, by: StaffName) {
    self.folio = folio
    self.result = result
    self.by = by
  }
}

/// How a call to return ended.
package struct CloseCallback: Hashable, Sendable {
  package var folio: Folio
  package var outcome: Callback.Outcome
  package var by: StaffName

  package init(folio: Folio, outcome: Callback.Outcome, by: StaffName) {
    self.folio = folio
    self.outcome = outcome
    self.by = by
  }
}

/// What a decision reads; the store fetches exactly what the command names.
package struct TelephoneScope: Hashable, Sendable {
  package var alarm: TelephoneAlarm?
  package var callback: Callback?
  /// The call that the same number waits for; of a pregnant person also the answer that she herself waits for.
  package var samePhone: Callback?
  /// Calls that wait.
  package var waiting = 0
  /// A number that no row of the kind has.
  package var next: Int64 = 1
  package var resume = ResumeScope()
  package var outbound = OutboundScope()
  /// The answers so far of the same day, channel and dialogue.
  package var survey: SurveyCell?

  package init(alarm: TelephoneAlarm? = nil, callback: Callback? = nil, samePhone: Callback? = nil, waiting: Int = 0, next: Int64 = 1) {
    self.alarm = alarm
    self.callback = callback
    self.samePhone = samePhone
    self.waiting = waiting
    self.next = next
  }
}

/// A row that now reads so.
package enum TelephoneChange: Hashable, Sendable {
  case alarm(TelephoneAlarm)
  case callback(Callback)
  case attempt(CallbackAttempt)
  case guidance(GuidanceRecord)
  case code(ResumeCode)
  case outbound(OutboundCall)
  case notice(Notice)
  case callConsent(CallConsent)
  case survey(SurveyCell)
  /// A hold that is kept longer.
  case appointment(Appointment)
}

/// What a granted command gave.
package enum TelephoneOutcome: Hashable, Sendable {
  case alarm(TelephoneAlarm)
  case callback(Callback)
  case guidance(GuidanceRecord)
  /// Which of the candidates it is.
  case code(ResumeCode, candidate: Int)
  /// The names of the calls that were given to a bridge, or of the one that something became of.
  case outbound([[UInt8]])
  case notice(Notice)
  case consent(CallConsent)
  case survey
}

/// An outcome, and the rows that make it so; none when what was asked for holds already.
package struct TelephoneDecision: Hashable, Sendable {
  package var outcome: TelephoneOutcome
  package var changes: [TelephoneChange]

  package init(_ outcome: TelephoneOutcome, _ changes: [TelephoneChange]) {
    self.outcome = outcome
    self.changes = changes
  }

  static func alarm(_ alarm: TelephoneAlarm, isNew: Bool = true) -> Self { Self(.alarm(alarm), isNew ? [.alarm(alarm)] : []) }
  static func callback(_ callback: Callback, isNew: Bool = true) -> Self { Self(.callback(callback), isNew ? [.callback(callback)] : []) }
}

extension TelephoneCommand {
  /// Decides the command.
  ///
  /// - Parameters:
  ///   - now: stamped once for a batch, non-decreasing.
  ///   - folio: for a new call, one that no row has.
  /// - Throws: the first refusal that applies, in the order of ``TelephoneRefusal``.
  package func decide(
    in scope: TelephoneScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(TelephoneRefusal) -> TelephoneDecision {
    switch self {
    case .tellAlarm(let report): return .alarm(TelephoneAlarm(told: report, as: scope.next, at: now))
    case .acknowledge(let command):
      guard let alarm = scope.alarm else { throw .alarmNotFound }
      return alarm.acknowledged(by: command.by, at: now)
    case .escalateAlarm:
      guard let alarm = scope.alarm else { throw .alarmNotFound }
      return alarm.escalated(at: now)
    case .requestCallback(let request): return try request.decide(in: scope, rules: rules, at: now, folio: folio)
    case .takeCallback(_, let name): return try scope.standing().taken(by: name, at: now)
    case .noteAttempt(let attempt): return try scope.standing().tried(attempt, as: scope.next, at: now)
    case .closeCallback(let close): return try scope.standing().closed(close, at: now)
    case .escalateCallback:
      guard let callback = scope.callback else { throw .callbackNotFound }
      return callback.escalatedLate(at: now)
    case .keepGuidance(var record):
      record.id = scope.next
      record.keptAt = now
      return TelephoneDecision(.guidance(record), [.guidance(record)])
    case .makeCode(let make): return try make.decide(in: scope, rules: rules, at: now)
    case .useCode(let use): return try use.decide(in: scope, at: now)
    case .leaseCalls(let lease): return lease.decide(in: scope, rules: rules, at: now)
    case .noteCall(let note): return try note.decide(in: scope, rules: rules, at: now)
    case .tellNotice(let tell): return try tell.decide(in: scope, at: now)
    case .chooseCalls(let choose): return choose.decide(in: scope, at: now)
    case .countAnswer(let count): return count.decide(in: scope, rules: rules, at: now)
    }
  }

  /// Where a new folio begins.
  package var folioSeed: UInt64 { if case .requestCallback(let request) = self { request.folioSeed } else { 0 } }

  /// What it reads of the agenda.
  var needs: CommandNeeds {
    if case .makeCode(let make) = self { CommandNeeds(actor: make.actor.person, named: make.folio) } else { CommandNeeds() }
  }

  var authorship: Authorship {
    switch self {
    case .tellAlarm(let report): Authorship(.system, .tellAlarm, through: report.channel, reason: report.sign)
    case .acknowledge(let command): Authorship(.staff(command.by, .emergency), .acknowledgeAlarm)
    case .escalateAlarm: Authorship(.system, .escalateAlarm)
    case .requestCallback(let request):
      Authorship(request.patient.map { .person($0) } ?? .system, .requestCallback, through: request.channel, reason: request.reason.rawValue)
    case .takeCallback(_, let name): Authorship(.staff(name, .routine), .takeCallback)
    case .noteAttempt(let attempt): Authorship(.staff(attempt.by, .routine), .noteAttempt, code: attempt.result.rawValue)
    case .closeCallback(let close): Authorship(.staff(close.by, .routine), .closeCallback, code: close.outcome.rawValue)
    case .escalateCallback: Authorship(.system, .escalateCallback)
    case .keepGuidance(let record): Authorship(.system, .keepGuidance, through: record.channel)
    case .makeCode(let make): Authorship(make.actor, .makeCode, through: make.channel)
    case .useCode(let use): Authorship(.system, .useCode, through: use.channel)
    case .leaseCalls: Authorship(.system, .leaseCalls, through: .phone)
    case .noteCall(let note): Authorship(.system, .noteCall, through: .phone, reason: note.news.code)
    case .tellNotice(let tell): Authorship(tell.actor, .tellNotice, through: tell.channel)
    case .chooseCalls(let choose): Authorship(choose.actor, .chooseCalls, through: choose.consent.channel)
    case .countAnswer(let count): Authorship(.system, .countAnswer, through: count.channel)
    }
  }
}

extension TelephoneScope {
  /// The call that a command names, unless it is over.
  fileprivate func standing() throws(TelephoneRefusal) -> Callback {
    guard let callback else { throw .callbackNotFound }
    guard callback.state != .closed else { throw .callbackClosed }
    return callback
  }
}

extension NoteCall.News {
  fileprivate var code: String {
    switch self {
    case .placed: OutboundCall.State.placed.rawValue
    case .over(let outcome): outcome.rawValue
    }
  }
}

extension Authorship {
  /// With a code of its own where the staff's reason would stand.
  fileprivate init(_ actor: Actor, _ act: Act, code: String) {
    self.init(actor, act)
    reason = code
  }
}
