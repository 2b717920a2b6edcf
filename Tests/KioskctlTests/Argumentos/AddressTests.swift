import ArgumentParser
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
    #expect(try options.address(environment: [:], socketExists: true) == .unix(path: ".ventanilla/personal.sock"))
    #expect(try options.address(environment: [:], socketExists: false) == .tcp(host: "127.0.0.1", port: 24820))
    let environment = ["VENTANILLA_SERVIDOR": "clinica:7"]
    #expect(try options.address(environment: environment, socketExists: true) == .tcp(host: "clinica", port: 7))
    options = try GlobalOptions.parse(["--servidor", "otra:8"])
    #expect(try options.address(environment: environment, socketExists: true) == .tcp(host: "otra", port: 8))
  }
}
