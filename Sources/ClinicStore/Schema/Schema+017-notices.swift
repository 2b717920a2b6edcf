extension Schema {
  /// What the clinic owes to tell people of their appointments, who lets it call them, and what the survey's answers add up to. No row has a number or a sentence.
  static let migration017 = """
    CREATE TABLE notice (                      -- never deleted
      appointment INTEGER NOT NULL REFERENCES appointment (folio),
      kind INTEGER NOT NULL CHECK (kind IN (1, 2)), -- 1: a reminder; 2: the clinic moved it, or cannot keep it
      patient INTEGER NOT NULL REFERENCES patient (id),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'placed', 'told', 'over')),
      calls INTEGER NOT NULL CHECK (calls >= 0),
      token BLOB UNIQUE CHECK (length(token) = 16), -- of the last call
      not_before INTEGER NOT NULL,
      outcome TEXT CHECK (outcome IN ('answered', 'no-answer', 'failed')), -- of the last call
      told_through TEXT CHECK (told_through IN ('kiosk', 'phone', 'desk')),
      made_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      PRIMARY KEY (appointment, kind),
      CHECK ((state = 'told') = (told_through IS NOT NULL)),
      CHECK ((calls = 0) = (token IS NULL)),
      CHECK (state NOT IN ('leased', 'placed') OR calls > 0)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX notice_due ON notice (not_before) WHERE state IN ('waiting', 'leased');
    CREATE INDEX notice_calling ON notice (changed_at) WHERE state IN ('leased', 'placed');
    CREATE INDEX notice_untold ON notice (patient) WHERE kind = 2 AND state <> 'told';
    CREATE TRIGGER notice_kept BEFORE DELETE ON notice
    BEGIN SELECT RAISE(ABORT, 'a notice is never deleted'); END;

    CREATE TABLE call_consent (                -- never deleted: it is changed
      patient INTEGER PRIMARY KEY REFERENCES patient (id),
      given INTEGER NOT NULL CHECK (given IN (0, 1)),
      own INTEGER NOT NULL CHECK (own IN (0, 1)), -- whether the person said it themselves
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER call_consent_kept BEFORE DELETE ON call_consent
    BEGIN SELECT RAISE(ABORT, 'a consent to calls is never deleted'); END;

    CREATE TABLE survey_cell (                 -- answers to the one question; nothing in it is of a person
      day INTEGER NOT NULL,
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      dialogue TEXT NOT NULL CHECK (dialogue <> ''),
      resolved INTEGER NOT NULL CHECK (resolved >= 0),
      unresolved INTEGER NOT NULL CHECK (unresolved >= 0),
      row_sum INTEGER NOT NULL,
      PRIMARY KEY (day, channel, dialogue)
    ) STRICT, WITHOUT ROWID;
    """
}
