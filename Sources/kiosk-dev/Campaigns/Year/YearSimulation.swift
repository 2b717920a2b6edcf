internal import ClinicDomain
internal import ClinicStore
internal import KioskTestSupport
internal import Scheduling

/// Lets days pass in a store, half an hour at a time, through the store's own commands: what is written is what the commands write.
///
/// Who wants to come asks for one of the first free slots with their own doctor, from today on or some days later; some hold it first, some
/// change the date, some cancel; most come, some check in, some do not come and their place is given to whoever waits.
struct YearSimulation {
  /// Somebody is expected.
  private struct Visit {
    var folio: Folio
    var person: Int
    var slot: Slot
    var comes: Bool
    var isSettled = false
  }

  struct Counts: Hashable, Sendable {
    var openDays = 0
    var commands = 0
    var batches = 0
    /// By act: "book", "cancel" …
    var granted: [String: Int] = [:]
    var refused = 0
    var foundNothing = 0
  }

  let clinic: YearClinic
  let core: StoreCore
  private(set) var counts = Counts()
  private(set) var now: Instant
  private var chance: SeededGenerator
  private var expected: [CivilDate: [Visit]] = [:]
  /// How many dates each person has before them.
  private var active: [UInt8]
  /// Places that were left since the last half hour.
  private var left: [Int64] = []

  private var rules: ClinicRules { clinic.rules }
  static let hours = 7 * 60...20 * 60
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)

  init(_ clinic: YearClinic, in core: StoreCore, seed: UInt64) {
    self.clinic = clinic
    self.core = core
    chance = SeededGenerator(seed: seed)
    active = Array(repeating: 0, count: clinic.people.count)
    now = core.lastInstant
  }

  /// Lets one day pass; nothing happens when the clinic is closed.
  mutating func pass(_ date: CivilDate) throws {
    guard clinic.rules.clinic.resources.contains(where: { !rules.turnoAgendas(of: $0.id, on: date).allSatisfy { $0.closed != nil } }) else { return }
    counts.openDays += 1
    let windows = (Self.hours.count + 29) / 30
    // As many want to come as the clinic can see; twice as many of them in the morning's first hours.
    let places = rules.clinic.resources.count * BenchClinic.slotsPerDay
    for (number, minute) in stride(from: Self.hours.lowerBound, through: Self.hours.upperBound, by: 30).enumerated() {
      let share = Double(places) * (number < 6 ? 2 : 1) / Double(windows + 6)
      try pass(date, from: minute, wishes: Int(share) + (chance.chance(Int(share.truncatingRemainder(dividingBy: 1) * 1000), in: 1000) ? 1 : 0))
    }
    expected[date] = nil
  }

  private mutating func pass(_ date: CivilDate, from minute: Int, wishes: Int) throws {
    func at(_ offset: Int) -> Instant { rules.zone.instant(of: date, minute: AgendaMinute(minutes: minute + offset)!) }
    now = at(0)
    try settle(date, before: minute)
    try round()
    let holds = try ask(wishes, on: date)
    now = at(1)
    try book(holds)
    try change(on: date, about: wishes)
    now = at(2)
    try checkIn(date, minute..<minute + 30)
    now = at(12)
    try free(date, at: minute)
  }
}

// MARK: - Before the day

extension YearSimulation {
  /// - Returns: whom a slot is held for.
  private mutating func ask(_ wishes: Int, on today: CivilDate) throws -> [(hold: Folio, person: Int, channel: Channel)] {
    var commands: [(person: Int, channel: Channel, isHold: Bool, command: Command)] = []
    for _ in 0..<wishes {
      let person = chance.below(clinic.people.count)
      guard active[person] == 0, let slot = freeSlot(for: person, from: today) else { continue }
      let channel = chance.pick(weighted: [(Channel.kiosk, 4), (.phone, 3), (.desk, 3)])
      let isHold = chance.chance(3, in: 10)
      let patient = clinic.people[person].id
      let seed = chance.next()
      commands.append((
        person, channel, isHold,
        isHold
          ? .hold(
            HoldSlot(actor: Self.staff, patient: patient, service: BenchClinic.service, choice: slot.choice, channel: channel, folioSeed: seed))
          : .book(
            BookAppointment(
              actor: Self.staff, patient: patient, what: .slot(BenchClinic.service, slot.choice), channel: channel, folioSeed: seed))
      ))
    }
    var holds: [(Folio, Int, Channel)] = []
    for (asked, appointment) in zip(commands, try apply(commands.map(\.command))) {
      guard let appointment else { continue }
      if asked.isHold { holds.append((appointment.folio, asked.person, asked.channel)) } else { expect(appointment, asked.person) }
    }
    return holds
  }

