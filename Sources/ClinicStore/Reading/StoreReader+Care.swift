package import ClinicDomain

extension StoreReader {
  /// What a person said last of whom they belong to; `nil` when they never did.
  package func affiliation(of patient: PatientID) throws(StoreFault) -> Affiliation? {
    let rows = try statement("SELECT \(Affiliation.columns) FROM affiliation WHERE patient = ?")
    rows.bind(patient.rawValue, at: 1)
    return try rows.all { row throws(StoreFault) in try Affiliation(row) }.first
  }

  /// Who waits with a colour: those whose time is over first, then by when it will be.
  package func triageWaiting() throws(StoreFault) -> [TriageCase] {
    let rows = try statement(
      "SELECT \(TriageCase.columns) FROM triage_case WHERE seen_at IS NULL ORDER BY breached_at IS NULL, due_at, id")
    return try rows.all { row throws(StoreFault) in try TriageCase(row) }
  }

  /// Folios of what a person's series have given them since a day; they count in no limit.
  package func foliosInSeries(of patient: PatientID, since date: CivilDate) throws(StoreFault) -> [Folio] {
    let rows = try statement(SeriesActivity.foliosOfPatient)
    rows.bind(patient.rawValue, at: 1)
    rows.bind(Int64(date.daysSinceEpoch), at: 2)
    return try rows.all { row throws(StoreFault) in Folio(number: UInt64(bitPattern: row.integer(0))) }.compactMap(\.self)
  }
}
