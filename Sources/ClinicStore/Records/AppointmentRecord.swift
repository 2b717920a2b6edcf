internal import ClinicDomain
internal import Glibc
internal import Scheduling

/// An appointment as a row: columns in the table's order, `row_sum` last.
extension Appointment {
  static let columns = """
    folio, patient, service, turno, resource, day, lane, start_minute, end_minute, status, channel, \
    hold_expires_at, cancellation, created_at, changed_at, confirmed_at, confirmed_through, arrived_at, replaces, replaced_by, \
    before_minutes, after_minutes, capacity
    """

  /// What is still to come or going on, and everything else, written as the conditions of the indexes by patient are: together all rows. A
  /// statement by patient that has neither finds no index.
  static let active = "status IN ('pending', 'booked', 'arrived', 'checked-in')"
  static let settled = "status NOT IN ('pending', 'booked', 'arrived', 'checked-in')"

  /// ``columns`` of a table that a statement calls so.
  static func columns(of table: String) -> String {
    columns.split(separator: ",").map { "\(table).\($0.drop { $0 == " " })" }.joined(separator: ", ")
  }

  /// The columns before `row_sum`, in their order.
  func write(to row: inout some ColumnSink) {
    row.integer(Int64(folio.number))
    row.integer(patient.rawValue)
    row.text(service.rawValue)
    row.text(turno.rawValue)
    row.text(slot.resource.description)
    row.integer(slot.date.daysSinceEpoch)
    row.integer(lane)
    row.integer(slot.minutes.lowerBound.minutes)
    row.integer(slot.minutes.upperBound.minutes)
    row.text(status.rawValue)
    row.text(channel.rawValue)
    row.optional(holdExpiresAt?.milliseconds)
    row.optional(cancellation?.rawValue)
    row.integer(createdAt.milliseconds)
    row.integer(changedAt.milliseconds)
    row.optional(confirmedAt?.milliseconds)
    row.optional(confirmedThrough?.rawValue)
    row.optional(arrivedAt?.milliseconds)
    row.optional(replaces.map { Int64($0.number) })
    row.optional(replacedBy.map { Int64($0.number) })
    // What no row says is exclusive, so that a booking of an ordinary service says nothing.
    let said = stamp == .exclusive ? nil : stamp
    row.optional(said.map { Int64($0.before) })
    row.optional(said.map { Int64($0.after) })
    row.optional(said.map { Int64($0.capacity) })
  }

  var rowSum: Int64 {
    var sum = RowSum()
    write(to: &sum)
    return sum.value
  }

  /// Reads ``columns`` from a row.
  ///
  /// - Parameter known: the words that rows have in common, so that reading one allocates nothing.
  init(_ row: Statement, _ known: inout KnownWords) throws(StoreFault) {
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))),
      let resource = known.resource(row.utf8(4)),
      let date = CivilDate(daysSinceEpoch: Int(row.integer(5))),
      let start = AgendaMinute(minutes: Int(row.integer(7))),
      let end = AgendaMinute(minutes: Int(row.integer(8))), start < end,
      let status = known.status(row.utf8(9)), let channel = known.channel(row.utf8(10))
    else { throw .damagedRow("appointment", row.integer(0)) }
    var cancellation: CancellationReason?
    if let word = row.optionalText(12) {
      cancellation = CancellationReason(rawValue: word)
      if cancellation == nil { throw .damagedRow("appointment", row.integer(0)) }
    }
    var confirmedThrough: Channel?
    if !row.isNull(16) {
      confirmedThrough = known.channel(row.utf8(16))
      if confirmedThrough == nil { throw .damagedRow("appointment", row.integer(0)) }
    }
    let stamp = try SlotStamp(row, from: 20)
    self.init(
      folio: folio, patient: PatientID(rawValue: row.integer(1)), service: known.service(row.utf8(2)),
      turno: known.turno(row.utf8(3)), slot: Slot(resource: resource, date: date, minutes: start..<end),
      status: status, channel: channel,
      holdExpiresAt: row.optionalInteger(11).map { Instant(milliseconds: $0) }, cancellation: cancellation,
      createdAt: Instant(milliseconds: row.integer(13)), changedAt: Instant(milliseconds: row.integer(14)),
      confirmedAt: row.optionalInteger(15).map { Instant(milliseconds: $0) }, confirmedThrough: confirmedThrough,
      arrivedAt: row.optionalInteger(17).map { Instant(milliseconds: $0) },
      replaces: row.optionalInteger(18).flatMap { Folio(number: UInt64(bitPattern: $0)) },
      replacedBy: row.optionalInteger(19).flatMap { Folio(number: UInt64(bitPattern: $0)) }, lane: Int(row.integer(6)),
      stamp: stamp ?? .exclusive)
  }

  /// The row on which a statement stands, if it stands on one; the statement is ready again afterwards.
  static func first(_ rows: Statement, _ known: inout KnownWords) throws(StoreFault) -> Appointment? {
    guard try rows.step() else { return nil }
    defer { rows.reset() }
    return try Appointment(rows, &known)
  }

  static func all(_ rows: Statement, _ known: inout KnownWords) throws(StoreFault) -> [Appointment] {
    defer { rows.reset() }
    var all: [Appointment] = []
    while try rows.step() { all.append(try Appointment(rows, &known)) }
    return all
  }
}

