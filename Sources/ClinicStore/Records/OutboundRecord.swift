internal import ClinicDomain

extension OutboundCall: StoredRow {
  static let columns = "id, offer, token, state, outcome, leases, leased_until, made_at, changed_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(offer)
    row.blob(token)
    row.text(state.rawValue)
    row.optional(outcome?.rawValue)
    row.integer(Int64(leases))
    row.integer(leasedUntil.milliseconds)
    row.integer(madeAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    let outcome = row.optionalText(4)
    guard row.bytes(2).count == 16, let state = State(rawValue: row.text(3)), outcome == nil || Outcome(rawValue: outcome!) != nil else {
      throw .damagedRow("outbound_call", row.integer(0))
    }
    self.init(
      id: row.integer(0), offer: row.integer(1), token: row.blob(2), state: state, outcome: outcome.flatMap(Outcome.init(rawValue:)),
      leases: Int(row.integer(5)), leasedUntil: Instant(milliseconds: row.integer(6)), madeAt: Instant(milliseconds: row.integer(7)),
      changedAt: Instant(milliseconds: row.integer(8)))
  }
}
