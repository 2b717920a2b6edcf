internal import ClinicDomain
internal import Scheduling

// Seldom asked for, so their statements are not kept; but what one person gave another is read whenever somebody acts for somebody.

// MARK: - What a decision about permissions reads

extension StoreCore {
  /// What one person gave another and has not taken back.
  func proxies(of grantor: PatientID, to grantee: PatientID) throws(StoreFault) -> [Proxy] {
    let rows = try statements[.proxiesBetween]
    rows.bind(grantor.rawValue, at: 1)
    rows.bind(grantee.rawValue, at: 2)
    return try rows.all { row throws(StoreFault) in try Proxy(row) }
  }

  func fetch(_ need: ProxyNeed, into scope: inout ProxyScope) throws(StoreFault) {
    switch need {
    case .given(let grantor):
      let rows = try rows("SELECT \(Proxy.columns) FROM proxy WHERE grantor = ? AND revoked_at IS NULL ORDER BY id", grantor)
      scope.given = try rows.all { row throws(StoreFault) in try Proxy(row) }
      scope.nextProxy = try nextProxy()
    case .birthPlan(let patient):
      let rows = try rows("SELECT \(BirthPlan.columns) FROM birth_plan WHERE patient = ? ORDER BY version DESC LIMIT 1", patient)
      scope.birthPlan = try rows.all { row throws(StoreFault) in try BirthPlan(row) }.first
    case .newborns(let mother, let seed):
      let rows = try rows("SELECT \(Newborn.columns) FROM newborn WHERE mother = ? ORDER BY ordinal", mother)
      scope.newborns = try rows.all { row throws(StoreFault) in try Newborn(row) }
      scope.nextProxy = try nextProxy()
      scope.nextPatient = PatientID(rawValue: try nextPatientID())
      scope.freeNumber = try freeNumber(seed)
    case .merging(let child, let row, let seed):
      scope.freeNumber = try freeNumber(seed)
      scope.merge = try merge(of: child, with: row)
    case .registering(let key, let seed):
      // A merge takes a key away: who is left is found all the same. What follows the separator is a number.
      let rows = try Statement(
        "SELECT \(Patient.columns) FROM patient WHERE identity_key = ?1 OR identity_key BETWEEN ?2 || '0' AND ?2 || ':' ORDER BY id", in: connection)
      rows.bind(key, at: 1)
      rows.bind(key + RegisterPerson.keySeparator, at: 2)
      scope.namesakes = try Patient.all(rows)
      scope.nextPatient = PatientID(rawValue: try nextPatientID())
      scope.freeNumber = try freeNumber(seed)
    }
  }

  private func merge(of child: PatientNumber, with row: PatientNumber) throws(StoreFault) -> MergeScope? {
    guard let child = try patient(numbered: child), let person = try patient(numbered: row) else { return nil }
    let newborns = try rows("SELECT \(Newborn.columns) FROM newborn WHERE child = ?", child.id)
    let newborn = try newborns.all { row throws(StoreFault) in try Newborn(row) }.first
    let mother = try newborn.reading { newborn throws(StoreFault) in try patient(newborn.mother) }
    let agenda = try rows(
      """
      SELECT EXISTS (SELECT 1 FROM appointment WHERE patient = ?1 AND \(Appointment.active)) \
      OR EXISTS (SELECT 1 FROM waitlist_entry WHERE patient = ?1 AND state = 'waiting') \
      OR EXISTS (SELECT 1 FROM care_series WHERE patient = ?1 AND status = 'active')
      """, person.id)
    let hasAgenda = try agenda.all { row throws(StoreFault) in row.integer(0) == 1 }.first ?? false
    return MergeScope(
      child: child, childKey: try identityKey(of: child.id), newborn: newborn, mother: mother, row: person, identityKey: try identityKey(of: person.id), hasAgenda: hasAgenda)
  }

  private func patient(numbered number: PatientNumber) throws(StoreFault) -> Patient? {
    let rows = try statements[.patientsByNumber]
    rows.bind(Int64(number.number), at: 1)
    return try Patient.first(rows)
  }

  private func rows(_ sql: String, _ person: PatientID) throws(StoreFault) -> Statement {
    let rows = try Statement(sql, in: connection)
    rows.bind(person.rawValue, at: 1)
    return rows
  }

  private func nextProxy() throws(StoreFault) -> Int64 { try connection.integer("SELECT coalesce(max(id), 0) FROM proxy") + 1 }
}

// MARK: - What a decision about permissions writes

extension StoreCore {
  /// Writes one change and its row of the history.
  func write(_ change: ProxyChange, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    switch change {
    case .proxy(let proxy):
      // A number is written twice at most: when it is given, and when it is taken back.
      let sql = proxy.revokedAt == nil
        ? StoreStatements.Name.insert(Proxy.columns, into: "proxy") : StoreStatements.Name.upsert(Proxy.columns, into: "proxy")
      try put(proxy, with: try Statement(sql, in: connection), AuditObject(rowOf: "proxy", key: proxy.id), author, command, now)
    case .plan(let plan):
      var object = AuditObject(rowOf: "birth_plan", key: plan.patient.rawValue)
      object.secondKey = Int64(plan.version)
      let sql = StoreStatements.Name.insert(BirthPlan.columns, into: "birth_plan")
      try put(plan, with: try Statement(sql, in: connection), object, author, command, now)
    case .newborn(let newborn):
      let object = AuditObject(rowOf: "newborn", key: newborn.child.rawValue)
      let sql = StoreStatements.Name.insert(Newborn.columns, into: "newborn")
      try put(newborn, with: try Statement(sql, in: connection), object, author, command, now)
    case .person(let person, let key), .changed(let person, let key):
      let isNew = if case .person = change { true } else { false }
      try write(person, identityKey: key, with: isNew ? .insertPatient : .updatePatient)
      var digest = RowDigest()
      person.write(identityKey: key, to: &digest)
      try record(AuditEntry(author, .patient(person.id), by: command, content: digest.value, at: now))
    }
  }
}
