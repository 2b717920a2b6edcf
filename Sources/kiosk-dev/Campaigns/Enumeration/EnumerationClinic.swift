internal import ClinicConfiguration
internal import ClinicDomain
internal import KioskClient
internal import KioskServer
internal import KioskTestSupport
internal import Logging
internal import NIOPosix
internal import Scheduling
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// A server of the campaign's own, in this process: a socket for each role, and TLS with a certificate for each kiosk.
struct EnumerationClinic: Sendable {
  let bounds = IdentificationBounds()
  private let folder: CampaignFolder
  private let authority: TestAuthority
  private let server: KioskServer

  static func start(kiosks: Int, people: Int) async throws -> EnumerationClinic {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let clinic = try ClinicConfiguration.load(path: folder.path("clinic.yaml")).value
    let clues = clinic.identity.clues.description
    let authority = try TestAuthority()
    try authority.issue("server", role: "server", clinic: clues)
    for kiosk in 1...kiosks { try authority.issue("kiosk-\(kiosk)", role: "kiosk", clinic: clues) }
    let admission = CertificateAdmission(clinic: clues, roles: RoleSet.named, admitted: .kiosk)
    var options = KioskServerOptions(
      clinic: clinic,
      listeners: RoleSet.named.map { Listener(address: .unix(path: folder.path("\($0.name).sock")), role: $0.role) }
        + [Listener(host: "127.0.0.1", port: 0, tls: try ServerTLS(files: authority.files("server"), admission: admission))],
      dataFolder: folder.path("datos"))
    // Faster than any kiosk may call, so that what limits is what is measured.
    options.limits.callsPerSecond = CallRate(perSecond: 1_000_000, burst: 1_000_000)
    var logger = Logger(label: "enumeration")
    logger.logLevel = .error
    let server = try await KioskServer.start(options, logger: logger)
    let started = EnumerationClinic(folder: folder, authority: authority, server: server)
    let staff = try await started.connect("staff")
    try await staff.importPeople(1...people)
    await staff.close()
    return started
  }

  func stop() async { await server.stop() }

  /// NSS that are nobody's here.
  static func unknown(_ number: Int) -> String { CampaignPerson(number: 50_000_000 + number).nss }

  func connect(_ role: String) async throws -> TTRPCClientConnection {
    try await TTRPCClientConnection.connect(
      to: .unix(path: folder.path("\(role).sock")), group: MultiThreadedEventLoopGroup.singleton)
  }

  /// A connection of one kiosk, by its certificate.
  func connect(kiosk: Int) async throws -> TTRPCClientConnection {
    try await TTRPCClientConnection.connect(
      to: server.addresses.last!, group: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(30),
      tls: ClientTLS(files: authority.files("kiosk-\(kiosk)"), roles: RoleSet.named.map(\.name)))
  }

  func state() async throws -> Wire.IdentificationState {
    let staff = try await connect("staff")
    let state = try await IdentificationClient(staff).getState(.init())
    await staff.close()
    return state
  }

  func unlock(_ device: String) async throws {
    let staff = try await connect("staff")
    _ = try await IdentificationClient(staff).unlock(
      Wire.UnlockIdentificationRequest(what: .device(device), reason: .deviceChecked), options: .write(RequestIdentifier()))
    await staff.close()
  }
}

extension RPCTransport {
  /// Tries an identification.
  ///
  /// - Returns: why it did not open a session; `nil` when it did, and the session is ended.
  func identifying(nss: String, born: String, visit: String) async -> RPCError? {
    let patients = PatientsClient(self)
    do throws(RPCError) {
      let reply = try await patients.identify(Wire.IdentifyRequest(identifier: .nss(nss), birthDate: born, visit: visit))
      _ = try await patients.endSession(Wire.EndSessionRequest(sessionToken: reply.sessionToken))
      return nil
    } catch { return error }
  }
}
