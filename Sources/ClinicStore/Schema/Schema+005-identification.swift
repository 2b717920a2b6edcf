extension Schema {
  /// Identifications that failed, which kiosks wait for staff, and what staff did about it.
  ///
  /// Who was tried stands under the clinic's key only. Failures are forgotten after two days; events never.
  static let migration005 = """
    CREATE TABLE identification_failure (
      id INTEGER PRIMARY KEY,                  -- ascending: the order in which they came
      at INTEGER NOT NULL,
      day INTEGER NOT NULL,                    -- the clinic's date
      subject BLOB NOT NULL CHECK (length(subject) = 32), -- HMAC-SHA256 of the identifier
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      device TEXT NOT NULL,
      visit BLOB CHECK (length(visit) = 32),   -- HMAC-SHA256 of the visit or call
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX identification_failure_by_subject ON identification_failure (subject, channel, day);
    CREATE INDEX identification_failure_by_device ON identification_failure (device, at);
    CREATE INDEX identification_failure_by_visit ON identification_failure (visit) WHERE visit IS NOT NULL;

    CREATE TABLE identification_device (       -- a kiosk that has been locked or unlocked
      device TEXT PRIMARY KEY,
      counted_after INTEGER NOT NULL,          -- only failures with a greater id count
      locked_at INTEGER,                       -- until staff unlock it
      row_sum INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE identification_pardon (       -- an identifier that staff unlocked
      subject BLOB PRIMARY KEY CHECK (length(subject) = 32),
      counted_after INTEGER NOT NULL,
      at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE identification_event (        -- never changed, never deleted
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('alarm', 'lock', 'unlock-device', 'unlock-person')),
      device TEXT,
      subject BLOB CHECK (length(subject) = 32),
      reason TEXT CHECK (reason IN ('identity-shown', 'device-checked', 'attempt-ended', 'maintenance')),
      by TEXT,
      row_sum INTEGER NOT NULL,
      CHECK ((kind IN ('lock', 'unlock-device')) = (device IS NOT NULL)),
      CHECK ((kind = 'unlock-person') = (subject IS NOT NULL)),
      CHECK ((kind IN ('unlock-device', 'unlock-person')) = (reason IS NOT NULL AND by IS NOT NULL))
    ) STRICT;
    CREATE TRIGGER identification_event_kept BEFORE DELETE ON identification_event
    BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
    CREATE TRIGGER identification_event_fixed BEFORE UPDATE ON identification_event
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;

    -- An identifier that is nobody's and one with a wrong birth date are one search in one index, which finds nothing.
    CREATE INDEX patient_by_number_born ON patient (number, birth_date);
    DROP INDEX patient_by_curp;
    CREATE INDEX patient_by_curp ON patient (curp, birth_date) WHERE curp IS NOT NULL;
    """
}
