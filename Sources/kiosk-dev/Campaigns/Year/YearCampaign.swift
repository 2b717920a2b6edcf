internal import ClinicDomain
internal import ClinicStore
internal import Foundation
internal import Glibc
internal import Scheduling

/// A clinic's year in a store, and what the store is like afterwards.
struct YearCampaign {
  var consultorios = 30
  var people = 70_607
  var days = 365
  var seed: UInt64 = 1
  /// Where the stores are made; they are gone afterwards.
  var root = "."
  var progress: (String) -> Void = { _ in }

  /// What the store was like.
  struct Outcome {
    var counts: YearSimulation.Counts
    var simulated: Duration
    var stored: StoreCounts
    var historyRows = 0
    var findings: [CheckFinding] = []
    var verified = Duration.zero
    var bytesWithPeople = 0
    var bytes = 0
    var searches: [(name: String, microseconds: Double)] = []
    var bookingMicroseconds: (year: Double, empty: Double) = (0, 0)
    /// Of all bookings that were measured, and how many those were.
    var bookingPages: (year: PageWork, empty: PageWork, bookings: Int)?
    var reports: [(name: String, time: Duration)] = []
    var measures: ClinicMeasures
  }

  func run() async throws -> Outcome {
    let folder = try BenchFolder(in: root)
    defer { folder.remove() }
    progress("making \(people) people")
    let clinic = YearClinic(consultorios: consultorios, people: people, seed: seed)
    let (path, emptyPath) = (folder.path("year.sqlite"), folder.path("empty.sqlite"))
    try clinic.makeStore(at: path).close()
    try FileManager.default.copyItem(atPath: path, toPath: emptyPath)
    let bytesWithPeople = Self.bytes(of: path)
    let (counts, simulated, now) = try simulate(clinic, path)
    let last = YearClinic.firstDay.advanced(by: days - 1)
    progress("looking through the store")
    let store = try ClinicStore(path: path, rules: clinic.rules, clock: { now })
    let period = last.advanced(by: 1 - days)...last
    let clock = ContinuousClock()
    var start = clock.now
    let measures = try await store.measures(of: period, at: now)
    var reports = [("of all \(days) days", clock.now - start)]
    start = clock.now
    _ = try await store.measures(of: max(period.lowerBound, last.advanced(by: -27))...last, at: now)
    reports.append(("of the last 28 days", clock.now - start))
    let stored = try await store.counts()
    await store.close()
    start = clock.now
    let verification = try StoreVerification(path: path)
    var outcome = Outcome(
      counts: counts, simulated: simulated, stored: stored, historyRows: verification.historyRows, findings: verification.findings,
      verified: clock.now - start, bytesWithPeople: bytesWithPeople, bytes: Self.bytes(of: path), measures: measures)
    outcome.reports = reports
    progress("searching and booking")
    let core = try StoreCore.open(.file(path), rules: clinic.rules, at: now)
    let empty = try StoreCore.open(.file(emptyPath), rules: clinic.rules, at: now)
    defer {
      core.close()
      empty.close()
    }
    outcome.searches = Self.searches(clinic, core, at: now)
    let bookings = YearBookings(clinic: clinic, year: core, empty: empty, now: now)
    let wanted = try bookings.wanted()
    _ = (core.takePageWork(), empty.takePageWork())
    outcome.bookingMicroseconds = try bookings.measure(wanted)
    outcome.bookingPages = (core.takePageWork(), empty.takePageWork(), bookings.batch * bookings.rounds)
    return outcome
  }

  private func simulate(_ clinic: YearClinic, _ path: String) throws -> (YearSimulation.Counts, Duration, Instant) {
    let core = try StoreCore.open(.file(path), rules: clinic.rules, at: clinic.rules.zone.instant(of: YearClinic.firstDay, minute: .midnight))
    defer { core.close() }
    var simulation = YearSimulation(clinic, in: core, seed: seed)
    let clock = ContinuousClock()
    let start = clock.now
    for day in 0..<days {
      try simulation.pass(YearClinic.firstDay.advanced(by: day))
      progress("day \(day + 1) of \(days): \(simulation.counts.commands) commands")
    }
    return (simulation.counts, clock.now - start, clinic.rules.zone.instant(of: YearClinic.firstDay.advanced(by: days - 1), minute: .endOfDay))
  }

  /// CPU time of this thread for one search of each kind.
  private static func searches(_ clinic: YearClinic, _ core: StoreCore, at now: Instant) -> [(name: String, microseconds: Double)] {
    var own = FindSlots(service: BenchClinic.service, person: PersonView(clinic.people[0]), channel: .kiosk)
    let all = FindSlots(service: BenchClinic.service, channel: .kiosk)
    var hundred = all
    (own.limit, hundred.limit) = (12, 100)
    var evening = all
    evening.earliestMinute = AgendaMinute(minutes: 19 * 60 + 45)!
    return [("first 12", all), ("first 100", hundred), ("own doctor", own), ("from 19:45", evening)].map { name, query in
      var times: [Double] = []
      for _ in 0..<5 {
        let before = ThreadTime.nanoseconds
        for _ in 0..<200 { _ = core.index.find(query, at: now) }
        times.append(Double(ThreadTime.nanoseconds - before) / 200e3)
      }
      return (name, times.median)
    }
  }

  static func bytes(of path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }
}

/// The CPU time of the thread that asks.
enum ThreadTime {
  static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// The same bookings in a store with a year in it and in one without.
struct YearBookings {
  let clinic: YearClinic
  let year: StoreCore
  let empty: StoreCore
  let now: Instant
  var batch = 64
  var rounds = 24

  typealias Wanted = (choice: SlotChoice, person: Int)

  /// Median CPU time for one booking, batches of both in turns.
  func measure(_ wanted: [Wanted]) throws -> (year: Double, empty: Double) {
    var times: [[Double]] = [[], []]
    for start in stride(from: 0, to: wanted.count - batch + 1, by: batch) {
      let commands = wanted[start..<start + batch].map { BenchClinic.booking(of: $0.choice, for: $0.person, at: now) }
      let isOdd = (start / batch).isMultiple(of: 2)
      for place in isOdd ? [0, 1] : [1, 0] {
        let core = place == 0 ? year : empty
        let before = ThreadTime.nanoseconds
        let outcomes = try core.apply(commands, at: now)
        times[place].append(Double(ThreadTime.nanoseconds - before) / Double(batch) / 1e3)
        for outcome in outcomes {
          guard case .granted = outcome else { throw BenchFault("a booking was not granted: \(outcome)") }
        }
      }
    }
    return (times[0].median, times[1].median)
  }

  /// Free slots of the year's store in the order of their dates, agenda after agenda, and people who have no date.
  func wanted() throws -> [Wanted] {
    let busy = Set(try year.allAppointments().filter { $0.status.isActive }.map(\.patient))
    var idle = clinic.people.filter { !busy.contains($0.id) && !$0.needs.contains(Patient.noStairs) && !$0.isMinor(on: YearClinic.firstDay, adultAge: 18) }[...]
    let free = year.index.find(FindSlots(service: BenchClinic.service, channel: .desk, limit: batch * rounds), at: now)
    return free.compactMap { found in idle.popFirst().map { (found.slot.choice, Int($0.id.rawValue)) } }
  }
}
