extension Schema {
  /// Alarm signs that callers told, calls that the clinic owes, and what guidance was heard. No row says who told an alarm sign.
  static let migration008 = """
    CREATE TABLE telephone_alarm (             -- never deleted: it is acknowledged, or escalates
      id INTEGER PRIMARY KEY,
      session BLOB NOT NULL CHECK (length(session) = 16), -- of guidance_record too
      guide TEXT NOT NULL,
      guide_version INTEGER NOT NULL CHECK (guide_version > 0),
      guide_hash BLOB NOT NULL CHECK (length(guide_hash) = 32),
      sign TEXT NOT NULL CHECK (sign <> ''),
      code TEXT CHECK (code IN ('infarto', 'cerebro', 'mater')),
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      device TEXT NOT NULL,
      told_at INTEGER NOT NULL,
      raised_at INTEGER NOT NULL,
      escalated_at INTEGER,
      acknowledged_at INTEGER,
      acknowledged_by TEXT,
      row_sum INTEGER NOT NULL,
      CHECK (told_at <= raised_at),
      CHECK (escalated_at >= raised_at),
      CHECK (acknowledged_at >= raised_at),
      CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
    ) STRICT;
    CREATE INDEX telephone_alarm_waiting ON telephone_alarm (raised_at) WHERE acknowledged_at IS NULL;

    CREATE TABLE callback (                    -- never deleted: it is closed, and its number forgotten
      folio INTEGER PRIMARY KEY CHECK (folio BETWEEN 100000000000 AND 999999999999),
      phone TEXT,
      reason TEXT NOT NULL CHECK (reason IN ('guidance', 'appointment', 'tramite', 'other')),
      patient INTEGER REFERENCES patient (id),
      guidance BLOB CHECK (length(guidance) = 16),
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      owner TEXT NOT NULL CHECK (owner LIKE 'post:_%' OR owner LIKE 'staff:_%'),
      state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'closed')),
      requested_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL CHECK (attempts >= 0),
      answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
      escalated_at INTEGER,
      escalation TEXT CHECK (escalation IN ('late', 'unreached')),
      closed_at INTEGER,
      outcome TEXT CHECK (outcome IN ('attended', 'appointment', 'emergency', 'not-needed', 'unreached')),
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK (requested_at <= due_at),
      CHECK ((state = 'closed') = (phone IS NULL)),
      CHECK ((state = 'closed') = (outcome IS NOT NULL)),
      CHECK ((closed_at IS NULL) = (outcome IS NULL)),
      CHECK ((escalated_at IS NULL) = (escalation IS NULL)),
      CHECK (state <> 'taken' OR owner LIKE 'staff:_%'),
      CHECK (state <> 'open' OR owner LIKE 'post:_%')
    ) STRICT;
    CREATE UNIQUE INDEX callback_waiting_phone ON callback (phone) WHERE state <> 'closed'; -- nobody is called twice
    CREATE INDEX callback_due ON callback (due_at) WHERE state <> 'closed';
    CREATE INDEX callback_closed ON callback (closed_at) WHERE state = 'closed';
    CREATE TRIGGER callback_folio BEFORE INSERT ON callback
    WHEN EXISTS (SELECT 1 FROM appointment WHERE folio = NEW.folio)
    BEGIN SELECT RAISE(ABORT, 'folio of an appointment'); END;

    CREATE TABLE callback_attempt (            -- never changed, never deleted
      id INTEGER PRIMARY KEY,
      callback INTEGER NOT NULL REFERENCES callback (folio),
      number INTEGER NOT NULL CHECK (number > 0),
      at INTEGER NOT NULL,
      by TEXT NOT NULL CHECK (by <> ''),
      result TEXT NOT NULL CHECK (result IN ('answered', 'no-answer', 'busy', 'wrong-number')),
      row_sum INTEGER NOT NULL,
      UNIQUE (callback, number)
    ) STRICT;
    CREATE TRIGGER callback_attempt_kept BEFORE DELETE ON callback_attempt
    BEGIN SELECT RAISE(ABORT, 'an attempt is never deleted'); END;
    CREATE TRIGGER callback_attempt_fixed BEFORE UPDATE ON callback_attempt
    BEGIN SELECT RAISE(ABORT, 'an attempt is never changed'); END;

    CREATE TABLE guidance_record (             -- never changed, never deleted; nothing in it is of a person
      id INTEGER PRIMARY KEY,
      session BLOB NOT NULL CHECK (length(session) = 16),
      guide TEXT NOT NULL,
      guide_version INTEGER NOT NULL CHECK (guide_version > 0),
      guide_hash BLOB NOT NULL CHECK (length(guide_hash) = 32),
      language TEXT NOT NULL,
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      trail TEXT NOT NULL,                     -- "senales 1", one key a line
      signs TEXT NOT NULL,                     -- one a line
      prompt_signs TEXT NOT NULL,
      pregnant INTEGER NOT NULL CHECK (pregnant IN (0, 1)),
      onset_earliest INTEGER,
      onset_latest INTEGER,
      ending_step TEXT,
      ending TEXT CHECK (ending IN ('911', 'urgencias', 'persona', 'cita', 'llamada', 'teleconsulta', 'domicilio', 'sin_lugar',
        'pidio_persona', 'sin_palabras')),
      kept_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK ((ending IS NULL) = (ending_step IS NULL)),
      CHECK ((onset_earliest IS NULL) = (onset_latest IS NULL)),
      CHECK (onset_earliest <= onset_latest)
    ) STRICT;
    CREATE INDEX guidance_record_by_session ON guidance_record (session);
    CREATE TRIGGER guidance_record_kept BEFORE DELETE ON guidance_record
    BEGIN SELECT RAISE(ABORT, 'a record of guidance is never deleted'); END;
    CREATE TRIGGER guidance_record_fixed BEFORE UPDATE ON guidance_record
    BEGIN SELECT RAISE(ABORT, 'a record of guidance is never changed'); END;
    """
}
