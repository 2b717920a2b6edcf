internal import NIOSSL
package import TTRPCCore

/// A connection to a TLS listener that was not let in, or not any longer: what a technician is told.
package struct TLSRefusal: Hashable, Sendable {
  /// Why, in the order of what a connection goes through.
  package enum Reason: Hashable, Sendable {
    case handshake(HandshakeFailure)
    /// The certificate is of our authority and not for this listener.
    case certificate(CertificateRefusal)
    /// It was let in once; its certificate is denied or over now.
    case ended(CertificateRefusal)
  }

  package let reason: Reason
  /// The peer's IP address.
  package let address: String?
  /// Of the certificate that it has shown, if it got so far; not verified when the handshake failed.
  package let serial: CertificateSerial?
  /// The URIs of that certificate, to be shown as its claim; not verified either.
  package let uris: [String]

  package init(reason: Reason, address: String?, serial: CertificateSerial?, uris: [String] = []) {
    self.reason = reason
    self.address = address
    self.serial = serial
    self.uris = uris
  }
}

/// Why a handshake came to nothing.
package enum HandshakeFailure: Error, Hashable, Sendable {
  /// The peer has shown no certificate.
  case noCertificate
  /// Its certificate, or one between it and the root, is over; or the peer's clock or this one is wrong.
  case expired
  /// Its certificate does not lead to the trust root, or is not made for a client (at a client: for a server).
  case untrusted
  /// It speaks no TLS 1.3.
  case oldProtocol
  /// What it sends is no TLS: a client without TLS, or a scanner.
  case notTLS
  /// It does not accept the certificate of this side; the name of its alert.
  case refusedByPeer(alert: String)
  /// It went away.
  case gone
  /// It took longer than ``TTRPCLimits/handshakeDeadline``.
  case tooSlow
  /// Whatever else, in the library's words.
  case other(String)

  /// - Parameters:
  ///   - certificate: what the peer has shown, if it has.
  ///   - now: seconds since 1970.
  init(_ error: any Error, certificate: PeerCertificate?, at now: Int64) {
    switch error {
    case NIOSSLError.handshakeFailed(.sslError(let stack)), BoringSSLError.sslError(let stack):
      if stack.contains(.eofDuringHandshake) {
        self = .gone
      } else {
        self.init(words: stack.map(\.description).joined(separator: " "), certificate: certificate, at: now)
      }
    case NIOSSLError.uncleanShutdown, NIOSSLError.handshakeFailed: self = .gone
    default: self = .other("\(error)")
    }
  }

  private init(words: String, certificate: PeerCertificate?, at now: Int64) {
    func says(_ names: String...) -> Bool { names.contains { words.contains($0) } }
    if says("PEER_DID_NOT_RETURN_A_CERTIFICATE") {
      self = .noCertificate
    } else if says("CERTIFICATE_VERIFY_FAILED") {
      self = certificate.map { $0.isValid(at: now) } ?? true ? .untrusted : .expired
    } else if says("UNSUPPORTED_PROTOCOL", "NO_SUPPORTED_VERSIONS", "PROTOCOL_VERSION") {
      self = .oldProtocol
    } else if let alert = words.firstMatch(of: /_ALERT_([A-Z_]+)/) {
      self = .refusedByPeer(alert: String(alert.1).lowercased())
    } else if says("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNEXPECTED_MESSAGE", "UNEXPECTED_RECORD", "INVALID_OUTER_RECORD_TYPE",
      "RECORD_LENGTH", "ENCRYPTED_LENGTH_TOO_LONG", "DECODE_ERROR")
    {
      self = .notTLS
    } else {
      self = .other(words)
    }
  }
}
