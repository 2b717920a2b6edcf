internal import ClinicDomain

extension TelephoneAlarm: StoredRow {
  static let columns = """
    id, session, guide, guide_version, guide_hash, sign, code, channel, device, told_at, raised_at, escalated_at, acknowledged_at, \
    acknowledged_by
    """

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.blob(report.session)
    report.guide.write(to: &row)
    row.text(report.sign)
    row.optional(report.code?.rawValue)
    row.text(report.channel.rawValue)
    row.text(report.device)
    row.integer(report.toldAt.milliseconds)
    row.integer(raisedAt.milliseconds)
    row.optional(escalatedAt?.milliseconds)
    row.optional(acknowledgement?.at.milliseconds)
    row.optional(acknowledgement?.by)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard row.bytes(1).count == 16, let guide = PlayedGuide(row, from: 2), let channel = Channel(rawValue: row.text(7)) else {
      throw .damagedRow("telephone_alarm", row.integer(0))
    }
    let report = AlarmReport(
      session: row.blob(1), guide: guide, sign: row.text(5), code: row.optionalText(6).flatMap(AlarmCode.init(rawValue:)),
      channel: channel, device: row.text(8), toldAt: Instant(milliseconds: row.integer(9)))
    var acknowledgement: Acknowledgement?
    if let at = row.optionalInteger(12), let name = row.optionalText(13) {
      acknowledgement = Acknowledgement(at: Instant(milliseconds: at), by: name)
    }
    self.init(
      id: row.integer(0), report: report, raisedAt: Instant(milliseconds: row.integer(10)),
      escalatedAt: row.optionalInteger(11).map { Instant(milliseconds: $0) }, acknowledgement: acknowledgement)
  }
}

extension PlayedGuide {
  fileprivate func write(to row: inout some ColumnSink) {
    row.text(code)
    row.integer(version)
    row.blob(hash)
  }

  /// Reads code, version and hash.
  fileprivate init?(_ row: Statement, from column: Int32) {
    guard row.bytes(column + 2).count == 32 else { return nil }
    self.init(code: row.text(column), version: Int(row.integer(column + 1)), hash: row.blob(column + 2))
  }
}

extension Callback: StoredRow {
  static let columns = """
    folio, phone, reason, patient, guidance, channel, owner, state, requested_at, due_at, attempts, answered, escalated_at, escalation, \
    closed_at, outcome, changed_at
    """

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(folio.number))
    row.optional(phone?.description)
    row.text(reason.rawValue)
    row.optional(patient?.rawValue)
    if let guidance { row.blob(guidance) } else { row.null() }
    row.text(channel.rawValue)
    row.text(owner.description)
    row.text(state.rawValue)
    row.integer(requestedAt.milliseconds)
    row.integer(dueAt.milliseconds)
    row.integer(attempts)
    row.integer(wasAnswered ? 1 : 0)
    row.optional(escalation?.at.milliseconds)
    row.optional(escalation?.reason.rawValue)
    row.optional(closing?.at.milliseconds)
    row.optional(closing?.outcome.rawValue)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))), let reason = Reason(rawValue: row.text(2)),
      let channel = Channel(rawValue: row.text(5)), let owner = Owner(text: row.text(6)), let state = State(rawValue: row.text(7))
    else { throw .damagedRow("callback", row.integer(0)) }
    var escalation: Escalation?
    if let at = row.optionalInteger(12), let why = row.optionalText(13).flatMap(Escalation.Reason.init(rawValue:)) {
      escalation = Escalation(at: Instant(milliseconds: at), reason: why)
    }
    var closing: Closing?
    if let at = row.optionalInteger(14), let outcome = row.optionalText(15).flatMap(Outcome.init(rawValue:)) {
      closing = Closing(at: Instant(milliseconds: at), outcome: outcome)
    }
    self.init(
      folio: folio, phone: row.optionalText(1).flatMap { PhoneNumber($0) }, reason: reason,
      patient: row.optionalInteger(3).map { PatientID(rawValue: $0) }, guidance: row.isNull(4) ? nil : row.blob(4), channel: channel,
      owner: owner, state: state, requestedAt: Instant(milliseconds: row.integer(8)), dueAt: Instant(milliseconds: row.integer(9)),
      attempts: Int(row.integer(10)), wasAnswered: row.integer(11) == 1, escalation: escalation, closing: closing,
      changedAt: Instant(milliseconds: row.integer(16)))
  }
}

