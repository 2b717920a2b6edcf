package import ClinicDomain
package import Scheduling

// MARK: - What the clinic owes

extension StoreReader {
  package func referral(_ folio: Folio) throws(StoreFault) -> Referral? {
    let rows = try statement("SELECT \(Referral.columns) FROM referral WHERE folio = ?")
    rows.bind(Int64(folio.number), at: 1)
    return try rows.all { row throws(StoreFault) in try Referral(row) }.first
  }

  package func screen(_ id: Int64) throws(StoreFault) -> AlarmScreen? {
    let rows = try statement("SELECT \(AlarmScreen.columns) FROM alarm_screen WHERE id = ?")
    rows.bind(id, at: 1)
    return try rows.all { row throws(StoreFault) in try AlarmScreen(row) }.first
  }

  /// Whom an alert is about; `nil` where it is nobody.
  package func patient(of object: DutyAlert.Object) throws(StoreFault) -> Patient? {
    let id: PatientID? = switch object {
    case .referral(let folio): try referral(folio)?.patient
    case .screen(let id): try screen(id)?.patient
    case .legado, .nightly: nil
    }
    guard let id else { return nil }
    return try patient(id: id)
  }

  /// What is to be raised now and nobody has been told of: referrals without a date, operations over the limit, legados past their date; in
  /// this order, each by age.
  package func unraised(by rules: ClinicRules, at now: Instant) throws(StoreFault) -> [RaiseAlert] {
    let waiting = try statement(
      "SELECT \(Referral.columns) FROM referral WHERE state IN ('requested', 'dated') ORDER BY created_at, folio")
    let referrals = try waiting.all { row throws(StoreFault) in try Referral(row) }
    let today = rules.today(at: now)
    let due = referrals.filter { $0.lacksDate(at: now) }.map { RaiseAlert(.referralWithoutDate, .referral($0.folio)) }
      + referrals.filter { rules.isOverLimit($0, at: now) }.map { RaiseAlert(.surgeryOverLimit, .referral($0.folio)) }
      + (try legados().filter { $0.last.isOverdue(on: today) }.map { RaiseAlert(.legadoOverdue, .legado($0.legado.id)) })
    guard !due.isEmpty else { return [] }
    let told = Set(try alerts(since: nil).map { "\($0.kind.rawValue) \($0.object.text)" })
    return due.filter { !told.contains("\($0.kind.rawValue) \($0.object.text)") }
  }

  /// Alerts, the oldest first, at most 500: those that are not over, or all that were raised since an instant.
  package func alerts(since instant: Instant?) throws(StoreFault) -> [DutyAlert] {
    let rows = try statement(
      "SELECT \(DutyAlert.columns) FROM duty_alert WHERE \(instant == nil ? "resolved_at IS NULL AND raised_at > ?" : "raised_at > ?") ORDER BY id LIMIT 500")
    rows.bind(instant?.milliseconds ?? .min, at: 1)
    return try rows.all { row throws(StoreFault) in try DutyAlert(row) }
  }

  package func legados(only id: Int64? = nil) throws(StoreFault) -> [LegadoStanding] {
    try LegadoStanding.all(in: connection, only: id)
  }

  /// In the order of adding.
  package func evidence(of legado: Int64) throws(StoreFault) -> [LegadoEvidence] {
    let rows = try statement("SELECT \(LegadoEvidence.columns) FROM legado_evidence WHERE legado = ? ORDER BY id")
    rows.bind(legado, at: 1)
    return try rows.all { row throws(StoreFault) in LegadoEvidence(row) }
  }

  /// The status history, in its order.
  package func entries(of legado: Int64) throws(StoreFault) -> [LegadoEntry] {
    let rows = try statement("SELECT \(LegadoEntry.columns) FROM legado_entry WHERE legado = ? ORDER BY id")
    rows.bind(legado, at: 1)
    return try rows.all { row throws(StoreFault) in try LegadoEntry(row) }
  }

  /// The last nights' checks, the latest first.
  package func nights(limit: Int = 31) throws(StoreFault) -> [NightlyCheck] {
    let rows = try statement("SELECT \(NightlyCheck.columns) FROM nightly_check ORDER BY id DESC LIMIT ?")
    rows.bind(Int64(limit), at: 1)
    return try rows.all { row throws(StoreFault) in try NightlyCheck(row) }
  }
}
