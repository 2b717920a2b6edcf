package import ClinicDomain

extension StoreReader {
  /// Where an appointment takes place; `nil` for one in the clinic.
  package func homeVisit(of folio: Folio) throws(StoreFault) -> HomeVisit? {
    let rows = try statement("SELECT \(HomeVisit.columns) FROM home_visit WHERE appointment = ?")
    rows.bind(Int64(folio.number), at: 1)
    return try rows.all { row throws(StoreFault) in try HomeVisit(row) }.first
  }

  /// Where a person was to be visited last; `nil` for who never was.
  package func latestHomeVisit(of patient: PatientID) throws(StoreFault) -> HomeVisit? {
    let rows = try statement(StoreStatements.Name.latestHomeVisit.sql)
    rows.bind(patient.rawValue, at: 1)
    return try rows.all { row throws(StoreFault) in try HomeVisit(row) }.first
  }

  /// How many visits of a zone stand from a date on; by date.
  package func homeVisitDays(ofZone zone: String, since date: CivilDate) throws(StoreFault) -> [HomeVisitDay] {
    let rows = try statement(HomeVisit.daysOfZone)
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    rows.bind(zone, at: 2)
    return try rows.all { row throws(StoreFault) in try HomeVisitDay(row) }
  }
}
