package import ClinicDomain
internal import Scheduling

/// An alarm with what its guidance has said since of when it began.
package struct AlarmEntry: Hashable, Sendable {
  package var alarm: TelephoneAlarm
  package var onset: ClosedRange<Instant>?

  package init(alarm: TelephoneAlarm, onset: ClosedRange<Instant>? = nil) {
    self.alarm = alarm
    self.onset = onset
  }
}

/// A call to return, with its attempts by their number and the number of who asked.
package struct CallbackEntry: Hashable, Sendable {
  package var callback: Callback
  package var attempts: [CallbackAttempt]
  package var patient: PatientNumber?
  /// In what the guide ended that led to it; `nil` without one, or once it is forgotten.
  package var guidance: GuidanceRecord.Kind?

  package init(callback: Callback, attempts: [CallbackAttempt], patient: PatientNumber? = nil, guidance: GuidanceRecord.Kind? = nil) {
    self.callback = callback
    self.attempts = attempts
    self.patient = patient
    self.guidance = guidance
  }
}

// MARK: - Alarms

extension StoreReader {
  /// How many alarms a list has at most of each half: more than that wait only where somebody plays with the telephone.
  package static let alarmsShown = (waiting: 100, acknowledged: 20)

  /// Those that wait, escalated ones first, then by when they were raised; behind them the latest that were acknowledged.
  package func alarms() throws(StoreFault) -> [AlarmEntry] {
    let waiting = try statement(
      """
      SELECT \(TelephoneAlarm.columns) FROM telephone_alarm WHERE acknowledged_at IS NULL \
      ORDER BY escalated_at IS NULL, raised_at, id LIMIT \(Self.alarmsShown.waiting)
      """)
    let acknowledged = try statement(
      """
      SELECT \(TelephoneAlarm.columns) FROM telephone_alarm WHERE acknowledged_at IS NOT NULL \
      ORDER BY id DESC LIMIT \(Self.alarmsShown.acknowledged)
      """)
    let rows = try waiting.all { row throws(StoreFault) in try TelephoneAlarm(row) }
      + (try acknowledged.all { row throws(StoreFault) in try TelephoneAlarm(row) })
    var entries: [AlarmEntry] = []
    for alarm in rows { entries.append(AlarmEntry(alarm: alarm, onset: try onset(in: alarm.report.session))) }
    return entries
  }

  package func alarm(_ id: Int64) throws(StoreFault) -> AlarmEntry? {
    let rows = try statement("SELECT \(TelephoneAlarm.columns) FROM telephone_alarm WHERE id = ?")
    rows.bind(id, at: 1)
    guard let alarm = try rows.all({ row throws(StoreFault) in try TelephoneAlarm(row) }).first else { return nil }
    return AlarmEntry(alarm: alarm, onset: try onset(in: alarm.report.session))
  }

  private func onset(in session: [UInt8]) throws(StoreFault) -> ClosedRange<Instant>? {
    let rows = try statement(
      "SELECT onset_earliest, onset_latest FROM guidance_record WHERE session = ? AND onset_latest IS NOT NULL ORDER BY id DESC LIMIT 1")
    rows.bind(session, at: 1)
    defer { rows.reset() }
    return try rows.step() ? GuidanceRecord.onset(rows.optionalInteger(0), rows.optionalInteger(1)) : nil
  }

  /// Alarms whose time is over without anybody, by number.
  package func alarmsToEscalate(at now: Instant) throws(StoreFault) -> [Int64] {
    let rows = try statement(
      "SELECT id FROM telephone_alarm WHERE acknowledged_at IS NULL AND raised_at <= ? AND escalated_at IS NULL ORDER BY id")
    rows.bind(now.adding(seconds: -TelephoneBounds.alarmSeconds).milliseconds, at: 1)
    return try rows.all { row throws(StoreFault) in row.integer(0) }
  }
}

// MARK: - Calls to return

extension StoreReader {
  package static let closedCallbacksShown = 100

