internal import ClinicDomain
internal import Scheduling

// MARK: - What a decision about notices reads

extension StoreCore {
  /// How many notices one look for calls reads: more than it gives.
  private static let noticesAtOnce = 100
  /// Of what is a quarter old nobody calls any more: so the years behind are not read at every look.
  private static let oldMilliseconds: Int64 = 90 * 86_400_000

  /// Notices of which a call may be due, what the clinic did to appointments first and those that were to be sooner first; then those that
  /// appointments to be reminded of would get. Whose people can never be called, or whose number is in use, are left out, so that they do not
  /// keep the others from being read.
  func noticeCandidates(reminding reminders: [Folio], beside lines: LinesInUse, at now: Instant) throws(StoreFault) -> [NoticeCandidate] {
    guard rules.clinic.notices != nil else { return [] }
    let rows = try Statement(
      """
      SELECT \(Notice.columns(of: "n")), a.cancellation IS 'other-place', p.phone FROM notice n JOIN patient p ON p.id = n.patient JOIN appointment a ON a.folio = n.appointment \
      WHERE n.state IN ('waiting', 'leased') AND n.not_before BETWEEN ?2 AND ?1 AND p.phone IS NOT NULL \
      AND (a.cancellation IS 'other-place' OR NOT EXISTS (SELECT 1 FROM handover h WHERE h.patient = n.patient AND h.ended_at IS NULL AND h.made_at = n.made_at)) \
      AND EXISTS (SELECT 1 FROM call_consent c WHERE c.patient = n.patient AND c.given = 1) \
      ORDER BY n.kind DESC, a.day, a.start_minute, n.appointment
      """, in: connection)
    rows.bind(now.milliseconds, at: 1)
    rows.bind(now.milliseconds - Self.oldMilliseconds, at: 2)
    var due: [Notice] = []
    let phone = rows.columnCount - 1
    while due.count < Self.noticesAtOnce, try rows.step() {
      let notice = try Notice(rows)
      // What a person tells takes no place of what a call tells.
      if rows.integer(phone - 1) == 1, !rules.isNamedByCalls(index.elsewhere(notice.patient)) { continue }
      if !lines.has(rows.text(phone), but: notice.token) { due.append(notice) }
    }
    rows.reset()
    var candidates: [NoticeCandidate] = []
    for notice in due {
      if let candidate = try candidate(notice) { candidates.append(candidate) }
    }
    for folio in reminders {
      guard let appointment = try appointment(folio), try notice(.reminder, of: folio) == nil else { continue }
      let notice = Notice(appointment: folio, kind: .reminder, patient: appointment.patient, notBefore: now, madeAt: now, changedAt: now)
      guard let candidate = try candidate(notice), !lines.has(candidate.patient.phone) else { continue }
      candidates.append(candidate)
    }
    return candidates
  }

  private func candidate(_ notice: Notice) throws(StoreFault) -> NoticeCandidate? {
    guard let appointment = try appointment(notice.appointment), let person = try patient(notice.patient) else { return nil }
    return NoticeCandidate(
      notice: notice, appointment: appointment,
      successor: try appointment.replacedBy.reading { folio throws(StoreFault) in try self.appointment(folio) }, patient: person,
      consent: try callConsent(of: person.id), sharesPhone: try Notice.sharesPhone(person, in: connection))
  }

  func notice(_ condition: String, _ bind: (Statement) -> Void) throws(StoreFault) -> Notice? {
    let rows = try Statement("SELECT \(Notice.columns) FROM notice WHERE \(condition)", in: connection)
    bind(rows)
    return try rows.all { row throws(StoreFault) in try Notice(row) }.first
  }

  func notice(_ kind: Notice.Kind, of folio: Folio) throws(StoreFault) -> Notice? {
    try notice("appointment = ? AND kind = ?") { rows in
      rows.bind(Int64(folio.number), at: 1)
      rows.bind(Int64(kind.rawValue), at: 2)
    }
  }

  func callConsent(of patient: PatientID) throws(StoreFault) -> CallConsent? {
    let rows = try Statement("SELECT \(CallConsent.columns) FROM call_consent WHERE patient = ?", in: connection)
    rows.bind(patient.rawValue, at: 1)
    return try rows.all { row throws(StoreFault) in try CallConsent(row) }.first
  }

  /// Writes what an appointment's change makes the clinic owe its person to say.
  func writeNotice(of appointment: Appointment, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    if let owed = Notice(owedBy: author, for: appointment, at: now) { return try write(owed, author, command, now) }
    guard author.act == .undo, let told = try notice(.change, of: appointment.folio) else { return }
    try write(told.undone(at: now), author, command, now)
  }

  /// Writes what a handover makes the clinic owe its person to say; and, when it ends, that there is nothing to say of what stands here again.
  func writeNotices(
    of handover: PatientHandover, having active: [Appointment], _ author: Authorship, _ command: StoreCommand, _ now: Instant
  ) throws(StoreFault) {
    guard handover.endedAt != nil else {
      for notice in Notice.owed(by: handover, of: active, rules: rules, at: now) { try write(notice, author, command, now) }
      return
    }
    for appointment in active {
      guard let owed = try notice(.change, of: appointment.folio), owed.madeAt == handover.madeAt else { continue }
      // What was given up and has come back is told for itself.
      let given = try statements[.handed]
      given.bind(Int64(appointment.folio.number), at: 1)
      let wasGivenUp = try given.all({ row throws(StoreFault) in try HandedAppointment(row) }).contains { $0.handover == handover.id }
      if !wasGivenUp { try write(owed.undone(at: now), author, command, now) }
    }
  }

  func write(_ notice: Notice, _ author: Authorship, _ command: StoreCommand, _ now: Instant) throws(StoreFault) {
    let sql = StoreStatements.Name.upsert(Notice.columns, keyColumns: 2, into: "notice")
    try put(
      notice, with: try Statement(sql, in: connection), .notice(notice.appointment, notice.kind), author, command, now)
  }
}

extension Notice {
  /// ``columns`` of a table that a statement calls so.
  static func columns(of table: String) -> String {
    columns.split(separator: ",").map { "\(table).\($0.drop { $0 == " " })" }.joined(separator: ", ")
  }

  /// Whether somebody else of the NSS has the same number.
  static func sharesPhone(_ person: Patient, in connection: Connection) throws(StoreFault) -> Bool {
    guard let phone = person.phone, let nss = person.nss else { return false }
    let rows = try Statement("SELECT 1 FROM patient WHERE nss = ? AND id <> ? AND phone = ? LIMIT 1", in: connection)
    rows.bind(nss.description, at: 1)
    rows.bind(person.id.rawValue, at: 2)
    rows.bind(phone.description, at: 3)
    defer { rows.reset() }
    return try rows.step()
  }
}
