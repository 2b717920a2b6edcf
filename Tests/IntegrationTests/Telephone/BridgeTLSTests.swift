internal import ClinicConfiguration
internal import Foundation
internal import IVRBridge
internal import KioskTestSupport
internal import Testing

@testable internal import kiosk_dev

@Suite("The bridge and a server on another machine")
struct BridgeTLSTests {
  /// What `ivr-bridge check` says of the server.
  private static func finding(_ clinic: TLSClinic, tls: String) async throws -> BridgeCheck.Finding {
    let configuration = try Telephone.writeConfiguration(in: clinic.folder, port: 4573, more: tls)
    let text = try String(contentsOfFile: configuration, encoding: .utf8).replacing("{unix: f.sock}", with: "{tcp: \"127.0.0.1:\(clinic.port)\"}")
    try text.write(toFile: configuration, atomically: true, encoding: .utf8)
    return try #require(await BridgeCheck.run(try BridgeMaterial.load(path: configuration)).findings.last)
  }

  @Test("With a certificate of the clinic's the server answers; with another authority's, or in the clear, it does not")
  func certificates() async throws {
    let clinic = try await TLSClinic()
    try clinic.issue("puente", role: "ivr")
    let other = try TestAuthority()
    try clinic.issue("ajeno", role: "ivr", by: other)
    try clinic.folder.write(
      try String(contentsOfFile: clinic.folder.path("server.yaml"), encoding: .utf8).replacing("[kiosco, pantalla]", with: "[telefono]"),
      to: "server.yaml")
    try await clinic.withServer { _ in
      func tls(_ authority: TestAuthority, _ file: String) -> String {
        "tls: {certificado: \(authority.path(file + ".pem")), llave: \(authority.path(file + ".key")), autoridad: \(authority.root)}"
      }
      let right = try await Self.finding(clinic, tls: tls(clinic.authority, "puente"))
      #expect(right.holds && right.text == "El servidor en 127.0.0.1:\(clinic.port) contesta.")
      #expect(try await !Self.finding(clinic, tls: tls(other, "ajeno")).holds)
      #expect(try await !Self.finding(clinic, tls: "").holds)
      let missing = try await Self.finding(clinic, tls: "tls: {certificado: no.pem, llave: no.key, autoridad: no.pem}")
      #expect(!missing.holds && missing.text.hasPrefix("tls de ivr-bridge.yaml: no sirve "), "\(missing.text)")
    }
  }
}
