internal import ClinicDomain
internal import Foundation
internal import KioskServer
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// Rounds of load, death, return and judgement on one set of files.
struct CrashCampaign: Sendable {
  var rounds = 20
  var seed: UInt64 = 1
  var clientCount = 8
  /// The control: throws away what only the log has, as a store that acknowledges too early would.
  var losesLog = false

  /// Milliseconds of load before a death; long enough for hundreds of commits, and now and then for a quiet checkpoint.
  private static let loadMilliseconds = 20...300

  let clinic = CampaignClinic(
    consultorios: 2, slots: CampaignClinic.mostSlots, appointmentsPerPerson: 40, holdsPerPerson: 10)

  init(rounds: Int = 20, seed: UInt64 = 1, clientCount: Int = 8) {
    self.rounds = rounds
    self.seed = seed
    self.clientCount = clientCount
  }

  func run(onRound: @Sendable (String) -> Void = { _ in }) async throws -> CrashReport {
    DescriptorLimit.raise()
    let folder = try CampaignFolder()
    try CampaignServer.prepare(clinic, in: folder)
    var server = try await CampaignServer.start(in: folder)
    var report = CrashReport()
    do {
      try await server.importPeople(1...clientCount)
      // An end in order folds the log into the file: the control loses appointments, not people.
      if let complaint = await server.complaintOfStop() { throw CampaignFault(complaint) }
      server = try await CampaignServer.start(in: folder)
      let today = try await server.date(inDays: 0)
      var chance = SeededGenerator(seed: seed)
      var clients = (1...clientCount).map { number in
        CrashClient(person: CampaignPerson(number: number), clinic: clinic, chance: chance.split())
      }
      for round in 1...rounds {
        let load = chance.within(Self.loadMilliseconds)
        clients = try await work(clients, at: server, today: today, killAfter: .milliseconds(load))
        if losesLog { try? FileManager.default.removeItem(atPath: server.databasePath + "-wal") }
        server = try await CampaignServer.start(in: folder)
        report.rounds = round
        report.restarts.append(server.startTime)
        let before = report.acknowledged
        clients = try await judge(clients, at: server, &report)
        onRound(
          "round \(round): killed after \(load) ms of load, \(report.acknowledged - before) acknowledged, "
            + "back in \(server.startTime.milliseconds) ms")
        if !report.holds { break }
      }
      report.complaints += clients.flatMap(\.complaints)
    } catch {
      await server.kill()
      throw error
    }
    if let complaint = await server.complaintOfStop() { report.complaints.append(complaint) }
    return report
  }

  // MARK: Load and death

  private struct Kiosk: Sendable {
    var client: CrashClient
    let connection: TTRPCClientConnection
    let token: String
  }

  private func work(
    _ clients: [CrashClient], at server: CampaignServer, today: CivilDate, killAfter load: Duration
  ) async throws -> [CrashClient] {
    var kiosks: [Kiosk] = []
    for client in clients {
      let connection = try await server.connect(client.person.number.isMultiple(of: 2) ? server.tcp : server.kiosk)
      kiosks.append(Kiosk(client: client, connection: connection, token: try await connection.identify(client.person)))
    }
    return await withTaskGroup(of: CrashClient?.self) { group in
      for kiosk in kiosks {
        group.addTask {
          var client = kiosk.client
          await client.work(over: kiosk.connection, token: kiosk.token, today: today)
          await kiosk.connection.close()
          return client
        }
      }
      group.addTask {
        try? await Task.sleep(for: load)
        await server.kill()
        return nil
      }
      return await group.reduce(into: []) { if let client = $1 { $0.append(client) } }
        .sorted { $0.person.number < $1.person.number }
    }
  }

  // MARK: Judgement

  func judge(
    _ clients: [CrashClient], at server: CampaignServer, _ report: inout CrashReport
  ) async throws -> [CrashClient] {
    report.acknowledged += clients.reduce(0) { $0 + $1.granted.count - $1.roundStart }
    // Before any repeat: what was acknowledged must be there by itself.
    let unanswered = clients.compactMap(\.unanswered)
    report.unanswered += unanswered.count
    report.unansweredButDone += try await done(unanswered, in: server.databasePath)
    report.lost += try await lost(clients.map(\.appointments), in: server.databasePath, except: unanswered)
    let after = try await withThrowingTaskGroup(of: (client: CrashClient, otherwise: Int).self) { group in
      for client in clients {
        group.addTask {
          var client = client
          let connection = try await server.connect()
          let token = try await connection.identify(client.person)
          let otherwise = await client.repeatAll(over: connection, token: token)
          await connection.close()
          return (client, otherwise)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.client.person.number < $1.client.person.number }
    }
    report.answeredOtherwise += after.reduce(0) { $0 + $1.otherwise }
    try await judgeFile(after.map(\.client), server, &report)
    return after.map(\.client)
  }

  /// How many appointments are not in the file as they were told; one whose last change had no answer may be either way.
  private func lost(
    _ told: [[String: Wire.AppointmentStatus]], in path: String, except unanswered: [CrashRequest]
  ) async throws -> Int {
    let open = Set(unanswered.compactMap { request -> String? in
      switch request.order {
      case .confirm(let folio), .cancel(let folio): folio
      case .hold, .book: nil
      }
    })
    let rows = try await statuses(in: path)
    return told.reduce(0) { sum, appointments in
      sum + appointments.count { folio, status in !open.contains(folio) && rows[folio] != status.word || rows[folio] == nil }
    }
  }

  /// How many of these requests the store has kept an answer of.
  private func done(_ requests: [CrashRequest], in path: String) async throws -> Int {
    let ids = requests.map { "x'\($0.id)'" }.joined(separator: ", ")
    return try await StoreFileReader.rows("SELECT hex(id) FROM request WHERE id IN (\(ids))", in: path).count
  }

  private func statuses(in path: String) async throws -> [String: String] {
    let rows = try await StoreFileReader.rows("SELECT folio, status FROM appointment", in: path)
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }

  /// After all repeats nothing is open: the file holds what was told, and nothing else.
  private func judgeFile(_ clients: [CrashClient], _ server: CampaignServer, _ report: inout CrashReport) async throws {
    let told = clients.flatMap { $0.appointments.map { ($0.key, $0.value.word) } }
    let rows = try await statuses(in: server.databasePath)
    let expected = Dictionary(told) { first, _ in first }
    if rows != expected {
      let differing = Set(rows.keys).union(expected.keys).filter { rows[$0] != expected[$0] }
      report.complaints.append("\(differing.count) appointments of the file are not what clients were told")
    }
    let integrity = try await StoreFileReader.rows("PRAGMA integrity_check", in: server.databasePath)
    if integrity != [["ok"]] { report.complaints.append("integrity_check: \(integrity.prefix(3))") }
    let double = try await StoreFileReader.rows(StoreFileReader.doubleBookings, in: server.databasePath)
    if !double.isEmpty { report.complaints.append("\(double.count) slots are taken twice") }
    let connection = try await server.connect(server.technician)
    let check = try await OperationsClient(connection).checkStore(Wire.CheckStoreRequest())
    await connection.close()
    report.complaints += check.problems
  }
}

extension Wire.AppointmentStatus {
  /// As the store writes it.
  fileprivate var word: String {
    switch self {
    case .pending: "pending"
    case .booked: "booked"
    case .cancelled: "cancelled"
    default: "status \(rawValue)"
    }
  }
}
