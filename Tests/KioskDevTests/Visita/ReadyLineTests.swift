internal import TTRPCNIO
internal import Testing

@testable import kiosk_dev

@Suite("Where the visit's server says that it listens")
struct ReadyLineTests {
  @Test("The first TCP address is the kiosks', whatever stands around it", arguments: [
    ("lista: 127.0.0.1:24821 /tmp/a.sock\n", TTRPCAddress.tcp(host: "127.0.0.1", port: 24821)),
    ("aviso: algo 1.2.3.4:5\nlista: /tmp/a:7 [::1]:24821 10.0.0.1:9\notra\n", .tcp(host: "::1", port: 24821)),
  ])
  func firstTCP(log: String, address: TTRPCAddress) { #expect(ReadyLine(in: log)?.firstTCP == address) }

  @Test("A line that is still being written says nothing yet")
  func cutLine() { #expect(ReadyLine(in: "lista: 127.0.0.1:248") == nil) }

  @Test("A server with socket files only is ready, without an address for the walk")
  func socketsOnly() throws {
    let line = try #require(ReadyLine(in: "lista: /tmp/a.sock\n"))
    #expect(line.firstTCP == nil)
  }
}