  private mutating func book(_ holds: [(hold: Folio, person: Int, channel: Channel)]) throws {
    let commands = holds.map { held in
      Command.book(
        BookAppointment(
          actor: Self.staff, patient: clinic.people[held.person].id, what: .hold(held.hold), channel: held.channel, folioSeed: 0))
    }
    for (held, appointment) in zip(holds, try apply(commands)) {
      if let appointment { expect(appointment, held.person) }
    }
  }

  private mutating func freeSlot(for person: Int, from today: CivilDate) -> Slot? {
    let patient = clinic.people[person]
    let delay = chance.pick(weighted: [(0, 5), (chance.within(1...4), 9), (chance.within(5...13), 4), (chance.within(14...27), 2)])
    var query = FindSlots(
      service: BenchClinic.service, person: PersonView(patient), channel: .desk, earliestDate: today.advanced(by: delay),
      resource: patient.consultorio, limit: 24)
    for resource in [patient.consultorio, nil] {
      query.resource = resource
      let found = core.index.find(query, at: now)
      if !found.isEmpty { return found[chance.below(found.count)].slot }
    }
    counts.foundNothing += 1
    return nil
  }

  /// Of those who booked, some in a hundred cancel, change their date, or say that they will come.
  private mutating func change(on today: CivilDate, about wishes: Int) throws {
    var commands: [(visit: Visit, command: Command)] = []
    for (percent, kind) in [(9, 0), (4, 1), (30, 2)] {
      for _ in 0..<wishes where chance.chance(percent, in: 100) {
        let date = today.advanced(by: chance.within(1...14))
        guard let count = expected[date]?.count, count > 0 else { continue }
        let place = chance.below(count)
        let visit = expected[date]![place]
        let channel = chance.pick(Channel.allCases)
        switch kind {
        case 0:
          commands.append((visit, .cancel(CancelAppointment(actor: Self.staff, folio: visit.folio, reason: .cannotCome, channel: channel))))
        case 1:
          guard let slot = freeSlot(for: visit.person, from: today) else { continue }
          let step = LifeCommand.Step.reschedule(slot.choice, folioSeed: chance.next())
          commands.append((visit, .life(LifeCommand(actor: Self.staff, folio: visit.folio, step: step, channel: channel))))
        default:
          commands.append((visit, .life(LifeCommand(actor: Self.staff, folio: visit.folio, step: .confirm, channel: channel))))
          continue
        }
        expected[date]!.swapAt(place, count - 1)
        expected[date]!.removeLast()
      }
    }
    for (changed, appointment) in zip(commands, try apply(commands.map(\.command))) {
      guard let appointment else {
        // The new slot went to somebody else: the old one stands.
        if case .life(let life) = changed.command, case .reschedule = life.step { expected[changed.visit.slot.date, default: []].append(changed.visit) }
        continue
      }
      switch appointment.status {
      case .cancelled:
        active[changed.visit.person] -= 1
        left.append(Int64(appointment.folio.number))
      case .booked where appointment.folio != changed.visit.folio:
        active[changed.visit.person] -= 1
        expect(appointment, changed.visit.person)
        left.append(Int64(changed.visit.folio.number))
      default: break
      }
    }
  }

  /// What the server does with places that were left.
  private mutating func round() throws {
    _ = try apply(left.map { .waitlist(.round(OfferRound(place: $0))) })
    left = []
  }

  private mutating func expect(_ appointment: Appointment, _ person: Int) {
    active[person] += 1
    expected[appointment.slot.date, default: []].append(
      Visit(folio: appointment.folio, person: person, slot: appointment.slot, comes: chance.chance(88, in: 100)))
  }
}

