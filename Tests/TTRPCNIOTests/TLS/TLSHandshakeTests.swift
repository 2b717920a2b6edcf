import KioskTestSupport
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Handshakes that come to nothing", .timeLimit(.minutes(2)))
struct TLSHandshakeTests {
  /// What openssl, or a socket, does to a server that it should not be served by.
  struct Stranger: Sendable, CustomTestStringConvertible {
    let title: String
    let arguments: [String]
    let failure: HandshakeFailure
    var testDescription: String { title }
  }

  @Test("Each is closed, told to the technician, and served nothing", arguments: [
    Stranger(title: "no certificate", arguments: [], failure: .noCertificate),
    Stranger(title: "an expired certificate", arguments: ["-cert", "old.pem", "-key", "old.key"], failure: .expired),
    Stranger(title: "a certificate of another authority", arguments: ["-cert", "self.pem", "-key", "self.key"], failure: .untrusted),
    Stranger(
      title: "TLS 1.2 and no more", arguments: ["-tls1_2", "-cert", "kiosco-7.pem", "-key", "kiosco-7.key"], failure: .oldProtocol),
  ])
  func refused(_ stranger: Stranger) async throws {
    try await TLSServerFixture.with { fixture in
      let authority = fixture.authority
      try authority.issue("kiosco-7", role: "kiosk")
      try authority.issue("old", role: "kiosk", days: -1)
      try authority.issueSelfSigned("self", uri: "spiffe://imss/umf/DFIMS000330/kiosk/7")
      let output = try await OpenSSLClient.run(
        port: fixture.port, in: authority.folder, stranger.arguments, input: WireFrame.request(1, "Echo", [1]).bytes)
      #expect(Reply.all(in: output.data) == [])
      #expect(try await fixture.refusals().map(\.reason) == [.handshake(stranger.failure)])
      #expect(await fixture.calls == 0)
      #expect(await fixture.server.counters().tlsRefusals == [TLSRefusal.Reason.handshake(stranger.failure).kind: 1])
    }
  }

  @Test("Each reason is counted by a word of its own, which says nothing of the peer")
  func kinds() {
    let failures: [HandshakeFailure] = [
      .noCertificate, .expired, .untrusted, .oldProtocol, .notTLS, .refusedByPeer(alert: "x"), .gone, .tooSlow, .other("words"),
    ]
    let refusals: [CertificateRefusal] = [
      .denied, .notYetValid, .expired, .noIdentity, .severalIdentities(2), .identity(.unknownRole), .identity(.notSPIFFE),
      .otherClinic("DFIMS000330"), .roleNotAdmitted("staff"),
    ]
    let kinds = failures.map { TLSRefusal.Reason.handshake($0).kind } + refusals.map { TLSRefusal.Reason.certificate($0).kind }
      + [TLSRefusal.Reason.ended(.denied).kind, TLSRefusal.Reason.ended(.expired).kind]
    #expect(kinds == [
      .noCertificate, .expired, .untrusted, .oldProtocol, .notTLS, .refusedByPeer, .gone, .tooSlow, .other,
      .denied, .notYetValid, .expired, .noIdentity, .malformedIdentity, .unknownRole, .malformedIdentity, .otherClinic, .roleNotAdmitted,
      .deniedLater, .expiredLater,
    ])
    #expect(Set(kinds) == Set(TLSRefusalKind.allCases))
  }

  @Test("Requests without TLS are not answered", arguments: [
    WireFrame.request(1, "Echo", [1, 2, 3]).bytes, Array("GET / HTTP/1.1\r\nHost: kiosco\r\n\r\n".utf8), [UInt8](repeating: 0xff, count: 64),
  ])
  func plaintext(bytes: [UInt8]) async throws {
    try await TLSServerFixture.with { fixture in
      let socket = try RawSocket(fixture.address)
      try await socket.send(bytes)
      #expect(try await fixture.refusals().map(\.reason) == [.handshake(.notTLS)])
      #expect(await fixture.calls == 0)
      socket.close()
      try await eventually { await fixture.server.counters().connections == 0 }
    }
  }

  @Test("Who never finishes the handshake is closed at its deadline, and who goes away is forgotten")
  func silent() async throws {
    var limits = TTRPCLimits.standard
    limits.handshakeDeadline = .milliseconds(200)
    try await TLSServerFixture.with(limits: limits) { fixture in
      let silent = try RawSocket(fixture.address)
      #expect(try await silent.repliesToEnd() == [])
      #expect(try await fixture.refusals().map(\.reason) == [.handshake(.tooSlow)])
      #expect(await fixture.server.counters().refusalsByLimit == [.handshakeDeadline: 1])
      let gone = try RawSocket(fixture.address)
      try await gone.send([0x16, 0x03, 0x01])
      gone.close()
      #expect(try await fixture.refusals(2).map(\.reason).last == .handshake(.gone))
      try await eventually { await fixture.server.counters().connections == 0 }
      #expect(await fixture.server.counters().tlsRefusals == [.tooSlow: 1, .gone: 1])
    }
  }

  @Test("A server that drains does not wait for a handshake")
  func drain() async throws {
    try await TLSServerFixture.with { fixture in
      let silent = try RawSocket(fixture.address)
      try await eventually { await fixture.server.counters().connections == 1 }
      await fixture.server.drain(grace: .seconds(3600))
      #expect(try await silent.repliesToEnd() == [])
    }
  }

  @Test("Strangers count as connections, and the one too many is turned away")
  func strangersCount() async throws {
    var limits = TTRPCLimits.standard
    limits.maxConnectionsPerAddress = 2
    limits.linger = .seconds(30)
    try await TLSServerFixture.with(limits: limits) { fixture in
      try fixture.authority.issue("kiosco-7", role: "kiosk")
      let strangers = [try RawSocket(fixture.address), try RawSocket(fixture.address)]
      try await eventually { await fixture.server.counters().connections == 2 }
      let client = try await fixture.connect("kiosco-7")
      #expect(
        await client.ask("Echo")
          == .failure(RPCError(.resourceExhausted, "limit maxConnectionsPerAddress reached: 2 connections from this address")))
      for stranger in strangers { stranger.close() }
      await client.close()
    }
  }
}
