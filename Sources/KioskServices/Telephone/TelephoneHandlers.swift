internal import ClinicDomain
package import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Telephone; calls to return are in a file of their own.
package struct TelephoneHandlers: TelephoneService {
  let counter: Counter
  let alarms: NumberedState<[AlarmEntry]>
  let leases = ResumeLeases()

  package init(_ counter: Counter, alarms: NumberedState<[AlarmEntry]>) {
    self.counter = counter
    self.alarms = alarms
  }

  /// Staff are told at once; never refused.
  package func raiseAlarm(
    _ request: Wire.RaiseAlarmRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RaiseAlarmResponse> {
    let report = try request.checked(channel: Channel(role: context.role), device: context.callerName)
    return try await counter.telephone(.tellAlarm(report), context) { outcome in
      Encoded(
        Wire.RaiseAlarmResponse(alarm: outcome.alarm.id, escalatesAfterSeconds: Int32(TelephoneBounds.alarmSeconds))).bytes
    }
  }

  /// Waits for a person, or for the escalation.
  package func awaitAlarm(_ request: Wire.AwaitAlarmRequest, context: CallContext) async throws(RPCError) -> Wire.AwaitAlarmResponse {
    let id = try FieldReader.listed(request.alarm, field: "alarm")
    while true {
      // Read after the state's number: what changes between the two is a state after it.
      let place = alarms.current.place
      let alarm = try await self.alarm(id).alarm
      if !alarm.isWaiting { return Wire.AwaitAlarmResponse(acknowledged: true) }
      if alarm.escalatedAt != nil { return Wire.AwaitAlarmResponse(acknowledged: false) }
      _ = try await alarms.next(after: place)
    }
  }

  package func listAlarms(_ request: Wire.ListAlarmsRequest, context: CallContext) async throws(RPCError) -> Wire.ListAlarmsResponse {
    let entries = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.alarms() }
    }
    return Wire.ListAlarmsResponse(alarms: entries.map { counter.rules.wireAlarm($0, at: counter.now) })
  }

  package func watchAlarms(
    _ request: Wire.WatchAlarmsRequest, replies: ReplyStream<Wire.WatchAlarmsResponse>, context: CallContext
  ) async throws(RPCError) {
    let known = StatePlace(epoch: request.epoch, number: request.number)
    try await alarms.follow(after: known) { state async throws(RPCError) in
      try await replies.show(
        Wire.WatchAlarmsResponse(
          epoch: state.place.epoch, number: state.place.number,
          alarms: state.value.map { counter.rules.wireAlarm($0, at: counter.now) }))
    }
  }

  /// Somebody goes there.
  package func acknowledgeAlarm(
    _ request: Wire.AcknowledgeAlarmRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AcknowledgeAlarmResponse> {
    let id = try FieldReader.listed(request.alarm, field: "alarm")
    let onset = try await alarm(id).onset
    let (rules, now) = (counter.rules, counter.now)
    return try await counter.telephone(.acknowledge(AcknowledgeAlarm(alarm: id, by: counter.staffName(context))), context) { outcome in
      Encoded(Wire.AcknowledgeAlarmResponse(alarm: rules.wireAlarm(AlarmEntry(alarm: outcome.alarm, onset: onset), at: now))).bytes
    }
  }

  private func alarm(_ id: Int64) async throws(RPCError) -> AlarmEntry {
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.alarm(id) }
    }
    guard let found else { throw RPCError(.notFound, TelephoneRefusal.alarmNotFound.spanishText) }
    return found
  }
}

// MARK: - Records of guidance

