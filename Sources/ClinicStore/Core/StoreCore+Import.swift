internal import ClinicDomain
internal import Scheduling

extension StoreCore {
  /// Adds or updates the people of a padrón, by their identity key, or by the one they had before they had a CURP; whoever is there already with the same data is left alone.
  ///
  /// A person keeps `id` and, unless the file gives another, their number. A row whose given number somebody else has is left
  /// out and told; a number that is drawn and taken gives way to the next of its seed.
  func importPatients(
    _ people: ImportPatients, for command: StoreCommand, at now: Instant
  ) throws(StoreFault) -> ImportCounts {
    var counts = ImportCounts()
    let author = command.command.authorship
    for (place, row) in people.rows.enumerated() {
      let met = try importPatient(row) { person throws(StoreFault) in
        var digest = RowDigest()
        person.write(identityKey: row.identityKey, to: &digest)
        try record(AuditEntry(author, .patient(person.id), by: command, content: digest.value, at: now))
      }
      switch met {
      case .added: counts.added += 1
      case .updated: counts.updated += 1
      case .unchanged: counts.unchanged += 1
      case .numberTaken: counts.numberTaken.append(place)
      }
    }
    return counts
  }

  private enum Met { case added, updated, unchanged, numberTaken }

  /// - Parameter written: told of the person whose row is new or has changed.
  private func importPatient(
    _ row: PatientImport, written: (Patient) throws(StoreFault) -> Void
  ) throws(StoreFault) -> Met {
    var person = row.patient
    guard let known = try known(row) else {
      if row.numberIsGiven, try isTaken(person.number) { return .numberTaken }
      person.id = PatientID(rawValue: try nextPatientID())
      if !row.numberIsGiven { person.number = try freeNumber(row.numberSeed) }
      try write(person, identityKey: row.identityKey, with: .insertPatient)
      try written(person)
      return .added
    }
    person.id = known.id
    person = person.keepingNeeds(of: known).keepingName(of: known)
    if !row.numberIsGiven { person.number = known.number }
    guard person != known else { return .unchanged }
    if person.number != known.number, try isTaken(person.number) { return .numberTaken }
    try write(person, identityKey: row.identityKey, with: .updatePatient)
    try written(person)
    return .updated
  }

  private func known(_ row: PatientImport) throws(StoreFault) -> Patient? {
    for key in [row.identityKey, row.formerKey] {
      guard let key else { continue }
      let rows = try statements[.patientByIdentity]
      rows.bind(key, at: 1)
      if let known = try Patient.first(rows) { return known }
    }
    return nil
  }

  func write(
    _ person: Patient, identityKey: String, with name: StoreStatements.Name
  ) throws(StoreFault) {
    var row = RowWriter(try statements[name])
    person.write(identityKey: identityKey, to: &row)
    try row.write()
  }

  func nextPatientID() throws(StoreFault) -> Int64 {
    let rows = try statements[.lastPatientID]
    defer { rows.reset() }
    return try rows.step() ? rows.integer(0) + 1 : 1
  }

  func freeNumber(_ seed: UInt64) throws(StoreFault) -> PatientNumber {
    // Of 90 million numbers a million are taken in the largest clinic: 32 in a row, once in 10⁶⁰ times.
    for attempt in 0..<32 {
      let number = PatientNumber(random: seed.mixed(attempt))
      if try !isTaken(number) { return number }
    }
    throw StoreFault(.conflict, operation: "patient number", detail: "no free number among the seed's candidates")
  }

  private func isTaken(_ number: PatientNumber) throws(StoreFault) -> Bool {
    let rows = try statements[.patientNumberTaken]
    defer { rows.reset() }
    rows.bind(Int64(number.number), at: 1)
    return try rows.step()
  }
}
