extension Schema {
  /// The calls that the clinic makes of itself. No row has a number, and none says what was answered.
  static let migration016 = """
    CREATE TABLE outbound_call (               -- never deleted
      id INTEGER PRIMARY KEY,
      offer INTEGER NOT NULL UNIQUE REFERENCES slot_offer (id), -- one call for one offer
      token BLOB NOT NULL UNIQUE CHECK (length(token) = 16),
      state TEXT NOT NULL CHECK (state IN ('leased', 'placed', 'over')),
      outcome TEXT CHECK (outcome IN ('answered', 'no-answer', 'failed')),
      leases INTEGER NOT NULL CHECK (leases > 0),
      leased_until INTEGER NOT NULL,
      made_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      CHECK ((state = 'over') = (outcome IS NOT NULL))
    ) STRICT;
    CREATE INDEX slot_offer_ending ON slot_offer (expires_at) WHERE state = 'open';
    CREATE TRIGGER outbound_call_kept BEFORE DELETE ON outbound_call
    BEGIN SELECT RAISE(ABORT, 'a call is never deleted'); END;
    """
}
