internal import ClinicDomain
internal import Scheduling

/// A value that is one row of a table.
protocol StoredRow {
  /// The columns before `row_sum`, in their order.
  func write(to row: inout some ColumnSink)
}

extension WaitlistEntry: StoredRow {
  static let columns = """
    id, patient, services, first_day, last_day, start_minute, end_minute, turno, reach, channel, displaced, replaces, until, asked, state, \
    joined_at, changed_at
    """

  /// Who may be asked for a place, in their order: parameters are the place, now, its day, service, start, end and turno. The last
  /// column says whether another place is being offered to the same entry.
  static let candidates = """
    SELECT \(columns), EXISTS (SELECT 1 FROM slot_offer o WHERE o.entry = e.id AND o.state = 'open' AND o.expires_at > ?2) \
    FROM waitlist_entry e WHERE state = 'waiting' AND until > ?2 AND first_day <= ?3 AND last_day >= ?3 \
    AND instr(char(10) || services || char(10), char(10) || ?4 || char(10)) > 0 AND start_minute <= ?5 AND end_minute >= ?6 \
    AND (turno IS NULL OR turno = ?7) AND NOT EXISTS (SELECT 1 FROM slot_offer o WHERE o.place = ?1 AND o.entry = e.id) \
    ORDER BY displaced DESC, id
    """

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(patient.rawValue)
    row.text(wish.services.map(\.rawValue).joined(separator: "\n"))
    row.integer(wish.dates.lowerBound.daysSinceEpoch)
    row.integer(wish.dates.upperBound.daysSinceEpoch)
    row.integer(wish.hours.lowerBound.minutes)
    row.integer(wish.hours.upperBound.minutes)
    row.optional(wish.turno?.rawValue)
    row.text(reach.rawValue)
    row.text(channel.rawValue)
    row.integer(isDisplaced ? 1 : 0)
    row.optional(replaces.map { Int64($0.number) })
    row.integer(until.milliseconds)
    row.integer(asked)
    row.text(state.rawValue)
    row.integer(joinedAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let first = CivilDate(daysSinceEpoch: Int(row.integer(3))), let last = CivilDate(daysSinceEpoch: Int(row.integer(4))),
      first <= last, let start = AgendaMinute(minutes: Int(row.integer(5))), let end = AgendaMinute(minutes: Int(row.integer(6))),
      start < end, let reach = Reach(rawValue: row.text(8)), let channel = Channel(rawValue: row.text(9)),
      let state = State(rawValue: row.text(14))
    else { throw .damagedRow("waitlist_entry", row.integer(0)) }
    self.init(
      id: row.integer(0), patient: PatientID(rawValue: row.integer(1)),
      wish: WaitlistWish(
        services: row.text(2).split(separator: "\n").map { ServiceCode(String($0)) }, dates: first...last, hours: start..<end,
        turno: row.optionalText(7).map { TurnoCode($0) }),
      reach: reach, channel: channel, isDisplaced: row.integer(10) == 1,
      replaces: row.optionalInteger(11).flatMap { Folio(number: UInt64(bitPattern: $0)) },
      until: Instant(milliseconds: row.integer(12)), asked: Int(row.integer(13)), state: state,
      joinedAt: Instant(milliseconds: row.integer(15)), changedAt: Instant(milliseconds: row.integer(16)))
  }
}

extension FreedPlace: StoredRow {
  static let columns = """
    id, resource, day, start_minute, end_minute, service, turno, source, channel, state, until, taken_by, freed_at, changed_at
    """

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    slot.write(to: &row)
    row.text(service.rawValue)
    row.text(turno.rawValue)
    row.text(source.rawValue)
    row.text(channel.rawValue)
    row.text(state.rawValue)
    row.integer(until.milliseconds)
    row.optional(takenBy.map { Int64($0.number) })
    row.integer(freedAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let slot = Slot(row, from: 1), let source = Source(rawValue: row.text(7)), let channel = Channel(rawValue: row.text(8)),
      let state = State(rawValue: row.text(9))
    else { throw .damagedRow("freed_place", row.integer(0)) }
    self.init(
      id: row.integer(0), slot: slot, service: ServiceCode(row.text(5)), turno: TurnoCode(row.text(6)), source: source, channel: channel,
      state: state, until: Instant(milliseconds: row.integer(10)),
      takenBy: row.optionalInteger(11).flatMap { Folio(number: UInt64(bitPattern: $0)) },
      freedAt: Instant(milliseconds: row.integer(12)), changedAt: Instant(milliseconds: row.integer(13)))
  }
}

