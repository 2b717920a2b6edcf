internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import TTRPCCore

/// Stands between TLS and a connection until the peer has shown who it is; not one byte passes before, and then it is gone.
///
/// A chain, a date or a protocol that is wrong ends the handshake itself. Who the certificate names is judged at its end, before the
/// first record of data is opened: the library offers no place inside it that would not replace its own verification of the chain.
final class TLSServerGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let tls: ServerTLS
  private let handler: NIOSSLServerHandler
  private let connection: ServerConnectionHandler
  private var deadline: Scheduled<Void>?
  private var isOver = false

  init(_ tls: ServerTLS, _ handler: NIOSSLServerHandler, _ connection: ServerConnectionHandler) {
    self.tls = tls
    self.handler = handler
    self.connection = connection
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let limit = connection.loop.limits.handshakeDeadline
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) { [weak self] in
      self?.isTooSlow(context)
    }
  }

  private func isTooSlow(_ context: ChannelHandlerContext) {
    guard !isOver else { return }
    connection.loop.reached(.handshakeDeadline)
    fail(.tooSlow, context)
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  func channelReadComplete(context: ChannelHandlerContext) {}

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case TLSUserEvent.handshakeCompleted = event, !isOver else {
      return context.fireUserInboundEventTriggered(event)
    }
    // Verification is on and no certificate is not an option: the library has failed the handshake without one.
    guard let certificate = handler.peerCertificate.map(PeerCertificate.init) else { return fail(.noCertificate, context) }
    isOver = true
    deadline?.cancel()
    do throws(CertificateRefusal) {
      let (caller, role) = try tls.judge(certificate)
      connection.admit(caller, as: role)
    } catch {
      tell(.certificate(error), certificate, context)
      // A device of our authority is told why, also when its first call does not come at once.
      connection.turnAway(.certificateRefused(error), within: connection.loop.limits.handshakeDeadline)
    }
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let certificate = handler.peerCertificate.map(PeerCertificate.init)
    fail(HandshakeFailure(error, certificate: certificate, at: tls.time), context)
  }

  private func fail(_ failure: HandshakeFailure, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    tell(.handshake(failure), handler.peerCertificate.map(PeerCertificate.init), context)
    context.close(promise: nil)
  }

  private func tell(_ reason: TLSRefusal.Reason, _ certificate: PeerCertificate?, _ context: ChannelHandlerContext) {
    connection.loop.refused(
      TLSRefusal(
        reason: reason, address: context.channel.remoteAddress?.ipAddress, serial: certificate?.serial, uris: certificate?.uris ?? []), by: tls)
  }
}
