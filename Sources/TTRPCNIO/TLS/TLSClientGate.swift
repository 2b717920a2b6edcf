internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import TTRPCCore

/// Stands between TLS and a client's connection: says when the server has shown who it is, and why the server ends what it ends.
///
/// In TLS 1.3 a server judges the client's certificate after the client has finished: its alert comes when calls may be in flight.
final class TLSClientGate: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let tls: ClientTLS
  private let handler: NIOSSLClientHandler
  private let connection: ClientConnectionHandler
  private let verified: EventLoopPromise<Void>
  private let timeout: Duration
  private var deadline: Scheduled<Void>?
  private var isOpen = false
  private var isOver = false

  /// - Parameters:
  ///   - verified: succeeds when calls may be made; fails with ``ServerRefusal``.
  ///   - timeout: of the handshake.
  init(
    _ tls: ClientTLS, _ handler: NIOSSLClientHandler, _ connection: ClientConnectionHandler, verified: EventLoopPromise<Void>,
    timeout: Duration
  ) {
    self.tls = tls
    self.handler = handler
    self.connection = connection
    self.verified = verified
    self.timeout = timeout
  }

  func channelActive(context: ChannelHandlerContext) {
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [weak self] in
      self?.fail(.handshake(.tooSlow), context)
    }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isOpen { context.fireChannelRead(data) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case TLSUserEvent.handshakeCompleted = event, !isOver else {
      return context.fireUserInboundEventTriggered(event)
    }
    guard let certificate = handler.peerCertificate else { return fail(.handshake(.noCertificate), context) }
    do throws(ServerRefusal) { try tls.judge(server: PeerCertificate(certificate)) } catch { return fail(error, context) }
    isOpen = true
    deadline?.cancel()
    verified.succeed()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let failure = HandshakeFailure(error, certificate: handler.peerCertificate.map(PeerCertificate.init), at: CalendarTime.now)
    if isOpen, case .refusedByPeer = failure {
      connection.ending = RPCError(.permissionDenied, ServerRefusal.handshake(failure).reason)
    }
    guard isOpen else { return fail(.handshake(failure), context) }
    context.fireErrorCaught(error)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    deadline?.cancel()
    if !isOver, !isOpen { verified.fail(ServerRefusal.handshake(.gone)) }
  }

  private func fail(_ refusal: ServerRefusal, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    deadline?.cancel()
    verified.fail(refusal)
    context.close(promise: nil)
  }
}
