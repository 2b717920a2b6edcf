internal import NIOSSL
package import TTRPCCore

/// The TLS side of a client: its certificate, and which servers it speaks to.
///
/// A server is known by the URI of its certificate, `spiffe://imss/umf/<clinic>/server/<name>`, and must be of the client's own clinic:
/// a clinic's addresses change with its router, and a name on a LAN is whatever the LAN says. No other certificate of the same authority
/// can pose as the server, for none has that role. Nothing of a call is sent before the server has shown this.
package struct ClientTLS: Sendable {
  /// Who the own certificate says this client is.
  package let identity: DeviceIdentity
  private let roles: [String]
  private let context: NIOSSLContext

  /// Reads the files; a deny-list is a server's affair.
  ///
  /// - Parameter roles: the words of the method table.
  /// - Throws: every fault of the files.
  package init(files: TLSFiles, roles: [String], now: Int64? = nil) throws(TLSFaults) {
    let material = try TLSMaterial(TLSFileContents(reading: files), at: now ?? CalendarTime.now) { certificate throws(CertificateRefusal) in
      try certificate.identity(roles: roles)
    }
    identity = material.identity
    context = try material.context()
    self.roles = roles
  }

  /// The handler that a new connection begins with.
  func makeHandler() throws -> NIOSSLClientHandler { try NIOSSLClientHandler(context: context, serverHostname: nil) }

  /// Whether the holder of a verified certificate is this clinic's server.
  func judge(server certificate: PeerCertificate) throws(ServerRefusal) {
    let identity: DeviceIdentity
    do throws(CertificateRefusal) { identity = try certificate.identity(roles: roles) } catch { throw .certificate(error) }
    guard identity.role == DeviceIdentity.serverRole else { throw .notAServer(role: identity.role) }
    guard identity.clinic == self.identity.clinic else { throw .otherClinic(identity.clinic) }
  }
}

/// Why a client does not speak to what answers. Cases stand in the order they are checked.
package enum ServerRefusal: Error, Hashable, Sendable {
  case handshake(HandshakeFailure)
  /// Its certificate bears no identity.
  case certificate(CertificateRefusal)
  /// Its certificate is a caller's.
  case notAServer(role: String)
  case otherClinic(String)

  package var reason: String {
    switch self {
    case .handshake(.noCertificate): "the server has shown no certificate"
    case .handshake(.expired): "the server's certificate is not valid at this time"
    case .handshake(.untrusted): "the server's certificate does not lead to the trust root"
    case .handshake(.oldProtocol): "the server speaks no TLS 1.3"
    case .handshake(.notTLS): "the server speaks no TLS at this address"
    case .handshake(.refusedByPeer(let alert)): "the server refuses this client's certificate: \(alert)"
    case .handshake(.gone): "the server ended the connection during the TLS handshake"
    case .handshake(.tooSlow): "the TLS handshake took too long"
    case .handshake(.other(let words)): words
    case .certificate(let refusal): "the server's certificate is not a server's: \(refusal.reason)"
    case .notAServer(let role): "the certificate of what answers is that of a \(role), not of a server"
    case .otherClinic: "the server is another clinic's"
    }
  }
}
