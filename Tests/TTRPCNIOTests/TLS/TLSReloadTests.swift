import Foundation
import KioskTestSupport
import NIOPosix
import Synchronization
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Certificates change under a running server", .timeLimit(.minutes(2)))
struct TLSReloadTests {
  @Test("New handshakes use the new certificate and the new root; a call that runs goes on")
  func renewed() async throws {
    let gate = Gate()
    try await TLSServerFixture.with(gate.methods) { fixture in
      let old = fixture.authority
      try old.issue("kiosco-7", role: "kiosk")
      let early = try await fixture.connect("kiosco-7")
      async let running = early.ask("Wait", Array("antes".utf8))
      await gate.until(arrived: 1)

      let new = try TestAuthority(name: "nueva")
      try new.issue("kiosco-7", role: "kiosk")
      try new.issue("server", role: "server")
      try old.take(["server.pem", "server.key"], from: new)
      try old.write(try String(contentsOfFile: new.root, encoding: .utf8), to: "ca.pem")
      #expect(fixture.tls.reload() == .renewed)
      #expect(fixture.tls.reload() == .unchanged)
      await fixture.server.endDenied(of: fixture.tls)

      let late = try await fixture.connect("kiosco-7", of: new, root: new.root)
      #expect(await late.ask("Echo", Array("después".utf8)) == .success("después"))
      gate.open()
      #expect(await running == .success("antes"))
      #expect(await early.ask("Echo") == .success(""), "the connection of before is still good")
      let outdated = try await fixture.connect("kiosco-7", root: new.root)
      await outdated.closed()
      #expect(try await fixture.refusals().map(\.reason) == [.handshake(.untrusted)])
      await early.close()
      await late.close()
    }
  }

