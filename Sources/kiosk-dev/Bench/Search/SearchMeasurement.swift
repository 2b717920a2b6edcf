internal import ClinicDomain
internal import ClinicStore
internal import Foundation
internal import Glibc
internal import KioskServer
internal import KioskServices
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

/// The rounds of `bench search`.
struct SearchMeasurement {
  let options: BenchOptions
  private var rounds: Int { options.quick ? 3 : 7 }
  private var searches: Int { options.quick ? 100 : 500 }

  static let columns = [
    BenchReport.Column(key: "cpuMicroseconds", title: "CPU µs"), BenchReport.Column(key: "slots", title: "slots", digits: 0),
  ]

  func report() async throws -> BenchReport {
    let loadBefore = MachineLoad.load()
    let folder = try BenchFolder(in: options.root)
    defer { folder.remove() }
    options.progress("filling 30 consultorios × 28 days")
    try fill(folder.path("search.sqlite"))
    let store = try ClinicStore(path: folder.path("search.sqlite"), rules: BenchClinic.rules, clock: ServiceClock.system.now)
    let subjects = try Self.subjects(of: store)
    var figures = [[Double]](repeating: [], count: subjects.count)
    for round in 0..<rounds {
      options.progress("round \(round + 1) of \(rounds)")
      for (index, subject) in subjects.enumerated() { figures[index].append(try await Self.cpuMicroseconds(searches, subject.search)) }
    }
    options.progressEnded()
    var rows: [BenchReport.Row] = []
    for (subject, figures) in zip(subjects, figures) {
      rows.append(BenchReport.Row(name: subject.name, values: ["cpuMicroseconds": figures.median, "slots": Double(try await subject.found())]))
    }
    await store.close()
    return BenchReport(
      bench: "search", rounds: rounds, machine: MachineLoad(loadBefore: loadBefore), columns: Self.columns, rows: rows,
      bounds: rows.map { .init(name: "\($0.name), CPU µs", value: $0.values["cpuMicroseconds"] ?? .nan, atMost: 1000) })
  }

  /// Books nine of ten slots: all of the last of the day, all of one doctor's turno, the rest by chance.
  private func fill(_ path: String) throws {
    let core = try BenchClinic.makeStore(at: path, people: BenchClinic.people)
    defer { core.close() }
    let today = BenchClinic.rules.today(at: BenchClinic.now)
    let slots = (0..<BenchClinic.slots).map { BenchClinic.choice($0, today: today) }.shuffled()
    let isSure = { (slot: SlotChoice) in slot.start == Self.lastStart || Self.isOfOwnDoctor(slot) }
    let taken = (slots.filter(isSure) + slots.filter { !isSure($0) }).prefix(BenchClinic.slots * 9 / 10)
    var rest = taken.map { BenchClinic.booking(of: $0, for: BenchClinic.person(for: $0, today: today)) }[...]
    while !rest.isEmpty {
      for outcome in try core.apply(Array(rest.prefix(256)), at: BenchClinic.now) {
        guard case .granted = outcome else { throw BenchFault("a booking was not granted: \(outcome)") }
      }
      rest = rest.dropFirst(256)
    }
  }

  // MARK: Searches

  /// A search, and how many slots it finds.
  private struct Subject {
    let name: String
    let search: () async throws -> Void
    let found: () async throws -> Int
  }

  /// CPU time for one search, averaged over many: of all threads, since what a person has is read on another one.
  private static func cpuMicroseconds(_ count: Int, _ search: () async throws -> Void) async throws -> Double {
    let before = processNanoseconds
    for _ in 0..<count { try await search() }
    return Double(processNanoseconds - before) / Double(count) / 1e3
  }

  private static var processNanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// 19:45: the last slot of a day, which is booked everywhere.
  private static let lastStart = AgendaMinute(minutes: 1185)!
  /// The doctor whose mornings are all booked.
  private static let ownDoctor = ResourceID(.consultorio, 7)!

  private static func isOfOwnDoctor(_ slot: SlotChoice) -> Bool { slot.resource == ownDoctor && slot.start.minutes < 14 * 60 }

  private static func subjects(of store: ClinicStore) throws -> [Subject] {
    let sessions = SessionRegistry()
    let counter = Counter(store: store, rules: BenchClinic.rules, sessions: sessions, clock: .system)
    var patient = BenchClinic.importing(1...1).rows[0].patient
    (patient.consultorio, patient.turno) = (ownDoctor, BenchClinic.clinic.turnos[0].code)
    guard let token = sessions.open(for: patient, channel: .kiosk, at: counter.clock.monotonic()) else {
      throw BenchFault("no session for the made-up person")
    }
    let service = BenchClinic.service
    // From tomorrow on: what is left of today is not filled.
    let tomorrow = BenchClinic.rules.today(at: BenchClinic.now).advanced(by: 1)
    let all = FindSlots(service: service, channel: .kiosk, earliestDate: tomorrow)
    var (hundred, own, none) = (all, all, all)
    (hundred.limit, own.person, none.earliestMinute) = (100, PersonView(patient), lastStart)
    let wireAll = Wire.FindRequest(service: service.rawValue, earliestDate: "\(tomorrow)")
    var (wireHundred, wireOwn, wireNone) = (wireAll, wireAll, wireAll)
    (wireHundred.limit, wireOwn.sessionToken, wireNone.earliestMinute) = (100, "\(token)", Int32(lastStart.minutes))
    let queries = [
      ("first 12", all, wireAll), ("first 100", hundred, wireHundred), ("own doctor full", own, wireOwn),
      ("nothing free", none, wireNone),
    ]
    return try queries.flatMap { name, query, request in
      let call = HandlerCall(try request.encoded(), of: counter)
      let find = { store.snapshot.find(query, at: BenchClinic.now) }
      return [
        Subject(name: "\(name), index", search: { _ = find() }, found: { find().count }),
        Subject(name: "\(name), rpc", search: call.make, found: { try await call.response().slots.count }),
      ]
    }
  }
}

/// A search as a server answers it: routed by its name, decoded, answered, encoded.
private final class HandlerCall {
  private let payload: [UInt8]
  private let router: RPCRouter
  private let context = CallContext(
    method: MethodTable.Appointments.find, caller: Caller(role: .kiosk, connectionID: 1), deadline: nil, metadata: [:])

  init(_ payload: [UInt8], of counter: Counter) {
    self.payload = payload
    router = RPCRouter(AppointmentsHandlers(counter, availability: NumberedState([])).registeredMethods)
  }

  func make() async throws { _ = try await answer() }

  func response() async throws -> Wire.FindResponse { try Wire.FindResponse(decoding: try await answer()) }

  private func answer() async throws -> [UInt8] {
    let found = try Array(context.method.service.utf8).withUnsafeBytes { service in
      try Array(context.method.method.utf8).withUnsafeBytes { method in
        try router.route(service: service, method: method, role: context.role)
      }
    }
    guard case .asynchronous(let begin) = found.handler else { throw BenchFault("Find does not wait for what a person has") }
    return try await payload.withUnsafeBytes { try begin($0, context) }()
  }
}
