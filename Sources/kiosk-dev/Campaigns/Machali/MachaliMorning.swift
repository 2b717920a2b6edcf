internal import ClinicDomain
internal import ClinicStore
internal import KioskTestSupport
internal import Scheduling

/// One morning by a clock of its own, on a real store: every search, hold and booking is the server's own code. The same parameters and rule give the same
/// morning on every machine.
struct MachaliMorning {
  private struct Person {
    var channel: Channel
    var speed: MachaliSpeed
  }

  private enum Event {
    case call(Int)
    /// At a kiosk's or the desk's line.
    case arrive(Int)
    /// The menu has been heard: a place is looked for and kept.
    case choose(Int)
    case book(Int, Folio)
    /// Hangs up, or leaves the kiosk.
    case leave(Int)
    case deskOpens
  }

  private let parameters: MachaliParameters
  private let store: StoreCore
  private let file = SimulatedFile()
  private var people: [Person] = []
  private var chance: SeededGenerator
  private var agenda = EventQueue<Event>()
  private var now: Instant
  private var busy = 0
  private var waiting: [Channel: [Int]] = [:]
  private var serving: [Channel: Int] = [:]
  private var isDeskOpen = false
  private var seeds: UInt64 = 0
  private(set) var report: MachaliReport

  private static let midnight = Instant(iso: "2026-11-23T06:00:00Z")!
  private static let end = at(8, 0)
  private static func at(_ hour: Int, _ minute: Int) -> Instant { midnight.adding(seconds: 60 * (60 * hour + minute)) }

  init(_ parameters: MachaliParameters, _ rule: MachaliRule) throws {
    self.parameters = parameters
    chance = SeededGenerator(seed: parameters.seed)
    now = Self.at(5, 0)
    report = MachaliReport()
    store = try StoreCore.open(.file(file.path), rules: Self.rules(parameters, rule), options: SimulatedFile.options, at: now)
  }

  static func rules(_ parameters: MachaliParameters, _ rule: MachaliRule) -> ClinicRules {
    .fixture { clinic in
      let resources = (1...parameters.consultorios).map { ResourceID(.consultorio, $0)! }
      let start = AgendaMinute(minutes: 480)!
      clinic.turnos = [
        Turno(code: .matutino, name: "matutino", hours: start..<start.adding(minutes: 15 * parameters.slotsEach)!)
      ]
      clinic.resources = resources.map { id in
        AgendaResource(
          id: id, services: [.familyMedicine], floor: 0, tags: [], rules: [WeeklyRule(turno: .matutino, weekdays: Weekday.allCases)])
      }
      clinic.policy.horizonDays = 1
      clinic.capacity = rule.capacity(resources)
    }
  }

  /// - Returns: who got a place, and what it cost in calls.
  mutating func run() throws -> MachaliReport {
    defer { store.close() }
    try gather()
    while let (instant, event) = agenda.next(), instant < Self.end {
      now = instant
      try handle(event)
    }
    let complaints = store.check()
    guard complaints.isEmpty else { throw CampaignFault("the store is not sound: \(complaints[0])") }
    return report
  }

  private mutating func gather() throws {
    for first in stride(from: 1, through: parameters.people, by: 256) {
      let rows = (first...min(first + 255, parameters.people)).map { number in
        PatientImport(
          identityKey: "\(number)", patient: .fixture(Int64(number), nss: nil, consultorio: nil, turno: nil), numberIsGiven: true,
          numberSeed: 0)
      }
      _ = try apply(.importPatients(ImportPatients(rows: rows)))
    }
    for number in 0..<parameters.people {
      let speed = chance.pick(weighted: MachaliSpeed.allCases.map { ($0, $0.share) })
      let channel = chance.pick(weighted: [(Channel.phone, 85), (.kiosk, 10), (.desk, 5)])
      people.append(Person(channel: channel, speed: speed))
      report.wanted[channel, speed] += 1
      switch channel {
      case .phone: agenda.add(.call(number), at: Self.at(6, 30).adding(milliseconds: Int64(chance.below(1000 * speed.redial))))
      case .kiosk: agenda.add(.arrive(number), at: Self.at(6, 0).adding(seconds: chance.below(90 * 60)))
      case .desk: agenda.add(.arrive(number), at: Self.at(5, 30).adding(seconds: chance.below(120 * 60)))
      }
    }
    agenda.add(.deskOpens, at: Self.at(7, 0))
  }

