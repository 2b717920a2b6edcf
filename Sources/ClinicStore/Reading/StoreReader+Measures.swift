package import ClinicDomain
package import Scheduling

extension StoreReader {
  /// What a director asks of a stretch of days, of one state of the rows. What of it lies after the day of `now` is left out.
  ///
  /// - Complexity: one look at each row of `appointment` and `patient`, and of the history where anything came to stand unasked; a changed date's first appointment is
  ///   looked up by its folio.
  package func measures(
    _ rules: ClinicRules, period: ClosedRange<CivilDate>, at now: Instant
  ) throws(StoreFault) -> ClinicMeasures {
    var tally = MeasureTally(rules: rules, period: period, now: now)
    // One state for all of it: a reader's statements see new commits from one to the next.
    try connection.execute("BEGIN")
    defer { try? connection.execute("COMMIT") }
    let people = try statement("SELECT id, birth_date, language FROM patient")
    defer { people.reset() }
    while try people.step() {
      guard let birthDate = CivilDate(daysSinceEpoch: Int(people.integer(1))) else { throw .damagedRow("patient", people.integer(0)) }
      tally.add(PatientID(rawValue: people.integer(0)), bornOn: birthDate, language: people.text(2))
    }
    try addAppointments(to: &tally)
    let first = Int64(tally.dates.lowerBound.daysSinceEpoch)
    let places = try statement("SELECT \(FreedPlace.columns) FROM freed_place WHERE day >= ?")
    places.bind(first, at: 1)
    for place in try places.all({ row throws(StoreFault) in try FreedPlace(row) }) { tally.add(place) }
    let blocks = try statement("SELECT \(AgendaBlock.columns) FROM agenda_block WHERE day >= ?")
    blocks.bind(first, at: 1)
    for block in try blocks.all({ row throws(StoreFault) in try AgendaBlock(row) }) { tally.add(block) }
    return tally.measures()
  }

  private func addAppointments(to tally: inout MeasureTally) throws(StoreFault) {
    let rows = try statement(
      """
      SELECT folio, patient, resource, day, start_minute, end_minute, status, channel, cancellation, created_at, changed_at, arrived_at, \
      replaces, before_minutes, after_minutes, capacity FROM appointment WHERE day >= ?
      """)
    rows.bind(Int64(tally.dates.lowerBound.daysSinceEpoch), at: 1)
    defer { rows.reset() }
    var known = KnownWords()
    let unasked = try unasked()
    while try rows.step() { tally.add(try measured(rows, unasked, &known)) }
  }

  /// The appointments that the history says came to stand without anybody asking this clinic for them: another system's bookings but those
  /// that the person had here before, visits of a series, and rows of paper. What became of a booking since, its own table does not say.
  private func unasked() throws(StoreFault) -> Set<Int64> {
    let any = try statement(
      """
      SELECT EXISTS (SELECT 1 FROM external_booking) OR EXISTS (SELECT 1 FROM series_activity) \
      OR EXISTS (SELECT 1 FROM paper_row WHERE appointment IS NOT NULL)
      """)
    defer { any.reset() }
    guard try any.step(), any.integer(0) == 1 else { return [] }
    let acts = [Act.importBooking, .acceptConflict, .moveConflict, .placeActivity, .enterPaper].map { "'\($0.rawValue)'" }
    let rows = try statement(
      """
      SELECT CAST(substr(object, 13) AS INTEGER) FROM audit WHERE act IN (\(acts.joined(separator: ", "))) AND before IS NULL \
      AND object GLOB 'appointment:*'
      """)
    defer { rows.reset() }
    var unasked: Set<Int64> = []
    while try rows.step() { unasked.insert(rows.integer(0)) }
    return unasked
  }

  private func measured(_ row: Statement, _ unasked: Set<Int64>, _ known: inout KnownWords) throws(StoreFault) -> MeasuredAppointment {
    guard let resource = known.resource(row.utf8(2)), let date = CivilDate(daysSinceEpoch: Int(row.integer(3))),
      let start = AgendaMinute(minutes: Int(row.integer(4))), let end = AgendaMinute(minutes: Int(row.integer(5))), start < end,
      let status = known.status(row.utf8(6)), let channel = known.channel(row.utf8(7))
    else { throw .damagedRow("appointment", row.integer(0)) }
    var cancellation: Appointment.CancellationReason?
    if !row.isNull(8) {
      cancellation = Appointment.CancellationReason(rawValue: row.text(8))
      if cancellation == nil { throw .damagedRow("appointment", row.integer(0)) }
    }
    let first = try row.optionalInteger(12).reading { folio throws(StoreFault) in try firstMade(before: folio) }
    var measured = MeasuredAppointment(
      patient: PatientID(rawValue: row.integer(1)), slot: Slot(resource: resource, date: date, minutes: start..<end), status: status,
      channel: channel, cancellation: cancellation, createdAt: Instant(milliseconds: row.integer(9)),
      changedAt: Instant(milliseconds: row.integer(10)), arrivedAt: row.optionalInteger(11).map { Instant(milliseconds: $0) },
      firstMadeAt: first?.at, wasAskedFor: !unasked.contains(first?.folio ?? row.integer(0)))
    if let stamp = try SlotStamp(row, from: 13) { measured.stamp = stamp }
    return measured
  }

  /// The first appointment of those that a folio was made instead of, and when it was made.
  private func firstMade(before folio: Int64) throws(StoreFault) -> (folio: Int64, at: Instant)? {
    let rows = try statement("SELECT created_at, replaces FROM appointment WHERE folio = ?")
    var (next, made): (Int64?, (folio: Int64, at: Instant)?) = (folio, nil)
    while let folio = next {
      rows.bind(folio, at: 1)
      guard try rows.step() else { break }
      (made, next) = ((folio, Instant(milliseconds: rows.integer(0))), rows.optionalInteger(1))
      rows.reset()
    }
    return made
  }
}

extension ClinicStore {
  /// See ``StoreReader/measures(_:period:at:)``. Other requests go on meanwhile.
  ///
  /// - Throws: `busy` while a check, a backup or other measures run.
  package func measures(of period: ClosedRange<CivilDate>, at now: Instant) async throws(StoreFault) -> ClinicMeasures {
    try await readLong("measures") { [rules] reader throws(StoreFault) in try reader.measures(rules, period: period, at: now) }
  }
}
