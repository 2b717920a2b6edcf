extension Schema {
  /// What an appointment occupies of further agendas: the remote specialist's, the local professional's.
  ///
  /// Nothing here can see time: what a hold keeps is judged by when it ends against when the other row is written.
  static let migration010 = """
    CREATE TABLE appointment_claim (           -- never deleted: it stands as its appointment stands
      appointment INTEGER NOT NULL REFERENCES appointment (folio),
      place INTEGER NOT NULL CHECK (place BETWEEN 1 AND 9),
      role TEXT NOT NULL,
      resource TEXT NOT NULL,
      day INTEGER NOT NULL,
      start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 2879),
      end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 2880),
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      until INTEGER,                           -- of a hold's
      standing INTEGER NOT NULL CHECK (standing IN (0, 1)),
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      PRIMARY KEY (appointment, place),
      CHECK (start_minute < end_minute)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX appointment_claim_standing ON appointment_claim (resource, day, start_minute) WHERE standing = 1;

    CREATE TRIGGER appointment_claim_insert BEFORE INSERT ON appointment_claim WHEN NEW.standing = 1
    BEGIN
      SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointment_claim
        WHERE resource = NEW.resource AND day = NEW.day AND standing = 1 AND start_minute < NEW.end_minute
          AND end_minute > NEW.start_minute AND appointment <> NEW.appointment AND (until IS NULL OR until > NEW.changed_at));
      SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointment
        WHERE resource = NEW.resource AND day = NEW.day AND lane = 0 AND start_minute < NEW.end_minute
          AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
          AND end_minute > NEW.start_minute AND (hold_expires_at IS NULL OR hold_expires_at > NEW.changed_at));
    END;
    CREATE TRIGGER appointment_claim_update BEFORE UPDATE ON appointment_claim WHEN NEW.standing = 1 AND OLD.standing = 0
    BEGIN
      SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointment_claim
        WHERE resource = NEW.resource AND day = NEW.day AND standing = 1 AND start_minute < NEW.end_minute
          AND end_minute > NEW.start_minute AND appointment <> NEW.appointment AND (until IS NULL OR until > NEW.changed_at));
      SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointment
        WHERE resource = NEW.resource AND day = NEW.day AND lane = 0 AND start_minute < NEW.end_minute
          AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
          AND end_minute > NEW.start_minute AND (hold_expires_at IS NULL OR hold_expires_at > NEW.changed_at));
    END;
    CREATE TRIGGER appointment_meets_claim BEFORE INSERT ON appointment
      WHEN NEW.lane = 0 AND NEW.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
    BEGIN
      SELECT RAISE(ABORT, 'overlap') WHERE EXISTS (
        SELECT 1 FROM appointment_claim
        WHERE resource = NEW.resource AND day = NEW.day AND standing = 1 AND start_minute < NEW.end_minute
          AND end_minute > NEW.start_minute AND (until IS NULL OR until > NEW.changed_at));
    END;
    """
}
