/// Who is at the other end of a connection, as far as the connection itself has shown it.
///
/// One object for each connection: a call refers to it and copies nothing.
package final class Caller: Sendable {
  /// What the caller may do: the listener's role, the system user's, or the certificate's. Never the message's. Exactly one bit;
  /// none as long as a certificate has not been judged, so that nothing is allowed.
  package let role: RoleSet
  /// A number for the connection, unique in the process; good for logs, says nothing about the person.
  package let connectionID: UInt64
  package let proof: CallerProof

  package init(role: RoleSet, connectionID: UInt64, proof: CallerProof = .none) {
    self.role = role
    self.connectionID = connectionID
    self.proof = proof
  }

  /// The device that the caller's certificate names.
  package var device: DeviceIdentity? { certificate?.identity }

  package var certificate: CallerCertificate? {
    if case .certificate(let certificate) = proof { certificate } else { nil }
  }

  /// Where an unproven caller calls from, over TCP.
  package var address: String? {
    if case .address(let address) = proof { address } else { nil }
  }

  /// The process at the other end of a Unix socket, as it was when it connected.
  package var process: UnixPeer? {
    if case .process(let process) = proof { process } else { nil }
  }
}

/// By what a caller has shown who it is.
package enum CallerProof: Hashable, Sendable {
  /// It has reached the listener.
  case none
  /// It has reached a TCP listener from this address.
  case address(String)
  case process(UnixPeer)
  case certificate(CallerCertificate)
}

/// The certificate that a connection was made with.
package struct CallerCertificate: Hashable, Sendable {
  package let identity: DeviceIdentity
  package let serial: CertificateSerial
  /// Its last second, counted from 1970.
  package let validUntil: Int64

  package init(identity: DeviceIdentity, serial: CertificateSerial, validUntil: Int64) {
    self.identity = identity
    self.serial = serial
    self.validUntil = validUntil
  }
}

/// What the kernel knows of the process at the other end of a Unix socket.
package struct UnixPeer: Hashable, Sendable {
  package let process: Int32
  package let user: UInt32
  package let group: UInt32

  package init(process: Int32, user: UInt32, group: UInt32) {
    self.process = process
    self.user = user
    self.group = group
  }
}
