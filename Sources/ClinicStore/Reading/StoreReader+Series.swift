package import ClinicDomain
internal import Scheduling

/// A series as somebody reads it.
package struct SeriesView: Hashable, Sendable {
  package var series: CareSeries
  /// By number.
  package var activities: [SeriesActivity]
  /// The appointment that each activity has now, by its number.
  package var appointments: [Int: Appointment]
}

/// Something that is due and wants a place, with whose it is.
package struct DueActivity: Hashable, Sendable {
  package var series: CareSeries
  package var activity: SeriesActivity
  package var patient: Patient
  /// The appointment that it had last, or has.
  package var appointment: Appointment?
}

extension StoreReader {
  /// A person's series in the order in which they began, ended ones among them.
  package func series(of patient: PatientID) throws(StoreFault) -> [SeriesView] {
    let rows = try statement("SELECT \(CareSeries.columns) FROM care_series WHERE patient = ? ORDER BY id")
    rows.bind(patient.rawValue, at: 1)
    var views: [SeriesView] = []
    for series in try rows.all({ row throws(StoreFault) in try CareSeries(row) }) { views.append(try view(of: series)) }
    return views
  }

  package func series(_ id: Int64) throws(StoreFault) -> SeriesView? {
    try careSeries(id).reading { series throws(StoreFault) in try view(of: series) }
  }

  private func careSeries(_ id: Int64) throws(StoreFault) -> CareSeries? {
    let rows = try statement("SELECT \(CareSeries.columns) FROM care_series WHERE id = ?")
    rows.bind(id, at: 1)
    return try rows.all { row throws(StoreFault) in try CareSeries(row) }.first
  }

  private func view(of series: CareSeries) throws(StoreFault) -> SeriesView {
    let rows = try statement("SELECT \(SeriesActivity.columns) FROM series_activity WHERE series = ? ORDER BY number")
    rows.bind(series.id, at: 1)
    var view = SeriesView(series: series, activities: try rows.all { row throws(StoreFault) in try SeriesActivity(row) }, appointments: [:])
    for activity in view.activities where activity.folio != nil {
      view.appointments[activity.number] = try currentAppointment(of: activity)
    }
    return view
  }

  private func currentAppointment(of activity: SeriesActivity) throws(StoreFault) -> Appointment? {
    guard let folio = activity.folio else { return nil }
    let rows = try statement(SeriesActivity.currentFolio)
    rows.bind(Int64(folio.number), at: 1)
    guard let current = try rows.all({ row throws(StoreFault) in row.integer(0) }).first.flatMap({ Folio(number: UInt64(bitPattern: $0)) })
    else { return nil }
    return try appointment(folio: current)
  }

  // MARK: For the server itself

  /// Series of chairs whose sessions are not written down through a date.
  package func seriesToExtend(through date: CivilDate) throws(StoreFault) -> [CareSeries] {
    let rows = try statement(
      """
      SELECT \(CareSeries.columns) FROM care_series s WHERE status = 'active' AND resource IS NOT NULL \
      AND coalesce((SELECT max(due) FROM series_activity WHERE series = s.id), -1) < ? - 7 ORDER BY id
      """)
    rows.bind(Int64(date.daysSinceEpoch), at: 1)
    return try rows.all { row throws(StoreFault) in try CareSeries(row) }
  }

  /// What is due through a date and has no place, its days not over; the sooner first.
  package func activitiesToPlace(from today: CivilDate, through last: CivilDate) throws(StoreFault) -> [DueActivity] {
    let rows = try statement(
      """
      SELECT \(SeriesActivity.columns) FROM series_activity WHERE status IN ('not-started', 'on-hold') AND due <= ?2 AND last_day >= ?1 \
      AND kind = 'Appointment' ORDER BY due, series, number
      """)
    rows.bind(Int64(today.daysSinceEpoch), at: 1)
    rows.bind(Int64(last.daysSinceEpoch), at: 2)
    return try withPeople(try rows.all { row throws(StoreFault) in try SeriesActivity(row) }).filter { $0.series.status == .active }
  }

