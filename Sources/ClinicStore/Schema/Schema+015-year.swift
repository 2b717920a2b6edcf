extension Schema {
  /// What a booking touches does not grow with the years behind it.
  ///
  /// Answers stand in the order in which they were given, and only their ids (26 bytes each, not 400) in the order in which they are looked
  /// for. A person's appointments stand in two indexes: the few that are still to come, which every booking reads and writes, and all that
  /// are over. Who asks for both asks twice; see ``Appointment/active`` and ``Appointment/settled``.
  static let migration015 = """
    CREATE TABLE request_015 (                 -- answers already given: a repeat gets the same bytes
      id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
      content BLOB NOT NULL CHECK (length(content) = 32), -- SHA-256 of what was asked
      reply BLOB NOT NULL,
      folio INTEGER REFERENCES appointment (folio) ON DELETE CASCADE, -- lives as long as that row
      row_sum INTEGER NOT NULL
    ) STRICT;
    INSERT INTO request_015 SELECT id, content, reply, folio, row_sum FROM request;
    DROP TABLE request;
    ALTER TABLE request_015 RENAME TO request;

    DROP INDEX IF EXISTS appointment_by_patient;
    CREATE INDEX IF NOT EXISTS appointment_active ON appointment (patient, day)
      WHERE status IN ('pending', 'booked', 'arrived', 'checked-in');
    CREATE INDEX IF NOT EXISTS appointment_settled ON appointment (patient, day)
      WHERE status NOT IN ('pending', 'booked', 'arrived', 'checked-in');
    """
}
