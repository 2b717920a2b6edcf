extension Schema {
  /// Codes with which a person goes on by telephone. The digits stand under the clinic's key only.
  static let migration009 = """
    CREATE TABLE resume_code (
      id INTEGER PRIMARY KEY,
      code BLOB NOT NULL CHECK (length(code) = 32), -- HMAC-SHA256 of the six digits
      folio INTEGER NOT NULL REFERENCES appointment (folio),
      patient INTEGER NOT NULL REFERENCES patient (id),
      channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'desk')),
      made_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      ended_at INTEGER,                        -- a later one took its place
      used_at INTEGER,
      row_sum INTEGER NOT NULL,
      CHECK (made_at <= expires_at)
    ) STRICT;
    CREATE UNIQUE INDEX resume_code_standing ON resume_code (code) WHERE ended_at IS NULL;
    CREATE UNIQUE INDEX resume_code_of_folio ON resume_code (folio) WHERE ended_at IS NULL; -- one for each
    """
}
