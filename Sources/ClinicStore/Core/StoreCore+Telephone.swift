internal import ClinicDomain
internal import Scheduling

// Acts of the telephone's service are dozens in a day, so their statements are made when they are needed.

extension StoreCore {
  /// Decides, and writes what was decided; a folio that is taken gives way to the seed's next one.
  func decide(_ telephone: TelephoneCommand, for command: StoreCommand, at now: Instant) throws(StoreFault) -> StoreOutcome {
    let scope = try scope(of: telephone, command, at: now)
    let today = rules.today(at: now)
    for attempt in 0..<FolioCandidates.bound {
      let decision: TelephoneDecision
      do throws(TelephoneRefusal) {
        let folio = FolioCandidates(seed: telephone.folioSeed, day: today)[attempt]
        decision = try telephone.decide(in: scope, rules: rules, at: now, folio: folio)
      } catch {
        return .refused(.telephone(error), wish: nil)
      }
      do throws(StoreFault) {
        let outcome = try inSavepoint { () throws(StoreFault) in
          for change in decision.changes { try write(change, of: command, in: scope, at: now) }
          return try keep(.telephone(decision.outcome), folio: nil, for: command)
        }
        follow(decision.changes.compactMap { change in if case .appointment(let hold) = change { .replace(hold) } else { nil } })
        return outcome
      } catch {
        guard connection.transactionStands, error.isFolioClash else { throw error }
      }
    }
    throw StoreFault(.conflict, operation: "folio", detail: "no free folio among the seed's candidates")
  }

  // MARK: What a decision reads

  private func scope(
    of command: TelephoneCommand, _ stored: StoreCommand, at now: Instant
  ) throws(StoreFault) -> TelephoneScope {
    var scope = TelephoneScope()
    switch command {
    case .tellAlarm: scope.next = try next("telephone_alarm")
    case .acknowledge(let acknowledge): scope.alarm = try alarm(acknowledge.alarm)
    case .escalateAlarm(let id): scope.alarm = try alarm(id)
    case .requestCallback(let request):
      scope.samePhone = try waiting(request)
      scope.waiting = Int(try connection.integer("SELECT count(*) FROM callback WHERE state <> 'closed'"))
    case .takeCallback(let folio, _), .escalateCallback(let folio): scope.callback = try callback(folio)
    case .noteAttempt(let attempt):
      scope.callback = try callback(attempt.folio)
      scope.next = try next("callback_attempt")
    case .closeCallback(let close): scope.callback = try callback(close.folio)
    case .keepGuidance: scope.next = try next("guidance_record")
    case .makeCode(let make):
      scope.next = try next("resume_code")
      scope.resume.agenda = try self.scope(of: stored.command, at: now)
      scope.resume.former = try code("folio = ? AND ended_at IS NULL") { $0.bind(Int64(make.folio.number), at: 1) }
      for candidate in make.candidates {
        scope.resume.owners.append(try code("code = ? AND ended_at IS NULL") { $0.bind(candidate, at: 1) })
      }
    case .useCode(let use): scope.resume.code = try code("id = ?") { $0.bind(use.code, at: 1) }
    case .leaseCalls(let lease):
      scope.next = try next("outbound_call")
      let lines = try LinesInUse(at: now, in: connection)
      scope.outbound.candidates = try callCandidates(beside: lines, at: now)
      scope.outbound.notices = try noticeCandidates(reminding: lease.reminders, beside: lines, at: now)
    case .noteCall(let note):
      scope.outbound.call = try outboundCall("token = ?") { $0.bind(note.token, at: 1) }
      if scope.outbound.call == nil { scope.outbound.notice = try notice("token = ?") { $0.bind(note.token, at: 1) } }
    case .tellNotice(let tell): scope.outbound.notice = try notice(tell.kind, of: tell.appointment)
    case .countAnswer(let count): scope.survey = try surveyCell(rules.today(at: now), count)
    case .chooseCalls(let choose): scope.outbound.consent = try callConsent(of: choose.consent.patient)
    }
    return scope
  }

