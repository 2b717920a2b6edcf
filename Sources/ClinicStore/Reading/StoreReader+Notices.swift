package import ClinicDomain
package import Scheduling

extension StoreReader {
  /// Appointments of those dates that nobody has been reminded of or has confirmed, of people who let the clinic call and whose number is not
  /// in use; by date and start.
  ///
  /// - Parameter isWanted: asked of each until there are enough.
  package func remindable(
    on dates: ClosedRange<CivilDate>, at resources: [ResourceID], limit: Int, now: Instant, _ isWanted: (NoticeCandidate) -> Bool
  ) throws(StoreFault) -> [Folio] {
    var found: [Appointment] = []
    for resource in resources {
      let rows = try statement(
        """
        SELECT \(Appointment.columns(of: "a")) FROM appointment a WHERE a.resource = ? AND a.day BETWEEN ? AND ? \
        AND a.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') AND a.status = 'booked' AND a.confirmed_at IS NULL \
        AND EXISTS (SELECT 1 FROM call_consent c WHERE c.patient = a.patient AND c.given = 1) \
        AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.appointment = a.folio AND n.kind = 1)
        """)
      rows.bind(resource.description, at: 1)
      rows.bind(Int64(dates.lowerBound.daysSinceEpoch), at: 2)
      rows.bind(Int64(dates.upperBound.daysSinceEpoch), at: 3)
      found += try appointments(rows)
    }
    found.sort { ($0.slot.date, $0.slot.start, $0.folio) < ($1.slot.date, $1.slot.start, $1.folio) }
    let lines = try LinesInUse(at: now, in: connection)
    var wanted: [Folio] = []
    for appointment in found where wanted.count < limit {
      let notice = Notice(
        appointment: appointment.folio, kind: .reminder, patient: appointment.patient, notBefore: appointment.changedAt,
        madeAt: appointment.changedAt, changedAt: appointment.changedAt)
      if let candidate = try candidate(notice, of: appointment), !lines.has(candidate.patient.phone), isWanted(candidate) { wanted.append(appointment.folio) }
    }
    return wanted
  }

  /// The notice whose last call has that name.
  package func notice(token: [UInt8]) throws(StoreFault) -> NoticeCandidate? {
    try notices("token = ?") { $0.bind(token, at: 1) }.first
  }

  /// What the clinic did to a person's appointments and nobody has told them; by when they were to be.
  package func untold(of patient: PatientID) throws(StoreFault) -> [NoticeCandidate] {
    try notices("kind = 2 AND state <> 'told' AND patient = ?") { $0.bind(patient.rawValue, at: 1) }
  }

  /// The same of everybody.
  package func untold() throws(StoreFault) -> [NoticeCandidate] { try notices("kind = 2 AND state <> 'told'") { _ in } }

  package func notice(_ kind: Notice.Kind, of folio: Folio) throws(StoreFault) -> NoticeCandidate? {
    try notices("appointment = ? AND kind = ?") { rows in
      rows.bind(Int64(folio.number), at: 1)
      rows.bind(Int64(kind.rawValue), at: 2)
    }.first
  }

  package func callConsent(of patient: PatientID) throws(StoreFault) -> CallConsent? {
    let rows = try statement("SELECT \(CallConsent.columns) FROM call_consent WHERE patient = ?")
    rows.bind(patient.rawValue, at: 1)
    return try rows.all { row throws(StoreFault) in try CallConsent(row) }.first
  }

  /// Whether somebody else of the NSS has the same telephone number.
  package func sharesPhone(_ person: Patient) throws(StoreFault) -> Bool { try Notice.sharesPhone(person, in: connection) }

  private func notices(_ condition: String, _ bind: (Statement) -> Void) throws(StoreFault) -> [NoticeCandidate] {
    let rows = try statement("SELECT \(Notice.columns) FROM notice WHERE \(condition)")
    bind(rows)
    var found: [NoticeCandidate] = []
    for notice in try rows.all({ row throws(StoreFault) in try Notice(row) }) {
      if let appointment = try appointment(folio: notice.appointment), let candidate = try candidate(notice, of: appointment) {
        found.append(candidate)
      }
    }
    return found.sorted {
      ($0.appointment.slot.date, $0.appointment.slot.start, $0.appointment.folio) < ($1.appointment.slot.date, $1.appointment.slot.start, $1.appointment.folio)
    }
  }

  private func candidate(_ notice: Notice, of appointment: Appointment) throws(StoreFault) -> NoticeCandidate? {
    guard var person = try patient(id: notice.patient) else { return nil }
    person.elsewhere = try PatientHandover.standing(of: person.id, in: connection)?.to
    return NoticeCandidate(
      notice: notice, appointment: appointment,
      successor: try appointment.replacedBy.reading { folio throws(StoreFault) in try self.appointment(folio: folio) }, patient: person,
      consent: try callConsent(of: person.id), sharesPhone: try Notice.sharesPhone(person, in: connection))
  }
}
