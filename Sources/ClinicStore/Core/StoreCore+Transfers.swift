internal import ClinicDomain
internal import Scheduling

extension StoreCore {
  /// What a decision about handovers reads; nothing for a change of doctor.
  func fetch(_ command: TransferCommand, into scope: inout CommandScope) throws(StoreFault) {
    switch command {
    case .move, .adopt: return
    case .handOver, .handOverSeries, .giveUp, .takeBack, .takeBackAppointment: break
    }
    if let patient = scope.patient {
      let rows = try statements[.handoverOf]
      rows.bind(patient.id.rawValue, at: 1)
      scope.handover.standing = try rows.all { row throws(StoreFault) in try PatientHandover(row) }.first
    }
    switch command {
    case .handOver(let handOver): try fetchLeft(of: handOver.patient, into: &scope.handover)
    case .takeBack(let takeBack): try fetchLeft(of: takeBack.patient, into: &scope.handover)
    case .move, .adopt, .handOverSeries, .giveUp, .takeBackAppointment: break
    }
    if let named = scope.named {
      let rows = try statements[.handed]
      rows.bind(Int64(named.folio.number), at: 1)
      scope.handover.handed = try rows.all { row throws(StoreFault) in try HandedAppointment(row) }.first
      if case .takeBackAppointment = command { scope.isBeyondCap = try wasGivenBeyondCap(named) }
    }
    let last = try statements[.lastHandover]
    defer { last.reset() }
    scope.handover.next = try last.step() ? last.integer(0) + 1 : 1
  }

  /// What a handover ends beside appointments, and what the standing one has ended: what it ended bears its instant, or a later one.
  private func fetchLeft(of patient: PatientID, into scope: inout HandoverScope) throws(StoreFault) {
    func entries(_ condition: String, _ instant: Instant?) throws(StoreFault) -> [WaitlistEntry] {
      let rows = try Statement("SELECT \(WaitlistEntry.columns) FROM waitlist_entry WHERE patient = ?1 AND \(condition) ORDER BY id", in: connection)
      rows.bind(patient.rawValue, at: 1)
      if let instant { rows.bind(instant.milliseconds, at: 2) }
      return try rows.all { row throws(StoreFault) in try WaitlistEntry(row) }
    }
    scope.waiting = try entries("state = 'waiting'", nil)
    guard let standing = scope.standing else { return }
    scope.left = try entries("state = 'left' AND changed_at = ?2", standing.madeAt)
    // A person has one active series of a program, and a chair is one's at an hour.
    let series = try Statement(
      """
      SELECT \(CareSeries.columns) FROM care_series s WHERE patient = ?1 AND end_reason = 'transferred' AND changed_at >= ?2 AND NOT EXISTS ( \
      SELECT 1 FROM care_series o WHERE o.status = 'active' AND (o.patient = s.patient AND o.program = s.program \
      OR o.resource = s.resource AND o.start_minute = s.start_minute)) ORDER BY id
      """, in: connection)
    series.bind(patient.rawValue, at: 1)
    series.bind(standing.madeAt.milliseconds, at: 2)
    var programs: Set<SeriesCode> = []
    scope.ended = try series.all { row throws(StoreFault) in try CareSeries(row) }.reversed().filter { programs.insert($0.program).inserted }
    for one in scope.ended {
      let activities = try Statement(
        "SELECT \(SeriesActivity.columns) FROM series_activity WHERE series = ?1 AND status = 'cancelled' AND changed_at = ?2 AND folio IS NULL ORDER BY number",
        in: connection)
      activities.bind(one.id, at: 1)
      activities.bind(one.changedAt.milliseconds, at: 2)
      scope.endedActivities += try activities.all { row throws(StoreFault) in try SeriesActivity(row) }
    }
  }

  /// Changes what the clinic knows of a person; the rest of their row stays.
  ///
  /// - Returns: what the history keeps of the row.
  func rewrite(_ patient: PatientID, _ change: (inout Patient) -> Void) throws(StoreFault) -> RowDigest.Value {
    guard var person = try self.patient(patient) else {
      throw StoreFault(.broken, operation: "change of a person", detail: "a person who was there is gone")
    }
    let key = try identityKey(of: patient)
    change(&person)
    var row = RowWriter(try statements[.updatePatient])
    person.write(identityKey: key, to: &row)
    try row.write()
    var digest = RowDigest()
    person.write(identityKey: key, to: &digest)
    return digest.value
  }

  func identityKey(of patient: PatientID) throws(StoreFault) -> String {
    let rows = try statements[.identityKey]
    rows.bind(patient.rawValue, at: 1)
    defer { rows.reset() }
    return try rows.step() ? rows.text(0) : ""
  }
}
