extension Schema {
  /// Referrals, children's screens, the alerts of what was not done in time, the register of legados, and what each night's check found.
  static let migration007 = """
    CREATE TABLE referral (                    -- never deleted: the state changes
      folio INTEGER PRIMARY KEY,
      patient INTEGER NOT NULL REFERENCES patient (id),
      kind TEXT NOT NULL CHECK (kind IN ('consultation', 'surgery', 'study')),
      specialty TEXT NOT NULL,
      destination TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('requested', 'dated', 'seen', 'returned', 'cancelled')),
      day INTEGER,                             -- the date that the other unit gave
      start_minute INTEGER CHECK (start_minute BETWEEN 0 AND 2879),
      place TEXT,
      follow_up INTEGER REFERENCES appointment (folio),
      created_at INTEGER NOT NULL,
      date_due_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK (folio BETWEEN 100000000000 AND 999999999999),
      CHECK ((day IS NULL) = (start_minute IS NULL) AND (day IS NULL) = (place IS NULL)),
      CHECK (state <> 'dated' OR day IS NOT NULL),
      CHECK (follow_up IS NULL OR state = 'returned')
    ) STRICT;
    CREATE INDEX referral_waiting ON referral (created_at) WHERE state IN ('requested', 'dated');
    CREATE INDEX referral_by_patient ON referral (patient);

    CREATE TABLE alarm_screen (                -- a child in whom an alarm sign was found; the sign is not kept
      id INTEGER PRIMARY KEY,
      patient INTEGER NOT NULL REFERENCES patient (id),
      due_day INTEGER NOT NULL,
      appointment INTEGER REFERENCES appointment (folio), -- none: somebody owns the case, see duty_alert
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      screened_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE duty_alert (                  -- never deleted: it is taken on, and it is over
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('referral-without-date', 'surgery-over-limit', 'child-without-slot',
        'follow-up-without-slot', 'legado-overdue', 'nightly-check')),
      object TEXT NOT NULL,                    -- the row that it is about: 'referral:482011570363'
      owner TEXT NOT NULL CHECK (owner IN ('desk', 'head-of-service', 'director')),
      raised_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      acknowledged_at INTEGER,
      acknowledged_by TEXT,
      resolved_at INTEGER,
      row_sum INTEGER NOT NULL,
      CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX duty_alert_standing ON duty_alert (object, kind) WHERE resolved_at IS NULL; -- nobody is told twice

    CREATE TABLE legado (
      id INTEGER PRIMARY KEY,
      title TEXT NOT NULL CHECK (length(title) > 0),
      owner TEXT NOT NULL CHECK (length(owner) > 0),
      added_at INTEGER NOT NULL,
      added_by TEXT NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE legado_evidence (
      id INTEGER PRIMARY KEY,
      legado INTEGER NOT NULL REFERENCES legado (id),
      reference TEXT NOT NULL CHECK (length(reference) > 0),
      added_at INTEGER NOT NULL,
      added_by TEXT NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX legado_evidence_of ON legado_evidence (legado);
    CREATE TABLE legado_entry (                -- the status history: the last one holds
      id INTEGER PRIMARY KEY,
      legado INTEGER NOT NULL REFERENCES legado (id),
      status TEXT NOT NULL CHECK (status IN ('planned', 'in-progress', 'fulfilled', 'cancelled')),
      due_day INTEGER NOT NULL,
      note TEXT NOT NULL,
      added_at INTEGER NOT NULL,
      added_by TEXT NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX legado_entry_of ON legado_entry (legado, id);

    CREATE TABLE nightly_check (
      id INTEGER PRIMARY KEY,
      day INTEGER NOT NULL,
      checked_at INTEGER NOT NULL,
      problems TEXT NOT NULL,                  -- one a line; empty when all is well
      last_row INTEGER NOT NULL,               -- of the history
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX nightly_check_by_day ON nightly_check (day);

    CREATE TRIGGER legado_kept BEFORE DELETE ON legado BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER legado_fixed BEFORE UPDATE ON legado BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER legado_evidence_kept BEFORE DELETE ON legado_evidence BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER legado_evidence_fixed BEFORE UPDATE ON legado_evidence BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER legado_entry_kept BEFORE DELETE ON legado_entry BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER legado_entry_fixed BEFORE UPDATE ON legado_entry BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER nightly_check_kept BEFORE DELETE ON nightly_check BEGIN SELECT RAISE(ABORT, 'a night is never deleted'); END;
    CREATE TRIGGER nightly_check_fixed BEFORE UPDATE ON nightly_check BEGIN SELECT RAISE(ABORT, 'a night is never changed'); END;
    """
}
