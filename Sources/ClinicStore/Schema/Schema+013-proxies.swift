extension Schema {
  /// Who may do what for whom, to the single right; the birth plans that such a right may open; newborns at their mothers' records.
  static let migration013 = """
    CREATE TABLE proxy (                       -- never deleted: it is revoked
      id INTEGER PRIMARY KEY,
      grantor INTEGER NOT NULL REFERENCES patient (id),
      grantee INTEGER NOT NULL REFERENCES patient (id),
      basis TEXT NOT NULL CHECK (basis IN ('person', 'newborn')),
      rights INTEGER NOT NULL CHECK (rights BETWEEN 1 AND 31), -- 1 see, 2 book, 4 change, 8 birth plan, 16 care
      from_day INTEGER NOT NULL,
      until_day INTEGER,
      recorded_by TEXT NOT NULL,
      granted_at INTEGER NOT NULL,
      revoked_at INTEGER,
      row_sum INTEGER NOT NULL,
      CHECK (grantor <> grantee),
      CHECK (until_day >= from_day)
    ) STRICT;
    CREATE UNIQUE INDEX proxy_standing ON proxy (grantor, grantee, basis) WHERE revoked_at IS NULL;
    CREATE INDEX proxy_by_grantee ON proxy (grantee) WHERE revoked_at IS NULL;
    CREATE TRIGGER proxy_kept BEFORE DELETE ON proxy BEGIN SELECT RAISE(ABORT, 'a permission is revoked, not deleted'); END;
    CREATE TRIGGER proxy_over BEFORE UPDATE ON proxy WHEN OLD.revoked_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'what is revoked stays so'); END;

    CREATE TABLE birth_plan (                  -- a row for each version; never changed
      patient INTEGER NOT NULL REFERENCES patient (id),
      version INTEGER NOT NULL CHECK (version > 0),
      answers TEXT NOT NULL,                   -- item=answer, one a line
      recorded_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      PRIMARY KEY (patient, version)
    ) STRICT;
    CREATE TRIGGER birth_plan_fixed BEFORE UPDATE ON birth_plan BEGIN SELECT RAISE(ABORT, 'a version stays as it was'); END;

    CREATE TABLE newborn (
      child INTEGER PRIMARY KEY REFERENCES patient (id),
      mother INTEGER NOT NULL REFERENCES patient (id),
      ordinal INTEGER NOT NULL CHECK (ordinal > 0),
      birth_day INTEGER NOT NULL,
      registered_at INTEGER NOT NULL,
      row_sum INTEGER NOT NULL,
      UNIQUE (mother, ordinal),
      CHECK (child <> mother)
    ) STRICT;
    """
}
