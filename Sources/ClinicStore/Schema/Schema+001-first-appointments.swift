extension Schema {
  /// People, their appointments and holds, consents, and the answers already given.
  static let migration001 = """
    CREATE TABLE clinic (                      -- whose file this is: one row
      id INTEGER PRIMARY KEY CHECK (id = 1),
      clues TEXT NOT NULL,
      row_sum INTEGER NOT NULL                 -- here as everywhere: CRC-32C of the row's other columns, in their order
    ) STRICT;

    CREATE TABLE clock (                       -- the instant of the last batch that wrote: time never goes back
      id INTEGER PRIMARY KEY CHECK (id = 1),
      now INTEGER NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE patient (
      id INTEGER PRIMARY KEY,
      identity_key TEXT NOT NULL UNIQUE,       -- what makes a row of a padrón the same person next time
      number INTEGER NOT NULL UNIQUE,
      nss TEXT,
      agregado TEXT,
      curp TEXT,
      given TEXT NOT NULL,
      first_surname TEXT NOT NULL,
      second_surname TEXT,
      chosen TEXT,
      pronoun TEXT,
      birth_date INTEGER NOT NULL,
      phone TEXT,
      language TEXT NOT NULL,
      needs TEXT NOT NULL,                     -- one a line
      consultorio TEXT,
      turno TEXT,
      rights_state TEXT NOT NULL CHECK (rights_state IN ('VIGENTE', 'CONSERVACION_DERECHOS', 'BAJA',
        'PENSION_TRAMITE', 'CON_DERECHO', 'FALLECIDO', 'VIGENTE_POR_PRORROGA')),
      rights_date INTEGER,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX patient_by_nss ON patient (nss, birth_date) WHERE nss IS NOT NULL;
    CREATE INDEX patient_by_curp ON patient (curp) WHERE curp IS NOT NULL;

    CREATE TABLE consent (
      grantor INTEGER NOT NULL REFERENCES patient (id),
      grantee INTEGER NOT NULL REFERENCES patient (id),
      granted_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      PRIMARY KEY (grantor, grantee),
      CHECK (grantor <> grantee)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX consent_by_grantee ON consent (grantee);

    CREATE TABLE appointment (                 -- never deleted: the status changes
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
        'clinic', 'hold-expired')),
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK (folio BETWEEN 100000000000 AND 999999999999),
      CHECK (start_minute < end_minute),
      CHECK (created_at <= changed_at),
      CHECK ((status = 'pending') = (hold_expires_at IS NOT NULL)),
      CHECK ((status = 'cancelled') = (cancellation IS NOT NULL))
    ) STRICT;
    CREATE INDEX appointment_by_patient ON appointment (patient, day);
    CREATE UNIQUE INDEX appointment_slot ON appointment (resource, day, lane, start_minute)
      WHERE status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled');

    -- The unique index sees equal starts; these see 9:00 + 30 and 9:15 + 15. What occupies an agenda never overlaps, so
    -- of all that starts before the new end, the last one to start also ends last: it alone is asked.
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

    CREATE TABLE request (                     -- answers already given: a repeat gets the same bytes
      id BLOB PRIMARY KEY CHECK (length(id) = 16),
      content BLOB NOT NULL CHECK (length(content) = 32), -- SHA-256 of what was asked
      reply BLOB NOT NULL,
      folio INTEGER REFERENCES appointment (folio) ON DELETE CASCADE, -- lives as long as that row
      row_sum INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE VIEW appointment_text AS SELECT
      folio, resource, date(day * 86400, 'unixepoch') AS date,
      printf('%02d:%02d', start_minute / 60, start_minute % 60) AS starts,
      printf('%02d:%02d', end_minute / 60, end_minute % 60) AS ends,
      service, turno, status, channel, patient, cancellation,
      strftime('%Y-%m-%dT%H:%M:%fZ', hold_expires_at / 1000.0, 'unixepoch') AS hold_expires,
      strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created,
      strftime('%Y-%m-%dT%H:%M:%fZ', changed_at / 1000.0, 'unixepoch') AS changed
      FROM appointment;
    """
}
