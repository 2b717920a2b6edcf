internal import ClinicDomain

/// The writer's statements, each prepared when first used and kept.
final class StoreStatements {
  private let connection: Connection
  private var prepared: [Statement?]

  init(_ connection: Connection) {
    self.connection = connection
    prepared = Array(repeating: nil, count: Name.allCases.count)
  }

  subscript(name: Name) -> Statement {
    get throws(StoreFault) {
      if let statement = prepared[name.rawValue] { return statement }
      let statement = try Statement(name.sql, in: connection)
      prepared[name.rawValue] = statement
      return statement
    }
  }

  /// Lets go of all of them, before the connection closes.
  func finalize() { prepared = Array(repeating: nil, count: prepared.count) }

  enum Name: Int, CaseIterable {
    case begin, commit, rollback, savepoint, release, rollbackToSavepoint
    case setClock
    case request, insertRequest
    case patient, patientByIdentity, patientNumberTaken, lastPatientID, insertPatient, updatePatient
    case consent, standingConsents, upsertConsent
    case appointment, activeAppointments, householdAppointments, agendaBefore, agendaBeside, overlapping, insertAppointment, replaceAppointment
    case insertAudit, auditInstant, lastAudit
    case entry, entriesOfPatient, lastEntry, candidates, upsertEntry
    case offer, offersOfPlace, openOffersOfEntry, cancelledByClinic, lastOffer, upsertOffer, place, upsertPlace, block, lastBlock, upsertBlock
    case upsertClaim

    /// A row, whether or not there is one of its key: the first columns.
    static func upsert(_ columns: String, keyColumns: Int = 1, into table: String) -> String {
      let names = names(columns)
      let sets = names.dropFirst(keyColumns).map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
      return "\(insert(columns, into: table)) ON CONFLICT (\(names.prefix(keyColumns).joined(separator: ", "))) DO UPDATE SET \(sets)"
    }

    /// A row that must be new.
    static func insert(_ columns: String, into table: String) -> String {
      "INSERT INTO \(table) VALUES (\(names(columns).map { _ in "?" }.joined(separator: ", ")))"
    }

    private static func names(_ columns: String) -> [Substring] {
      columns.split(separator: ",").map { $0.trimmingPrefix { $0 == " " || $0 == "\n" } } + ["row_sum"]
    }

    case series, activeSeries, standingPlaces, lastSeries, upsertSeries, activities, sessions, inSeries, currentFolio, upsertActivity
    case identityKey
    case sheetRows, paperRow, patientDay, insertPaper, enterPaper
    case externalByReference, lastExternal, upsertExternal, patientsByNumber, patientsByNSS, patientsByCURP, folioTaken
    case homeVisit, latestHomeVisit, homeVisitDays, upsertHomeVisit
    case handoverOf, lastHandover, upsertHandover, handed, upsertHanded
    case promoterListings, promoterBookings, upsertListing, insertPromoterBooking
    case insertFailure, lastFailure, failureBefore, forgetFailures, deviceFailures, device, replaceDevice
    case replacePardon, forgetPardons, insertEvent, lastAlarm
    case proxiesBetween

