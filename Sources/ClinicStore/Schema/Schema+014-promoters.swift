extension Schema {
  /// Community promoters: whom they may book for, and what they booked. A part of the fourteenth step.
  static let migration014Promoters = """
    CREATE TABLE promoter_listing (            -- never deleted: it runs out, or is taken back
      id INTEGER PRIMARY KEY,
      promoter TEXT NOT NULL CHECK (promoter <> ''), -- as their connection proves it
      number INTEGER NOT NULL CHECK (number > 0),    -- what the promoter knows the person by
      patient INTEGER NOT NULL REFERENCES patient (id),
      until INTEGER NOT NULL,                  -- the last day
      revoked_at INTEGER,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      UNIQUE (promoter, number),
      UNIQUE (promoter, patient)
    ) STRICT;
    CREATE TRIGGER promoter_listing_kept BEFORE DELETE ON promoter_listing
    BEGIN SELECT RAISE(ABORT, 'a listing is never deleted'); END;

    CREATE TABLE promoter_booking (
      appointment INTEGER PRIMARY KEY REFERENCES appointment (folio),
      listing INTEGER NOT NULL REFERENCES promoter_listing (id),
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX promoter_booking_by_listing ON promoter_booking (listing);
    """
}
