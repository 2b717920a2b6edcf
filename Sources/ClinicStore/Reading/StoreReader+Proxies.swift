package import ClinicDomain

extension StoreReader {
  /// What a person gave and has not taken back, by number.
  package func proxies(grantor: PatientID) throws(StoreFault) -> [Proxy] { try proxies("grantor", grantor) }

  /// What a person was given and still has, by number.
  package func proxies(grantee: PatientID) throws(StoreFault) -> [Proxy] { try proxies("grantee", grantee) }

  private func proxies(_ column: String, _ person: PatientID) throws(StoreFault) -> [Proxy] {
    let rows = try statement("SELECT \(Proxy.columns) FROM proxy WHERE \(column) = ? AND revoked_at IS NULL ORDER BY id")
    rows.bind(person.rawValue, at: 1)
    return try rows.all { row throws(StoreFault) in try Proxy(row) }
  }

  /// A version of a birth plan, or the last; `nil` when there is none.
  package func birthPlan(of patient: PatientID, version: Int? = nil) throws(StoreFault) -> BirthPlan? {
    let rows = try statement(
      "SELECT \(BirthPlan.columns) FROM birth_plan WHERE patient = ?1 AND (?2 IS NULL OR version = ?2) ORDER BY version DESC LIMIT 1")
    rows.bind(patient.rawValue, at: 1)
    rows.bind(version.map { Int64($0) }, at: 2)
    return try rows.all { row throws(StoreFault) in try BirthPlan(row) }.first
  }

  /// Who was registered at a mother's record, by ordinal.
  package func newborns(of mother: PatientID) throws(StoreFault) -> [Newborn] {
    let rows = try statement("SELECT \(Newborn.columns) FROM newborn WHERE mother = ? ORDER BY ordinal")
    rows.bind(mother.rawValue, at: 1)
    return try rows.all { row throws(StoreFault) in try Newborn(row) }
  }
}
