internal import KioskServer
internal import KioskTestSupport
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Who may call what")
struct RoleTests {
  @Test("Every method at every role's door: denied exactly when the contract does not list the role")
  func matrix() async throws {
    try await LocalServer.with { server in
      try await Self.everyMethodOfEveryRole { name in try await server.connect(name) }
    }
  }

  @Test("The same over TLS, at one door, with a certificate for each role")
  func matrixOfCertificates() async throws {
    let authority = try TestAuthority()
    let clues = CampaignClinic().clues
    try authority.issue("server", role: "server", clinic: clues)
    let admission = CertificateAdmission(clinic: clues, roles: RoleSet.named, admitted: RoleSet(RoleSet.named.map(\.role)))
    let tls = try ServerTLS(files: authority.files("server"), admission: admission)
    try await LocalServer.with { options in
      options.listeners.append(Listener(host: "127.0.0.1", port: 0, tls: tls))
    } _: { server in
      try await Self.everyMethodOfEveryRole { name in
        try authority.issue("de-\(name)", role: name, clinic: clues)
        return try await TTRPCClientConnection.connect(
          to: server.addresses.last!, group: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(30),
          tls: ClientTLS(files: authority.files("de-\(name)"), roles: RoleSet.named.map(\.name)))
      }
    }
  }

  private static func everyMethodOfEveryRole(_ connect: (_ name: String) async throws -> TTRPCClientConnection) async throws {
    for (name, role) in RoleSet.named {
      let connection = try await connect(name)
      for method in MethodTable.methods {
        var answer: RPCError?
        do throws(RPCError) { try await connection.begin(method) } catch { answer = error }
        let isDenied = answer?.code == .permissionDenied
        #expect(
          isDenied == method.roles.isDisjoint(with: role),
          "\(name) calls \(method.service)/\(method.method): \(answer?.message ?? "answered")")
        #expect(answer?.code != .unimplemented && answer?.code != .internal)
      }
      await connection.close()
    }
  }
}

extension TTRPCClientConnection {
  /// Makes a call with nothing in it; of a stream, as far as the first answer.
  fileprivate func begin(_ method: MethodDescriptor) async throws(RPCError) {
    guard method.kind != .unary else { return _ = try await unary(method, payload: [], options: CallOptions()) }
    let stream = try await stream(method, request: method.kind == .serverStreaming ? [] : nil, options: CallOptions())
    defer { stream.cancel() }
    _ = try await stream.next()
  }
}