  @Test("A serial that is denied now loses its connection and its calls; others keep theirs")
  func denied() async throws {
    let gate = Gate()
    try await TLSServerFixture.with(gate.methods, denied: "# nadie todavía\n") { fixture in
      try fixture.authority.issue("kiosco-7", role: "kiosk", serial: "0a3f")
      try fixture.authority.issue("kiosco-8", role: "kiosk", serial: "0a40")
      let stolen = try await fixture.connect("kiosco-7")
      let other = try await fixture.connect("kiosco-8")
      async let cut = stolen.ask("Wait")
      async let kept = other.ask("Wait")
      await gate.until(arrived: 2)
      try fixture.authority.write("0a3f # robado\n", to: "denied.txt")
      #expect(fixture.tls.reload() == .renewed)
      await fixture.server.endDenied(of: fixture.tls)
      #expect(await cut == .failure(.connectionClosed))
      await stolen.closed()
      await gate.until(arrived: 2, cancelled: 1)
      gate.open()
      #expect(await kept == .success(""))
      #expect(
        try await fixture.refusals() == [
          TLSRefusal(
            reason: .ended(.denied), address: "127.0.0.1", serial: CertificateSerial(bytes: [0x0a, 0x3f]),
            uris: ["spiffe://imss/umf/DFIMS000330/kiosk/kiosco-7"])
        ])
      await other.close()
    }
  }

  @Test("Connections are looked through when a certificate that was let in may be over, and not before; the one that is over ends")
  func over() async throws {
    let clock = Clock()
    try await TLSServerFixture.with(now: { CalendarTime.now + clock.ahead.load(ordering: .relaxed) }) { fixture in
      try fixture.authority.issue("server", role: "server", days: 9)
      try fixture.authority.issue("kiosco-7", role: "kiosk", days: 1)
      try fixture.authority.issue("kiosco-8", role: "kiosk", days: 9)
      #expect(fixture.tls.reload() == .renewed)
      #expect(!fixture.tls.mayBeOver)
      let (short, long) = (try await fixture.connect("kiosco-7"), try await fixture.connect("kiosco-8"))
      for client in [short, long] { #expect(await client.ask("Echo") == .success("")) }
      #expect(!fixture.tls.mayBeOver)
      clock.ahead.store(2 * 86_400, ordering: .relaxed)
      #expect(fixture.tls.mayBeOver)
      await fixture.server.endDenied(of: fixture.tls)
      await short.closed()
      #expect(try await fixture.refusals().map(\.reason) == [.ended(.expired)])
      #expect(!fixture.tls.mayBeOver)
      #expect(await long.ask("Echo") == .success(""))
      clock.ahead.store(10 * 86_400, ordering: .relaxed)
      #expect(fixture.tls.mayBeOver, "those that went on were noted anew")
      await long.close()
    }
  }

  private final class Clock: Sendable {
    let ahead = Atomic<Int64>(0)
  }

  @Test("Files that are wrong are told once, and what was in force stays in force")
  func wrongFiles() async throws {
    try await TLSServerFixture.with(denied: "0a3f\n") { fixture in
      let authority = fixture.authority
      try authority.issue("kiosco-7", role: "kiosk", serial: "0a3f")
      try authority.issue("kiosco-8", role: "kiosk", serial: "0a40")
      try authority.write("0a3f\nkiosco 8\n", to: "denied.txt")
      #expect(fixture.tls.reload() == .refused(TLSFaults(faults: [.denyList(line: 2)])))
      #expect(fixture.tls.reload() == .unchanged)
      try authority.take(["server.pem"], from: authority, as: ["kiosco-8.pem"])
      guard case .refused(let faults) = fixture.tls.reload() else {
        Issue.record("a kiosk's certificate was taken for the server's")
        return
      }
      #expect(faults.faults == [.identity(.identity(.unknownRole)), .keyOfAnotherCertificate, .denyList(line: 2)])

      let stolen = try await fixture.connect("kiosco-7")
      #expect(await stolen.ask("Echo") == .failure(RPCError(.permissionDenied, "certificate refused: its serial is denied")))
      let other = try await fixture.connect("kiosco-8")
      #expect(await other.ask("Echo") == .success(""))
      await stolen.close()
      await other.close()
    }
  }

  @Test("Each wrong file has its fault, and all are told at once")
  func faults() throws {
    let authority = try TestAuthority()
    try authority.issue("server", role: "server")
    try authority.issue("old", role: "server", days: -1)
    try authority.issue("otra", role: "server", clinic: "JCIMS000313")
    try authority.write("no es un certificado", to: "text.pem")
    func faults(_ change: (inout TLSFiles) -> Void) -> [TLSFault] {
      var files = authority.files("server")
      change(&files)
      return ServerTLS.faults(of: files, clinic: TestAuthority.clinic, at: CalendarTime.now)
    }
    #expect(faults { _ in } == [])
    #expect(
      faults {
        $0.certificate = "/no/hay"
        $0.key = authority.path("text.pem")
        $0.trustRoot = authority.path("text.pem")
        $0.denyList = authority.folder
      } == [
        .unreadable(.certificate, reason: "No such file or directory"), .keyOpenToOthers(mode: 0o644), .notPEM(.trustRoot),
        .unreadable(.denyList, reason: "Not a regular file"),
      ])
    #expect(faults { $0.key = authority.path("old.key") } == [.keyOfAnotherCertificate])
    chmod(authority.path("text.pem"), 0o640)
    #expect(faults { $0.key = authority.path("text.pem") } == [.notPEM(.key)])
    let expired = faults { $0.certificate = authority.path("old.pem"); $0.key = authority.path("old.key") }
    #expect(expired.map(\.file) == [.certificate])
    guard case .expired(.certificate, _)? = expired.first else {
      Issue.record("\(expired)")
      return
    }
    #expect(
      faults { $0.certificate = authority.path("otra.pem"); $0.key = authority.path("otra.key") }
        == [.identity(.otherClinic("JCIMS000313"))])
  }
}
