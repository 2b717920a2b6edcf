internal import ClinicDomain
internal import Scheduling

extension StoreCore {
  /// Adds or updates the people of a padrón, by their identity key; whoever is there already with the same data is left alone.
  ///
  /// A person keeps `id` and, unless the file gives another, their number. A number that the file gives and somebody else has
  /// is a conflict and takes the whole command back; one that is drawn and taken gives way to the next of its seed.
  func importPatients(_ people: ImportPatients) throws(StoreFault) -> ImportCounts {
    var counts = ImportCounts()
    for row in people.rows {
      switch try importPatient(row) {
      case .added: counts.added += 1
      case .updated: counts.updated += 1
      case .unchanged: counts.unchanged += 1
      }
    }
    return counts
  }

  private enum Met { case added, updated, unchanged }

  private func importPatient(_ row: PatientImport) throws(StoreFault) -> Met {
    let rows = try statements[.patientByIdentity]
    rows.bind(row.identityKey, at: 1)
    var person = row.patient
    guard let known = try Patient.first(rows) else {
      person.id = PatientID(rawValue: try nextPatientID())
      if !row.numberIsGiven { person.number = try freeNumber(row.numberSeed) }
      try write(person, identityKey: row.identityKey, with: .insertPatient)
      return .added
    }
    person.id = known.id
    if !row.numberIsGiven { person.number = known.number }
    guard person != known else { return .unchanged }
    try write(person, identityKey: row.identityKey, with: .updatePatient)
    return .updated
  }

  private func write(
    _ person: Patient, identityKey: String, with name: StoreStatements.Name
  ) throws(StoreFault) {
    var row = RowWriter(try statements[name])
    person.write(identityKey: identityKey, to: &row)
    try row.write()
  }

  private func nextPatientID() throws(StoreFault) -> Int64 {
    let rows = try statements[.lastPatientID]
    defer { rows.reset() }
    return try rows.step() ? rows.integer(0) + 1 : 1
  }

  private func freeNumber(_ seed: UInt64) throws(StoreFault) -> PatientNumber {
    // Of 90 million numbers a million are taken in the largest clinic: 32 in a row, once in 10⁶⁰ times.
    for attempt in 0..<32 {
      let number = PatientNumber(random: seed.mixed(attempt))
      let rows = try statements[.patientNumberTaken]
      rows.bind(Int64(number.number), at: 1)
      let isTaken = try rows.step()
      rows.reset()
      if !isTaken { return number }
    }
    throw StoreFault(.conflict, operation: "patient number", detail: "no free number among the seed's candidates")
  }
}
