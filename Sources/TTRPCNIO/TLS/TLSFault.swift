package import TTRPCCore

/// What each file of a TLS side is for.
package enum TLSFile: Hashable, Sendable, CaseIterable {
  /// The own certificate, the leaf first and then what is between it and the root; PEM.
  case certificate
  /// The own certificate's private key; PEM, without passphrase.
  case key
  /// The root that the other side's certificate must lead to, or several while one replaces another; PEM, self-signed.
  case trustRoot
  case denyList
}

/// What is wrong with a file of a TLS side.
package enum TLSFault: Error, Hashable, Sendable {
  /// The system's reason.
  case unreadable(TLSFile, reason: String)
  /// No certificate in PEM, or no key.
  case notPEM(TLSFile)
  /// Others than owner and group may read the key, or others than the owner may change it.
  case keyOpenToOthers(mode: UInt16)
  case keyOfAnotherCertificate
  /// Seconds since 1970.
  case expired(TLSFile, since: Int64)
  case notYetValid(TLSFile, until: Int64)
  /// The own certificate is good and does not say that this is the clinic's server (or, at a client, one of its devices).
  case identity(CertificateRefusal)
  case denyList(line: Int)
  /// The library takes the parts and not the whole.
  case refused(reason: String)

  package var file: TLSFile {
    switch self {
    case .unreadable(let file, _), .notPEM(let file), .expired(let file, _), .notYetValid(let file, _): file
    case .keyOpenToOthers, .keyOfAnotherCertificate: .key
    case .identity, .refused: .certificate
    case .denyList: .denyList
    }
  }
}

/// Everything that keeps a TLS side from being used, in the order of its files; never empty.
package struct TLSFaults: Error, Hashable, Sendable {
  package let faults: [TLSFault]
}
