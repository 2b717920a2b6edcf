import KioskTestSupport
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Which servers a client speaks to by TLS", .timeLimit(.minutes(2)))
struct TLSClientTests {
  private func refusal(_ connect: () async throws -> TTRPCClientConnection) async -> ServerRefusal? {
    do {
      let connection = try await connect()
      await connection.close()
      return nil
    } catch { return (error as? ConnectFault)?.server }
  }

  @Test("A server of another authority, and one of another clinic, are not spoken to")
  func foreignServers() async throws {
    try await TLSServerFixture.with { fixture in
      let foreign = try TestAuthority(name: "ajena")
      try foreign.issue("kiosco-7", role: "kiosk")
      #expect(await refusal { try await fixture.connect("kiosco-7", of: foreign, root: foreign.root) } == .handshake(.untrusted))
      try fixture.authority.issue("kiosco-9", role: "kiosk", clinic: "JCIMS000313")
      #expect(await refusal { try await fixture.connect("kiosco-9") } == .otherClinic("DFIMS000330"))
      #expect(await fixture.calls == 0)
    }
  }

  @Test("A kiosk's certificate cannot pose as the server, nor one without an identity")
  func poseurs() throws {
    let authority = try TestAuthority()
    try authority.issue("kiosco-7", role: "kiosk")
    let tls = try ClientTLS(files: authority.files("kiosco-7"), roles: ["kiosk"])
    func certificate(_ uris: String...) -> PeerCertificate {
      PeerCertificate(serial: CertificateSerial(bytes: [1]), notBefore: 0, notAfter: .max, uris: uris)
    }
    #expect(throws: ServerRefusal.notAServer(role: "kiosk")) {
      try tls.judge(server: certificate("spiffe://imss/umf/DFIMS000330/kiosk/8"))
    }
    #expect(throws: ServerRefusal.certificate(.noIdentity)) { try tls.judge(server: certificate()) }
    #expect(throws: Never.self) { try tls.judge(server: certificate("spiffe://imss/umf/DFIMS000330/server/principal")) }
  }

  @Test("A server without TLS is recognised as such")
  func plainServer() async throws {
    let authority = try TestAuthority()
    try authority.issue("kiosco-7", role: "kiosk")
    let tls = try ClientTLS(files: authority.files("kiosco-7"), roles: ["kiosk"])
    try await withServer(.tcp) { _, address in
      #expect(
        await refusal {
          try await TTRPCClientConnection.connect(to: address, group: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(20), tls: tls)
        } == .handshake(.notTLS))
    }
  }

  @Test("A client whose files are wrong says which before it connects")
  func wrongFiles() throws {
    let authority = try TestAuthority()
    try authority.issue("kiosco-7", role: "kiosk")
    try authority.issue("kiosco-8", role: "kiosk")
    var files = authority.files("kiosco-7")
    files.key = authority.path("kiosco-8.key")
    files.trustRoot = "/no/hay"
    #expect(
      throws: TLSFaults(faults: [.keyOfAnotherCertificate, .unreadable(.trustRoot, reason: "No such file or directory")])
    ) { try ClientTLS(files: files, roles: ["kiosk"]) }
  }
}
