package import ClinicDomain

extension StoreReader {
  /// The people of a doctor who were born in a stretch of days; by the store's number.
  package func people(of doctor: Doctor, born days: ClosedRange<CivilDate>) throws(StoreFault) -> [Patient] {
    let rows = try statement(
      "SELECT \(Patient.columns) FROM patient WHERE consultorio = ? AND turno = ? AND birth_date BETWEEN ? AND ? ORDER BY id")
    rows.bind(doctor.resource.description, at: 1)
    rows.bind(doctor.turno.rawValue, at: 2)
    rows.bind(Int64(days.lowerBound.daysSinceEpoch), at: 3)
    rows.bind(Int64(days.upperBound.daysSinceEpoch), at: 4)
    return try Patient.all(rows)
  }
}
