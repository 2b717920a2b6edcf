/// Who holds a certificate, as its URI says: `spiffe://imss/umf/<clinic>/<role>/<device>`.
///
/// The clinic is its CLUES, because a unit's number is unique within its OOAD only and one root may stand over several of them
/// (domain, 1.5). Read byte by byte: case matters and nothing is percent-decoded, so that a device has one text only. Every part is
/// fit for a log or a file name, and none of them is about a person.
package struct DeviceIdentity: Hashable, Sendable, CustomStringConvertible {
  /// Five capital letters and six digits.
  package let clinic: String
  /// A role's word in the method table, or ``serverRole``.
  package let role: String
  /// 1 to 32 of `a`–`z`, `0`–`9` and `-`; neither the first nor the last is `-`.
  package let device: String

  /// The role of the clinic's own server. No caller has it: what a method table names is what callers may be.
  package static let serverRole = "server"
  package static let trustDomain = "imss"
  private static let kind = "umf"
  private static let maxDeviceLength = 32

  /// - Parameter roles: the words of the method table.
  /// - Throws: the first fault that applies, in the order of ``DeviceIdentityFault``.
  package init(uri: String, roles: [String]) throws(DeviceIdentityFault) {
    let scheme = "spiffe://"
    guard uri.hasPrefix(scheme) else { throw .notSPIFFE }
    let parts = uri.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts[0] == Self.trustDomain else { throw .foreignTrustDomain }
    guard parts.count == 5, parts[1] == Self.kind else { throw .wrongPath }
    guard Self.isClinic(parts[2]) else { throw .malformedClinic }
    guard roles.contains(String(parts[3])) || parts[3] == Self.serverRole else { throw .unknownRole }
    guard Self.isDevice(parts[4]) else { throw .malformedDevice }
    clinic = String(parts[2])
    role = String(parts[3])
    device = String(parts[4])
  }

  package var description: String { "spiffe://\(Self.trustDomain)/\(Self.kind)/\(clinic)/\(role)/\(device)" }

  private static func isClinic(_ text: Substring) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 11 && bytes[..<5].allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 } && bytes[5...].allSatisfy(isDigit)
  }

  private static func isDevice(_ text: Substring) -> Bool {
    let bytes = Array(text.utf8)
    let hyphen = UInt8(ascii: "-")
    guard 1...maxDeviceLength ~= bytes.count, bytes.first != hyphen, bytes.last != hyphen else { return false }
    return bytes.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || isDigit($0) || $0 == hyphen }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}

/// Why a URI is nobody's identity here. Cases stand in the order they are checked.
package enum DeviceIdentityFault: Error, Hashable, Sendable, CaseIterable {
  /// The URI does not begin with `spiffe://`.
  case notSPIFFE
  /// The trust domain is not `imss`.
  case foreignTrustDomain
  /// The path is not `/umf/` and three parts.
  case wrongPath
  /// The clinic is no CLUES.
  case malformedClinic
  /// The role is no word of the method table.
  case unknownRole
  case malformedDevice
}
