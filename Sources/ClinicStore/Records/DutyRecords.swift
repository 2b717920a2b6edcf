internal import ClinicDomain
internal import Scheduling

extension Referral: StoredRow {
  static let columns = """
    folio, patient, kind, specialty, destination, state, day, start_minute, place, follow_up, created_at, date_due_at, changed_at
    """

  func write(to row: inout some ColumnSink) {
    row.integer(Int64(folio.number))
    row.integer(patient.rawValue)
    row.text(kind.rawValue)
    row.text(specialty)
    row.text(destination)
    row.text(state.rawValue)
    row.optional(meeting.map { Int64($0.date.daysSinceEpoch) })
    row.optional(meeting.map { Int64($0.start.minutes) })
    row.optional(meeting?.place)
    row.optional(followUp.map { Int64($0.number) })
    row.integer(createdAt.milliseconds)
    row.integer(dateDueAt.milliseconds)
    row.integer(changedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let folio = Folio(number: UInt64(bitPattern: row.integer(0))), let kind = Kind(rawValue: row.text(2)),
      let state = State(rawValue: row.text(5))
    else { throw .damagedRow("referral", row.integer(0)) }
    var meeting: Meeting?
    if let place = row.optionalText(8) {
      guard let date = CivilDate(daysSinceEpoch: Int(row.integer(6))), let start = AgendaMinute(minutes: Int(row.integer(7))) else {
        throw .damagedRow("referral", row.integer(0))
      }
      meeting = Meeting(date: date, start: start, place: place)
    }
    self.init(
      folio: folio, patient: PatientID(rawValue: row.integer(1)), kind: kind, specialty: row.text(3), destination: row.text(4), state: state,
      meeting: meeting, followUp: row.optionalInteger(9).flatMap { Folio(number: UInt64(bitPattern: $0)) },
      createdAt: Instant(milliseconds: row.integer(10)), dateDueAt: Instant(milliseconds: row.integer(11)),
      changedAt: Instant(milliseconds: row.integer(12)))
  }
}

extension AlarmScreen: StoredRow {
  static let columns = "id, patient, due_day, appointment, channel, screened_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(patient.rawValue)
    row.integer(due.daysSinceEpoch)
    row.optional(appointment.map { Int64($0.number) })
    row.text(channel.rawValue)
    row.integer(screenedAt.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let due = CivilDate(daysSinceEpoch: Int(row.integer(2))), let channel = Channel(rawValue: row.text(4)) else {
      throw .damagedRow("alarm_screen", row.integer(0))
    }
    self.init(
      id: row.integer(0), patient: PatientID(rawValue: row.integer(1)), due: due,
      appointment: row.optionalInteger(3).flatMap { Folio(number: UInt64(bitPattern: $0)) }, channel: channel,
      screenedAt: Instant(milliseconds: row.integer(5)))
  }
}

extension DutyAlert: StoredRow {
  static let columns = "id, kind, object, owner, raised_at, due_at, acknowledged_at, acknowledged_by, resolved_at"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.text(kind.rawValue)
    row.text(object.text)
    row.text(owner.rawValue)
    row.integer(raisedAt.milliseconds)
    row.integer(dueAt.milliseconds)
    row.optional(acknowledgedAt?.milliseconds)
    row.optional(acknowledgedBy)
    row.optional(resolvedAt?.milliseconds)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let kind = Kind(rawValue: row.text(1)), let object = Object(text: row.text(2)), let owner = Owner(rawValue: row.text(3)) else {
      throw .damagedRow("duty_alert", row.integer(0))
    }
    self.init(
      id: row.integer(0), kind: kind, object: object, owner: owner, raisedAt: Instant(milliseconds: row.integer(4)),
      dueAt: Instant(milliseconds: row.integer(5)), acknowledgedAt: row.optionalInteger(6).map { Instant(milliseconds: $0) },
      acknowledgedBy: row.optionalText(7), resolvedAt: row.optionalInteger(8).map { Instant(milliseconds: $0) })
  }
}

extension DutyAlert.Object {
  /// The row that it is about, as the history has it: "referral:482011570363".
  package var text: String {
    switch self {
    case .referral(let folio): "referral:\(folio.number)"
    case .screen(let id): "alarm_screen:\(id)"
    case .legado(let id): "legado:\(id)"
    case .nightly(let id): "nightly_check:\(id)"
    }
  }

  /// Returns `nil` for what is none of these rows.
  init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let key = Int64(parts[1]) else { return nil }
    switch parts[0] {
    case "referral":
      guard let folio = Folio(number: UInt64(bitPattern: key)) else { return nil }
      self = .referral(folio)
    case "alarm_screen": self = .screen(key)
    case "legado": self = .legado(key)
    case "nightly_check": self = .nightly(key)
    default: return nil
    }
  }
}

extension Legado: StoredRow {
  static let columns = "id, title, owner, added_at, added_by"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.text(title)
    row.text(owner)
    row.integer(addedAt.milliseconds)
    row.text(addedBy)
  }

  init(_ row: Statement) {
    self.init(
      id: row.integer(0), title: row.text(1), owner: row.text(2), addedAt: Instant(milliseconds: row.integer(3)), addedBy: row.text(4))
  }
}

extension LegadoEvidence: StoredRow {
  static let columns = "id, legado, reference, added_at, added_by"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(legado)
    row.text(reference)
    row.integer(addedAt.milliseconds)
    row.text(addedBy)
  }

  init(_ row: Statement) {
    self.init(
      id: row.integer(0), legado: row.integer(1), reference: row.text(2), addedAt: Instant(milliseconds: row.integer(3)),
      addedBy: row.text(4))
  }
}

extension LegadoEntry: StoredRow {
  static let columns = "id, legado, status, due_day, note, added_at, added_by"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(legado)
    row.text(status.rawValue)
    row.integer(due.daysSinceEpoch)
    row.text(note)
    row.integer(addedAt.milliseconds)
    row.text(addedBy)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let status = Legado.Status(rawValue: row.text(2)), let due = CivilDate(daysSinceEpoch: Int(row.integer(3))) else {
      throw .damagedRow("legado_entry", row.integer(0))
    }
    self.init(
      id: row.integer(0), legado: row.integer(1), status: status, due: due, note: row.text(4),
      addedAt: Instant(milliseconds: row.integer(5)), addedBy: row.text(6))
  }
}

extension NightlyCheck: StoredRow {
  static let columns = "id, day, checked_at, problems, last_row"

  func write(to row: inout some ColumnSink) {
    row.integer(id)
    row.integer(day.daysSinceEpoch)
    row.integer(checkedAt.milliseconds)
    row.text(problems.joined(separator: "\n"))
    row.integer(lastRow)
  }

  init(_ row: Statement) throws(StoreFault) {
    guard let day = CivilDate(daysSinceEpoch: Int(row.integer(1))) else { throw .damagedRow("nightly_check", row.integer(0)) }
    self.init(
      id: row.integer(0), day: day, checkedAt: Instant(milliseconds: row.integer(2)),
      problems: row.text(3).split(separator: "\n").map(String.init), lastRow: row.integer(4))
  }
}
