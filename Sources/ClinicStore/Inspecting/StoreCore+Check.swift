package import ClinicDomain
package import Scheduling

extension StoreCore {
  /// Everything that is wrong with the store, the index among it; none when all is well. Changes nothing.
  package func check() -> [CheckFinding] {
    Inspection(connection: connection, path: files?.path).findings() + checkIndex()
  }

  /// What the check of a night finds.
  package func checkNight(at now: Instant) -> [CheckFinding] {
    Inspection(connection: connection, path: files?.path, night: (rules, now)).nightly()
  }

  /// Whether ``index`` is what the rows make.
  package func checkIndex() -> [CheckFinding] {
    do throws(StoreFault) {
      return try rebuiltIndex() == index
        ? [] : [CheckFinding(.index, "Los lugares libres que recuerda el servidor no son los de la base.")]
    } catch {
      return [CheckFinding(.unfinished, "La revisión no se pudo terminar: \(error)")]
    }
  }

  /// The index made anew from the rows.
  package func rebuiltIndex() throws(StoreFault) -> AgendaIndex {
    try AgendaIndex(rules: rules, committedTo: connection, today: index.today)
  }

  /// The identity of the store's content; see ``CanonicalDump``.
  package func dumpSHA256() throws(StoreFault) -> [UInt8] { try CanonicalDump.sha256(of: connection) }

  /// Every appointment, by folio.
  package func allAppointments() throws(StoreFault) -> [Appointment] {
    try Appointment.all(
      Statement("SELECT \(Appointment.columns) FROM appointment ORDER BY folio", in: connection), &known)
  }

  /// The numbers of freed places that are kept, in order.
  package func keptPlaces() throws(StoreFault) -> [Int64] {
    try Statement("SELECT id FROM freed_place WHERE state IN ('offered', 'walk-ins') ORDER BY id", in: connection)
      .all { row throws(StoreFault) in row.integer(0) }
  }

  /// Every person, by id.
  package func allPatients() throws(StoreFault) -> [Patient] {
    try Patient.all(Statement("SELECT \(Patient.columns) FROM patient ORDER BY id", in: connection))
  }

  /// Folds the write-ahead log into the file, for a quiet moment.
  package func checkpoint() throws(StoreFault) { try Checkpoint.truncate(connection, waits: false) }
}

extension StoreCore {
  /// What a PRAGMA of the writing connection says: "synchronous" is "2".
  package func setting(_ name: StaticString) throws(StoreFault) -> String {
    try connection.texts("PRAGMA \(name)").first ?? ""
  }
}
