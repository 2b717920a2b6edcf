internal import ClinicDomain
internal import KioskClient
internal import KioskServer
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// Rounds of load, SIGTERM, return and judgement on one set of files; then the death of a client.
struct DrainCampaign: Sendable {
  var rounds = 10
  var seed: UInt64 = 1
  var clientCount = 32
  var holdCount = 50

  /// The grace of ``CampaignServer/prepare(_:in:)``.
  private static let grace = Duration.seconds(10)
  /// What a dead client's slots may take to be free.
  private static let freedWithin = Duration.seconds(1)
  private static let loadMilliseconds = 50...400

  init(rounds: Int = 10, seed: UInt64 = 1, clientCount: Int = 32, holdCount: Int = 50) {
    (self.rounds, self.seed, self.clientCount, self.holdCount) = (rounds, seed, clientCount, holdCount)
  }

  func run(onRound: @Sendable (String) -> Void = { _ in }) async throws -> DrainReport {
    DescriptorLimit.raise()
    let crash = CrashCampaign(clientCount: clientCount)
    let (folder, secondFolder) = (try CampaignFolder(), try CampaignFolder())
    for folder in [folder, secondFolder] { try CampaignServer.prepare(crash.clinic, in: folder) }
    let second = try await start(in: secondFolder)
    var server = try await start(in: folder)
    var report = DrainReport()
    do {
      try await server.importPeople(1...clientCount + holdCount)
      let today = try await server.date(inDays: 0)
      var chance = SeededGenerator(seed: seed)
      var clients = (1...clientCount).map { number in
        CrashClient(person: CampaignPerson(number: number), clinic: crash.clinic, chance: chance.split())
      }
      for round in 1...rounds {
        let load = chance.within(Self.loadMilliseconds)
        let before = report
        clients = try await work(clients, at: server, second, today: today, stopAfter: .milliseconds(load), &report)
        server = try await start(in: folder)
        report.writes.rounds = round
        clients = try await crash.judge(clients, at: server, &report.writes)
        onRound(
          "round \(round): stopped after \(load) ms of load; \(report.writes.acknowledged - before.writes.acknowledged) writes and "
            + "\(report.answered - before.answered) questions answered, \(report.refused - before.refused) refused")
        if !report.holds { break }
      }
      report.writes.complaints += clients.flatMap(\.complaints)
      try await killHolder(at: server, &report)
    } catch {
      await server.kill()
      await second.kill()
      throw error
    }
    for server in [server, second] {
      if let complaint = await server.complaintOfStop() { report.complain(complaint) }
    }
    return report
  }

  /// A server with a socket for callers whose rate bounds nothing here.
  private func start(in folder: CampaignFolder) async throws -> CampaignServer {
    try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("i.sock"))=telefono"])
  }

  // MARK: Load and the end

  private struct Caller: Sendable {
    var client: CrashClient
    let connection: TTRPCClientConnection
    let token: String
  }

  private enum Outcome: Sendable {
    case client(CrashClient)
    case questions(DrainQuestions)
    case watch(DrainWatch)
    case stopped(status: Int32, after: Duration)
  }

  private func work(
    _ clients: [CrashClient], at server: CampaignServer, _ second: CampaignServer, today: CivilDate, stopAfter load: Duration,
    _ report: inout DrainReport
  ) async throws -> [CrashClient] {
    var callers: [Caller] = []
    for client in clients {
      let connection = try await server.connect(server.phone)
      if client.person.number.isMultiple(of: 2) { try await connection.speakEverything() }
      callers.append(Caller(client: client, connection: connection, token: try await connection.identify(client.person)))
    }
    let outcomes = await withTaskGroup(of: Outcome.self) { group in
      for caller in callers {
        group.addTask {
          var client = caller.client
          await client.work(over: caller.connection, token: caller.token, today: today)
          return .client(client)
        }
        group.addTask {
          var questions = DrainQuestions()
          await questions.ask(over: caller.connection, then: second)
          return .questions(questions)
        }
        group.addTask {
          var watch = DrainWatch()
          await watch.look(over: caller.connection)
          return .watch(watch)
        }
      }
      group.addTask {
        try? await Task.sleep(for: load)
        let told = ContinuousClock.now
        let status = await server.stop()
        return .stopped(status: status, after: told.duration(to: .now))
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for caller in callers { await caller.connection.close() }
    return collect(outcomes, server, &report)
  }

  private func collect(_ outcomes: [Outcome], _ server: CampaignServer, _ report: inout DrainReport) -> [CrashClient] {
    var clients: [CrashClient] = []
    for outcome in outcomes {
      switch outcome {
      case .client(let client): clients.append(client)
      case .questions(let questions):
        report.answered += questions.answered
        report.refused += questions.refused
        report.answeredElsewhere += questions.answeredElsewhere
        if let complaint = questions.complaint { report.complain(complaint) }
      case .watch(let watch):
        report.statesSeen += watch.states
        if let complaint = watch.complaint { report.complain(complaint) }
      case .stopped(let status, let time):
        report.longestStop = max(report.longestStop, time)
        if status != 0 || time > Self.grace {
          report.complain("told to stop, kiosk-server ended with status \(status) after \(time.milliseconds) ms: \(server.said)")
        }
      }
    }
    return clients.sorted { $0.person.number < $1.person.number }
  }

  // MARK: A client's death

  private func killHolder(at server: CampaignServer, _ report: inout DrainReport) async throws {
    let people = clientCount + 1...clientCount + holdCount
    let holder = try await HolderProcess.start(server, people: people)
    let watcher = try await server.connect(server.phone)
    let held = try await StoreFileReader.rows(Self.heldSlots(of: people), in: server.databasePath)
    guard held.count == holdCount else { throw CampaignFault("\(held.count) slots are held, not \(holdCount)") }
    let killed = ContinuousClock.now
    await holder.kill()
    while try await !StoreFileReader.rows(Self.heldSlots(of: people), in: server.databasePath).isEmpty {
      guard killed.duration(to: .now) < .seconds(30) else { break }
      try await Task.sleep(for: .milliseconds(2))
    }
    let freed = killed.duration(to: .now)
    report.freedAfter = freed
    if freed > Self.freedWithin { report.complain("what a dead client held was free only after \(freed.milliseconds) ms") }
    // And somebody else gets one of them.
    let token = try await watcher.identify(CampaignPerson(number: 1))
    let slot = Wire.SlotChoice(
      service: CampaignClinic.service, resource: held[0][0], date: held[0][1], startMinute: Int32(held[0][2]) ?? 0)
    _ = try await AppointmentsClient(watcher).hold(Wire.HoldRequest(sessionToken: token, slot: slot), options: .write(RequestIdentifier()))
    await watcher.close()
  }

  /// The holds of those people, by the order of their import.
  private static func heldSlots(of people: ClosedRange<Int>) -> String {
    """
    SELECT resource, date(day * 86400, 'unixepoch'), start_minute FROM appointment
    WHERE status = 'pending' AND patient BETWEEN \(people.lowerBound) AND \(people.upperBound)
    """
  }
}

extension CampaignServer {
  /// Where the telephone bridge calls; only a drain's servers listen there.
  fileprivate var phone: TTRPCAddress { .unix(path: folder.path("i.sock")) }
}
