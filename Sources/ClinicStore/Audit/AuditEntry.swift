internal import ClinicDomain
internal import Crypto
internal import Scheduling

/// One change of one row, as the history tells it, before it has its place in the chain.
///
/// Nothing in it names a person: a patient is the store's own number. Its outcome is how the row stands after the act: the status of an
/// appointment, and the digest of every row. A refusal changes no row and has none here; what people try and fail that must be known is a row
/// of its own (`identification_event`), and the change of that row is here.
struct AuditEntry {
  var at: Instant
  /// ``Actor/text``.
  var actor: String
  /// What the connection proved of the device or user that sent the command; empty for none.
  var door: String
  var channel: Channel?
  var act: Act
  var reason: String?
  var object: AuditObject
  /// An appointment's status before; `nil` when it is new, or no appointment.
  var before: Appointment.Status?
  var after: Appointment.Status?
  /// Of the row as it is now; `nil` when it is gone.
  var content: RowDigest.Value?

  init(_ author: Authorship, _ object: AuditObject, by command: StoreCommand, content: RowDigest.Value?, at now: Instant) {
    at = now
    actor = author.actor.text
    door = command.door.identity
    channel = author.channel ?? command.door.channel
    act = author.act
    reason = author.reason
    self.object = object
    self.content = content
  }

  /// The house's own, outside any command.
  init(_ act: Act, _ object: AuditObject, content: RowDigest.Value?, at now: Instant) {
    at = now
    actor = Actor.system.text
    door = ""
    self.act = act
    self.object = object
    self.content = content
  }

  /// The columns after `seq` and before `previous`, in their order.
  func write(to row: inout some ColumnSink) {
    row.integer(at.milliseconds)
    row.text(actor)
    row.text(door)
    row.optional(channel?.rawValue)
    row.text(act.rawValue)
    row.optional(reason)
    row.text(object.text)
    row.optional(before?.rawValue)
    row.optional(after?.rawValue)
    if let content { row.blob(content.bytes) } else { row.null() }
  }
}

/// Which row an entry is about: its table and key.
///
/// Text form: "appointment:482011570363", "patient:12", "consent:12:15".
struct AuditObject: Hashable {
  /// The place in ``Schema/audited``; `nil` for what is no row of theirs.
  var table: UInt8?
  var key: Int64
  /// Of a key of two columns; 0 otherwise.
  var secondKey: Int64 = 0

  /// A row of a table whose key is one column.
  init(table: UInt8, key: Int64) {
    self.init(table: table, key: key, secondKey: 0)
  }

  /// A row of a table, by the table's name, whose key is one column.
  init(rowOf table: String, key: Int64) {
    self.init(table: UInt8(Schema.audited.firstIndex { $0.name == table }!), key: key)
  }

  /// The history itself.
  static let history = AuditObject(table: nil, key: 0, secondKey: 0)

  static func appointment(_ folio: Folio) -> Self { Self(table: 0, key: Int64(folio.number), secondKey: 0) }
  static func patient(_ id: PatientID) -> Self { Self(table: 1, key: id.rawValue, secondKey: 0) }
  static func consent(_ grantor: PatientID, _ grantee: PatientID) -> Self {
    Self(table: 2, key: grantor.rawValue, secondKey: grantee.rawValue)
  }

  static func series(_ id: Int64) -> Self { Self(table: seriesTable, key: id, secondKey: 0) }
  static func activity(_ activity: SeriesActivity) -> Self {
    Self(table: activityTable, key: activity.series, secondKey: Int64(activity.number))
  }

  private static let seriesTable = Schema.place(of: "care_series")
  private static let activityTable = Schema.place(of: "series_activity")

  static func claim(_ folio: Folio, _ place: Int) -> Self {
    Self(table: Schema.place(of: "appointment_claim"), key: Int64(folio.number), secondKey: Int64(place))
  }

  private static let paperTable = Schema.place(of: "paper_row")
  static func paperRow(_ folio: Folio) -> Self { Self(table: paperTable, key: Int64(folio.number), secondKey: 0) }
  private static let externalTable = Schema.place(of: "external_booking")
  static func externalBooking(_ id: Int64) -> Self { Self(table: externalTable, key: id, secondKey: 0) }
  private static let homeVisitTable = Schema.place(of: "home_visit")
  static func homeVisit(_ folio: Folio) -> Self { Self(table: homeVisitTable, key: Int64(folio.number), secondKey: 0) }
  private static let noticeTable = Schema.place(of: "notice")
  static func notice(_ folio: Folio, _ kind: Notice.Kind) -> Self {
    Self(table: noticeTable, key: Int64(folio.number), secondKey: Int64(kind.rawValue))
  }
  static func identificationEvent(_ id: Int64) -> Self { Self(table: 7, key: id, secondKey: 0) }

  var text: String {
    guard let table else { return "history" }
    let (name, columns) = Schema.audited[Int(table)]
    return columns == 2 ? "\(name):\(key):\(secondKey)" : "\(name):\(key)"
  }

  /// Returns `nil` for what is no row of an audited table.
  init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let place = Schema.audited.firstIndex(where: { $0.name == parts[0] }),
      parts.count == 1 + Int(Schema.audited[place].keyColumns), let key = Int64(parts[1])
    else { return nil }
    self.init(table: UInt8(place), key: key, secondKey: 0)
    if parts.count == 3 {
      guard let second = Int64(parts[2]) else { return nil }
      secondKey = second
    }
  }

  private init(table: UInt8?, key: Int64, secondKey: Int64) {
    self.table = table
    self.key = key
    self.secondKey = secondKey
  }

  /// The row of an audited table on which a statement of all its columns stands.
  init(table: Int, row: Statement) {
    self.init(table: UInt8(table), key: row.integer(0), secondKey: Schema.audited[table].keyColumns == 2 ? row.integer(1) : 0)
  }
}

/// What a row says, in 16 bytes that no other row has: the first half of SHA-256 over its columns before `row_sum`.
///
/// Each column that is not NULL goes in as its place (one byte), its type and its content, as ``CanonicalDump`` has them; a NULL leaves
/// nothing, so that a later column without content changes no digest.
struct RowDigest: ColumnSink {
  struct Value: Hashable {
    var bytes: [UInt8]
  }

  private var bytes = ColumnBytes()
  private var place: UInt8 = 0

  var value: Value { Value(bytes: Array(SHA256.hash(data: bytes.bytes).prefix(16))) }

  mutating func null() { place += 1 }

  mutating func integer(_ value: Int64) {
    next()
    bytes.integer(value)
  }

  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) {
    next()
    bytes.text(utf8)
  }

  mutating func blob(_ blob: UnsafeRawBufferPointer) {
    next()
    bytes.blob(blob)
  }

  private mutating func next() {
    bytes.bytes.append(place)
    place += 1
  }
}

/// Columns as bytes that only these columns give.
struct ColumnBytes: ColumnSink {
  var bytes: [UInt8]

  init(reserving count: Int = 256) {
    bytes = []
    bytes.reserveCapacity(count)
  }

  mutating func null() { bytes.append(0) }

  mutating func integer(_ value: Int64) {
    bytes.append(1)
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) { add(2, UnsafeRawBufferPointer(utf8)) }
  mutating func blob(_ blob: UnsafeRawBufferPointer) { add(3, blob) }

  private mutating func add(_ type: UInt8, _ content: UnsafeRawBufferPointer) {
    bytes.append(type)
    withUnsafeBytes(of: UInt32(content.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: content)
  }
}
