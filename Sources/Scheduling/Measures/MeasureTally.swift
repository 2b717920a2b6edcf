package import ClinicDomain

/// Adds up ``ClinicMeasures`` as rows come, in any order.
///
/// How a day's agenda stood at its midnight is made again from when each appointment was made and left, each freed place kept and each
/// closure made and lifted. No sample is stored: nothing is missing where the server was off, any day that is over can be asked for, and
/// what is told can be checked against the rows. What is not in the rows counts as it is now: the configuration (a clinic that opens a
/// turno today seems always to have had it), an act taken back within two minutes, and holds, which count as nobody's; a place that was kept
/// for those who wait counts as kept until it was written down that it is not.
///
/// Of each stretch of the agenda 32 bytes are kept until the end: a year of 350,000 appointments takes about 20 MB.
package struct MeasureTally: Sendable {
  let rules: ClinicRules
  let period: ClosedRange<CivilDate>
  let now: Instant
  /// By person, the band's date and the language's place.
  private var people: [PatientID: (birthDate: CivilDate, language: Int)] = [:]
  private var languages: [String] = []
  var stretches: MeasuredAgenda

  private var clinic = SubjectTally()
  private var resources: [SubjectTally]
  private var channels = Array(repeating: SubjectTally(), count: Channel.allCases.count)
  private var ages = Array(repeating: SubjectTally(), count: AgeBand.allCases.count)
  private var byLanguage: [SubjectTally] = []

  /// - Parameters:
  ///   - period: days of the clinic; what of it lies after `now`'s day is left out.
  ///   - now: what is over.
  package init(rules: ClinicRules, period: ClosedRange<CivilDate>, now: Instant) {
    self.rules = rules
    let today = rules.today(at: now)
    self.period = min(period.lowerBound, today)...min(period.upperBound, today)
    self.now = now
    stretches = MeasuredAgenda(rules: rules, period: self.period)
    resources = Array(repeating: SubjectTally(), count: rules.clinic.resources.count)
  }

  /// The dates of which rows are wanted.
  package var dates: ClosedRange<CivilDate> { stretches.dates }

  /// Whose appointments will come. Who is unknown counts in no group of age or language.
  package mutating func add(_ person: PatientID, bornOn birthDate: CivilDate, language: String) {
    let place = languages.firstIndex(of: language) ?? languages.count
    if place == languages.count {
      languages.append(language)
      byLanguage.append(SubjectTally())
    }
    people[person] = (birthDate, place)
  }

  package mutating func add(_ appointment: MeasuredAppointment) {
    guard appointment.wasMade, let resource = rules.clinic.resourceIndex(appointment.slot.resource) else { return }
    stretches.add(appointment, resource: resource, isFreed: isFreed(appointment))
    guard !appointment.isAdmitted else { return }
    let isOfPeriod = period.contains(appointment.slot.date)
    let madeOn = rules.today(at: appointment.createdAt)
    var facts = AppointmentFacts(patient: appointment.patient)
    if appointment.wasAskedFor, appointment.firstMadeAt == nil, period.contains(madeOn) {
      facts.isWithinFiveDays = madeOn.distance(to: appointment.slot.date) <= ClinicMeasures.promisedDays
    }
    if isOfPeriod, appointment.keptItsPlace {
      if appointment.wasAskedFor { facts.wait = (appointment.firstMadeAt.map(rules.today) ?? madeOn).distance(to: appointment.slot.date) }
      if appointment.status != .booked, rules.end(of: appointment.slot) <= now { facts.isNoShow = appointment.status == .noshow && appointment.arrivedAt == nil }
    }
    guard facts.saySomething else { return }
    clinic.add(facts)
    resources[resource].add(facts)
    if appointment.wasAskedFor { channels[Channel.allCases.firstIndex(of: appointment.channel)!].add(facts) }
    guard let person = people[appointment.patient] else { return }
    let band = AgeBand(age: person.birthDate.age(on: appointment.slot.date))
    ages[AgeBand.allCases.firstIndex(of: band)!].add(facts)
    byLanguage[person.language].add(facts)
  }

  /// What is, or was, kept for those who wait.
  package mutating func add(_ place: FreedPlace) { stretches.add(place) }

  /// What is, or was, closed while the clinic worked.
  package mutating func add(_ block: AgendaBlock) { stretches.add(block) }

  /// Whether the slot was left while somebody else could still have it, and not because nobody is seen there.
  private func isFreed(_ appointment: MeasuredAppointment) -> Bool {
    guard period.contains(appointment.slot.date), rules.start(of: appointment.slot) <= now else { return false }
    switch appointment.status {
    case .cancelled: return appointment.cancellation != .clinic && appointment.changedAt < rules.start(of: appointment.slot)
    case .noshow: return appointment.changedAt < rules.end(of: appointment.slot)
    default: return false
    }
  }

  /// Everything that was added, as a report.
  package func measures() -> ClinicMeasures {
    let freed = stretches.freed()
    let thirdNext = stretches.thirdNext()
    var clinicRow = Self.rows([(.clinic, clinic)])[0]
    clinicRow.freedAndReused = freed.reduce(Proportion()) { Proportion($0.count + $1.count, of: $0.total + $1.total) }
    clinicRow.thirdNext = Self.middles(of: thirdNext, days: period.count)
    var roomRows = Self.rows(zip(rules.clinic.resources, resources).map { (.resource($0.id), $1) })
    for room in roomRows.indices {
      roomRows[room].freedAndReused = freed[room]
      roomRows[room].thirdNext = thirdNext[room]
    }
    let byCode = zip(languages, byLanguage).sorted { $0.0 < $1.0 }
    let groups =
      Self.rows(zip(Channel.allCases, channels).map { (.channel($0), $1) })
      + Self.rows(zip(AgeBand.allCases, ages).map { (.age($0), $1) }) + Self.rows(byCode.map { (.language($0), $1) })
    return ClinicMeasures(period: period, rows: [clinicRow] + roomRows + groups)
  }

  /// The rows of one kind: what is too small to tell is told of none of them.
  private static func rows(_ kind: [(subject: MeasureRow.Subject, tally: SubjectTally)]) -> [MeasureRow] {
    let withinFive = told(kind.map(\.tally.withinFiveDays), \.value.total)
    let noShows = told(kind.map(\.tally.noShows), \.value.total)
    let waits = told(kind.map(\.tally.waits), \.value.count)
    return kind.indices.map {
      MeasureRow(subject: kind[$0].subject, withinFiveDays: withinFive[$0], noShows: noShows[$0], waits: waits[$0])
    }
  }

  private static func told<Value>(_ cells: [PeopleCell<Value>], _ size: (PeopleCell<Value>) -> Int) -> [Value?] {
    var hidden = Set(cells.indices.filter { cells[$0].isSmall })
    // One alone is what the rest leaves of the whole.
    if hidden.count == 1,
      let next = cells.indices.filter({ !hidden.contains($0) && size(cells[$0]) > 0 }).min(by: { size(cells[$0]) < size(cells[$1]) })
    {
      hidden.insert(next)
    }
    return cells.indices.map { hidden.contains($0) ? nil : cells[$0].value }
  }

  private static func middles(of rooms: [[Int?]], days: Int) -> [Int?] {
    (0..<days).map { day in
      let all = rooms.map { $0[day] ?? .max }.sorted()
      guard !all.isEmpty else { return nil }
      let middle = all[(all.count - 1) / 2]
      return middle == .max ? nil : middle
    }
  }
}