    var sql: String {
      switch self {
      case .begin: "BEGIN IMMEDIATE"
      case .commit: "COMMIT"
      case .rollback: "ROLLBACK"
      case .savepoint: "SAVEPOINT command"
      case .release: "RELEASE command"
      case .rollbackToSavepoint: "ROLLBACK TO command"
      case .setClock: "REPLACE INTO clock VALUES (?, ?, ?)"
      case .request: "SELECT content, reply FROM request WHERE id = ?"
      case .insertRequest: "INSERT INTO request VALUES (?, ?, ?, ?, ?)"
      case .patient: "SELECT \(Patient.columns) FROM patient WHERE id = ?"
      case .patientByIdentity: "SELECT \(Patient.columns) FROM patient WHERE identity_key = ?"
      case .patientNumberTaken: "SELECT 1 FROM patient WHERE number = ?"
      case .lastPatientID: "SELECT max(id) FROM patient"
      case .insertPatient:
        """
        INSERT INTO patient VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
        """
      case .updatePatient:
        """
        UPDATE patient SET identity_key = ?2, number = ?3, nss = ?4, agregado = ?5, curp = ?6, given = ?7, first_surname = ?8, \
        second_surname = ?9, chosen = ?10, pronoun = ?11, birth_date = ?12, phone = ?13, language = ?14, needs = ?15, \
        consultorio = ?16, turno = ?17, rights_state = ?18, rights_date = ?19, ordinal = ?20, name_set_at = ?21, row_sum = ?22 \
        WHERE id = ?1
        """
      case .consent: "SELECT 1 FROM consent WHERE grantor = ? AND grantee = ? AND revoked_at IS NULL"
      case .standingConsents: "SELECT \(Consent.columns) FROM consent WHERE grantor = ? AND revoked_at IS NULL ORDER BY grantee"
      case .upsertConsent: Self.upsert(Consent.columns, keyColumns: 2, into: "consent")
      case .appointment: "SELECT \(Appointment.columns) FROM appointment WHERE folio = ?"
      case .activeAppointments:
        """
        SELECT \(Appointment.columns) FROM appointment WHERE patient = ? AND \(Appointment.active) ORDER BY day, start_minute, folio
        """
      case .householdAppointments:
        """
        SELECT \(Appointment.columns) FROM appointment WHERE patient IN (SELECT id FROM patient WHERE nss = ?1 AND id <> ?2) \
        AND \(Appointment.active)
        """
      case .agendaBefore:
        """
        SELECT \(Appointment.columns) FROM appointment \
        WHERE resource = ? AND day = ? AND lane = 0 AND start_minute < ? + \(SlotStamp.longest) \
        AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') ORDER BY start_minute DESC
        """
      case .agendaBeside:
        """
        SELECT \(Appointment.columns) FROM appointment WHERE resource = ? AND day = ? AND lane > 0 \
        AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
        """
      case .overlapping:
        """
        SELECT folio FROM appointment WHERE resource = ? AND day = ? AND lane <> folio AND start_minute - coalesce(before_minutes, 0) < ? \
        AND end_minute + coalesce(after_minutes, 0) > ? \
        AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') ORDER BY start_minute LIMIT 1
        """
      case .insertFailure: "INSERT INTO identification_failure VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
      case .lastFailure: "SELECT max(id) FROM identification_failure"
      case .failureBefore: "SELECT at FROM identification_failure ORDER BY id DESC LIMIT 1 OFFSET ?"
      case .forgetFailures:
        """
        DELETE FROM identification_failure WHERE id IN (SELECT id FROM identification_failure ORDER BY id LIMIT 16) AND at < ?
        """
      case .deviceFailures:
        """
        SELECT count(*) FROM (SELECT 1 FROM identification_failure WHERE device = ? AND at > ? AND id > ? LIMIT ?)
        """
      case .device: "SELECT counted_after, locked_at FROM identification_device WHERE device = ?"
      case .replaceDevice: "REPLACE INTO identification_device VALUES (?, ?, ?, ?)"
      case .replacePardon: "REPLACE INTO identification_pardon VALUES (?, ?, ?, ?)"
      case .forgetPardons: "DELETE FROM identification_pardon WHERE at < ?"
      case .insertEvent: "INSERT INTO identification_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
      case .lastAlarm: "SELECT at FROM identification_event WHERE kind = 'alarm' ORDER BY id DESC LIMIT 1"
      case .insertAppointment: "INSERT INTO appointment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      case .replaceAppointment:
        """
        UPDATE appointment SET status = ?2, hold_expires_at = ?3, cancellation = ?4, changed_at = ?5, confirmed_at = ?6, \
        confirmed_through = ?7, arrived_at = ?8, replaces = ?9, replaced_by = ?10, lane = ?11, row_sum = ?12 \
        WHERE folio = ?1
        """
      case .entry: "SELECT \(WaitlistEntry.columns) FROM waitlist_entry WHERE id = ?"
      case .entriesOfPatient: "SELECT \(WaitlistEntry.columns) FROM waitlist_entry WHERE patient = ? AND state = 'waiting' ORDER BY id"
      case .lastEntry: "SELECT max(id) FROM waitlist_entry"
      case .candidates: WaitlistEntry.candidates
      case .upsertEntry: Self.upsert(WaitlistEntry.columns, into: "waitlist_entry")
      case .offer: "SELECT \(SlotOffer.columns) FROM slot_offer WHERE id = ?"
      case .offersOfPlace: "SELECT \(SlotOffer.columns) FROM slot_offer WHERE place = ? ORDER BY id"
      case .openOffersOfEntry: "SELECT \(SlotOffer.columns) FROM slot_offer WHERE entry = ? AND state = 'open' ORDER BY id"
      case .cancelledByClinic:
        """
        SELECT \(Appointment.columns) FROM appointment WHERE patient = ?1 AND \(Appointment.settled) AND replaced_by IS NULL AND service = ?3 \
        AND (cancellation = 'clinic' AND changed_at = ?2 OR cancellation = 'other-place' \
        AND folio IN (SELECT folio FROM handed_appointment WHERE returned_at = ?2)) ORDER BY folio
        """
      case .lastOffer: "SELECT max(id) FROM slot_offer"
      case .upsertOffer: Self.upsert(SlotOffer.columns, into: "slot_offer")
      case .place: "SELECT \(FreedPlace.columns) FROM freed_place WHERE id = ?"
      case .upsertPlace: Self.upsert(FreedPlace.columns, into: "freed_place")
      case .block: "SELECT \(AgendaBlock.columns) FROM agenda_block WHERE id = ?"
      case .lastBlock: "SELECT max(id) FROM agenda_block"
      case .upsertBlock: Self.upsert(AgendaBlock.columns, into: "agenda_block")
      case .series: "SELECT \(CareSeries.columns) FROM care_series WHERE id = ?"
      case .activeSeries: "SELECT \(CareSeries.columns) FROM care_series WHERE patient = ? AND status = 'active' ORDER BY id"
      case .standingPlaces:
        "SELECT \(CareSeries.columns) FROM care_series WHERE program = ? AND status = 'active' AND resource IS NOT NULL ORDER BY id"
      case .lastSeries: "SELECT max(id) FROM care_series"
      case .upsertSeries: Self.upsert(CareSeries.columns, into: "care_series")
      case .activities: "SELECT \(SeriesActivity.columns) FROM series_activity WHERE series = ? ORDER BY number"
      case .sessions: SeriesActivity.sessions
      case .inSeries: SeriesActivity.foliosOfPatient
      case .currentFolio: SeriesActivity.currentFolio
      case .upsertActivity: Self.upsert(SeriesActivity.columns, keyColumns: 2, into: "series_activity")
      case .upsertClaim: Self.upsert(AgendaClaim.columns, keyColumns: 2, into: "appointment_claim")
      case .identityKey: "SELECT identity_key FROM patient WHERE id = ?"
      case .sheetRows: "SELECT \(PaperRow.columns) FROM paper_row WHERE resource = ? AND day = ? AND turno = ? ORDER BY number"
      case .paperRow: "SELECT \(PaperRow.columns) FROM paper_row WHERE folio = ?"
      case .patientDay:
        """
        SELECT \(Appointment.columns) FROM appointment WHERE patient = ?1 AND day = ?2 AND \(Appointment.active) UNION ALL \
        SELECT \(Appointment.columns) FROM appointment WHERE patient = ?1 AND day = ?2 AND \(Appointment.settled) \
        ORDER BY start_minute, folio
        """
      case .insertPaper: "INSERT INTO paper_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      case .enterPaper:
        "UPDATE paper_row SET appointment = ?2, outcome = ?3, conflict = ?4, changed_at = ?5, row_sum = ?6 WHERE folio = ?1"
      case .externalByReference: "SELECT \(ExternalBooking.columns) FROM external_booking WHERE source = ? AND reference = ?"
      case .lastExternal: "SELECT max(id) FROM external_booking"
      case .upsertExternal: Self.upsert(ExternalBooking.columns, into: "external_booking")
      case .patientsByNumber: "SELECT \(Patient.columns) FROM patient WHERE number = ?"
      case .patientsByNSS: "SELECT \(Patient.columns) FROM patient WHERE nss = ? AND birth_date = ? LIMIT 2"
      case .patientsByCURP: "SELECT \(Patient.columns) FROM patient WHERE curp = ? LIMIT 2"
      case .folioTaken:
        """
        SELECT 1 FROM appointment WHERE folio = ?1 UNION ALL SELECT 1 FROM paper_row WHERE folio = ?1 \
        UNION ALL SELECT 1 FROM referral WHERE folio = ?1 UNION ALL SELECT 1 FROM callback WHERE folio = ?1
        """
      case .proxiesBetween: "SELECT \(Proxy.columns) FROM proxy WHERE grantor = ? AND grantee = ? AND revoked_at IS NULL ORDER BY id"
      case .homeVisit: "SELECT \(HomeVisit.columns) FROM home_visit WHERE appointment = ?"
      case .latestHomeVisit:
        """
        SELECT \(HomeVisit.columns) FROM home_visit WHERE appointment IN (
          SELECT folio FROM appointment WHERE patient = ?1 AND \(Appointment.active) UNION ALL
          SELECT folio FROM appointment WHERE patient = ?1 AND \(Appointment.settled)) ORDER BY changed_at DESC, appointment LIMIT 1
        """
      case .homeVisitDays: HomeVisit.daysOfZone
      case .upsertHomeVisit: Self.upsert(HomeVisit.columns, keyColumns: 1, into: "home_visit")
      case .handoverOf: "SELECT \(PatientHandover.columns) FROM handover WHERE patient = ? AND ended_at IS NULL"
      case .lastHandover: "SELECT max(id) FROM handover"
      case .upsertHandover: Self.upsert(PatientHandover.columns, into: "handover")
      case .handed: "SELECT \(HandedAppointment.columns) FROM handed_appointment WHERE folio = ?"
      case .upsertHanded: Self.upsert(HandedAppointment.columns, into: "handed_appointment")
      case .promoterListings: "SELECT \(PromoterListing.columns) FROM promoter_listing WHERE promoter = ? ORDER BY number"
      case .promoterBookings: "SELECT \(PromoterBooking.columns) FROM promoter_booking WHERE listing = ?"
      case .upsertListing: Self.upsert(PromoterListing.columns, into: "promoter_listing")
      case .insertPromoterBooking: Self.insert(PromoterBooking.columns, into: "promoter_booking")
      case .auditInstant: "SELECT at FROM audit WHERE seq = ?"
      case .lastAudit:
        "SELECT \(AuditRecord.columns) FROM audit WHERE seq BETWEEN ? AND ? AND object = ? ORDER BY seq DESC LIMIT 1"
      case .insertAudit: "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      }
    }
  }
}
