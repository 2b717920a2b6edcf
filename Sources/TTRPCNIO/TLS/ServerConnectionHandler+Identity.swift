internal import NIOCore
internal import TTRPCCore

/// Who is at the other end of a connection, once that is known.
extension ServerConnectionHandler {
  /// The peer's certificate has been judged: calls may come. Before it the connection's role is none.
  func admit(_ certificate: CallerCertificate, as role: RoleSet) {
    caller = Caller(role: role, connectionID: caller.connectionID, proof: .certificate(certificate))
  }

  /// The process at the other end of a Unix socket, before anything is read.
  func admit(_ process: UnixPeer, as role: RoleSet) {
    caller = Caller(role: role, connectionID: caller.connectionID, proof: .process(process))
  }

  /// The process at the other end is of a user who may not call here; its first request is told so.
  func turnAway(user: UInt32) {
    let refusal = ConnectionRefusal.userNotListed(user)
    loop.counters.usersRefused += 1
    loop.observer?.callerRefused(caller, refusal)
    turnAway(refusal)
  }

  /// Where the peer of a listener without TLS calls from.
  func admit(from address: String) {
    caller = Caller(role: caller.role, connectionID: caller.connectionID, proof: .address(address))
  }

  /// Whether the peer still has to show who it is: nothing has been said yet, and nothing is owed.
  var isStranger: Bool { tls != nil && caller.certificate == nil }

  /// Ends the connection of a caller whose certificate is denied or over, with what it has in flight.
  ///
  /// What the peer sends until it notices is thrown away, not served.
  func endIfDenied(by tls: ServerTLS) {
    guard self.tls === tls, let certificate = caller.certificate else { return }
    guard let refusal = tls.ending(of: certificate) else { return tls.note(end: certificate.validUntil) }
    loop.refused(
      TLSRefusal(
        reason: .ended(refusal), address: context?.channel.remoteAddress?.ipAddress, serial: certificate.serial,
        uris: [certificate.identity.description]), by: tls)
    machine.connectionLost()
    cancelRunning()
    abort()
  }
}
