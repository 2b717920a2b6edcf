internal import ClinicDomain
internal import Scheduling

// Seldom asked for, so their statements are not kept.

// MARK: - What a decision reads

extension StoreCore {
  /// Fetches a need into a scope.
  func fetch(_ need: DutyNeed, into scope: inout DutyScope) throws(StoreFault) {
    switch need {
    case .referral(let folio):
      scope.referral = try rows("SELECT \(Referral.columns) FROM referral WHERE folio = ?", Int64(folio.number)) {
        row throws(StoreFault) in try Referral(row)
      }.first
      scope.alerts = try standing(.referral(folio))
    case .screening: scope.nextScreen = try next("alarm_screen")
    case .alert(let id):
      scope.alerts = try rows("SELECT \(DutyAlert.columns) FROM duty_alert WHERE id = ?", id) { row throws(StoreFault) in try DutyAlert(row) }
      return
    case .legado(let id):
      (scope.nextLegado, scope.nextEvidence, scope.nextEntry) = (try next("legado"), try next("legado_evidence"), try next("legado_entry"))
      if let id {
        scope.legado = try LegadoStanding.all(in: connection, only: id).first
        scope.alerts = try standing(.legado(id))
      }
    case .nightly: scope.nextNight = try next("nightly_check")
    }
    scope.nextAlert = try next("duty_alert")
  }

  /// An object's alerts that are not over.
  private func standing(_ object: DutyAlert.Object) throws(StoreFault) -> [DutyAlert] {
    let rows = try Statement(
      "SELECT \(DutyAlert.columns) FROM duty_alert WHERE object = ? AND resolved_at IS NULL ORDER BY id", in: connection)
    rows.bind(object.text, at: 1)
    return try rows.all { row throws(StoreFault) in try DutyAlert(row) }
  }

  private func rows<Value>(
    _ sql: String, _ key: Int64, _ read: (Statement) throws(StoreFault) -> Value
  ) throws(StoreFault) -> [Value] {
    let rows = try Statement(sql, in: connection)
    rows.bind(key, at: 1)
    return try rows.all(read)
  }

  /// The number after the last one; 1 for an empty table.
  private func next(_ table: String) throws(StoreFault) -> Int64 {
    try connection.integer("SELECT coalesce(max(id), 0) FROM \(table)") + 1
  }
}

// MARK: - What a decision writes

extension StoreCore {
  /// Writes one change and its row of the history.
  func write(_ change: DutyChange, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    switch change {
    case .referral(let referral):
      // No event leads back to `requested`: a new one never takes the row of another with the same folio.
      try put(referral, Referral.columns, "referral", Int64(referral.folio.number), isFixed: referral.state == .requested, author, command, now)
    case .screen(let screen): try put(screen, AlarmScreen.columns, "alarm_screen", screen.id, author, command, now)
    case .alert(let alert): try put(alert, DutyAlert.columns, "duty_alert", alert.id, isFixed: false, author, command, now)
    case .legado(let legado): try put(legado, Legado.columns, "legado", legado.id, author, command, now)
    case .evidence(let evidence): try put(evidence, LegadoEvidence.columns, "legado_evidence", evidence.id, author, command, now)
    case .entry(let entry): try put(entry, LegadoEntry.columns, "legado_entry", entry.id, author, command, now)
    case .night(let night): try put(night, NightlyCheck.columns, "nightly_check", night.id, author, command, now)
    }
  }

  /// - Parameter isFixed: whether the row is new, and none of its key may be there.
  private func put(
    _ row: some StoredRow, _ columns: String, _ table: String, _ key: Int64, isFixed: Bool = true, _ author: Authorship,
    _ command: StoreCommand, _ now: Instant
  ) throws(StoreFault) {
    let name = StoreStatements.Name.self
    let sql = isFixed ? name.insert(columns, into: table) : name.upsert(columns, into: table)
    try put(row, with: try Statement(sql, in: connection), AuditObject(rowOf: table, key: key), author, command, now)
  }
}

extension LegadoStanding {
  /// Every legado with its last entry, by number, or one of them.
  static func all(in connection: Connection, only id: Int64? = nil) throws(StoreFault) -> [LegadoStanding] {
    let legados = try Statement("SELECT \(Legado.columns) FROM legado WHERE ?1 IS NULL OR id = ?1 ORDER BY id", in: connection)
    legados.bind(id, at: 1)
    let last = try Statement("SELECT \(LegadoEntry.columns) FROM legado_entry WHERE legado = ? ORDER BY id DESC LIMIT 1", in: connection)
    let evidence = try Statement("SELECT count(*) FROM legado_evidence WHERE legado = ?", in: connection)
    var all: [LegadoStanding] = []
    for legado in try legados.all({ row throws(StoreFault) in Legado(row) }) {
      last.bind(legado.id, at: 1)
      evidence.bind(legado.id, at: 1)
      guard let entry = try last.all({ row throws(StoreFault) in try LegadoEntry(row) }).first else {
        throw .damagedRow("legado", legado.id)
      }
      let count = try evidence.all { row throws(StoreFault) in Int(row.integer(0)) }[0]
      all.append(LegadoStanding(legado: legado, last: entry, evidenceCount: count))
    }
    return all
  }
}
