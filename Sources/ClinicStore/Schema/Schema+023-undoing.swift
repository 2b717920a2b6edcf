extension Schema {
  /// Which telephones ring now is found without reading every call of the years; and whose a person was before staff had them change doctor.
  static let migration023 = """
    CREATE INDEX outbound_call_calling ON outbound_call (changed_at) WHERE state IN ('leased', 'placed');

    CREATE TABLE doctor_change (               -- never deleted: it is taken back
      id INTEGER PRIMARY KEY,
      patient INTEGER NOT NULL REFERENCES patient (id),
      consultorio TEXT,                        -- whose they were before, as far as the clinic knew
      turno TEXT,
      to_consultorio TEXT NOT NULL,
      to_turno TEXT NOT NULL,
      made_at INTEGER NOT NULL,
      taken_back_at INTEGER CHECK (taken_back_at >= made_at),
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX doctor_change_made ON doctor_change (made_at) WHERE taken_back_at IS NULL;
    CREATE TRIGGER doctor_change_kept BEFORE DELETE ON doctor_change
    BEGIN SELECT RAISE(ABORT, 'a change of doctor is never deleted'); END;
    """
}
