internal import ClinicDomain
internal import Scheduling

extension StoreCore {
  /// What a decision about a colour reads.
  func careScope(of command: CareCommand) throws(StoreFault) -> CareScope {
    var scope = CareScope()
    let named: Int64? = switch command {
    case .needs, .institution, .name: nil
    case .triage(let set): set.triage
    case .seen(let see): see.triage
    case .breach(let breach): breach.triage
    }
    if case .triage = command { scope.next = try connection.integer("SELECT coalesce(max(id), 0) FROM triage_case") + 1 }
    guard let named else { return scope }
    let rows = try Statement("SELECT \(TriageCase.columns) FROM triage_case WHERE id = ?", in: connection)
    rows.bind(named, at: 1)
    scope.triage = try rows.all { row throws(StoreFault) in try TriageCase(row) }.first
    return scope
  }

  /// Writes one change and its row of the history.
  func write(_ change: CareChange, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    switch change {
    case .needs(let patient, let needs):
      let digest = try rewrite(patient) { $0.needs = needs }
      try record(AuditEntry(author, .patient(patient), by: command, content: digest, at: now))
    case .name(let patient, let chosen, let pronoun, let at):
      let digest = try rewrite(patient) { ($0.name.chosen, $0.name.pronoun, $0.nameSetAt) = (chosen, pronoun, at) }
      try record(AuditEntry(author, .patient(patient), by: command, content: digest, at: now))
    case .affiliation(let affiliation):
      let sql = StoreStatements.Name.upsert(Affiliation.columns, into: "affiliation")
      let object = AuditObject(rowOf: "affiliation", key: affiliation.patient.rawValue)
      try put(affiliation, with: try Statement(sql, in: connection), object, author, command, now)
    case .triage(let triage):
      let sql = StoreStatements.Name.upsert(TriageCase.columns, into: "triage_case")
      try put(triage, with: try Statement(sql, in: connection), AuditObject(rowOf: "triage_case", key: triage.id), author, command, now)
    }
  }
}
