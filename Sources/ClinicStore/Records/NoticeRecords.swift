internal import ClinicDomain

extension Notice: StoredRow {
  static let columns = """
    appointment, kind, patient, state, calls, token, not_before, outcome, told_through, made_at, changed_at
    """

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(appointment.number))
    row.integer(kind.rawValue)
    row.integer(patient.rawValue)
    row.text(state.rawValue)
    row.integer(calls)
    if let token { row.blob(token) } else { row.null() }
    row.integer(notBefore.milliseconds)
    row.optional(outcome?.rawValue)
    row.optional(toldThrough?.rawValue)
    row.integer(madeAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    let (outcome, through) = (row.optionalText(7), row.optionalText(8))
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))), let kind = Kind(rawValue: Int(row.integer(1))),
      let state = State(rawValue: row.text(3)), outcome == nil || OutboundCall.Outcome(rawValue: outcome!) != nil,
      through == nil || Channel(rawValue: through!) != nil
    else { throw .damagedRow("notice", row.integer(0)) }
    let token = row.blob(5)
    self.init(
      appointment: folio, kind: kind, patient: PatientID(rawValue: row.integer(2)), state: state, calls: Int(row.integer(4)),
      token: token.isEmpty ? nil : token, notBefore: Instant(milliseconds: row.integer(6)),
      outcome: outcome.flatMap(OutboundCall.Outcome.init(rawValue:)), toldThrough: through.flatMap { Channel(rawValue: $0) },
      madeAt: Instant(milliseconds: row.integer(9)), changedAt: Instant(milliseconds: row.integer(10)))
  }
}

extension CallConsent: StoredRow {
  static let columns = "patient, given, own, channel, changed_at"

  func write(to row: inout some ColumnSink) {
    row.integer(patient.rawValue)
    row.integer(isGiven ? 1 : 0)
    row.integer(isOwn ? 1 : 0)
    row.text(channel.rawValue)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let channel = Channel(rawValue: row.text(3)) else { throw .damagedRow("call_consent", row.integer(0)) }
    self.init(
      patient: PatientID(rawValue: row.integer(0)), isGiven: row.integer(1) == 1, isOwn: row.integer(2) == 1, channel: channel,
      changedAt: Instant(milliseconds: row.integer(4)))
  }
}
