internal import Foundation
internal import KioskTestSupport
internal import NIOCore
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

@testable internal import kiosk_dev

/// A clinic whose server.yaml has one TLS listener and one socket, with certificates made for the test.
struct TLSClinic: Sendable {
  let folder: CampaignFolder
  let authority: TestAuthority
  let port: Int

  static let clues = CampaignClinic().clues

  init() async throws {
    folder = try CampaignFolder()
    authority = try TestAuthority()
    port = try await Self.freePort()
    try authority.issue("server", role: "server", clinic: Self.clues)
    try authority.write("# nadie\n", to: "negados.txt")
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    try writeServerYAML()
  }

  /// - Parameter tls: what stands under `tls`, in one line.
  func writeServerYAML(tls: String? = nil) throws {
    try folder.write(
      """
      clinica: clinic.yaml
      datos: datos
      escuchas:
        - {unix: p.sock, papel: personal}
        - tcp: 127.0.0.1:\(port)
          papel: [kiosco, pantalla]
          tls: {\(tls ?? names("server"))}
      sesion_inactiva_segundos: 600
      drenado_segundos: 10

      """, to: "server.yaml")
  }

  /// The keys of `tls` for an issued certificate.
  func names(_ file: String, key: String? = nil, root: String? = nil, denied: String = "negados.txt") -> String {
    "certificado: \(authority.path(file + ".pem")), llave: \(authority.path((key ?? file) + ".key")), "
      + "autoridad: \(root ?? authority.root), negados: \(authority.path(denied))"
  }

  var address: TTRPCAddress { .tcp(host: "127.0.0.1", port: port) }

  func issue(_ file: String, role: String = "kiosk", serial: String? = nil, by other: TestAuthority? = nil) throws {
    try (other ?? authority).issue(file, role: role, clinic: Self.clues, serial: serial)
  }

  func connect(_ file: String, of other: TestAuthority? = nil) async throws -> TTRPCClientConnection {
    let authority = other ?? authority
    return try await TTRPCClientConnection.connect(
      to: address, group: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(30),
      tls: ClientTLS(files: authority.files(file), roles: RoleSet.named.map(\.name)))
  }

  /// Runs kiosk-server on the folder's server.yaml.
  func withServer(_ body: (ChildProcess) async throws -> Void) async throws {
    try folder.write("", to: "server.log")
    let child = try await ChildProcess.start(
      try BuiltPrograms.path("kiosk-server"), ["--config", folder.path("server.yaml")], log: folder.path("server.log"))
    do {
      guard try await eventually({ child.hasEnded || said.contains("lista:") }), !child.hasEnded else {
        throw CampaignFault("kiosk-server did not start: \(said)")
      }
      try await body(child)
    } catch {
      child.send(SIGKILL)
      throw error
    }
    guard await child.stop(within: .seconds(60)) == 0 else { throw CampaignFault("kiosk-server did not end in order: \(said)") }
  }

  var said: String { (try? String(contentsOfFile: folder.path("server.log"), encoding: .utf8)) ?? "" }

  private static func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    try await channel.close()
    return port
  }
}
