/// The database's shape: which file is ours, and the numbered steps that lead from an empty one to today's.
///
/// How values are written, so that `sqlite3 -readonly` and the code read the same thing: a date is whole days since 1970-01-01,
/// an instant milliseconds since then, minutes are the agenda's; a resource is its text ("C12"), folios and patient
/// numbers are integers (they never begin with 0), NSS and CURP are texts; status words are FHIR's. The view
/// `appointment_text` shows an agenda as people read it.
enum Schema {
  /// "VENT": what `PRAGMA application_id` says of a file that is ours.
  static let applicationID: Int64 = 0x5645_4E54

  /// What `PRAGMA user_version` says of a file of today's shape.
  static var version: Int64 { Int64(migrations.count) }

  /// Number `n` leads from version `n` to version `n + 1`. One that has shipped never changes again.
  static let migrations = [
    Migration(sql: migration001), migration002, Migration(sql: migration003), Migration(sql: migration004), Migration(sql: migration005),
    Migration(sql: migration006), Migration(sql: migration007), Migration(sql: migration008), Migration(sql: migration009), Migration(sql: migration010), Migration(sql: migration011),
    Migration(sql: migration012),
    Migration(sql: migration013),
    Migration(sql: migration014 + migration014Promoters),
    Migration(sql: migration015),
    Migration(sql: migration016),
    Migration(sql: migration017),
    Migration(sql: migration018),
    Migration(sql: migration019),
    migration020,
    Migration(sql: migration022),
    Migration(sql: migration023),
  ]

  /// Brings a file up to date, each step in a transaction of its own.
  static func migrate(_ connection: Connection, from version: Int64) throws(StoreFault) {
    guard version < self.version else { return }
    try connection.execute("PRAGMA foreign_keys = OFF")
    for (number, migration) in migrations.enumerated().dropFirst(Int(version)) {
      try connection.execute("BEGIN IMMEDIATE")
      do throws(StoreFault) {
        try migration.run(connection)
        guard try connection.texts("PRAGMA foreign_key_check").isEmpty else {
          throw StoreFault(.broken, operation: "migrate to \(number + 1)", detail: "a row refers to one that is not there")
        }
        try connection.execute(
          "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(number + 1); COMMIT")
      } catch {
        try? connection.execute("ROLLBACK")
        throw error
      }
    }
    try connection.execute("PRAGMA foreign_keys = ON")
  }

  /// Every table, and the columns that make its order canonical.
  static let tables: [(name: String, order: String)] = [
    ("clinic", "id"), ("clock", "id"), ("patient", "id"), ("consent", "grantor, grantee"), ("appointment", "folio"),
    ("request", "id"), ("audit", "seq"), ("waitlist_entry", "id"), ("freed_place", "id"), ("slot_offer", "id"), ("agenda_block", "id"),
    ("identification_failure", "id"), ("identification_device", "device"), ("identification_pardon", "subject"),
    ("identification_event", "id"), ("care_series", "id"), ("series_activity", "series, number"), ("referral", "folio"), ("alarm_screen", "id"), ("duty_alert", "id"), ("legado", "id"),
    ("legado_evidence", "id"), ("legado_entry", "id"), ("nightly_check", "id"),
    ("telephone_alarm", "id"), ("callback", "folio"), ("callback_attempt", "id"), ("guidance_record", "id"),
    ("resume_code", "id"),
    ("appointment_claim", "appointment, place"),
    ("paper_row", "folio"),
    ("external_booking", "id"),
    ("proxy", "id"), ("birth_plan", "patient, version"), ("newborn", "child"),
    ("home_visit", "appointment"),
    ("promoter_listing", "id"), ("promoter_booking", "appointment"),
    ("outbound_call", "id"),
    ("notice", "appointment, kind"), ("call_consent", "patient"), ("survey_cell", "day, channel, dialogue"),
    ("handover", "id"), ("handed_appointment", "folio"),
    ("affiliation", "patient"), ("triage_case", "id"),
    ("doctor_change", "id"),
  ]

  /// The tables whose every change has a row in the history, and of how many leading whole-number columns their key is. Which place a
  /// table has here never changes.
  static let audited: [(name: String, keyColumns: Int32)] = [
    ("appointment", 1), ("patient", 1), ("consent", 2), ("waitlist_entry", 1), ("freed_place", 1), ("slot_offer", 1), ("agenda_block", 1),
    ("identification_event", 1), ("care_series", 1), ("series_activity", 2), ("referral", 1), ("alarm_screen", 1), ("duty_alert", 1), ("legado", 1), ("legado_evidence", 1),
    ("legado_entry", 1), ("nightly_check", 1),
    ("telephone_alarm", 1), ("callback", 1), ("callback_attempt", 1), ("guidance_record", 1),
    ("resume_code", 1),
    ("appointment_claim", 2),
    ("paper_row", 1),
    ("external_booking", 1),
    ("proxy", 1), ("birth_plan", 2), ("newborn", 1),
    ("home_visit", 1),
    ("promoter_listing", 1), ("promoter_booking", 1),
    ("outbound_call", 1),
    ("notice", 2), ("call_consent", 1),
    ("handover", 1), ("handed_appointment", 1),
    ("affiliation", 1), ("triage_case", 1),
    ("doctor_change", 1),
  ]

  /// Which place a table has in ``audited``.
  static func place(of table: String) -> UInt8 { UInt8(audited.firstIndex { $0.name == table }!) }
}
