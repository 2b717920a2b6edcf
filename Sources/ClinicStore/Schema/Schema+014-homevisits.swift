extension Schema {
  /// Where an appointment takes place that is a visit at a person's home: what trámite IMSS-03-019 asks for.
  static let migration014 = """
    CREATE TABLE home_visit (
      appointment INTEGER PRIMARY KEY REFERENCES appointment (folio),
      day INTEGER NOT NULL,                    -- the appointment's, which never changes
      zone TEXT NOT NULL,
      street TEXT NOT NULL CHECK (street <> ''),
      neighbourhood TEXT NOT NULL CHECK (neighbourhood <> ''),
      postal_code INTEGER NOT NULL CHECK (postal_code BETWEEN 1000 AND 99999),
      directions TEXT NOT NULL,
      phone TEXT NOT NULL,
      applicant TEXT NOT NULL CHECK (applicant <> ''),
      kinship TEXT NOT NULL,
      consultorio TEXT NOT NULL,               -- the person's own doctor
      turno TEXT NOT NULL,
      changed_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX home_visit_by_day ON home_visit (day, zone);
    """
}
