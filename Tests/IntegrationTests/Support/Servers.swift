internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation
internal import KioskServer
internal import Logging
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import Tracing
internal import VentanillaMessages

@testable internal import kiosk_dev

/// Runs a test against kiosk-server as a child, with people 1 to `people` in its store, and stops it in order afterwards.
func withServer(
  _ clinic: CampaignClinic = CampaignClinic(), people: Int = 2, logLevel: String = "notice",
  _ body: (CampaignServer) async throws -> Void
) async throws {
  let folder = try CampaignFolder()
  try CampaignServer.prepare(clinic, in: folder)
  let server = try await CampaignServer.start(in: folder, logLevel: logLevel)
  do {
    try await server.importPeople(1...people)
    try await body(server)
  } catch {
    await server.kill()
    throw error
  }
  #expect(await server.stop() == 0)
  #expect(server.said.contains("cerrado en orden"))
}

/// A server inside the test's process, where its options can be set that no file has.
struct LocalServer: Sendable {
  let folder: CampaignFolder
  private let server: KioskServer

  /// One socket for each role of the contract.
  static func with(
    _ clinic: CampaignClinic = CampaignClinic(), in folder: CampaignFolder? = nil, people: Int = 2,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, tracer: any Tracer = InstrumentationSystem.tracer,
    change: (inout KioskServerOptions) -> Void = { _ in }, _ body: (LocalServer) async throws -> Void
  ) async throws {
    let folder = try folder ?? CampaignFolder()
    try CampaignServer.prepare(clinic, in: folder)
    let configured = try ClinicConfiguration.load(path: folder.path("clinic.yaml"))
    var options = KioskServerOptions(
      clinic: configured.value,
      listeners: RoleSet.named.map { Listener(address: .unix(path: folder.path("\($0.name).sock")), role: $0.role) },
      dataFolder: folder.path("datos"))
    change(&options)
    let server = try await KioskServer.start(options, logger: logger, tracer: tracer)
    let local = LocalServer(folder: folder, server: server)
    do {
      let staff = try await local.connect("staff")
      try await staff.importPeople(1...people)
      await staff.close()
      try await body(local)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  /// In the order of the listeners.
  var addresses: [TTRPCAddress] { server.addresses }

  func counters() async -> ServerCounters { await server.counters() }

  var metricsAddress: TTRPCAddress? { server.metricsAddress }

  /// The port of the page of metrics; 0 when there is none.
  var metricsPort: Int {
    if case .tcp(_, let port) = metricsAddress { port } else { 0 }
  }

  func connect(_ role: String = "kiosk") async throws -> TTRPCClientConnection {
    try await TTRPCClientConnection.connect(
      to: .unix(path: folder.path("\(role).sock")), group: MultiThreadedEventLoopGroup.singleton)
  }
}

extension RPCTransport {
  /// Free slots for the person of a session, or for nobody in particular.
  func freeSlots(_ token: String = "", limit: Int32 = 12) async throws -> [Wire.Slot] {
    try await AppointmentsClient(self).find(
      Wire.FindRequest(sessionToken: token, service: CampaignClinic.service, limit: limit)).slots
  }
}

extension CampaignPerson {
  /// How kioskctl wants them named.
  var words: [String] { ["--nss", nss, "--nacimiento", Self.birthDate] }
}

extension CivilDate {
  /// Today's date and others, at Greenwich.
  static func today(advancedBy days: Int) -> CivilDate {
    CivilDate(year: 1970, month: 1, day: 1)!.advanced(by: Int(Date().timeIntervalSince1970 / 86_400) + days)
  }
}

extension Wire.Slot {
  var choice: Wire.SlotChoice {
    Wire.SlotChoice(service: service, resource: resource, date: date, startMinute: startMinute)
  }
}

/// The error that a call ends with; a call that succeeds is recorded as an issue.
func refusal<Reply>(
  _ sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws(RPCError) -> Reply
) async -> RPCError {
  do throws(RPCError) {
    let reply = try await call()
    Issue.record("was not refused: \(reply)", sourceLocation: sourceLocation)
    return RPCError(.ok, "")
  } catch { return error }
}

/// Asks until the answer is yes, for ten seconds.
func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
  for _ in 0..<1000 {
    if try await isSo() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}