  /// Those that wait, escalated ones first, then by deadline; or the latest that were closed.
  package func callbacks(closed: Bool) throws(StoreFault) -> [CallbackEntry] {
    let rows = try statement(
      closed
        ? "SELECT \(Callback.columns) FROM callback WHERE state = 'closed' ORDER BY closed_at DESC, folio LIMIT \(Self.closedCallbacksShown)"
        : "SELECT \(Callback.columns) FROM callback WHERE state <> 'closed' ORDER BY escalated_at IS NULL, due_at, folio")
    var entries: [CallbackEntry] = []
    for callback in try rows.all({ row throws(StoreFault) in try Callback(row) }) { entries.append(try entry(callback)) }
    return entries
  }

  package func callback(_ folio: Folio) throws(StoreFault) -> CallbackEntry? {
    let rows = try statement("SELECT \(Callback.columns) FROM callback WHERE folio = ?")
    rows.bind(Int64(folio.number), at: 1)
    guard let callback = try rows.all({ row throws(StoreFault) in try Callback(row) }).first else { return nil }
    return try entry(callback)
  }

  private func entry(_ callback: Callback) throws(StoreFault) -> CallbackEntry {
    let rows = try statement("SELECT \(CallbackAttempt.columns) FROM callback_attempt WHERE callback = ? ORDER BY number")
    rows.bind(Int64(callback.folio.number), at: 1)
    let attempts = try rows.all { row throws(StoreFault) in try CallbackAttempt(row) }
    var number: PatientNumber?
    if let id = callback.patient { number = try patient(id: id)?.number }
    return CallbackEntry(callback: callback, attempts: attempts, patient: number, guidance: try ending(of: callback.guidance))
  }

  private func ending(of session: [UInt8]?) throws(StoreFault) -> GuidanceRecord.Kind? {
    guard let session else { return nil }
    let rows = try statement("SELECT ending FROM guidance_record WHERE session = ? AND ending IS NOT NULL ORDER BY id DESC LIMIT 1")
    rows.bind(session, at: 1)
    return try rows.all { row throws(StoreFault) in row.optionalText(0).flatMap(GuidanceRecord.Kind.init) }.first ?? nil
  }

  /// Calls whose deadline has passed without anything said of it, by folio.
  package func callbacksToEscalate(at now: Instant) throws(StoreFault) -> [Folio] {
    let rows = try statement(
      "SELECT folio FROM callback WHERE state <> 'closed' AND due_at <= ? AND escalated_at IS NULL ORDER BY folio")
    rows.bind(now.milliseconds, at: 1)
    return try rows.all { row throws(StoreFault) in row.integer(0) }.compactMap { Folio(number: UInt64(bitPattern: $0)) }
  }
}

// MARK: - Records and codes

extension StoreReader {
  /// The code that was not replaced with these digits under the clinic's key, whether or not its time is over.
  package func resumeCode(_ index: [UInt8]) throws(StoreFault) -> ResumeCode? {
    let rows = try statement("SELECT \(ResumeCode.columns) FROM resume_code WHERE code = ? AND ended_at IS NULL")
    rows.bind(index, at: 1)
    return try rows.all { row throws(StoreFault) in try ResumeCode(row) }.first
  }

  /// What was asked about in a stretch of time and when first, once for each session and guide: no row says who.
  package func motives(from first: Instant, to end: Instant) throws(StoreFault) -> [(at: Instant, motive: String)] {
    let rows = try statement(
      "SELECT min(kept_at), guide FROM guidance_record WHERE kept_at >= ? AND kept_at < ? GROUP BY session, guide ORDER BY 1, 2")
    rows.bind(first.milliseconds, at: 1)
    rows.bind(end.milliseconds, at: 2)
    return try rows.all { row throws(StoreFault) in (Instant(milliseconds: row.integer(0)), row.text(1)) }
  }

  /// The latest first.
  package func guidanceRecords(limit: Int) throws(StoreFault) -> [GuidanceRecord] {
    let rows = try statement("SELECT \(GuidanceRecord.columns) FROM guidance_record ORDER BY id DESC LIMIT ?")
    rows.bind(Int64(limit), at: 1)
    return try rows.all { row throws(StoreFault) in try GuidanceRecord(row) }
  }
}