  /// What has a place by its row and, since before an instant, none by its appointment, its days not over.
  package func activitiesToReopen(from today: CivilDate, changedBefore instant: Instant) throws(StoreFault) -> [SeriesActivity] {
    let rows = try statement(
      """
      SELECT \(SeriesActivity.columns.split(separator: ", ").map { "v." + $0 }.joined(separator: ", ")) FROM series_activity v \
      JOIN care_series s ON s.id = v.series JOIN appointment a ON a.folio = v.folio \
      WHERE v.status = 'scheduled' AND v.kind = 'Appointment' AND v.last_day >= ?1 AND s.status = 'active' \
      AND a.status IN ('cancelled', 'noshow', 'entered-in-error') ORDER BY v.due, v.series, v.number
      """)
    rows.bind(Int64(today.daysSinceEpoch), at: 1)
    var lost: [SeriesActivity] = []
    for activity in try rows.all({ row throws(StoreFault) in try SeriesActivity(row) }) {
      // A change of date leads on to one that stands.
      if let last = try currentAppointment(of: activity), last.hasEndedUnused, last.changedAt <= instant { lost.append(activity) }
    }
    return lost
  }

  /// The folios of everything that a person's series have given them, of days since one.
  package func folios(inSeriesOf patient: PatientID, since date: CivilDate) throws(StoreFault) -> [Folio] {
    let rows = try statement(SeriesActivity.foliosOfPatient)
    rows.bind(patient.rawValue, at: 1)
    rows.bind(Int64(date.daysSinceEpoch), at: 2)
    return try rows.all { row throws(StoreFault) in Folio(number: UInt64(bitPattern: row.integer(0))) }.compactMap(\.self)
  }

  /// Active series of which a prescription's days are over.
  package func seriesWithMissedPrescriptions(on today: CivilDate) throws(StoreFault) -> [Int64] {
    let rows = try statement(
      """
      SELECT DISTINCT v.series FROM series_activity v JOIN care_series s ON s.id = v.series WHERE v.status = 'not-started' \
      AND v.due < ?1 AND v.last_day < ?1 AND v.kind = 'MedicationRequest' AND s.status = 'active' ORDER BY v.series
      """)
    rows.bind(Int64(today.daysSinceEpoch), at: 1)
    return try rows.all { row throws(StoreFault) in row.integer(0) }
  }

  /// What staff are alerted of, the longest waiting first.
  package func seriesAlerts() throws(StoreFault) -> [DueActivity] {
    let rows = try statement(
      "SELECT \(SeriesActivity.columns) FROM series_activity WHERE alerted_at IS NOT NULL ORDER BY alerted_at, series, number")
    return try withPeople(try rows.all { row throws(StoreFault) in try SeriesActivity(row) })
  }

  private func withPeople(_ activities: [SeriesActivity]) throws(StoreFault) -> [DueActivity] {
    var due: [DueActivity] = []
    for activity in activities {
      guard let series = try careSeries(activity.series), let patient = try patient(id: series.patient) else { continue }
      due.append(
        DueActivity(series: series, activity: activity, patient: patient, appointment: try currentAppointment(of: activity)))
    }
    return due
  }

  /// The day of the person's last consultation of a service; `nil` when there was none.
  package func lastVisit(of patient: PatientID, for service: ServiceCode) throws(StoreFault) -> CivilDate? {
    let rows = try statement(
      """
      SELECT day FROM appointment WHERE patient = ? AND service = ? AND \(Appointment.settled) AND status = 'fulfilled' \
      ORDER BY day DESC LIMIT 1
      """)
    rows.bind(patient.rawValue, at: 1)
    rows.bind(service.rawValue, at: 2)
    return try rows.all { row throws(StoreFault) in row.integer(0) }.first.flatMap { CivilDate(daysSinceEpoch: Int($0)) }
  }
}
