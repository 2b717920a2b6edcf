/// What a certificate says that is asked of it once its chain and its signature hold.
package struct PeerCertificate: Hashable, Sendable {
  package let serial: CertificateSerial
  /// The first and the last second in which it is valid, counted from 1970; one that is never valid has them the other way round.
  package let notBefore: Int64
  package let notAfter: Int64
  /// The URIs among its alternative names, in its order.
  package let uris: [String]

  package init(serial: CertificateSerial, notBefore: Int64, notAfter: Int64, uris: [String]) {
    self.serial = serial
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.uris = uris
  }

  package func isValid(at now: Int64) -> Bool { notBefore <= now && now <= notAfter }

  /// The one identity that it bears.
  ///
  /// SPIFFE (X509-SVID §2): exactly one URI, or the certificate is nobody's.
  package func identity(roles: [String]) throws(CertificateRefusal) -> DeviceIdentity {
    guard let uri = uris.first else { throw .noIdentity }
    guard uris.count == 1 else { throw .severalIdentities(uris.count) }
    do throws(DeviceIdentityFault) { return try DeviceIdentity(uri: uri, roles: roles) } catch { throw .identity(error) }
  }
}

/// Whether the holder of a certificate may call at a listener, and in which role.
package struct CertificateAdmission: Sendable {
  /// The CLUES of the clinic that the server is of.
  package let clinic: String
  /// The words of the method table, each with its bit.
  package let roles: [(name: String, role: RoleSet)]
  /// The roles that the listener lets in.
  package let admitted: RoleSet

  package init(clinic: String, roles: [(name: String, role: RoleSet)], admitted: RoleSet) {
    self.clinic = clinic
    self.roles = roles
    self.admitted = admitted
  }

  /// Judges a certificate whose chain leads to the trust root.
  ///
  /// The time is judged here too: TLS resumes a session for two days without looking at the certificate again.
  ///
  /// - Parameter now: seconds since 1970.
  /// - Throws: the first refusal that applies, in the order of ``CertificateRefusal``.
  package func judge(
    _ certificate: PeerCertificate, denied: DenyList, at now: Int64
  ) throws(CertificateRefusal) -> (identity: DeviceIdentity, role: RoleSet) {
    guard !denied.contains(certificate.serial) else { throw .denied }
    guard now >= certificate.notBefore else { throw .notYetValid }
    guard now <= certificate.notAfter else { throw .expired }
    let identity = try certificate.identity(roles: roles.map(\.name))
    guard identity.clinic == clinic else { throw .otherClinic(identity.clinic) }
    guard let role = roles.first(where: { $0.name == identity.role })?.role, admitted.isSuperset(of: role) else {
      throw .roleNotAdmitted(identity.role)
    }
    return (identity, role)
  }
}

/// Why a certificate that its authority stands for is not let in. Cases stand in the order they are checked.
package enum CertificateRefusal: Error, Hashable, Sendable {
  /// Its serial is on the deny-list.
  case denied
  case notYetValid
  case expired
  /// It names no URI.
  case noIdentity
  case severalIdentities(Int)
  case identity(DeviceIdentityFault)
  /// It is of another clinic: its CLUES.
  case otherClinic(String)
  /// The listener does not let that role in; nor does any let in ``DeviceIdentity/serverRole``.
  case roleNotAdmitted(String)
}

extension CertificateRefusal {
  /// The reason in the words of the wire; it says nothing that the holder's own certificate does not.
  package var reason: String {
    switch self {
    case .denied: "its serial is denied"
    case .notYetValid: "it is not valid yet"
    case .expired: "it has expired"
    case .noIdentity: "it names no spiffe URI"
    case .severalIdentities(let count): "it names \(count) URIs, and one is an identity"
    case .identity(.notSPIFFE): "its URI is no spiffe URI"
    case .identity(.foreignTrustDomain): "its trust domain is not \(DeviceIdentity.trustDomain)"
    case .identity(.wrongPath): "its path is not /umf/clinic/role/device"
    case .identity(.malformedClinic): "its clinic is no CLUES"
    case .identity(.unknownRole): "its role is unknown"
    case .identity(.malformedDevice): "its device is not named with a-z, 0-9 and hyphens"
    case .otherClinic: "it is of another clinic"
    case .roleNotAdmitted(let role): "this address does not admit role \(role)"
    }
  }
}
