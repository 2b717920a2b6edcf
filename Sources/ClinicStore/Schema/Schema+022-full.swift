extension Schema {
  /// A booking of another system may not fit because the turno has all the people that it sees.
  ///
  /// The table is made anew because SQLite changes no check; rows, columns and sums stay as they are.
  static let migration022 = """
    CREATE TABLE external_booking_new (        -- never deleted: the state changes
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL CHECK (source <> ''),
      reference TEXT NOT NULL CHECK (reference <> ''), -- the other system's own name for it
      resource TEXT NOT NULL,
      day INTEGER NOT NULL,
      start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 2879),
      end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 2880),
      service TEXT NOT NULL,
      patient INTEGER REFERENCES patient (id),
      state TEXT NOT NULL CHECK (state IN ('appointment', 'busy', 'conflict', 'cancelled', 'dismissed')),
      folio INTEGER REFERENCES appointment (folio), -- what it is, or was
      conflict TEXT CHECK (conflict IN ('taken', 'full', 'person-busy', 'closed', 'unknown')),
      line INTEGER NOT NULL,                   -- of the file that last changed it
      imported_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      UNIQUE (source, reference),
      CHECK (start_minute < end_minute),
      CHECK ((state = 'conflict') = (conflict IS NOT NULL)),
      CHECK (state <> 'appointment' OR folio IS NOT NULL)
    ) STRICT;
    INSERT INTO external_booking_new SELECT * FROM external_booking;
    DROP TABLE external_booking;
    ALTER TABLE external_booking_new RENAME TO external_booking;
    CREATE INDEX external_booking_by_day ON external_booking (day, resource, start_minute);
    CREATE INDEX external_booking_by_folio ON external_booking (folio) WHERE folio IS NOT NULL;
    CREATE TRIGGER external_booking_kept BEFORE DELETE ON external_booking
    BEGIN SELECT RAISE(ABORT, 'a booking of another system is never deleted'); END;
    """
}
