package import ClinicDomain
internal import Scheduling

extension SurveyCell: StoredRow {
  static let columns = "day, channel, dialogue, resolved, unresolved"

  func write(to row: inout some ColumnSink) {
    row.integer(date.daysSinceEpoch)
    row.text(channel.rawValue)
    row.text(dialogue)
    row.integer(resolved)
    row.integer(unresolved)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let date = CivilDate(daysSinceEpoch: Int(row.integer(0))), let channel = Channel(rawValue: row.text(1)) else {
      throw .damagedRow("survey_cell", row.integer(0))
    }
    self.init(date: date, channel: channel, dialogue: row.text(2), resolved: Int(row.integer(3)), unresolved: Int(row.integer(4)))
  }
}

extension StoreCore {
  func surveyCell(_ date: CivilDate, _ count: CountAnswer) throws(StoreFault) -> SurveyCell? {
    let rows = try Statement("SELECT \(SurveyCell.columns) FROM survey_cell WHERE day = ? AND channel = ? AND dialogue = ?", in: connection)
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    rows.bind(count.channel.rawValue, at: 2)
    rows.bind(count.dialogue, at: 3)
    return try rows.all { row throws(StoreFault) in try SurveyCell(row) }.first
  }

  /// Without a row of the history: its times would tell when somebody answered.
  func write(_ cell: SurveyCell) throws(StoreFault) {
    var row = RowWriter(try Statement(StoreStatements.Name.upsert(SurveyCell.columns, keyColumns: 3, into: "survey_cell"), in: connection))
    cell.write(to: &row)
    try row.write()
  }
}

extension StoreReader {
  /// What was answered on those dates, in the order of the days.
  package func survey(on dates: ClosedRange<CivilDate>) throws(StoreFault) -> [SurveyCell] {
    let rows = try statement("SELECT \(SurveyCell.columns) FROM survey_cell WHERE day BETWEEN ? AND ? ORDER BY day, channel, dialogue")
    rows.bind(Int64(dates.lowerBound.daysSinceEpoch), at: 1)
    rows.bind(Int64(dates.upperBound.daysSinceEpoch), at: 2)
    return try rows.all { row throws(StoreFault) in try SurveyCell(row) }
  }
}
