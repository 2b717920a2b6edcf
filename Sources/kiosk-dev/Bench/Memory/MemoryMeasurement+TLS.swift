internal import CBenchLoad
internal import Foundation
internal import KioskTestSupport
internal import NIOCore
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

extension MemoryMeasurement {
  /// The sample clinic's CLUES, which stands in the certificates.
  private static let clues = "DFIMS999306"

  /// What an idle connection weighs that speaks TLS with a certificate of its own: a start on the store that is there, and as many
  /// connections as without TLS.
  func tlsStart(in folder: BenchFolder) async throws -> [BenchReport.Row] {
    let authority = try TestAuthority()
    try authority.issue("server", role: "server", clinic: Self.clues)
    try authority.issue("kiosco", role: "kiosk", clinic: Self.clues)
    let (port, ready) = (try Sockets.freePort(), folder.path("r"))
    try configuration(authority, port, ready, folder).write(toFile: folder.path("server.yaml"), atomically: true, encoding: .utf8)
    let server = try ServerProcess(
      "kiosk-server", at: .unix(path: ready),
      executable: URL(fileURLWithPath: ServerProcess.thisProgram).deletingLastPathComponent().appending(path: "kiosk-server").path,
      arguments: ["--config", folder.path("server.yaml"), "--bitacora", "error"],
      origin: "swift build -c release --product kiosk-server builds it")
    // Bound after the TLS listener.
    try server.waitUntilReady { Sockets.accepts(unix: ready) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { group.shutdownGracefully { _ in } }
    let tls = try ClientTLS(files: authority.files("kiosco"), roles: RoleSet.named.map(\.name))
    let before = bench_process_resident_bytes(server.processID)
    options.progress("\(connections) connections by TLS")
    var idle: [TTRPCClientConnection] = []
    for _ in 0..<connections {
      let connection = try await TTRPCClientConnection.connect(
        to: .tcp(host: "127.0.0.1", port: port), group: group, timeout: .seconds(30), tls: tls)
      _ = try await HealthClient(connection).check(Wire.HealthCheckRequest())
      idle.append(connection)
    }
    let bytes = bench_process_resident_bytes(server.processID)
    for connection in idle { await connection.close() }
    server.stop()
    return [
      .init(
        name: "second start, connected by TLS",
        values: ["residentMB": Double(bytes) / 1e6, "connectionKiB": Double(bytes - before) / 1024 / Double(connections)])
    ]
  }

  private func configuration(_ authority: TestAuthority, _ port: Int, _ ready: String, _ folder: BenchFolder) -> String {
    """
    clinica: \(URL(fileURLWithPath: options.root).path)/kiosk-config/clinics/umf-muestra-30/clinic.yaml
    datos: \(folder.path("datos"))
    escuchas:
      - tcp: 127.0.0.1:\(port)
        papel: kiosco
        tls: {certificado: \(authority.path("server.pem")), llave: \(authority.path("server.key")), autoridad: \(authority.root)}
      - {unix: \(ready), papel: kiosco}
    sesion_inactiva_segundos: 60
    drenado_segundos: 10
    limites:
      conexiones: 8192
      conexiones_por_direccion: 8192
      llamadas: [{papel: kiosco, por_segundo: 1000, de_golpe: 5000}]

    """
  }
}
