package import ClinicDomain

extension StoreReader {
  /// The rows of every sheet of a date, or of one agenda's; by resource, turno and place.
  package func paperRows(on date: CivilDate, of resource: ResourceID? = nil) throws(StoreFault) -> [PaperRow] {
    let rows = try statement(
      "SELECT \(PaperRow.columns) FROM paper_row WHERE day = ?1 AND (?2 IS NULL OR resource = ?2) ORDER BY resource, turno, number")
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    rows.bind(resource?.description, at: 2)
    return try rows.all { row throws(StoreFault) in try PaperRow(row) }
  }
}
