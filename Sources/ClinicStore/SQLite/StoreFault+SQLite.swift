internal import CSQLite

/// What result codes say beyond their kind. Extended codes are macros that Swift does not see: base | number << 8.
extension StoreFault {
  /// A folio that is taken (SQLITE_CONSTRAINT_PRIMARYKEY), or that a table which shares the folios has or reserves (SQLITE_CONSTRAINT_TRIGGER).
  var isFolioClash: Bool {
    code == SQLITE_CONSTRAINT | (6 << 8)
      && ["appointment.folio", "referral.folio", "callback.folio", "paper_row.folio"].contains(where: detail.contains)
      || code == SQLITE_CONSTRAINT | (7 << 8) && (detail == "folio of an appointment" || detail.contains("reserved folio"))
  }

  /// What the overlap triggers (SQLITE_CONSTRAINT_TRIGGER) or the slot's index (SQLITE_CONSTRAINT_UNIQUE) refuse.
  var isOverlap: Bool {
    code == SQLITE_CONSTRAINT | (7 << 8)
      || (code == SQLITE_CONSTRAINT | (8 << 8) && detail.contains("appointment.start_minute"))
  }

  var isIOError: Bool { code & 0xFF == SQLITE_IOERR }
  var isNotADatabase: Bool { code & 0xFF == SQLITE_NOTADB }
  var isCorruption: Bool { code & 0xFF == SQLITE_CORRUPT }

  /// SQLite read a row, and no code of ours could have written it.
  var isUnreadableRow: Bool { code == 0 && operation.hasPrefix("read ") }

  /// No room for the shared memory of the WAL (SQLITE_IOERR_SHMSIZE).
  var isOutOfRoom: Bool { code == SQLITE_IOERR | (19 << 8) }
}