extension SlotOffer: StoredRow {
  static let columns = "id, place, entry, patient, state, offered_at, expires_at, changed_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(place)
    row.integer(entry)
    row.integer(patient.rawValue)
    row.text(state.rawValue)
    row.integer(offeredAt.milliseconds)
    row.integer(expiresAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let state = State(rawValue: row.text(4)) else { throw .damagedRow("slot_offer", row.integer(0)) }
    self.init(
      id: row.integer(0), place: row.integer(1), entry: row.integer(2), patient: PatientID(rawValue: row.integer(3)), state: state,
      offeredAt: Instant(milliseconds: row.integer(5)), expiresAt: Instant(milliseconds: row.integer(6)),
      changedAt: Instant(milliseconds: row.integer(7)))
  }
}

extension AgendaBlock: StoredRow {
  static let columns = "id, resource, day, start_minute, end_minute, created_at, lifted_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    slot.write(to: &row)
    row.integer(createdAt.milliseconds)
    row.optional(liftedAt?.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let slot = Slot(row, from: 1) else { throw .damagedRow("agenda_block", row.integer(0)) }
    self.init(
      id: row.integer(0), slot: slot, createdAt: Instant(milliseconds: row.integer(5)),
      liftedAt: row.optionalInteger(6).map { Instant(milliseconds: $0) })
  }
}

extension Slot {
  func write(to row: inout some ColumnSink) {
    row.text(resource.description)
    row.integer(date.daysSinceEpoch)
    row.integer(minutes.lowerBound.minutes)
    row.integer(minutes.upperBound.minutes)
  }

  /// Reads resource, day, start and end.
  init?(_ row: Statement, from column: Int32) {
    guard let resource = ResourceID(text: row.text(column)), let date = CivilDate(daysSinceEpoch: Int(row.integer(column + 1))),
      let start = AgendaMinute(minutes: Int(row.integer(column + 2))), let end = AgendaMinute(minutes: Int(row.integer(column + 3))),
      start < end
    else { return nil }
    self.init(resource: resource, date: date, minutes: start..<end)
  }
}

extension Statement {
  /// Every row that is left, each read by `read`; the statement is ready again afterwards.
  func all<Value>(_ read: (Statement) throws(StoreFault) -> Value) throws(StoreFault) -> [Value] {
    defer { reset() }
    var all: [Value] = []
    while try step() { all.append(try read(self)) }
    return all
  }
}

extension KeptStretch {
  /// What is kept from a date on, over or not.
  static func all(in connection: Connection, since date: CivilDate, by rules: ClinicRules) throws(StoreFault) -> [KeptStretch] {
    let places = try Statement(
      "SELECT \(FreedPlace.columns) FROM freed_place WHERE day >= ? AND state IN ('offered', 'walk-ins')", in: connection)
    places.bind(Int64(date.daysSinceEpoch), at: 1)
    let blocks = try Statement("SELECT \(AgendaBlock.columns) FROM agenda_block WHERE day >= ? AND lifted_at IS NULL", in: connection)
    blocks.bind(Int64(date.daysSinceEpoch), at: 1)
    let kept = try places.all { row throws(StoreFault) in KeptStretch(try FreedPlace(row), by: rules) }
    let external = try Statement("SELECT \(ExternalBooking.columns) FROM external_booking WHERE day >= ? AND state = 'busy'", in: connection)
    external.bind(Int64(date.daysSinceEpoch), at: 1)
    let busy = try external.all { row throws(StoreFault) in KeptStretch(try ExternalBooking(row), by: rules) }
    return kept + busy + (try blocks.all { row throws(StoreFault) in KeptStretch(try AgendaBlock(row)) })
  }
}
