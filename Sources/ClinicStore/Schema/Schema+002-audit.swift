extension Schema {
  /// The history of every change, as a chain; and what an appointment's life adds to its row.
  static let migration002 = Migration(
    sql: """
      CREATE TABLE audit (                       -- one row for each change of a row; never changed, never deleted
        seq INTEGER PRIMARY KEY,                 -- 1, 2, 3 … without a gap
        at INTEGER NOT NULL,                     -- the batch's instant: never before the row before
        actor TEXT NOT NULL,                     -- 'person:12', 'staff:…', 'system'
        door TEXT NOT NULL,                      -- the device or user that the connection proved; empty for none
        channel TEXT CHECK (channel IN ('kiosk', 'phone', 'desk')),
        act TEXT NOT NULL,
        reason TEXT,                             -- a code
        object TEXT NOT NULL,                    -- the row: its table and key, 'appointment:482011570363'
        before TEXT,                             -- an appointment's status, before and after
        after TEXT,
        content BLOB CHECK (length(content) = 16), -- of the row as it is now, see RowDigest; NULL when it is gone
        previous BLOB NOT NULL CHECK (length(previous) = 32), -- the hash of the row before; zeros before the first
        hash BLOB NOT NULL CHECK (length(hash) = 32), -- SHA-256 of `previous` and the columns before it
        row_sum INTEGER NOT NULL
      ) STRICT;
      CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
      CREATE TRIGGER audit_keeps_content BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

      DROP VIEW appointment_text;
      CREATE TABLE appointment_002 (             -- never deleted: the status changes
        folio INTEGER PRIMARY KEY,
        patient INTEGER NOT NULL REFERENCES patient (id),
        service TEXT NOT NULL,
        turno TEXT NOT NULL,
        resource TEXT NOT NULL,
        day INTEGER NOT NULL,
        lane INTEGER NOT NULL CHECK (lane >= 0), -- 0, until a resource sees two people at once
        start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 2879),
        end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 2880),
        status TEXT NOT NULL CHECK (status IN ('proposed', 'pending', 'booked', 'arrived', 'checked-in',
          'fulfilled', 'cancelled', 'noshow', 'waitlist', 'entered-in-error')),
        channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
        hold_expires_at INTEGER,
        cancellation TEXT CHECK (cancellation IN ('unspecified', 'cannot-come', 'not-needed', 'other-place',
          'clinic', 'hold-expired', 'rescheduled')),
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        confirmed_at INTEGER,
        confirmed_through TEXT CHECK (confirmed_through IN ('kiosk', 'phone', 'desk')),
        arrived_at INTEGER,
        replaces INTEGER,                        -- folios of each other; both rows of a change of date
        replaced_by INTEGER,
        row_sum INTEGER NOT NULL,
        CHECK (folio BETWEEN 100000000000 AND 999999999999),
        CHECK (start_minute < end_minute),
        CHECK (created_at <= changed_at),
        CHECK ((status = 'pending') = (hold_expires_at IS NOT NULL)),
        CHECK ((status = 'cancelled') = (cancellation IS NOT NULL)),
        CHECK ((confirmed_at IS NULL) = (confirmed_through IS NULL)),
        CHECK ((cancellation IS 'rescheduled') = (replaced_by IS NOT NULL))
      ) STRICT;
      INSERT INTO appointment_002 SELECT folio, patient, service, turno, resource, day, lane, start_minute, end_minute, status,
        channel, hold_expires_at, cancellation, created_at, changed_at, NULL, NULL, NULL, NULL, NULL, row_sum FROM appointment;
      DROP TABLE appointment;
      ALTER TABLE appointment_002 RENAME TO appointment;
      CREATE INDEX appointment_by_patient ON appointment (patient, day);
      CREATE UNIQUE INDEX appointment_slot ON appointment (resource, day, lane, start_minute)
        WHERE status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled');
      CREATE TRIGGER appointment_overlap_insert BEFORE INSERT ON appointment
        WHEN NEW.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      BEGIN
        SELECT RAISE(ABORT, 'overlap') WHERE NEW.start_minute < (
          SELECT end_minute FROM appointment
          WHERE resource = NEW.resource AND day = NEW.day AND lane = NEW.lane AND start_minute < NEW.end_minute
            AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
          ORDER BY start_minute DESC LIMIT 1);
      END;
      CREATE TRIGGER appointment_overlap_update
        BEFORE UPDATE OF resource, day, lane, start_minute, end_minute, status ON appointment
        WHEN NEW.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      BEGIN
        SELECT RAISE(ABORT, 'overlap') WHERE NEW.start_minute < (
          SELECT end_minute FROM appointment
          WHERE resource = NEW.resource AND day = NEW.day AND lane = NEW.lane AND start_minute < NEW.end_minute
            AND status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled') AND folio <> OLD.folio
          ORDER BY start_minute DESC LIMIT 1);
      END;
      CREATE VIEW appointment_text AS SELECT
        folio, resource, date(day * 86400, 'unixepoch') AS date,
        printf('%02d:%02d', start_minute / 60, start_minute % 60) AS starts,
        printf('%02d:%02d', end_minute / 60, end_minute % 60) AS ends,
        service, turno, status, channel, patient, cancellation, confirmed_through, replaces, replaced_by,
        strftime('%Y-%m-%dT%H:%M:%fZ', hold_expires_at / 1000.0, 'unixepoch') AS hold_expires,
        strftime('%Y-%m-%dT%H:%M:%fZ', confirmed_at / 1000.0, 'unixepoch') AS confirmed,
        strftime('%Y-%m-%dT%H:%M:%fZ', arrived_at / 1000.0, 'unixepoch') AS arrived,
        strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created,
        strftime('%Y-%m-%dT%H:%M:%fZ', changed_at / 1000.0, 'unixepoch') AS changed
        FROM appointment;
      CREATE VIEW audit_text AS SELECT
        seq, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at, actor, door, channel, act, reason, object,
        before, after, lower(hex(hash)) AS hash
        FROM audit;
      """,
    finish: { connection throws(StoreFault) in
      try Migration.sumAgain("appointment", key: "folio", in: connection)
      try AuditStart.begin(in: connection)
    })
}
