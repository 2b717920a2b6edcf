internal import NIOCore
internal import NIOPosix
package import TTRPCCore

extension TTRPCClientConnection {
  /// A connection whose TCP part stands and whose server has still to show who it is.
  private struct Opening: Sendable {
    let channel: any Channel
    let handler: NIOLoopBound<ClientConnectionHandler>
    let status: ClientConnectionStatus
    let verified: EventLoopFuture<Void>
  }

  /// Connects by TLS; `timeout` is that of the connection and once more that of the handshake.
  static func connect(
    host: String, port: Int, tls: ClientTLS, bootstrap: ClientBootstrap, timeout: Duration, limits: TTRPCLimits
  ) async throws -> TTRPCClientConnection {
    // The bootstrap's own initializer would run before this one.
    let bare = setUpTCP(bootstrap).channelInitializer { $0.eventLoop.makeSucceededVoidFuture() }
    let opening = try await bare.connect(host: host, port: port) { channel in
      channel.eventLoop.makeCompletedFuture {
        let connection = ClientConnectionHandler(eventLoop: channel.eventLoop, limits: limits)
        let verified = channel.eventLoop.makePromise(of: Void.self)
        let handler = try tls.makeHandler()
        let gate = TLSClientGate(tls, handler, connection, verified: verified, timeout: timeout)
        try channel.pipeline.syncOperations.addHandlers([handler, gate, connection])
        return Opening(
          channel: channel, handler: NIOLoopBound(connection, eventLoop: channel.eventLoop), status: connection.status,
          verified: verified.futureResult)
      }
    }
    do {
      try await opening.verified.get()
    } catch {
      try? await opening.channel.close()
      throw error
    }
    return TTRPCClientConnection(
      address: .tcp(host: host, port: port), channel: opening.channel, handler: opening.handler, status: opening.status,
      limits: limits)
  }
}
