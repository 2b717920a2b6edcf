package import ClinicDomain
package import Scheduling

/// Who says they are here, as the store looks for them.
package struct IdentificationQuery: Hashable, Sendable {
  package enum Identifier: Hashable, Sendable {
    case nss(NSS)
    case number(PatientNumber)
    case curp(CURP)
  }

  package var identifier: Identifier
  package var birthDate: CivilDate
  /// The identifier under the clinic's key, 32 bytes.
  package var subject: [UInt8]
  package var channel: Channel
  package var device: String
  /// The visit or call under the clinic's key.
  package var visit: [UInt8]?
  package var today: CivilDate

  package init(
    identifier: Identifier, birthDate: CivilDate, subject: [UInt8], channel: Channel, device: String, visit: [UInt8]?, today: CivilDate
  ) {
    self.identifier = identifier
    self.birthDate = birthDate
    self.subject = subject
    self.channel = channel
    self.device = device
    self.visit = visit
    self.today = today
  }
}

/// Who was found.
package struct IdentifiedPeople: Hashable, Sendable {
  /// Those with the identifier and the birth date, by id: an ordinal of twins always means the same one.
  package var people: [Patient]
  /// Rows of people that were read for it: the same number whoever was found or not.
  package var rowsRead: Int
}

extension StoreReader {
  /// Failures that count against an attempt.
  package func failureCounts(_ query: IdentificationQuery) throws(StoreFault) -> FailureCounts {
    FailureCounts(
      visit: try failures(ofVisit: query.visit), person: try failures(of: query.subject, query.channel, on: query.today),
      deviceIsLocked: try isLocked(query.device))
  }

  /// As ``failureCounts(_:)``, against what a failure would be.
  package func failureCounts(of failure: IdentificationFailure, on today: CivilDate) throws(StoreFault) -> FailureCounts {
    FailureCounts(
      visit: try failures(ofVisit: failure.visit), person: try failures(of: failure.subject, failure.channel, on: today),
      deviceIsLocked: try isLocked(failure.device))
  }

  private func failures(ofVisit visit: [UInt8]?) throws(StoreFault) -> Int {
    guard let visit else { return 0 }
    let rows = try statement("SELECT count(*) FROM identification_failure WHERE visit = ?")
    rows.bind(visit, at: 1)
    defer { rows.reset() }
    return try rows.step() ? Int(rows.integer(0)) : 0
  }

  private func failures(of subject: [UInt8], _ channel: Channel, on today: CivilDate) throws(StoreFault) -> Int {
    let rows = try statement(
      """
      SELECT count(*) FROM identification_failure WHERE subject = ?1 AND channel = ?2 AND day = ?3 \
      AND id > coalesce((SELECT counted_after FROM identification_pardon WHERE subject = ?1), 0)
      """)
    rows.bind(subject, at: 1)
    rows.bind(channel.rawValue, at: 2)
    rows.bind(Int64(today.daysSinceEpoch), at: 3)
    defer { rows.reset() }
    return try rows.step() ? Int(rows.integer(0)) : 0
  }

  private func isLocked(_ device: String) throws(StoreFault) -> Bool {
    let rows = try statement("SELECT 1 FROM identification_device WHERE device = ? AND locked_at IS NOT NULL")
    rows.bind(device, at: 1)
    defer { rows.reset() }
    return try rows.step()
  }
}

// MARK: - The same work for everybody

extension StoreReader {
  /// Rows that are read for each attempt; quadruplets share an NSS and a birth date, and nobody more.
  package static let rowsReadPerAttempt = 4

  /// The people with an identifier and a birth date.
  ///
  /// One search in one index, then always as many rows of people by id: where nobody was found, of others, chosen by the identifier,
  /// so that a second try finds the page in the cache just as it would for somebody.
  package func identify(_ query: IdentificationQuery) throws(StoreFault) -> IdentifiedPeople {
    let found = try ids(query)
    let last = try connectionInteger("SELECT max(id) FROM patient")
    var people: [Patient] = []
    var rowsRead = 0
    for place in 0..<max(found.count, Self.rowsReadPerAttempt) {
      let isFound = place < found.count
      guard let person = try person(from: isFound ? found[place] : Self.other(query.subject, place, of: last)) else { continue }
      rowsRead += 1
      if isFound, person.birthDate == query.birthDate { people.append(person) }
    }
    return IdentifiedPeople(people: people, rowsRead: rowsRead)
  }

  private func ids(_ query: IdentificationQuery) throws(StoreFault) -> [Int64] {
    let rows: Statement
    switch query.identifier {
    case .nss(let nss):
      rows = try statement("SELECT id FROM patient INDEXED BY patient_by_nss WHERE nss = ? AND birth_date = ? ORDER BY id")
      rows.bind(nss.description, at: 1)
    case .number(let number):
      rows = try statement("SELECT id FROM patient INDEXED BY patient_by_number_born WHERE number = ? AND birth_date = ? ORDER BY id")
      rows.bind(Int64(number.number), at: 1)
    case .curp(let curp):
      rows = try statement("SELECT id FROM patient INDEXED BY patient_by_curp WHERE curp = ? AND birth_date = ? ORDER BY id")
      rows.bind(curp.description, at: 1)
    }
    rows.bind(Int64(query.birthDate.daysSinceEpoch), at: 2)
    defer { rows.reset() }
    var ids: [Int64] = []
    while try rows.step() { ids.append(rows.integer(0)) }
    return ids
  }

  private func person(from id: Int64) throws(StoreFault) -> Patient? {
    let rows = try statement("SELECT \(Patient.columns) FROM patient WHERE id >= ? ORDER BY id LIMIT 1")
    rows.bind(id, at: 1)
    return try Patient.first(rows)
  }

  private func connectionInteger(_ sql: String) throws(StoreFault) -> Int64 {
    let rows = try statement(sql)
    defer { rows.reset() }
    return try rows.step() ? rows.integer(0) : 0
  }

  /// Somebody's id, as far as the identifier's index under the clinic's key is chance.
  private static func other(_ subject: [UInt8], _ place: Int, of last: Int64) -> Int64 {
    let bytes = subject.dropFirst(place * 8).prefix(8)
    let word = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int64(word % UInt64(max(last, 1))) + 1
  }
}
