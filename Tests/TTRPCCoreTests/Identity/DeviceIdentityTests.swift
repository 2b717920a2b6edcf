import Testing

@testable import TTRPCCore

@Suite("The identity in a certificate's URI")
struct DeviceIdentityTests {
  static let roles = ["kiosk", "staff"]

  static func fault(_ uri: String) -> DeviceIdentityFault? {
    do throws(DeviceIdentityFault) {
      _ = try DeviceIdentity(uri: uri, roles: roles)
      return nil
    } catch { return error }
  }

  @Test("A URI says clinic, role and device, and is printed as it was read", arguments: [
    ("spiffe://imss/umf/DFIMS000330/kiosk/7", "DFIMS000330", "kiosk", "7"),
    ("spiffe://imss/umf/JCIMS000313/staff/ventanilla-02", "JCIMS000313", "staff", "ventanilla-02"),
    ("spiffe://imss/umf/DFIMS000330/server/principal", "DFIMS000330", "server", "principal"),
    ("spiffe://imss/umf/DFIMS000330/kiosk/abcdefghijklmnopqrstuvwxyz012345", "DFIMS000330", "kiosk", "abcdefghijklmnopqrstuvwxyz012345"),
  ])
  func read(uri: String, clinic: String, role: String, device: String) throws {
    let identity = try DeviceIdentity(uri: uri, roles: Self.roles)
    #expect([identity.clinic, identity.role, identity.device] == [clinic, role, device])
    #expect(identity.description == uri)
  }

  @Test("Each fault, in the order it is looked for", arguments: [
    ("", DeviceIdentityFault.notSPIFFE),
    ("https://imss/umf/DFIMS000330/kiosk/7", .notSPIFFE),
    ("SPIFFE://imss/umf/DFIMS000330/kiosk/7", .notSPIFFE),
    ("spiffe://", .foreignTrustDomain),
    ("spiffe://issste/umf/DFIMS000330/kiosk/7", .foreignTrustDomain),
    ("spiffe://imss:443/umf/DFIMS000330/kiosk/7", .foreignTrustDomain),
    ("spiffe://imss", .wrongPath),
    ("spiffe://imss/hgz/DFIMS000330/kiosk/7", .wrongPath),
    ("spiffe://imss/umf/DFIMS000330/kiosk", .wrongPath),
    ("spiffe://imss/umf/DFIMS000330/kiosk/7/", .wrongPath),
    ("spiffe://imss//umf/DFIMS000330/kiosk/7", .wrongPath),
    ("spiffe://imss/umf/033/kiosk/7", .malformedClinic),
    ("spiffe://imss/umf/dfims000330/kiosk/7", .malformedClinic),
    ("spiffe://imss/umf/../kiosk/7", .malformedClinic),
    ("spiffe://imss/umf/DFIMS000330/Kiosk/7", .unknownRole),
    ("spiffe://imss/umf/DFIMS000330/admin/7", .unknownRole),
    ("spiffe://imss/umf/DFIMS000330//7", .unknownRole),
    ("spiffe://imss/umf/DFIMS000330/kiosk/", .malformedDevice),
    ("spiffe://imss/umf/DFIMS000330/kiosk/-7", .malformedDevice),
    ("spiffe://imss/umf/DFIMS000330/kiosk/7-", .malformedDevice),
    ("spiffe://imss/umf/DFIMS000330/kiosk/7%37", .malformedDevice),
    ("spiffe://imss/umf/DFIMS000330/kiosk/7\u{0}", .malformedDevice),
    ("spiffe://imss/umf/DFIMS000330/kiosk/7?x", .malformedDevice),
    ("spiffe://imss/umf/DFIMS000330/kiosk/é", .malformedDevice),
    ("spiffe://imss/umf/DFIMS000330/kiosk/abcdefghijklmnopqrstuvwxyz0123456", .malformedDevice),
  ])
  func refused(uri: String, fault: DeviceIdentityFault) { #expect(Self.fault(uri) == fault) }
}
