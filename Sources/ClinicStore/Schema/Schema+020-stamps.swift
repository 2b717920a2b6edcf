internal import ClinicDomain

extension Schema {
  /// Appointments carry what they keep free around themselves and how many share their slot; a consent is revoked, not deleted; people keep
  /// the name that they chose, and have their place in the family.
  ///
  /// `row_sum` stays the last column: it is taken off and put back behind the new ones, so that no table is made anew and no other table's
  /// trigger loses its own. What is empty changes no row of the history (see ``RowDigest``).
  static let migration020 = Migration(
    sql: """
      DROP TRIGGER appointment_overlap_insert;
      DROP TRIGGER appointment_overlap_update;
      DROP TRIGGER appointment_meets_claim;
      DROP TRIGGER appointment_claim_insert;
      DROP TRIGGER appointment_claim_update;
      ALTER TABLE appointment ADD COLUMN before_minutes INTEGER CHECK (before_minutes BETWEEN 0 AND \(SlotStamp.longest)); -- as the rules said when it was made; empty: 0
      ALTER TABLE appointment ADD COLUMN after_minutes INTEGER CHECK (after_minutes BETWEEN 0 AND \(SlotStamp.longest));
      ALTER TABLE appointment ADD COLUMN capacity INTEGER CHECK (capacity BETWEEN 1 AND 99); -- people in the slot; empty: 1
      \(sumLast("appointment"))
      ALTER TABLE patient ADD COLUMN ordinal INTEGER CHECK (ordinal BETWEEN 1 AND 99); -- place in the family, by the padrón
      ALTER TABLE patient ADD COLUMN name_set_at INTEGER; -- the person chose `chosen`, or to have none: no padrón takes it away
      \(sumLast("patient"))
      ALTER TABLE consent ADD COLUMN revoked_at INTEGER; -- never deleted
      \(sumLast("consent"))
      CREATE TRIGGER consent_kept BEFORE DELETE ON consent BEGIN SELECT RAISE(ABORT, 'a consent is revoked, not deleted'); END;

      -- What occupies a lane never overlaps, each with the minutes around it that are its own: of all that begins before the new end, the last
      -- one to begin also ends last.
      CREATE TRIGGER appointment_overlap_insert BEFORE INSERT ON appointment
        WHEN NEW.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      BEGIN
        SELECT RAISE(ABORT, 'overlap') WHERE NEW.start_minute - coalesce(NEW.before_minutes, 0) < (
          SELECT end_minute + coalesce(after_minutes, 0) FROM appointment
          WHERE resource = NEW.resource AND day = NEW.day AND lane = NEW.lane AND \(beginsBeforeNew)
            AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
          ORDER BY start_minute DESC LIMIT 1);
      END;
      CREATE TRIGGER appointment_overlap_update
        BEFORE UPDATE OF resource, day, lane, start_minute, end_minute, status, before_minutes, after_minutes ON appointment
        WHEN NEW.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      BEGIN
        SELECT RAISE(ABORT, 'overlap') WHERE NEW.start_minute - coalesce(NEW.before_minutes, 0) < (
          SELECT end_minute + coalesce(after_minutes, 0) FROM appointment
          WHERE resource = NEW.resource AND day = NEW.day AND lane = NEW.lane AND \(beginsBeforeNew)
            AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') AND folio <> OLD.folio
          ORDER BY start_minute DESC LIMIT 1);
      END;
      CREATE TRIGGER appointment_meets_claim BEFORE INSERT ON appointment
        WHEN NEW.lane = 0 AND NEW.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      BEGIN
        SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
          SELECT 1 FROM appointment_claim
          WHERE resource = NEW.resource AND day = NEW.day AND standing = 1
            AND start_minute < NEW.end_minute + coalesce(NEW.after_minutes, 0)
            AND end_minute > NEW.start_minute - coalesce(NEW.before_minutes, 0) AND (until IS NULL OR until > NEW.changed_at));
      END;
      CREATE TRIGGER appointment_claim_insert BEFORE INSERT ON appointment_claim WHEN NEW.standing = 1
      BEGIN
        \(claimOverlaps)
      END;
      CREATE TRIGGER appointment_claim_update BEFORE UPDATE ON appointment_claim WHEN NEW.standing = 1 AND OLD.standing = 0
      BEGIN
        \(claimOverlaps)
      END;
      """,
    finish: { connection throws(StoreFault) in
      try Migration.sumAgain("appointment", key: "folio", in: connection)
      try Migration.sumAgain("patient", key: "id", in: connection)
      try Migration.sumAgain("consent", key: "grantor", and: "grantee", in: connection)
    })

  /// `row_sum` behind the columns that were added.
  private static func sumLast(_ table: String) -> String {
    "ALTER TABLE \(table) DROP COLUMN row_sum; ALTER TABLE \(table) ADD COLUMN row_sum INTEGER NOT NULL DEFAULT 0;"
  }

  /// Of another row of a lane; the first half finds it in the index.
  private static let beginsBeforeNew = """
    start_minute < NEW.end_minute + coalesce(NEW.after_minutes, 0) + \(SlotStamp.longest) \
    AND start_minute - coalesce(before_minutes, 0) < NEW.end_minute + coalesce(NEW.after_minutes, 0)
    """

  private static let claimOverlaps = """
    SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
          SELECT 1 FROM appointment_claim
          WHERE resource = NEW.resource AND day = NEW.day AND standing = 1 AND start_minute < NEW.end_minute
            AND end_minute > NEW.start_minute AND appointment <> NEW.appointment AND (until IS NULL OR until > NEW.changed_at));
        SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
          SELECT 1 FROM appointment
          WHERE resource = NEW.resource AND day = NEW.day AND lane = 0 AND start_minute < NEW.end_minute + \(SlotStamp.longest)
            AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
            AND start_minute - coalesce(before_minutes, 0) < NEW.end_minute
            AND end_minute + coalesce(after_minutes, 0) > NEW.start_minute AND (hold_expires_at IS NULL OR hold_expires_at > NEW.changed_at));
    """
}
