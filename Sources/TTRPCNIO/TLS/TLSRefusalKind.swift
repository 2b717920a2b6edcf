internal import TTRPCCore

/// What a ``TLSRefusal`` is counted as: one word for each reason, and nothing that came over the wire.
package enum TLSRefusalKind: String, CaseIterable, Hashable, Sendable {
  // The handshake came to nothing.
  case noCertificate, untrusted, oldProtocol, notTLS, refusedByPeer, gone, tooSlow, other
  // The certificate is of our authority and not let in.
  case denied, notYetValid, noIdentity, malformedIdentity, unknownRole, otherClinic, roleNotAdmitted
  // In the handshake or judged after it: TLS resumes a session without looking at the date again.
  case expired
  // Let in once.
  case deniedLater, expiredLater
}

extension TLSRefusal.Reason {
  package var kind: TLSRefusalKind {
    switch self {
    case .handshake(let failure): failure.kind
    case .certificate(let refusal): refusal.kind
    case .ended(.expired): .expiredLater
    case .ended: .deniedLater
    }
  }
}

extension HandshakeFailure {
  fileprivate var kind: TLSRefusalKind {
    switch self {
    case .noCertificate: .noCertificate
    case .expired: .expired
    case .untrusted: .untrusted
    case .oldProtocol: .oldProtocol
    case .notTLS: .notTLS
    case .refusedByPeer: .refusedByPeer
    case .gone: .gone
    case .tooSlow: .tooSlow
    case .other: .other
    }
  }
}

extension CertificateRefusal {
  fileprivate var kind: TLSRefusalKind {
    switch self {
    case .denied: .denied
    case .notYetValid: .notYetValid
    case .expired: .expired
    case .noIdentity: .noIdentity
    case .severalIdentities: .malformedIdentity
    case .identity(.unknownRole): .unknownRole
    case .identity: .malformedIdentity
    case .otherClinic: .otherClinic
    case .roleNotAdmitted: .roleNotAdmitted
    }
  }
}