  private mutating func handle(_ event: Event) throws {
    switch event {
    case .call(let person):
      report.calls += 1
      guard busy < parameters.lines else {
        report.busyTones += 1
        return agenda.add(.call(person), at: now.adding(milliseconds: redial(people[person].speed)))
      }
      busy += 1
      agenda.add(.choose(person), at: now.adding(seconds: people[person].speed.call * 2 / 5))
    case .arrive(let person):
      waiting[people[person].channel, default: []].append(person)
      serve(people[person].channel)
    case .deskOpens:
      isDeskOpen = true
      serve(.desk)
    case .choose(let person): try choose(person)
    case .book(let person, let folio): try book(person, folio)
    case .leave(let person): leave(people[person].channel)
    }
  }

  private mutating func choose(_ person: Int) throws {
    let (channel, speed) = (people[person].channel, people[person].speed)
    let query = FindSlots(
      service: .familyMedicine, person: PersonView(.fixture(Int64(person + 1), nss: nil, consultorio: nil, turno: nil)), channel: channel,
      date: .fixture, limit: 1)
    if let found = store.index.find(query, at: now).first {
      seeds += 1
      let id = PatientID(rawValue: Int64(person + 1))
      let outcome = try apply(.hold(HoldSlot(
        actor: .person(id), patient: id, service: .familyMedicine, choice: found.slot.choice, channel: channel,
        folioSeed: seeds &* 0x9E37_79B9_7F4A_7C15)))
      guard case .granted(.appointment(let hold), _) = outcome else { throw CampaignFault("a slot that was found was not kept: \(outcome)") }
      return agenda.add(.book(person, hold.folio), at: now.adding(seconds: duration(person) * 3 / 5))
    }
    report.heardNothing += 1
    agenda.add(.leave(person), at: now.adding(seconds: parameters.nothing))
    guard let next = store.rules.nextRelease(of: .familyMedicine, at: now), next.date == .fixture, next.at < Self.end else { return }
    // Whoever is in the hall stays in the hall; whoever calls, calls again.
    if channel == .phone {
      agenda.add(.call(person), at: next.at.adding(milliseconds: Int64(chance.below(1000 * speed.redial))))
    } else {
      agenda.add(.arrive(person), at: max(next.at, now.adding(seconds: parameters.nothing)))
    }
  }

  private mutating func book(_ person: Int, _ folio: Folio) throws {
    let id = PatientID(rawValue: Int64(person + 1))
    let outcome = try apply(.book(BookAppointment(
      actor: .person(id), patient: id, what: .hold(folio), channel: people[person].channel, folioSeed: 0)))
    guard case .granted = outcome else { throw CampaignFault("a hold was not booked: \(outcome)") }
    report.got[people[person].channel, people[person].speed] += 1
    report.lastPlace = max(report.lastPlace, Int((now - Self.midnight) / .seconds(1)))
    leave(people[person].channel)
  }

  private mutating func leave(_ channel: Channel) {
    guard channel != .phone else { return busy -= 1 }
    serving[channel, default: 0] -= 1
    serve(channel)
  }

  private mutating func serve(_ channel: Channel) {
    let servers = channel == .kiosk ? parameters.kiosks : isDeskOpen ? 1 : 0
    while serving[channel, default: 0] < servers, let next = waiting[channel, default: []].first {
      waiting[channel]?.removeFirst()
      serving[channel, default: 0] += 1
      agenda.add(.choose(next), at: now.adding(seconds: duration(next) * 2 / 5))
    }
  }

  /// Seconds from the first word to the appointment.
  private func duration(_ person: Int) -> Int {
    switch people[person].channel {
    case .phone: people[person].speed.call
    case .kiosk: people[person].speed.kiosk
    case .desk: parameters.desk
    }
  }

  private mutating func redial(_ speed: MachaliSpeed) -> Int64 { Int64(500 * speed.redial + chance.below(1000 * speed.redial)) }

  private func apply(_ command: Command) throws -> StoreOutcome {
    try store.apply([StoreCommand(requestID: nil, digest: [], command: command, encodeReply: { _ in [] })], at: now)[0]
  }
}

/// What happens when; of two at one instant the one that was added first comes first.
struct EventQueue<Event> {
  private var heap: [(at: Instant, number: Int, event: Event)] = []
  private var last = 0

  mutating func add(_ event: Event, at instant: Instant) {
    last += 1
    heap.append((instant, last, event))
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> (Instant, Event)? {
    guard let first = heap.first else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) { least = child }
      if least == parent { return (first.at, first.event) }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool { (heap[left].at, heap[left].number) < (heap[right].at, heap[right].number) }
}