extension SlotStamp {
  /// Of three columns of an appointment's row; `nil` for one that says nothing.
  init?(_ row: Statement, from first: Int32) throws(StoreFault) {
    if row.isNull(first + 2) { return nil }
    guard let before = UInt8(exactly: row.integer(first)), let after = UInt8(exactly: row.integer(first + 1)),
      let capacity = UInt8(exactly: row.integer(first + 2)), capacity > 0
    else { throw .damagedRow("appointment", row.integer(0)) }
    self.init(before: before, after: after, capacity: capacity)
  }
}

extension StoreFault {
  /// A row whose content no code of ours could have written.
  static func damagedRow(_ table: String, _ key: Int64) -> StoreFault {
    StoreFault(.broken, operation: "read \(table)", detail: "row \(key) is damaged")
  }
}

/// Words that many rows share (services, turnos, resources, states), made once and found again by their bytes.
struct KnownWords {
  private var services = WordTable<ServiceCode>()
  private var turnos = WordTable<TurnoCode>()
  private var resources = WordTable<ResourceID>()
  private var states = WordTable(Appointment.Status.allCases.map { ($0.rawValue, $0) })
  private var channels = WordTable(Channel.allCases.map { ($0.rawValue, $0) })

  mutating func service(_ utf8: UnsafeBufferPointer<UInt8>) -> ServiceCode {
    services.find(utf8) ?? services.add(utf8, ServiceCode(String(decoding: utf8, as: UTF8.self)))
  }

  mutating func turno(_ utf8: UnsafeBufferPointer<UInt8>) -> TurnoCode {
    turnos.find(utf8) ?? turnos.add(utf8, TurnoCode(String(decoding: utf8, as: UTF8.self)))
  }

  mutating func resource(_ utf8: UnsafeBufferPointer<UInt8>) -> ResourceID? {
    if let known = resources.find(utf8) { return known }
    return ResourceID(text: String(decoding: utf8, as: UTF8.self)).map { resources.add(utf8, $0) }
  }

  mutating func status(_ utf8: UnsafeBufferPointer<UInt8>) -> Appointment.Status? { states.find(utf8) }
  mutating func channel(_ utf8: UnsafeBufferPointer<UInt8>) -> Channel? { channels.find(utf8) }
}

/// A few words and their values; the last one found is tried first.
private struct WordTable<Value> {
  /// More than a clinic has of anything; beyond it a word is made anew each time.
  private static var bound: Int { 128 }
  private var words: [(utf8: [UInt8], value: Value)] = []
  private var last = 0

  init() {}
  init(_ words: [(String, Value)]) { self.words = words.map { (Array($0.0.utf8), $0.1) } }

  mutating func find(_ utf8: UnsafeBufferPointer<UInt8>) -> Value? {
    if last < words.count, words[last].utf8.isSame(as: utf8) { return words[last].value }
    guard let index = words.firstIndex(where: { $0.utf8.isSame(as: utf8) }) else { return nil }
    last = index
    return words[index].value
  }

  mutating func add(_ utf8: UnsafeBufferPointer<UInt8>, _ value: Value) -> Value {
    if words.count < Self.bound { words.append((Array(utf8), value)) }
    return value
  }
}

extension [UInt8] {
  fileprivate func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    count == other.count && !isEmpty && withUnsafeBufferPointer { memcmp($0.baseAddress!, other.baseAddress!, other.count) == 0 }
  }
}