/// What one appointment says of its groups.
private struct AppointmentFacts {
  var patient: PatientID
  var isWithinFiveDays: Bool?
  var isNoShow: Bool?
  var wait: Int?

  var saySomething: Bool { isWithinFiveDays != nil || isNoShow != nil || wait != nil }
}

/// The measures of a subject, as they add up.
private struct SubjectTally: Sendable {
  var withinFiveDays = PeopleCell(Proportion())
  var noShows = PeopleCell(Proportion())
  var waits = PeopleCell(Waits())

  mutating func add(_ facts: AppointmentFacts) {
    if let isWithin = facts.isWithinFiveDays { withinFiveDays.add(facts.patient) { $0.add(isWithin) } }
    if let isNoShow = facts.isNoShow { noShows.add(facts.patient) { $0.add(isNoShow) } }
    if let wait = facts.wait { waits.add(facts.patient) { $0.add(wait) } }
  }
}

extension Proportion {
  fileprivate mutating func add(_ counts: Bool) {
    total += 1
    if counts { count += 1 }
  }
}

/// A figure, and whether enough people stand behind it; it knows no more of them than that.
private struct PeopleCell<Value: Sendable>: Sendable {
  var value: Value
  /// Different people; no more than are asked for.
  private var seen: [PatientID] = []

  init(_ value: Value) { self.value = value }

  /// Somebody stands behind it, but too few.
  var isSmall: Bool { !seen.isEmpty && seen.count < ClinicMeasures.fewestPeople }

  mutating func add(_ person: PatientID, _ change: (inout Value) -> Void) {
    change(&value)
    if seen.count < ClinicMeasures.fewestPeople, !seen.contains(person) { seen.append(person) }
  }
}
