internal import ClinicDomain
internal import Scheduling

// MARK: - What a decision about series reads

extension StoreCore {
  func fetch(_ need: SeriesNeed, into scope: inout CommandScope, at now: Instant) throws(StoreFault) {
    switch need {
    case .starting(let program, let patient):
      let active = try statements[.activeSeries]
      active.bind(patient.rawValue, at: 1)
      scope.series.active = try active.all { row throws(StoreFault) in try CareSeries(row) }
      let standing = try statements[.standingPlaces]
      standing.bind(program.rawValue, at: 1)
      scope.series.standing = try standing.all { row throws(StoreFault) in try CareSeries(row) }.compactMap(\.chair)
      let last = try statements[.lastSeries]
      scope.series.next = try last.all { row throws(StoreFault) in row.integer(0) }.first.map { $0 + 1 } ?? 1
    case .series(let id):
      let rows = try statements[.series]
      rows.bind(id, at: 1)
      guard let series = try rows.all({ row throws(StoreFault) in try CareSeries(row) }).first else { return }
      scope.series.series = series
      let activities = try statements[.activities]
      activities.bind(id, at: 1)
      scope.series.activities = try activities.all { row throws(StoreFault) in try SeriesActivity(row) }
      let yesterday = rules.today(at: now).advanced(by: -1)
      for activity in scope.series.activities where activity.status == .scheduled && activity.window.upperBound >= yesterday {
        scope.series.appointments[activity.number] = try currentAppointment(of: activity)
      }
    case .sessions(let program, let dates): try fetchSessions(of: program, dates, into: &scope, at: now)
    }
  }

  private func fetchSessions(
    of code: SeriesCode, _ dates: ClosedRange<CivilDate>, into scope: inout CommandScope, at now: Instant
  ) throws(StoreFault) {
    guard let program = rules.clinic.series.program(code) else { return }
    let margin = ReplanSessions.margin
    let around = dates.lowerBound.advanced(by: -margin)...dates.upperBound.advanced(by: margin)
    for resource in rules.clinic.resources where resource.services.contains(program.service) {
      for date in around {
        let day = AgendaDay(resource: resource.id, date: date)
        scope.day += try appointments(on: day, overlapping: .midnight ..< .latest)
        scope.kept += index.kept(on: day)
      }
    }
    let rows = try statements[.sessions]
    rows.bind(code.rawValue, at: 1)
    // The one before and the one after of whoever is looked at.
    rows.bind(Int64(around.lowerBound.advanced(by: -margin).daysSinceEpoch), at: 2)
    rows.bind(Int64(around.upperBound.advanced(by: margin).daysSinceEpoch), at: 3)
    for activity in try rows.all({ row throws(StoreFault) in try SeriesActivity(row) }) {
      let lost = LostSession(series: activity.series, number: activity.number)
      guard activity.status == .scheduled else {
        scope.series.lost.append(lost)
        guard activity.status == .onHold, activity.isToCome(since: rules.today(at: now)), let patient = try holder(of: activity.series) else {
          continue
        }
        // Who said no is given no chair unasked.
        if try currentAppointment(of: activity)?.wasDeclined == true { continue }
        scope.series.sessions.append(ChairSession(patient: patient, activity: activity, appointment: nil))
        continue
      }
      guard let appointment = try currentAppointment(of: activity) else { continue }
      if appointment.hasEndedUnused { scope.series.lost.append(lost) }
      guard appointment.holdsSlot, let patient = try patient(appointment.patient) else { continue }
      scope.series.sessions.append(ChairSession(patient: patient, activity: activity, appointment: appointment))
    }
  }

  private func holder(of series: Int64) throws(StoreFault) -> Patient? {
    let rows = try statements[.series]
    rows.bind(series, at: 1)
    guard let series = try rows.all({ row throws(StoreFault) in try CareSeries(row) }).first else { return nil }
    return try patient(series.patient)
  }

  /// The appointment that an activity has now: of its first one, changes of date followed.
  private func currentAppointment(of activity: SeriesActivity) throws(StoreFault) -> Appointment? {
    guard let folio = activity.folio else { return nil }
    let rows = try statements[.currentFolio]
    rows.bind(Int64(folio.number), at: 1)
    guard let current = try rows.all({ row throws(StoreFault) in row.integer(0) }).first.flatMap({ Folio(number: UInt64(bitPattern: $0)) })
    else { return nil }
    return try appointment(current)
  }

  /// Folios of what a person's series have given them lately.
  func inSeries(_ patient: PatientID, at now: Instant) throws(StoreFault) -> [Folio] {
    let rows = try statements[.inSeries]
    rows.bind(patient.rawValue, at: 1)
    // A visit that the person has put off is still the series'.
    rows.bind(Int64(rules.today(at: now).daysSinceEpoch - 60), at: 2)
    return try rows.all { row throws(StoreFault) in Folio(number: UInt64(bitPattern: row.integer(0))) }.compactMap(\.self)
  }
}

extension SeriesActivity {
  /// Whether it can still be held.
  fileprivate func isToCome(since today: CivilDate) -> Bool { window.upperBound >= today }
}
