import KioskTestSupport
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Who is let in by TLS", .timeLimit(.minutes(2)))
struct TLSAdmissionTests {
  static let permissionDenied = "certificate refused: "

  @Test("A kiosk of this clinic calls, and the call knows its clinic, role, device and serial")
  func admitted() async throws {
    try await TLSServerFixture.with { fixture in
      try fixture.authority.issue("kiosco-7", role: "kiosk", serial: "0a3f")
      let client = try await fixture.connect("kiosco-7")
      #expect(await client.ask("WhoAmI") == .success("spiffe://imss/umf/DFIMS000330/kiosk/kiosco-7 0a3f"))
      #expect(await client.ask("Echo", Array("¿Qué tal?".utf8)) == .success("¿Qué tal?"))
      await client.close()
    }
  }

  @Test("The role is the certificate's: what its role may not call is denied, whatever the listener admits")
  func roleOfTheCertificate() async throws {
    try await TLSServerFixture.with { fixture in
      try fixture.authority.issue("ventanilla-1", role: "staff")
      let client = try await fixture.connect("ventanilla-1")
      #expect(
        await client.ask("Echo") == .failure(RPCError(.permissionDenied, "this caller's role may not call test.v1.Probe/Echo")))
      await client.close()
    }
  }

  @Test("A megabyte each way, and calls at once")
  func load() async throws {
    try await TLSServerFixture.with { fixture in
      try fixture.authority.issue("kiosco-7", role: "kiosk")
      let client = try await fixture.connect("kiosco-7")
      let large = String(repeating: "0123456789abcdef", count: 65_536)
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<16 {
          group.addTask {
            let text = number % 4 == 0 ? large : "call \(number)"
            #expect(await client.ask(number % 2 == 0 ? "Echo" : "Soon", Array(text.utf8)) == .success(text))
          }
        }
      }
      await client.close()
    }
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    let title: String
    let uris: [String]
    let refusal: CertificateRefusal
    var testDescription: String { title }
  }

  @Test("A certificate of our authority that is not for this listener is told why, and nothing is served", arguments: [
    Refused(
      title: "another clinic", uris: ["spiffe://imss/umf/JCIMS000313/kiosk/kiosco-7"], refusal: .otherClinic("JCIMS000313")),
    Refused(title: "no URI", uris: [], refusal: .noIdentity),
    Refused(
      title: "two identities", uris: ["spiffe://imss/umf/DFIMS000330/kiosk/7", "spiffe://imss/umf/DFIMS000330/staff/7"],
      refusal: .severalIdentities(2)),
    Refused(title: "another trust domain", uris: ["spiffe://issste/umf/DFIMS000330/kiosk/7"], refusal: .identity(.foreignTrustDomain)),
    Refused(title: "a role that does not exist", uris: ["spiffe://imss/umf/DFIMS000330/admin/7"], refusal: .identity(.unknownRole)),
    Refused(
      title: "a role that the listener does not admit", uris: ["spiffe://imss/umf/DFIMS000330/display/7"],
      refusal: .roleNotAdmitted("display")),
    Refused(title: "another server", uris: ["spiffe://imss/umf/DFIMS000330/server/otro"], refusal: .roleNotAdmitted("server")),
  ])
  func refused(_ refused: Refused) async throws {
    try await TLSServerFixture.with { fixture in
      try fixture.authority.issue("kiosco-7", role: "kiosk")
      try fixture.authority.issue("wrong", uris: refused.uris, serial: "77")
      let output = try await OpenSSLClient.send(
        [.request(1, "Echo", [1, 2, 3])], port: fixture.port, in: fixture.authority.folder, certificate: "wrong")
      #expect(output == [.failed(1, .permissionDenied, Self.permissionDenied + refused.refusal.reason)])
      #expect(
        try await fixture.refusals() == [
          TLSRefusal(
            reason: .certificate(refused.refusal), address: "127.0.0.1", serial: CertificateSerial(bytes: [0x77]), uris: refused.uris)
        ])
      #expect(await fixture.calls == 0)
    }
  }

  @Test("A serial on the deny-list is refused, its neighbour is not")
  func denied() async throws {
    try await TLSServerFixture.with(denied: "0A:3F # kiosco 7, robado\n") { fixture in
      try fixture.authority.issue("kiosco-7", role: "kiosk", serial: "0a3f")
      try fixture.authority.issue("kiosco-8", role: "kiosk", serial: "0a40")
      let stolen = try await fixture.connect("kiosco-7")
      #expect(await stolen.ask("Echo") == .failure(RPCError(.permissionDenied, "certificate refused: its serial is denied")))
      let other = try await fixture.connect("kiosco-8")
      #expect(await other.ask("Echo") == .success(""))
      #expect(try await fixture.refusals().map(\.reason) == [.certificate(.denied)])
      #expect(await fixture.calls == 1)
      await stolen.close()
      await other.close()
    }
  }

  @Test("A session that is resumed is judged like a new one")
  func resumedSession() async throws {
    try await TLSServerFixture.with(denied: "") { fixture in
      let authority = fixture.authority
      try authority.issue("kiosco-7", role: "kiosk", serial: "0a3f")
      let request = [WireFrame.request(1, "Echo", [7])]
      let first = try await OpenSSLClient.send(
        request, port: fixture.port, in: authority.folder, certificate: "kiosco-7", ["-sess_out", "session.pem"])
      #expect(first == [.ok(1, [7])])
      let second = try await OpenSSLClient.send(
        request, port: fixture.port, in: authority.folder, certificate: "kiosco-7", ["-sess_in", "session.pem"])
      #expect(second == [.ok(1, [7])])
      try authority.write("0a3f\n", to: "denied.txt")
      #expect(fixture.tls.reload() == .renewed)
      let third = try await OpenSSLClient.send(
        request, port: fixture.port, in: authority.folder, certificate: "kiosco-7", ["-sess_in", "session.pem"])
      #expect(third == [.failed(1, .permissionDenied, "certificate refused: its serial is denied")])
    }
  }
}
