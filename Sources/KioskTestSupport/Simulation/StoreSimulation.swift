package import ClinicDomain
package import ClinicStore
package import Scheduling

/// A clinic's day out of one seed: people who hold, book, cancel, consent, repeat what they do not know the answer of and come
/// too late, a clock that creeps, jumps and goes back, and a server that is stopped and started.
///
/// After every batch the store is held against what it has told so far; see `StoreSimulation+Invariants.swift`. The same seed
/// does the same on every machine.
package struct StoreSimulation {
  package let seed: UInt64
  /// Commands in all.
  package let length: Int
  var chance: SeededGenerator
  var now = Instant.fixture
  var store: any SimulatedStore
  private let reopen: () throws -> any SimulatedStore
  package var report = SimulationReport()

  /// What clients sent, whether or not the answer came back.
  private var sent: [Sent] = []
  /// The content that each granted request had.
  var contents: [RequestID: [UInt8]] = [:]
  /// What the store has told of each folio, and in the end of it.
  var told: [Folio: Appointment] = [:]
  /// The appointments after the last batch.
  var rows: [Appointment] = []
  /// The first granted reply of each request.
  var replies: [RequestID: [UInt8]] = [:]

  /// The instant of the last batch that wrote, and of the last batch.
  var latestGrant = Instant.earliest
  var latest = Instant.earliest

  struct Sent {
    var command: StoreCommand
    var contentNumber: Int
  }

  /// - Parameters:
  ///   - store: opened, and without people.
  ///   - reopen: stops the store and starts it again.
  package init(
    seed: UInt64, length: Int = 200, store: any SimulatedStore, reopen: @escaping () throws -> any SimulatedStore
  ) {
    self.seed = seed
    self.length = length
    self.store = store
    self.reopen = reopen
    chance = SeededGenerator(seed: seed)
  }

  /// Three families' worth of people; ids are those the import gives.
  package static let people: [Patient] = (1...9).map { number in
    let families: [String?] = ["00809012347", "00755000015", nil]
    let birth = number % 4 == 0 ? "2015-09-10" : "1985-04-30"
    return Patient.fixture(Int64(number), nss: families[number % 3], born: birth, needs: number == 5 ? [Patient.noStairs] : [])
  }

  /// Two consultorios and a desk, few slots and a short horizon: everyone wants the same.
  package static let rules = ClinicRules.fixture { clinic in
    let rules = [WeeklyRule(turno: .matutino, weekdays: Weekday.allCases)]
    clinic.turnos = [Turno(code: .matutino, name: "matutino", hours: .hours(8, 11))]
    clinic.resources = [
      AgendaResource(id: .c(1), services: [.familyMedicine], floor: 0, tags: [], rules: rules),
      AgendaResource(id: .c(2), services: [.familyMedicine], floor: 1, tags: [], rules: rules),
      AgendaResource(id: .v(1), services: [.clinicChange], floor: 0, tags: [], rules: rules),
    ]
    clinic.policy.horizonDays = 2
  }

  /// - Throws: ``SimulationFailure``, which names the seed.
  package mutating func run() throws {
    if !(store is CheckThenWriteStore) { _ = try store.apply([Self.arrival], at: now) }
    while report.commands < length {
      try step()
      if chance.chance(1, in: 25) { try restart() }
    }
    try restart()
  }

  /// Closes the store that stands at the end, or where a promise was broken.
  package func stop() { store.close() }

  /// The padrón that brings ``people``.
  package static var arrival: StoreCommand {
    let rows = people.map {
      PatientImport(identityKey: "\($0.id.rawValue)", patient: $0, numberIsGiven: true, numberSeed: 0)
    }
    return StoreCommand(
      requestID: nil, digest: [], command: .importPatients(ImportPatients(rows: rows)), encodeReply: { _ in [] })
  }

  private mutating func restart() throws {
    let before = rows
    store.close()
    store = try reopen()
    report.restarts += 1
    latest = store.lastInstant
    try expect(store.lastInstant >= latestGrant, "time went back in a restart")
    try expect(try store.allAppointments() == before, "a restart changed the appointments")
    try expect(store.check().isEmpty, "a restart left findings: \(store.check())")
  }

  private mutating func step() throws {
    passTime()
    let batch = (0..<chance.within(1...4)).map { _ in nextCommand() }
    let outcomes = try store.apply(batch.map(\.command), at: now)
    report.batches += 1
    try expect(outcomes.count == batch.count, "not one outcome per command")
    for (sent, outcome) in zip(batch, outcomes) { try note(outcome, of: sent) }
    try checkInvariants(outcomes)
  }

  /// Mostly seconds; sometimes past a hold's end, to the next day, or backwards.
  private mutating func passTime() {
    let seconds = chance.pick(weighted: [
      (chance.within(0...40), weight: 60), (chance.within(60...400), weight: 25), (chance.within(1800...7200), weight: 8),
      (30_000, weight: 3), (-chance.within(1...5000), weight: 4),
    ])
    now = now.adding(seconds: seconds)
  }
}

