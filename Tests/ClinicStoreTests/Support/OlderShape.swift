@testable import ClinicStore

/// What takes a file of today's shape back to an older one, as far as a migration's test needs: what came since is not there.
enum OlderShape {
  /// The way back from each version to the one before, in SQL.
  private static let steps: [Int64: String] = [
    22: "DROP INDEX outbound_call_calling; DROP TABLE doctor_change;",
    // The older shape's check is stricter, and no row of these tests breaks it.
    21: "",
    // The sums are made anew by the migration; the triggers that it takes off are there to be taken off.
    20: """
      DROP TRIGGER appointment_overlap_insert; DROP TRIGGER appointment_overlap_update; DROP TRIGGER appointment_meets_claim;
      DROP TRIGGER appointment_claim_insert; DROP TRIGGER appointment_claim_update; DROP TRIGGER consent_kept;
      ALTER TABLE appointment DROP COLUMN before_minutes; ALTER TABLE appointment DROP COLUMN after_minutes;
      ALTER TABLE appointment DROP COLUMN capacity; ALTER TABLE patient DROP COLUMN ordinal; ALTER TABLE patient DROP COLUMN name_set_at;
      ALTER TABLE consent DROP COLUMN revoked_at;
      CREATE TRIGGER appointment_overlap_insert BEFORE INSERT ON appointment BEGIN SELECT 1; END;
      CREATE TRIGGER appointment_overlap_update BEFORE UPDATE ON appointment BEGIN SELECT 1; END;
      CREATE TRIGGER appointment_meets_claim BEFORE INSERT ON appointment BEGIN SELECT 1; END;
      CREATE TRIGGER appointment_claim_insert BEFORE INSERT ON appointment_claim BEGIN SELECT 1; END;
      CREATE TRIGGER appointment_claim_update BEFORE UPDATE ON appointment_claim BEGIN SELECT 1; END;
      """,
    // The table of calls stays as it is: the older shape's checks are stricter, and no row of these tests breaks them.
    19: "DROP TABLE affiliation; DROP TABLE triage_case;",
    18: "DROP TRIGGER appointment_folio_elsewhere; DROP TABLE handed_appointment; DROP TABLE handover;",
    17: "DROP TABLE notice; DROP TABLE call_consent; DROP TABLE survey_cell;",
    16: "DROP INDEX slot_offer_ending; DROP TABLE outbound_call;",
    15: """
      CREATE TABLE old (id BLOB PRIMARY KEY CHECK (length(id) = 16), content BLOB NOT NULL CHECK (length(content) = 32), reply BLOB NOT NULL,
        folio INTEGER REFERENCES appointment (folio) ON DELETE CASCADE, row_sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO old SELECT id, content, reply, folio, row_sum FROM request; DROP TABLE request; ALTER TABLE old RENAME TO request;
      DROP INDEX appointment_active; DROP INDEX appointment_settled; CREATE INDEX appointment_by_patient ON appointment (patient, day);
      """,
    14: "DROP TABLE promoter_booking; DROP TABLE promoter_listing; DROP TABLE home_visit;",
    13: "DROP TABLE proxy; DROP TABLE birth_plan; DROP TABLE newborn;",
    12: "DROP TABLE external_booking;",
    11: "DROP TRIGGER appointment_reserved_folio; DROP TABLE paper_row;",
    10: "DROP TRIGGER appointment_meets_claim; DROP TABLE appointment_claim;",
    9: "DROP TABLE resume_code;",
    8: "DROP TABLE callback_attempt; DROP TABLE callback; DROP TABLE telephone_alarm; DROP TABLE guidance_record;",
    7: """
      DROP TABLE referral; DROP TABLE alarm_screen; DROP TABLE duty_alert; DROP TABLE legado_evidence; DROP TABLE legado_entry;
      DROP TABLE legado; DROP TABLE nightly_check;
      """,
    6: "DROP TABLE series_activity; DROP TABLE care_series;",
    5: """
      DROP TABLE identification_failure; DROP TABLE identification_device; DROP TABLE identification_pardon;
      DROP TRIGGER identification_event_kept; DROP TRIGGER identification_event_fixed; DROP TABLE identification_event;
      DROP INDEX patient_by_number_born; DROP INDEX patient_by_curp;
      CREATE INDEX patient_by_curp ON patient (curp) WHERE curp IS NOT NULL;
      """,
    4: "DROP INDEX appointment_missed;",
  ]

  /// The statements that lead from today's version to that one, which is 3 or later.
  static func back(to version: Int64) -> String {
    precondition((3...Schema.version).contains(version), "the way back leads to version 3 at most")
    return (version + 1...Schema.version).reversed().map { number in
      guard let step = steps[number] else { preconditionFailure("how does a file go back from version \(number)?") }
      return step
    }.joined(separator: "\n") + "\nPRAGMA user_version = \(version)"
  }
}
