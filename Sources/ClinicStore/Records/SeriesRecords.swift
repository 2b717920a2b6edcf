internal import ClinicDomain

extension CareSeries: StoredRow {
  static let columns = "id, patient, program, status, end_reason, anchor, resource, start_minute, weekdays, created_at, changed_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(patient.rawValue)
    row.text(program.rawValue)
    row.text(status.rawValue)
    row.optional(endReason?.rawValue)
    row.integer(anchor.daysSinceEpoch)
    row.optional(chair?.resource.description)
    row.optional(chair.map { Int64($0.start.minutes) })
    row.optional(chair.map { $0.weekdays.map { String($0.rawValue) }.joined() })
    row.integer(createdAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let status = Status(rawValue: row.text(3)), let anchor = CivilDate(daysSinceEpoch: Int(row.integer(5))) else {
      throw .damagedRow("care_series", row.integer(0))
    }
    var chair: StandingPlace?
    if let resource = row.optionalText(6) {
      guard let resource = ResourceID(text: resource), let start = AgendaMinute(minutes: Int(row.integer(7))) else {
        throw .damagedRow("care_series", row.integer(0))
      }
      let weekdays = row.text(8).compactMap { $0.wholeNumberValue.flatMap { Weekday(rawValue: $0) } }
      chair = StandingPlace(resource: resource, start: start, weekdays: weekdays)
    }
    self.init(
      id: row.integer(0), patient: PatientID(rawValue: row.integer(1)), program: SeriesCode(row.text(2)), status: status,
      endReason: row.optionalText(4).flatMap { EndReason(rawValue: $0) }, anchor: anchor, chair: chair,
      createdAt: Instant(milliseconds: row.integer(9)), changedAt: Instant(milliseconds: row.integer(10)))
  }
}

extension SeriesActivity: StoredRow {
  static let columns = """
    series, number, kind, due, first_day, last_day, start_minute, status, folio, alerted_at, acknowledged_at, changed_at
    """

  /// A program's sessions that are due between two days: those with a place and those without one.
  static let sessions = """
    SELECT \(columns.split(separator: ", ").map { "v." + $0 }.joined(separator: ", ")) \
    FROM series_activity v JOIN care_series s ON s.id = v.series WHERE s.program = ?1 AND s.status = 'active' \
    AND v.kind = 'Appointment' AND v.status IN ('scheduled', 'on-hold', 'stopped') AND v.due BETWEEN ?2 AND ?3 ORDER BY v.series, v.number
    """

  /// Which appointment a folio has become: changes of date lead on.
  static let currentFolio = """
    WITH RECURSIVE line (folio) AS (SELECT ?1 UNION SELECT a.replaced_by FROM line JOIN appointment a USING (folio) \
    WHERE a.replaced_by IS NOT NULL) SELECT folio FROM line JOIN appointment USING (folio) WHERE replaced_by IS NULL
    """

  /// The folios of everything that a person's series have given them since a day, changes of date followed.
  static let foliosOfPatient = """
    WITH RECURSIVE line (folio) AS (SELECT v.folio FROM care_series s JOIN series_activity v ON v.series = s.id \
    WHERE s.patient = ?1 AND s.status = 'active' AND v.status = 'scheduled' AND v.last_day >= ?2 \
    UNION SELECT a.replaced_by FROM line JOIN appointment a USING (folio) WHERE a.replaced_by IS NOT NULL) SELECT folio FROM line
    """

  func write(to row: inout some ColumnSink) {
    row.integer(series)
    row.integer(number)
    row.text(kind.rawValue)
    row.integer(due.daysSinceEpoch)
    row.integer(window.lowerBound.daysSinceEpoch)
    row.integer(window.upperBound.daysSinceEpoch)
    row.optional(start.map { Int64($0.minutes) })
    row.text(status.rawValue)
    row.optional(folio.map { Int64($0.number) })
    row.optional(alertedAt?.milliseconds)
    row.optional(acknowledgedAt?.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let kind = Kind(rawValue: row.text(2)), let due = CivilDate(daysSinceEpoch: Int(row.integer(3))),
      let first = CivilDate(daysSinceEpoch: Int(row.integer(4))), let last = CivilDate(daysSinceEpoch: Int(row.integer(5))), first <= last,
      let status = Status(rawValue: row.text(7))
    else { throw .damagedRow("series_activity", row.integer(0)) }
    self.init(
      series: row.integer(0), number: Int(row.integer(1)), kind: kind, due: due, window: first...last,
      start: row.optionalInteger(6).flatMap { AgendaMinute(minutes: Int($0)) }, status: status,
      folio: row.optionalInteger(8).flatMap { Folio(number: UInt64(bitPattern: $0)) },
      alertedAt: row.optionalInteger(9).map { Instant(milliseconds: $0) },
      acknowledgedAt: row.optionalInteger(10).map { Instant(milliseconds: $0) }, changedAt: Instant(milliseconds: row.integer(11)))
  }
}