// MARK: - What people do

extension StoreSimulation {
  private mutating func nextCommand() -> Sent {
    if !sent.isEmpty, chance.chance(1, in: 5) { return again() }
    let number = sent.count
    var command = StoreCommand(
      requestID: requestID(number), digest: digest(number), command: wish(),
      encodeReply: { outcome in Array("\(outcome)".utf8) })
    if chance.chance(1, in: 20) { command.deadline = now.adding(seconds: -1) }
    sent.append(Sent(command: command, contentNumber: number))
    return sent[number]
  }

  /// The reply was lost, or the client is in doubt: the same once more. Now and then the id is used for something else.
  private mutating func again() -> Sent {
    var old = chance.pick(sent)
    old.command.deadline = nil
    if chance.chance(1, in: 6) {
      old.command.digest = digest(old.contentNumber + 1_000_000)
      old.command.command = wish()
    }
    return old
  }

  private mutating func wish() -> Command {
    let patient = chance.pick(Self.people).id
    let actor = chance.chance(3, in: 4) ? patient : chance.pick(Self.people).id
    let channel = chance.pick(Channel.allCases)
    let known = told.keys.sorted()
    switch chance.below(25) {
    case 0..<6:
      let (service, choice) = place()
      return .hold(
        HoldSlot(
          actor: .person(actor), patient: patient, service: service, choice: choice, channel: channel, folioSeed: chance.next()))
    case 6..<11:
      let (service, choice) = place()
      return .book(
        BookAppointment(
          actor: .person(actor), patient: patient, what: .slot(service, choice), channel: channel, folioSeed: seed(known)))
    case 11..<14 where !known.isEmpty:
      let folio = chance.pick(known)
      let owner = told[folio]!.patient
      return .book(
        BookAppointment(actor: .person(owner), patient: owner, what: .hold(folio), channel: channel, folioSeed: chance.next()))
    case 14..<18 where !known.isEmpty:
      let folio = chance.pick(known)
      return .cancel(
        CancelAppointment(
          actor: .person(chance.chance(4, in: 5) ? told[folio]!.patient : actor), folio: folio, reason: .cannotCome, channel: channel))
    case 20..<25 where !known.isEmpty:
      let folio = chance.pick(known)
      let owner = told[folio]!.patient
      let who: Actor = chance.chance(1, in: 2) ? .staff(StaffName("uid:1000")!, .routine) : .person(chance.chance(4, in: 5) ? owner : actor)
      let step: LifeCommand.Step = chance.pick(weighted: [
        (.reschedule(place().1, folioSeed: seed(known)), weight: 8), (.confirm, weight: 3), (.checkIn, weight: 3), (.attend, weight: 2),
        (.miss, weight: 2), (.free, weight: 3),
      ])
      return .life(LifeCommand(actor: who, folio: folio, step: step, channel: channel))
    case 18: return .revokeConsent(RevokeConsent(grantor: patient, grantee: chance.chance(1, in: 2) ? nil : actor))
    default: return .grantConsent(GrantConsent(grantor: patient, grantee: actor))
    }
  }

  private mutating func place() -> (ServiceCode, SlotChoice) {
    // What everybody wants: tomorrow's first consultation.
    if chance.chance(1, in: 5) {
      let tomorrow = store.rules.today(at: now).advanced(by: 1)
      return (.familyMedicine, SlotChoice(resource: .c(1), date: tomorrow, start: AgendaMinute(minutes: 480)!))
    }
    let resource = chance.pick(store.rules.clinic.resources)
    let date = store.rules.today(at: now).advanced(by: chance.within(0...2))
    let start = AgendaMinute(minutes: 480 + 5 * chance.pick(weighted: [
      (3 * chance.below(12), weight: 8), (4 * chance.below(9), weight: 4), (chance.below(36), weight: 1),
    ]))!
    return (resource.services[0], SlotChoice(resource: resource.id, date: date, start: start))
  }

  /// Now and then a seed whose first folio is taken.
  private mutating func seed(_ known: [Folio]) -> UInt64 {
    guard !known.isEmpty, chance.chance(1, in: 8) else { return chance.next() }
    report.clashingSeeds += 1
    // The inverse of `Folio(random:on:)`.
    let body = chance.pick(known).number / 10 % 100_000_000
    return UInt64((UInt128(body) << 64) / 100_000_000 + 1)
  }

  private func requestID(_ number: Int) -> RequestID {
    RequestID((0..<16).map { UInt8(truncatingIfNeeded: (number &* 31 &+ Int(truncatingIfNeeded: seed)) >> ($0 % 8 * 8)) })!
  }

  private func digest(_ number: Int) -> [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }
  }
}
