extension Schema {
  /// Who waits for what others leave, what was left, whom it was offered; and what was closed while the clinic worked.
  static let migration003 = """
    CREATE TABLE waitlist_entry (              -- never deleted: the state changes
      id INTEGER PRIMARY KEY,                  -- in the order of joining: the place in line
      patient INTEGER NOT NULL REFERENCES patient (id),
      services TEXT NOT NULL CHECK (services <> ''), -- one a line
      first_day INTEGER NOT NULL,
      last_day INTEGER NOT NULL,
      start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 2879),
      end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 2880),
      turno TEXT,
      reach TEXT NOT NULL CHECK (reach IN ('in-person', 'phone', 'message')),
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      displaced INTEGER NOT NULL CHECK (displaced IN (0, 1)),
      replaces INTEGER REFERENCES appointment (folio),
      until INTEGER NOT NULL,
      asked INTEGER NOT NULL CHECK (asked >= 0),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'served', 'left', 'asked')),
      joined_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK (first_day <= last_day),
      CHECK (start_minute < end_minute)
    ) STRICT;
    CREATE INDEX waitlist_in_order ON waitlist_entry (displaced DESC, id) WHERE state = 'waiting';
    CREATE INDEX waitlist_by_patient ON waitlist_entry (patient, id);

    CREATE TABLE freed_place (
      id INTEGER PRIMARY KEY,                  -- the folio that left it, or a number below all folios
      resource TEXT NOT NULL,
      day INTEGER NOT NULL,
      start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 2879),
      end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 2880),
      service TEXT NOT NULL,
      turno TEXT NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('cancellation', 'no-show', 'reopening')),
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      state TEXT NOT NULL CHECK (state IN ('offered', 'given', 'walk-ins', 'released')),
      until INTEGER NOT NULL,
      taken_by INTEGER REFERENCES appointment (folio),
      freed_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK (start_minute < end_minute),
      CHECK ((state = 'given') = (taken_by IS NOT NULL))
    ) STRICT;
    CREATE INDEX freed_place_kept ON freed_place (day) WHERE state IN ('offered', 'walk-ins');
    CREATE INDEX freed_place_by_day ON freed_place (day, resource, start_minute);

    CREATE TABLE slot_offer (
      id INTEGER PRIMARY KEY,
      place INTEGER NOT NULL REFERENCES freed_place (id),
      entry INTEGER NOT NULL REFERENCES waitlist_entry (id),
      patient INTEGER NOT NULL REFERENCES patient (id),
      state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
      offered_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      UNIQUE (place, entry)
    ) STRICT;
    CREATE UNIQUE INDEX slot_offer_winner ON slot_offer (place) WHERE state = 'accepted'; -- exactly one
    CREATE INDEX slot_offer_open ON slot_offer (patient) WHERE state = 'open';
    CREATE INDEX slot_offer_by_entry ON slot_offer (entry) WHERE state = 'open';

    CREATE TABLE agenda_block (                -- nobody is seen there
      id INTEGER PRIMARY KEY,
      resource TEXT NOT NULL,
      day INTEGER NOT NULL,
      start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 2879),
      end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 2880),
      created_at INTEGER NOT NULL,
      lifted_at INTEGER,
      row_sum INTEGER NOT NULL,
      CHECK (start_minute < end_minute)
    ) STRICT;
    CREATE INDEX agenda_block_standing ON agenda_block (day, resource) WHERE lifted_at IS NULL;
    """
}
