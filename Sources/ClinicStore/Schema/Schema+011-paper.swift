extension Schema {
  /// The rows of sheets that are filled in by hand while there is no server: a folio of theirs is nobody else's, for ever.
  static let migration011 = """
    CREATE TABLE paper_row (                   -- never deleted: what was not used stays reserved
      folio INTEGER PRIMARY KEY CHECK (folio BETWEEN 100000000000 AND 999999999999),
      resource TEXT NOT NULL,                  -- with day and turno: the sheet
      day INTEGER NOT NULL,
      turno TEXT NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0), -- its place on the sheet
      appointment INTEGER REFERENCES appointment (folio) DEFERRABLE INITIALLY DEFERRED, -- what it became when it was keyed in
      outcome TEXT CHECK (outcome IN ('slot', 'line', 'same')),
      conflict INTEGER,                        -- the folio that had the slot by then
      reserved_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      UNIQUE (resource, day, turno, number),
      CHECK ((appointment IS NULL) = (outcome IS NULL))
    ) STRICT;
    CREATE INDEX paper_row_by_day ON paper_row (day, resource);

    CREATE TRIGGER appointment_reserved_folio BEFORE INSERT ON appointment
    BEGIN
      SELECT RAISE(ABORT, 'reserved folio') FROM paper_row WHERE folio = NEW.folio AND appointment IS NOT NEW.folio;
    END;
    CREATE TRIGGER paper_row_new_folio BEFORE INSERT ON paper_row
    BEGIN
      SELECT RAISE(ABORT, 'reserved folio') FROM appointment WHERE folio = NEW.folio;
    END;
    CREATE TRIGGER paper_row_kept BEFORE DELETE ON paper_row
    BEGIN SELECT RAISE(ABORT, 'a reserved folio is never given back'); END;
    """
}