  /// What the number waits for already; of a pregnant person also what she herself does.
  private func waiting(_ request: RequestCallback) throws(StoreFault) -> Callback? {
    if let phone = request.phone {
      let same = try Statement("SELECT \(Callback.columns) FROM callback WHERE phone = ? AND state <> 'closed'", in: connection)
      same.bind(phone.description, at: 1)
      if let known = try same.all({ row throws(StoreFault) in try Callback(row) }).first { return known }
    }
    guard request.reason == .pregnancy, let patient = request.patient else { return nil }
    let own = try Statement(
      "SELECT \(Callback.columns) FROM callback WHERE patient = ? AND reason = 'pregnancy' AND state <> 'closed'", in: connection)
    own.bind(patient.rawValue, at: 1)
    return try own.all { row throws(StoreFault) in try Callback(row) }.first
  }

  private func next(_ table: StaticString) throws(StoreFault) -> Int64 {
    try connection.integer("SELECT coalesce(max(id), 0) FROM \(table)") + 1
  }

  private func alarm(_ id: Int64) throws(StoreFault) -> TelephoneAlarm? {
    let rows = try Statement("SELECT \(TelephoneAlarm.columns) FROM telephone_alarm WHERE id = ?", in: connection)
    rows.bind(id, at: 1)
    return try rows.all { row throws(StoreFault) in try TelephoneAlarm(row) }.first
  }

  func callback(_ folio: Folio) throws(StoreFault) -> Callback? {
    let rows = try Statement("SELECT \(Callback.columns) FROM callback WHERE folio = ?", in: connection)
    rows.bind(Int64(folio.number), at: 1)
    return try rows.all { row throws(StoreFault) in try Callback(row) }.first
  }

  private func code(_ condition: String, _ bind: (Statement) -> Void) throws(StoreFault) -> ResumeCode? {
    let rows = try Statement("SELECT \(ResumeCode.columns) FROM resume_code WHERE \(condition)", in: connection)
    bind(rows)
    return try rows.all { row throws(StoreFault) in try ResumeCode(row) }.first
  }

  // MARK: What it writes

  private func write(
    _ change: TelephoneChange, of command: StoreCommand, in scope: TelephoneScope, at now: Instant
  ) throws(StoreFault) {
    switch change {
    case .alarm(let alarm): try write(alarm, TelephoneAlarm.columns, "telephone_alarm", key: alarm.id, command, now)
    case .callback(let callback):
      // A new one must not take the place of another's folio.
      let isNew = if case .telephone(.requestCallback) = command.command { scope.samePhone?.folio != callback.folio } else { false }
      try write(callback, Callback.columns, "callback", key: Int64(callback.folio.number), isNew: isNew, command, now)
    case .attempt(let attempt): try write(attempt, CallbackAttempt.columns, "callback_attempt", key: attempt.id, command, now)
    case .guidance(let record): try write(record, GuidanceRecord.columns, "guidance_record", key: record.id, command, now)
    case .code(let code): try write(code, ResumeCode.columns, "resume_code", key: code.id, command, now)
    case .outbound(let call): try write(call, OutboundCall.columns, "outbound_call", key: call.id, command, now)
    case .notice(let notice): try write(notice, command.command.authorship, command, now)
    case .callConsent(let consent): try write(consent, CallConsent.columns, "call_consent", key: consent.patient.rawValue, command, now)
    case .survey(let cell): try write(cell)
    case .appointment(let hold): try write(AgendaChange.replace(hold), of: command, in: scope.resume.agenda, at: now)
    }
  }

  /// Writes a row, unless it is new also over the one of its key, and its row of the history.
  private func write(
    _ row: some StoredRow, _ columns: String, _ table: String, key: Int64, isNew: Bool = false, _ command: StoreCommand, _ now: Instant
  ) throws(StoreFault) {
    let name = StoreStatements.Name.self
    let sql = isNew ? name.insert(columns, into: table) : name.upsert(columns, into: table)
    try put(
      row, with: try Statement(sql, in: connection), AuditObject(rowOf: table, key: key), command.command.authorship, command, now)
  }
}