extension TelephoneHandlers {
  package func keepGuidance(
    _ request: Wire.KeepGuidanceRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.KeepGuidanceResponse> {
    let record = try request.checked(channel: Channel(role: context.role))
    return try await counter.telephone(.keepGuidance(record), context) { outcome in
      guard case .guidance(let record) = outcome else { preconditionFailure("guidance was kept without a record") }
      return Encoded(Wire.KeepGuidanceResponse(record: record.id)).bytes
    }
  }

  package func listGuidance(
    _ request: Wire.ListGuidanceRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListGuidanceResponse {
    guard 0...1000 ~= request.limit else { throw .field("limit", "de 1 a 1000; 0 da 100") }
    let limit = request.limit == 0 ? 100 : Int(request.limit)
    let records = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.guidanceRecords(limit: limit) }
    }
    return Wire.ListGuidanceResponse(records: records.map(Wire.GuidanceRecord.init))
  }
}

// MARK: - What every method does

extension Counter {
  /// Hands a command of the telephone's to the store; a refusal has a sentence of its own.
  func telephone<Reply>(
    _ command: TelephoneCommand, _ context: CallContext, content: String? = nil, encode: @escaping @Sendable (TelephoneOutcome) -> [UInt8]
  ) async throws(RPCError) -> Encoded<Reply> {
    try await write(
      .telephone(command), context, content: content,
      encode: { outcome in
        guard case .telephone(let outcome) = outcome else { preconditionFailure("a telephone's command gave something else") }
        return encode(outcome)
      },
      refused: { refusal, _ in
        guard case .telephone(let refusal) = refusal else { return RPCError(refusal) }
        return RPCError(refusal.isNotFound ? .notFound : .failedPrecondition, refusal.spanishText)
      })
  }

  /// Who of the clinic acts, by what their connection shows.
  func staffName(_ context: CallContext) -> StaffName { StaffName(context.callerName) ?? Self.someStaff }

  private static let someStaff = StaffName("staff")!
}

extension TelephoneOutcome {
  fileprivate var alarm: TelephoneAlarm {
    guard case .alarm(let alarm) = self else { preconditionFailure("an alarm's command gave something else") }
    return alarm
  }
}

extension TelephoneRefusal {
  fileprivate var isNotFound: Bool { self == .alarmNotFound || self == .callbackNotFound || self == .callNotFound || self == .noticeNotFound }
}

extension TelephoneCommand {
  /// What is asked, without chance: the same for a repeat. A telephone number is not in it: what is kept of a request outlasts the call.
  var content: String {
    switch self {
    case .tellAlarm(let report):
      "tell|\(report.session)|\(report.guide.code)|\(report.guide.version)|\(report.sign)|\(report.code?.rawValue ?? "")|\(report.toldAt.milliseconds)"
    case .acknowledge(let acknowledge): "acknowledge|\(acknowledge.alarm)|\(acknowledge.by)"
    case .escalateAlarm(let id): "escalate-alarm|\(id)"
    case .requestCallback(let request):
      "callback|\(request.reason.rawValue)|\(request.withinMinutes ?? 0)|\(request.patient?.rawValue ?? 0)"
    case .takeCallback(let folio, let name): "take-callback|\(folio)|\(name)"
    case .noteAttempt(let attempt): "attempt|\(attempt.folio)|\(attempt.result.rawValue)|\(attempt.by)"
    case .closeCallback(let close): "close-callback|\(close.folio)|\(close.outcome.rawValue)|\(close.by)"
    case .escalateCallback(let folio): "escalate-callback|\(folio)"
    case .keepGuidance(let record): "guidance|\(record)"
    case .makeCode(let make): "make-code|\(make.folio)"
    case .useCode(let use): "use-code|\(use.code)"
    case .leaseCalls(let lease): "lease-calls|\(lease.limit)"
    case .noteCall(let note): "note-call|\(Hexadecimal.text(of: note.token))|\(note.news)"
    case .tellNotice(let tell): "tell-notice|\(tell.actor.content)|\(tell.appointment)|\(tell.kind.rawValue)"
    case .countAnswer(let count): "count-answer|\(count.channel.rawValue)|\(count.dialogue)|\(count.isResolved)"
    case .chooseCalls(let choose):
      "choose-calls|\(choose.actor.content)|\(choose.consent.patient.rawValue)|\(choose.consent.isGiven)"
    }
  }
}