extension CallbackAttempt: StoredRow {
  static let columns = "id, callback, number, at, by, result"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(Int64(callback.number))
    row.integer(number)
    row.integer(at.milliseconds)
    row.text(by)
    row.text(result.rawValue)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let callback = Folio(number: UInt64(bitPattern: row.integer(1))), let result = Result(rawValue: row.text(5)) else {
      throw .damagedRow("callback_attempt", row.integer(0))
    }
    self.init(
      id: row.integer(0), callback: callback, number: Int(row.integer(2)), at: Instant(milliseconds: row.integer(3)), by: row.text(4),
      result: result)
  }
}

extension GuidanceRecord: StoredRow {
  static let columns = """
    id, session, guide, guide_version, guide_hash, language, channel, trail, signs, prompt_signs, pregnant, onset_earliest, onset_latest, \
    ending_step, ending, kept_at
    """

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.blob(session)
    guide.write(to: &row)
    row.text(language)
    row.text(channel.rawValue)
    row.text(trail.map { "\($0.step) \($0.key)" }.joined(separator: "\n"))
    row.text(signs.joined(separator: "\n"))
    row.text(promptSigns.joined(separator: "\n"))
    row.integer(isPregnant ? 1 : 0)
    row.optional(onset?.lowerBound.milliseconds)
    row.optional(onset?.upperBound.milliseconds)
    row.optional(ending?.step)
    row.optional(ending?.kind.rawValue)
    row.integer(keptAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard row.bytes(1).count == 16, let guide = PlayedGuide(row, from: 2), let channel = Channel(rawValue: row.text(6)),
      let trail = Self.trail(row.text(7))
    else { throw .damagedRow("guidance_record", row.integer(0)) }
    var ending: Ending?
    if let step = row.optionalText(13), let kind = row.optionalText(14).flatMap(Kind.init(rawValue:)) {
      ending = Ending(step: step, kind: kind)
    }
    self.init(
      id: row.integer(0), session: row.blob(1), guide: guide, language: row.text(5), channel: channel, trail: trail,
      signs: row.text(8).split(separator: "\n").map(String.init), promptSigns: row.text(9).split(separator: "\n").map(String.init),
      isPregnant: row.integer(10) == 1, onset: Self.onset(row.optionalInteger(11), row.optionalInteger(12)), ending: ending,
      keptAt: Instant(milliseconds: row.integer(15)))
  }

  private static func trail(_ text: String) -> [Key]? {
    let lines = text.split(separator: "\n")
    let keys = lines.compactMap { line -> Key? in
      let parts = line.split(separator: " ")
      guard parts.count == 2, let key = Int(parts[1]) else { return nil }
      return Key(step: String(parts[0]), key: key)
    }
    return keys.count == lines.count ? keys : nil
  }

  /// `nil` unless there are both ends, in order.
  static func onset(_ earliest: Int64?, _ latest: Int64?) -> ClosedRange<Instant>? {
    guard let earliest, let latest, earliest <= latest else { return nil }
    return Instant(milliseconds: earliest)...Instant(milliseconds: latest)
  }
}

extension ResumeCode: StoredRow {
  static let columns = "id, code, folio, patient, channel, made_at, expires_at, ended_at, used_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.blob(index)
    row.integer(Int64(folio.number))
    row.integer(patient.rawValue)
    row.text(channel.rawValue)
    row.integer(madeAt.milliseconds)
    row.integer(expiresAt.milliseconds)
    row.optional(endedAt?.milliseconds)
    row.optional(usedAt?.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard row.bytes(1).count == 32, let folio = Folio(number: UInt64(bitPattern: row.integer(2))), let channel = Channel(rawValue: row.text(4))
    else { throw .damagedRow("resume_code", row.integer(0)) }
    self.init(
      id: row.integer(0), index: row.blob(1), folio: folio, patient: PatientID(rawValue: row.integer(3)), channel: channel,
      madeAt: Instant(milliseconds: row.integer(5)), expiresAt: Instant(milliseconds: row.integer(6)),
      endedAt: row.optionalInteger(7).map { Instant(milliseconds: $0) }, usedAt: row.optionalInteger(8).map { Instant(milliseconds: $0) })
  }
}
