extension Schema {
  /// Who owes a call may be who is on duty, by name, and a pregnant person in the clinic needs no number for it; which institution a person
  /// belongs to, as they said it; colours of triage.
  ///
  /// The table of calls is made anew because SQLite changes no check; rows, columns and sums stay as they are.
  static let migration019 = """
    DROP TRIGGER callback_folio;
    DROP TRIGGER appointment_folio_elsewhere;
    CREATE TABLE callback_new (                -- never deleted: it is closed, and its number forgotten
      folio INTEGER PRIMARY KEY CHECK (folio BETWEEN 100000000000 AND 999999999999),
      phone TEXT,
      reason TEXT NOT NULL CHECK (reason IN ('guidance', 'appointment', 'tramite', 'other', 'pregnancy', 'palliative', 'adec')),
      patient INTEGER REFERENCES patient (id),
      guidance BLOB CHECK (length(guidance) = 16),
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      owner TEXT NOT NULL CHECK (owner LIKE 'post:_%' OR owner LIKE 'duty:_%' OR owner LIKE 'staff:_%'),
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
      CHECK (state <> 'closed' OR phone IS NULL),
      CHECK (state = 'closed' OR phone IS NOT NULL OR reason = 'pregnancy'), -- who is in the clinic is not called
      CHECK ((state = 'closed') = (outcome IS NOT NULL)),
      CHECK ((closed_at IS NULL) = (outcome IS NULL)),
      CHECK ((escalated_at IS NULL) = (escalation IS NULL)),
      CHECK (state <> 'taken' OR owner LIKE 'staff:_%'),
      CHECK (state <> 'open' OR owner NOT LIKE 'staff:%')
    ) STRICT;
    INSERT INTO callback_new SELECT * FROM callback;
    DROP TABLE callback;
    ALTER TABLE callback_new RENAME TO callback;
    CREATE UNIQUE INDEX callback_waiting_phone ON callback (phone) WHERE state <> 'closed'; -- nobody is called twice
    CREATE INDEX callback_due ON callback (due_at) WHERE state <> 'closed';
    CREATE INDEX callback_closed ON callback (closed_at) WHERE state = 'closed';
    CREATE TRIGGER callback_folio BEFORE INSERT ON callback
    WHEN EXISTS (SELECT 1 FROM appointment WHERE folio = NEW.folio)
    BEGIN SELECT RAISE(ABORT, 'folio of an appointment'); END;
    CREATE TRIGGER appointment_folio_elsewhere BEFORE INSERT ON appointment -- a folio is one thing's: what somebody has in hand says which
    BEGIN
      SELECT RAISE(ABORT, 'reserved folio') FROM referral WHERE folio = NEW.folio;
      SELECT RAISE(ABORT, 'reserved folio') FROM callback WHERE folio = NEW.folio;
    END;

    CREATE TABLE affiliation (                 -- never deleted: what the person said last holds
      patient INTEGER PRIMARY KEY REFERENCES patient (id),
      institution TEXT NOT NULL CHECK (institution IN ('imss', 'imss-bienestar', 'issste', 'pemex', 'sedena', 'semar', 'none')),
      said_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE triage_case (                 -- never deleted: somebody sees them, or their time is over
      id INTEGER PRIMARY KEY,
      patient INTEGER REFERENCES patient (id),
      color TEXT NOT NULL CHECK (color IN ('rojo', 'naranja', 'amarillo', 'verde', 'azul')),
      set_by TEXT NOT NULL CHECK (set_by <> ''),  -- somebody of the clinic
      set_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL CHECK (due_at >= set_at),
      seen_at INTEGER CHECK (seen_at >= set_at),
      seen_by TEXT,
      breached_at INTEGER CHECK (breached_at >= due_at),
      row_sum INTEGER NOT NULL,
      CHECK ((seen_at IS NULL) = (seen_by IS NULL))
    ) STRICT;
    CREATE INDEX triage_case_waiting ON triage_case (due_at) WHERE seen_at IS NULL;
    CREATE TRIGGER triage_case_kept BEFORE DELETE ON triage_case
    BEGIN SELECT RAISE(ABORT, 'a case is never deleted'); END;
    CREATE TRIGGER affiliation_kept BEFORE DELETE ON affiliation
    BEGIN SELECT RAISE(ABORT, 'an affiliation is never deleted'); END;
    """
}
