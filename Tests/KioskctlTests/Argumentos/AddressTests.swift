import ArgumentParser
import KioskClient
import TTRPCCore
import TTRPCNIO
import Testing

@testable import kioskctl

@Suite("Where the server is")
struct AddressTests {
  @Test("Sockets and ports as people type them", arguments: [
    ("127.0.0.1:24820", TTRPCAddress.tcp(host: "127.0.0.1", port: 24820)), ("[::1]:80", .tcp(host: "::1", port: 80)),
    ("tcp:clinica:9", .tcp(host: "clinica", port: 9)), (".ventanilla/personal.sock", .unix(path: ".ventanilla/personal.sock")),
    ("unix:v", .unix(path: "v")), ("v.sock", .unix(path: "v.sock")),
  ])
  func read(text: String, address: TTRPCAddress) throws { #expect(try TTRPCAddress(typed: text) == address) }

  @Test("What is no address is refused", arguments: [
    ("", AddressFault.notAnAddress), ("clinica", .notAnAddress), (":80", .notAnAddress), ("clinica:x", .notAnAddress),
    ("unix:", .notAnAddress), ("clinica:0", .portOutOfRange), ("clinica:65536", .portOutOfRange),
  ])
  func refused(text: String, fault: AddressFault) {
    #expect(throws: fault) { try TTRPCAddress(typed: text) }
  }

  @Test("What is typed wins over the environment, and that over what is found here")
  func order() throws {
    var options = try GlobalOptions.parse([])
    #expect(try options.addresses(environment: [:], socketExists: true) == [.unix(path: ".ventanilla/personal.sock")])
    #expect(try options.addresses(environment: [:], socketExists: false) == [.tcp(host: "127.0.0.1", port: 24820)])
    let environment = ["VENTANILLA_SERVIDOR": "clinica:7"]
    #expect(try options.addresses(environment: environment, socketExists: true) == [.tcp(host: "clinica", port: 7)])
    options = try GlobalOptions.parse(["--servidor", "otra:8"])
    #expect(try options.addresses(environment: environment, socketExists: true) == [.tcp(host: "otra", port: 8)])
  }

  @Test("Several servers, the preferred first: the option repeated, or the environment's with commas")
  func several() throws {
    let typed = try GlobalOptions.parse(["--servidor", "a:1", "--servidor", "./b.sock"])
    #expect(try typed.addresses(environment: [:]) == [.tcp(host: "a", port: 1), .unix(path: "./b.sock")])
    let options = try GlobalOptions.parse([])
    #expect(try options.addresses(environment: ["VENTANILLA_SERVIDOR": "a:1,./b.sock"]) == [.tcp(host: "a", port: 1), .unix(path: "./b.sock")])
    #expect(throws: ValidationError.self) { try options.addresses(environment: ["VENTANILLA_SERVIDOR": "a:1,,b:2"]) }
  }

  @Test("Who follows is told once that there is no server, and once that there is one again")
  func notices() {
    var notices = ConnectionNotices()
    let (now, address) = (ContinuousClock.now, TTRPCAddress.tcp(host: "a", port: 1))
    let away = KioskClientState.away(since: now, nextTry: now + .seconds(1), reason: .connectionClosed)
    let states: [KioskClientState] = [
      .connecting(since: now, attempt: 1), .connected(address), away, .connecting(since: now, attempt: 2), away, .connected(address),
      .connected(address), .draining(address), away,
    ]
    let lost = "Se perdió la conexión con el servidor. Se intentará de nuevo en 2 s."
    #expect(states.compactMap { notices.notice(of: $0, at: now) } == [lost, "Conectado con el servidor en a:1.", lost])
  }
}
