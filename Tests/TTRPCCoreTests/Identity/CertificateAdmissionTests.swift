import Testing

@testable import TTRPCCore

@Suite("Whom a certificate lets in")
struct CertificateAdmissionTests {
  static let kiosk = RoleSet(rawValue: 1)
  static let staff = RoleSet(rawValue: 2)
  static let display = RoleSet(rawValue: 4)
  static let serial = CertificateSerial(bytes: [0x0a])
  static let admission = CertificateAdmission(
    clinic: "DFIMS000330", roles: [("kiosk", kiosk), ("staff", staff), ("display", display)], admitted: [kiosk, staff])

  static func certificate(_ uris: String..., from: Int64 = 100, to: Int64 = 200) -> PeerCertificate {
    PeerCertificate(serial: serial, notBefore: from, notAfter: to, uris: uris)
  }

  static func uri(_ role: String = "kiosk", clinic: String = "DFIMS000330") -> String { "spiffe://imss/umf/\(clinic)/\(role)/7" }

  static func judge(
    _ certificate: PeerCertificate, denied: DenyList = .empty, at now: Int64 = 150
  ) throws(CertificateRefusal) -> (identity: DeviceIdentity, role: RoleSet) {
    try admission.judge(certificate, denied: denied, at: now)
  }

  @Test("A certificate of this clinic in an admitted role, in its first second and in its last", arguments: [
    ("kiosk", kiosk, 100), ("staff", staff, 200),
  ] as [(String, RoleSet, Int64)])
  func admitted(role: String, set: RoleSet, now: Int64) throws {
    let admitted = try Self.judge(Self.certificate(Self.uri(role)), at: now)
    #expect(admitted.role == set)
    #expect(admitted.identity.description == Self.uri(role))
  }

  @Test("Refusals, each before those below it")
  func refusals() {
    let denied = DenyList(serials: [Self.serial])
    let steps: [(PeerCertificate, DenyList, Int64, CertificateRefusal)] = [
      (Self.certificate(), denied, 99, .denied),
      (Self.certificate(), .empty, 99, .notYetValid),
      (Self.certificate(), .empty, 201, .expired),
      (Self.certificate(from: 200, to: 100), .empty, 150, .notYetValid),
      (Self.certificate(), .empty, 150, .noIdentity),
      (Self.certificate(Self.uri(), Self.uri("staff")), .empty, 150, .severalIdentities(2)),
      (Self.certificate("urn:x"), .empty, 150, .identity(.notSPIFFE)),
      (Self.certificate(Self.uri("display", clinic: "JCIMS000313")), .empty, 150, .otherClinic("JCIMS000313")),
      (Self.certificate(Self.uri("display")), .empty, 150, .roleNotAdmitted("display")),
      (Self.certificate(Self.uri("server")), .empty, 150, .roleNotAdmitted("server")),
    ]
    for (certificate, denied, now, expected) in steps {
      #expect(throws: expected) { try Self.judge(certificate, denied: denied, at: now) }
    }
  }

  @Test("A listener that admits no role admits nobody")
  func nobody() {
    let closed = CertificateAdmission(clinic: "DFIMS000330", roles: Self.admission.roles, admitted: [])
    #expect(throws: CertificateRefusal.roleNotAdmitted("kiosk")) {
      try closed.judge(Self.certificate(Self.uri()), denied: .empty, at: 150)
    }
  }

  @Test("Every refusal has words of its own on the wire")
  func words() {
    let refusals: [CertificateRefusal] =
      [.denied, .notYetValid, .expired, .noIdentity, .severalIdentities(2), .otherClinic("X"), .roleNotAdmitted("display")]
      + DeviceIdentityFault.allCases.map { .identity($0) }
    #expect(Set(refusals.map(\.reason)).count == refusals.count)
    #expect(
      RPCError(ConnectionRefusal.certificateRefused(.denied)) == RPCError(.permissionDenied, "certificate refused: its serial is denied"))
  }
}
