extension Schema {
  /// What people are seen for again and again, and everything that is due in it.
  static let migration006 = """
    CREATE TABLE care_series (                 -- never deleted: the status changes
      id INTEGER PRIMARY KEY,
      patient INTEGER NOT NULL REFERENCES patient (id),
      program TEXT NOT NULL,                   -- its code in clinic.yaml
      status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'revoked')),
      end_reason TEXT CHECK (end_reason IN ('stable', 'finished', 'transferred', 'requested', 'error')),
      anchor INTEGER NOT NULL,                 -- the day that days are counted from
      resource TEXT,                           -- a chair of one's own: where, when, and on which weekdays ("135": Monday is 1)
      start_minute INTEGER CHECK (start_minute BETWEEN 0 AND 2879),
      weekdays TEXT,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK ((status = 'active') = (end_reason IS NULL)),
      CHECK ((resource IS NULL) = (start_minute IS NULL) AND (resource IS NULL) = (weekdays IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX care_series_active ON care_series (patient, program) WHERE status = 'active';
    CREATE INDEX care_series_by_patient ON care_series (patient, id);
    CREATE INDEX care_series_chairs ON care_series (program) WHERE status = 'active' AND resource IS NOT NULL;

    CREATE TABLE series_activity (             -- never deleted: the status changes
      series INTEGER NOT NULL REFERENCES care_series (id),
      number INTEGER NOT NULL CHECK (number >= 1),
      kind TEXT NOT NULL CHECK (kind IN ('Appointment', 'MedicationRequest')),
      due INTEGER NOT NULL,
      first_day INTEGER NOT NULL,
      last_day INTEGER NOT NULL,
      start_minute INTEGER CHECK (start_minute BETWEEN 0 AND 2879),
      status TEXT NOT NULL CHECK (status IN ('not-started', 'scheduled', 'on-hold', 'completed', 'cancelled', 'stopped')),
      folio INTEGER REFERENCES appointment (folio), -- the one that it got first; `replaced_by` leads on
      alerted_at INTEGER,
      acknowledged_at INTEGER,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      PRIMARY KEY (series, number),
      CHECK (first_day <= last_day),
      CHECK (status <> 'scheduled' OR folio IS NOT NULL),
      CHECK (acknowledged_at IS NULL OR alerted_at IS NOT NULL)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX series_activity_folio ON series_activity (folio) WHERE folio IS NOT NULL;
    CREATE INDEX series_activity_by_due ON series_activity (status, due);
    CREATE INDEX series_activity_alerted ON series_activity (alerted_at) WHERE alerted_at IS NOT NULL;
    """
}
