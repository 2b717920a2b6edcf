internal import ClinicDomain
internal import Foundation
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// Each case in turn, at one server.
struct RedCampaign: Sendable {
  /// What a call may take over its deadline: on a machine with a load of 17 three seconds have been seen.
  static let slack = Duration.seconds(5)
  /// How long one case may take in all.
  private static let patience = Duration.seconds(180)
  private static let port = 7433

  /// What a configuration allows a person.
  static let mostBookings = 50

  var cases = RedCase.all
  var bookings = 20
  var seed: UInt64 = 1

  private var clinic: CampaignClinic {
    CampaignClinic(consultorios: RedKiosk.people, slots: CampaignClinic.mostSlots, appointmentsPerPerson: Self.mostBookings)
  }

  func run(onLine: @Sendable (String) -> Void = { _ in }) async throws -> RedReport {
    let namespaces = try await Namespaces.make(seed: seed)
    do {
      let report = try await run(namespaces, onLine)
      await namespaces.remove()
      return report
    } catch {
      await namespaces.remove()
      throw error
    }
  }

  private func run(_ namespaces: Namespaces, _ onLine: (String) -> Void) async throws -> RedReport {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(clinic, in: folder)
    let server = try await CampaignServer.start(
      in: folder, more: ["--escucha", "tcp:\(Namespaces.serverAddress):\(Self.port)=kiosco"], namespace: namespaces.server)
    var report = RedReport()
    do {
      try await server.importPeople(1...RedKiosk.people * cases.count)
      onLine(RedReport.heading)
      for (number, item) in cases.enumerated() {
        namespaces.line.set(item.conditions)
        let date = try await server.date(inDays: number % (CampaignClinic.days - 1) + 1)
        let row = try await run(item, first: number * RedKiosk.people + 1, date: date, namespaces, server)
        report.rows.append(row)
        onLine(row.text)
      }
      let double = try await StoreFileReader.rows(StoreFileReader.doubleBookings, in: server.databasePath)
      if !double.isEmpty { report.ownComplaints.append("\(double.count) slots are booked twice") }
    } catch {
      await server.kill()
      throw error
    }
    if let complaint = await server.complaintOfStop() { report.ownComplaints.append(complaint) }
    return report
  }

  private func run(
    _ item: RedCase, first: Int, date: CivilDate, _ namespaces: Namespaces, _ server: CampaignServer
  ) async throws -> RedReport.Row {
    let (before, packets) = (try await connections(of: server), namespaces.line.count)
    let output = try CampaignFolder()
    try output.write("", to: "output")
    let (program, words) = try Namespaces.words(
      namespaces.kiosk, try BuiltPrograms.path("kiosk-dev"),
      [
        "red-kiosk", "--port", "\(Self.port)", "--first", "\(first)", "--date", date.description, "--bookings", "\(bookings)",
        "--deadline", "\(item.deadline.components.seconds)",
      ])
    let kiosk = try await ChildProcess.start(program, words, log: output.path("output"))
    let tries = { try RedReport.Row.Try.all(in: String(contentsOfFile: output.path("output"), encoding: .utf8)) }
    let began = ContinuousClock.now
    if let cut = item.cut {
      try await until(began.advanced(by: Self.patience)) { try tries().contains { $0.folio != nil } }
      try await Task.sleep(for: cut.after)
      var conditions = item.conditions
      conditions.isCut = true
      namespaces.line.set(conditions)
      if let length = cut.length {
        try await Task.sleep(for: length)
        namespaces.line.set(item.conditions)
      }
    }
    var row = RedReport.Row(name: item.name)
    if item.losesKiosk {
      // Long enough for every call to have met its deadline once.
      try await Task.sleep(for: item.deadline + .seconds(1))
      kiosk.send(SIGKILL)
    } else {
      try await until(began.advanced(by: Self.patience)) { kiosk.hasEnded }
      if !kiosk.hasEnded { row.complaints.append("\(item.name): not all was booked within \(Self.patience.components.seconds) s") }
      kiosk.send(SIGKILL)
    }
    _ = await kiosk.exitStatus()
    let gone = ContinuousClock.now
    try await until(gone.advanced(by: .seconds(60))) { try await connections(of: server) <= before }
    row.freedAfter = gone.duration(to: .now)
    row.tries = try tries()
    let carried = namespaces.line.count
    row.packets = Line.Count(sent: carried.sent - packets.sent, lost: carried.lost - packets.lost)
    row.judge(deadline: item.deadline + Self.slack, bookings: item.losesKiosk ? nil : bookings * RedKiosk.people)
    let rows = try await StoreFileReader.rows(
      "SELECT folio FROM appointment WHERE status = 'booked' AND patient BETWEEN \(first) AND \(first + RedKiosk.people - 1)",
      in: server.databasePath)
    // Whoever dies with a call under way is not told what became of it.
    row.judge(stored: rows.map { $0[0] }, untold: item.losesKiosk ? RedKiosk.people : 0)
    return row
  }

  /// What the server itself counts; read anew every five seconds.
  private func connections(of server: CampaignServer) async throws -> Int {
    let connection = try await server.connect(server.technician)
    let status = try await OperationsClient(connection).getStatus(Wire.GetStatusRequest())
    await connection.close()
    return Int(status.connections)
  }

  private func until(_ end: ContinuousClock.Instant, _ isSo: () async throws -> Bool) async throws {
    while try await !isSo(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
  }
}
