internal import CBenchLoad
internal import Foundation
internal import KioskClient
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// One attack, from an empty folder to an appointment that is booked all the same.
struct HostileCampaign: Sendable {
  var callers = 8
  var dripping = 1000
  var flooding = 4
  var seconds = 15
  /// Half of those that drip then begin a body, which the server waits for three times as long as for a header.
  var dripsBodies = true

  /// Whether the limits that take a minute are tried too.
  var isPatient = true

  private static let mostConnections = 1500
  private static let idleSeconds = 60
  private static let limits = """
    limites:
      conexiones: \(mostConnections)
      inactividad_segundos: \(idleSeconds)
      llamadas: [{papel: telefono, por_segundo: 1000000, de_golpe: 1000000}]
    """
  /// What a body may take, and some of a busy machine's patience.
  private static let longestDrip = Duration.seconds(90)

  func run(_ progress: (String) -> Void = { _ in }) async throws -> HostileReport {
    DescriptorLimit.raise()
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(slots: 24), in: folder, limits: Self.limits)
    let server = try await CampaignServer.start(in: folder, more: ["--escucha", "tcp:127.0.0.1:0=telefono"])
    var report = HostileReport()
    do {
      try await server.importPeople(1...1)
      try await attack(server, &report, progress)
      try await tryLimits(of: server, &report, progress)
      try await book(on: server)
    } catch {
      await server.kill()
      throw error
    }
    if let complaint = await server.complaintOfStop() { report.complaints.append(complaint) }
    return report
  }

  private func attack(_ server: CampaignServer, _ report: inout HostileReport, _ progress: (String) -> Void) async throws {
    guard case .tcp(_, let kioskPort) = server.tcp, let phone = server.otherTCP else {
      throw CampaignFault("kiosk-server does not listen at two ports: \(server.said)")
    }
    let honest = try await HonestCallers.connect(callers, to: server, at: phone)
    _ = await honest.call(for: .seconds(1))
    progress("\(callers) callers alone")
    try await measure("before", honest, server, &report)

    progress("\(dripping) connections drip, a kiosk floods")
    let began = ContinuousClock.now
    let crowd = DripCrowd(dripping, bodies: dripsBodies, port: kioskPort)
    let kiosk = FloodingKiosk(connections: flooding, port: kioskPort)
    try await until { crowd.count.open == dripping && kiosk.count.sent > 0 }
    try await measure("attack", honest, server, &report)
    kiosk.stop()
    crowd.giveUp()
    let attackSeconds = Double(began.duration(to: .now).components.seconds) + 1
    progress("nobody comes back; the server closes what drips")
    try await until { kiosk.hasEnded && crowd.hasEnded }
    report.flood = kiosk.count
    report.drip = crowd.count

    progress("\(callers) callers alone again")
    try await measure("after", honest, server, &report)
    await honest.close()
    let rate = TTRPCLimits.standard.callsPerSecond
    report.judge(
      dripping: dripping, flooding: flooding, rate: (rate.perSecond, rate.burst), attackSeconds: attackSeconds)
  }

  private func tryLimits(of server: CampaignServer, _ report: inout HostileReport, _ progress: (String) -> Void) async throws {
    guard case .tcp(_, let kiosks) = server.tcp, case .tcp(_, let phone) = server.otherTCP else { return }
    progress("one attacker for each other limit")
    var limits = TTRPCLimits.standard
    limits.maxConnections = Self.mostConnections
    limits.idleTime = .seconds(Self.idleSeconds)
    var rounds = LimitRounds(LimitRounds.Target(kiosks: kiosks, phone: phone, limits: limits) {
      try await server.connect(server.technician).limitCounts()
    })
    try await rounds.run(isPatient: isPatient)
    report.told = rounds.told
    report.complaints += rounds.untold.map { "\($0.rawValue) was neither told nor counted" }
  }

  private func measure(
    _ name: String, _ honest: HonestCallers, _ server: CampaignServer, _ report: inout HostileReport
  ) async throws {
    async let window = honest.call(for: .seconds(seconds))
    var phase = HostileReport.Phase(name: name)
    for _ in 0..<(seconds * 2) {
      try await Task.sleep(for: .milliseconds(450))
      phase.descriptors = max(phase.descriptors, try Self.descriptors(of: server.child.pid))
      phase.residentMB = max(phase.residentMB, Double(bench_process_resident_bytes(server.child.pid)) / 1e6)
    }
    let calls = await window
    phase.callsPerSecond = calls.callsPerSecond
    phase.median = calls.time(ofShare: 0.5)
    phase.p99 = calls.time(ofShare: 0.99)
    report.phases.append(phase)
    if let complaint = calls.complaint { report.complaints.append("\(name): \(complaint)") }
  }

  private static func descriptors(of pid: pid_t) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
  }

  private func until(_ isSo: () -> Bool) async throws {
    let began = ContinuousClock.now
    while !isSo() {
      guard began.duration(to: .now) < Self.longestDrip else { throw CampaignFault("the attack does not go on as it should") }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// The same process still does what it is there for.
  private func book(on server: CampaignServer) async throws {
    let connection = try await server.connect()
    let token = try await connection.identify(CampaignPerson(number: 1))
    let found = try await AppointmentsClient(connection).find(
      Wire.FindRequest(sessionToken: token, service: CampaignClinic.service, limit: 1))
    guard let slot = found.slots.first else { throw CampaignFault("after the attack no slot is offered") }
    let choice = Wire.SlotChoice(service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute)
    let booked = try await AppointmentsClient(connection).book(
      Wire.BookRequest(sessionToken: token, what: .slot(choice)), options: .write(RequestIdentifier()))
    guard booked.appointment?.status == .booked else { throw CampaignFault("after the attack nothing can be booked") }
    await connection.close()
  }
}

extension TTRPCClientConnection {
  /// How often each limit was reached, in the server's own count; then closes, for a connection that is kept would fall silent.
  func limitCounts() async throws(RPCError) -> [LimitName: Int] {
    let sample = try await OperationsClient(self).getMetrics(Wire.GetMetricsRequest())
    await close()
    let counts = sample.limits.compactMap { figures in LimitName(rawValue: figures.name).map { ($0, Int(figures.refusals)) } }
    return Dictionary(counts) { $0 + $1 }
  }
}
