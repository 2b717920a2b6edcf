import ArgumentParser
import Testing

@testable import kiosk_dev

@Suite("Arguments of echo and bench")
struct BenchArgumentTests {
  @Test("Each wrong argument is told with what would be right", arguments: [
    (["echo"], "Give one of --tcp HOST:PORT and --unix PATH."),
    (["echo", "--tcp", "127.0.0.1:1", "--unix", "/tmp/x"], "Give one of --tcp HOST:PORT and --unix PATH."),
    (["echo", "--tcp", "127.0.0.1"], "The value '127.0.0.1' is invalid for '--tcp <host:port>'"),
    (["echo", "--tcp", "127.0.0.1:70000"], "The value '127.0.0.1:70000' is invalid for '--tcp <host:port>'"),
    (["echo", "--tcp", "::1:24900"], "The value '::1:24900' is invalid for '--tcp <host:port>'"),
    (["echo", "--unix", "/tmp/x", "--loops", "0"], "--loops is 1 to 64."),
    (["bench", "booking", "--bookings", "10"], "--bookings is 256 to 40320."),
    (["bench", "memory", "--people", "0"], "--people is 1 to 1000000."),
    (["bench", "memory", "--connections", "5000"], "--connections is 1 to 4000."),
    (["bench", "rpc", "--rounds", "3"], "Unknown option '--rounds'"),
  ])
  func wrongArguments(arguments: [String], message: String) {
    let error = #expect(throws: (any Error).self) { try KioskDev.parseAsRoot(arguments) }
    guard let error else { return }
    #expect(KioskDev.fullMessage(for: error).contains(message))
    #expect(KioskDev.exitCode(for: error) == .validationFailure)
  }

  @Test("A host and a port, and IPv6 in brackets")
  func hostAndPort() throws {
    let ipv4 = try #require(HostAndPort(argument: "127.0.0.1:24900"))
    #expect((ipv4.host, ipv4.port) == ("127.0.0.1", 24900))
    let ipv6 = try #require(HostAndPort(argument: "[::1]:0"))
    #expect((ipv6.host, ipv6.port) == ("::1", 0))
    #expect(HostAndPort(argument: ":24900") == nil)
  }
}
