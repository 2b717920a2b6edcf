extension Schema {
  /// People who were handed over to another unit, and the appointments that were given up for it; bookings of another system that
  /// staff dismissed; no appointment gets a folio that a referral or a call has.
  static let migration018 = """
    CREATE TABLE handover (                    -- never deleted: it ends
      id INTEGER PRIMARY KEY,
      patient INTEGER NOT NULL REFERENCES patient (id),
      clues TEXT NOT NULL CHECK (length(clues) = 11),
      unit_name TEXT NOT NULL,
      address TEXT NOT NULL,
      from_day INTEGER NOT NULL,
      made_at INTEGER NOT NULL,
      ended_at INTEGER,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX handover_standing ON handover (patient) WHERE ended_at IS NULL;
    CREATE INDEX handover_by_unit ON handover (clues, patient) WHERE ended_at IS NULL;
    CREATE TRIGGER handover_kept BEFORE DELETE ON handover BEGIN SELECT RAISE(ABORT, 'a handover ends, it is not deleted'); END;
    CREATE TRIGGER handover_over BEFORE UPDATE ON handover WHEN OLD.ended_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a handover that has ended stays so'); END;

    CREATE TABLE handed_appointment (          -- never deleted: it comes back
      folio INTEGER PRIMARY KEY REFERENCES appointment (folio),
      handover INTEGER NOT NULL REFERENCES handover (id),
      given_at INTEGER NOT NULL,
      returned_at INTEGER,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX handed_appointment_out ON handed_appointment (handover) WHERE returned_at IS NULL;
    CREATE TRIGGER handed_appointment_kept BEFORE DELETE ON handed_appointment
    BEGIN SELECT RAISE(ABORT, 'what was given up is never deleted'); END;

    CREATE TABLE external_booking_new (        -- as it was, with a state more; no row changes
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL CHECK (source <> ''),
      reference TEXT NOT NULL CHECK (reference <> ''),
      resource TEXT NOT NULL,
      day INTEGER NOT NULL,
      start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 2879),
      end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 1 AND 2880),
      service TEXT NOT NULL,
      patient INTEGER REFERENCES patient (id),
      state TEXT NOT NULL CHECK (state IN ('appointment', 'busy', 'conflict', 'cancelled', 'dismissed')),
      folio INTEGER REFERENCES appointment (folio),
      conflict TEXT CHECK (conflict IN ('taken', 'person-busy', 'closed', 'unknown')),
      line INTEGER NOT NULL,
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

    CREATE TRIGGER appointment_folio_elsewhere BEFORE INSERT ON appointment -- a folio is one thing's: what somebody has in hand says which
    BEGIN
      SELECT RAISE(ABORT, 'reserved folio') FROM referral WHERE folio = NEW.folio;
      SELECT RAISE(ABORT, 'reserved folio') FROM callback WHERE folio = NEW.folio;
    END;
    """
}