// MARK: - On the day

extension YearSimulation {
  private mutating func checkIn(_ date: CivilDate, _ minutes: Range<Int>) throws {
    let due = (expected[date] ?? []).filter { $0.comes && !$0.isSettled && minutes.contains($0.slot.start.minutes) }
    let commands = due.filter { _ in chance.chance(7, in: 10) }.map { visit in
      Command.life(LifeCommand(actor: Self.staff, folio: visit.folio, step: .checkIn, channel: .kiosk))
    }
    _ = try apply(commands)
  }

  /// Some places of those who have not come are given to people who wait in the hall.
  private mutating func free(_ date: CivilDate, at minute: Int) throws {
    guard var visits = expected[date] else { return }
    var commands: [Command] = []
    for place in visits.indices where !visits[place].comes && !visits[place].isSettled && visits[place].slot.start.minutes == minute {
      guard chance.chance(1, in: 2) else { continue }
      visits[place].isSettled = true
      active[visits[place].person] -= 1
      commands.append(.life(LifeCommand(actor: Self.staff, folio: visits[place].folio, step: .free, channel: .desk)))
      let person = clinic.people[chance.below(clinic.people.count)].id
      let here = SlotChoice(resource: visits[place].slot.resource, date: date, start: AgendaMinute(minutes: minute + 12)!)
      commands.append(
        .admit(
          AdmitPatient(
            actor: Self.staff, patient: person, service: BenchClinic.service, at: here, kind: .walkIn, folioSeed: chance.next())))
    }
    expected[date] = visits
    _ = try apply(commands)
  }

  /// Whose slot is over was seen, or did not come.
  private mutating func settle(_ date: CivilDate, before minute: Int) throws {
    guard var visits = expected[date] else { return }
    var commands: [Command] = []
    for place in visits.indices where !visits[place].isSettled && visits[place].slot.minutes.upperBound.minutes <= minute {
      visits[place].isSettled = true
      active[visits[place].person] -= 1
      commands.append(
        .life(LifeCommand(actor: Self.staff, folio: visits[place].folio, step: visits[place].comes ? .attend : .miss, channel: .desk)))
    }
    expected[date] = visits
    _ = try apply(commands)
  }

  /// One batch, each command with a request id and a reply of a usual size.
  ///
  /// - Returns: of each, the appointment that it gave.
  private mutating func apply(_ commands: [Command]) throws -> [Appointment?] {
    guard !commands.isEmpty else { return [] }
    counts.batches += 1
    counts.commands += commands.count
    let batch = commands.map { command in
      let id = RequestID.made(at: now.milliseconds, using: &chance)
      return StoreCommand(
        requestID: id, digest: id.bytes + id.bytes, command: command, door: CommandDoor(channel: .kiosk, identity: "kiosco-\(chance.below(12))"),
        encodeReply: { _ in Self.reply })
    }
    return try zip(commands, try core.apply(batch, at: now)).map { command, outcome in
      switch outcome {
      case .granted(let granted, _):
        counts.granted[command.name, default: 0] += 1
        if case .appointment(let appointment) = granted { return appointment }
        return nil
      case .refused:
        counts.refused += 1
        return nil
      case .repeated, .late, .conflictingRepeat: throw BenchFault("a new request was answered with \(outcome)")
      }
    }
  }

  private static let reply = [UInt8](repeating: 7, count: 250)
}

extension Command {
  /// What it does, for counting.
  fileprivate var name: String {
    switch self {
    case .hold: "hold"
    case .book: "book"
    case .cancel: "cancel"
    case .admit: "admit"
    case .waitlist: "round"
    case .life(let life): life.step.name
    default: "other"
    }
  }
}

extension LifeCommand.Step {
  fileprivate var name: String {
    switch self {
    case .reschedule: "reschedule"
    case .confirm: "confirm"
    case .checkIn: "check-in"
    case .attend: "attend"
    case .miss: "miss"
    case .free: "free"
    case .enterInError: "enter-in-error"
    case .undo: "undo"
    }
  }
}
