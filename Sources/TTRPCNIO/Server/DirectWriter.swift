internal import Glibc
internal import NIOCore

/// A connection's socket, for replies that the system takes at once.
///
/// NIO keeps what is to be written in a list, for sockets that are full. Hardly any is, and the way through that list costs a twentieth of a
/// call (`kiosk-dev bench rpc`, 64 × 1). So bytes are offered to the socket first. What it does not take goes to NIO, and so does all that
/// follows until NIO has nothing left of this connection: the order stays, and errors are NIO's to find.
///
/// Used on the channel's loop only.
final class DirectWriter {
  /// The channel's own; valid while the channel is active.
  private let socket: CInt
  /// Writes that NIO has taken and not finished.
  @exclusivity(unchecked) private var waiting = 0

  /// - Returns: `nil` for a channel without a socket.
  init?(_ channel: any Channel) {
    guard let socket = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: CInt.self, { $0 }) else { return nil }
    self.socket = socket
  }

  /// Writes the bytes to the socket, or as many as it takes, and has the handler's context write the rest.
  func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    var rest = bytes
    // An inactive channel has no socket: its number may be somebody else's by now.
    if waiting == 0, context.channel.isActive {
      let taken = bytes.withUnsafeReadableBytes { send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
      if taken == bytes.readableBytes { return }
      if taken > 0 { rest.moveReaderIndex(forwardBy: taken) }
    }
    waiting += 1
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { [self] _ in waiting -= 1 }
    context.writeAndFlush(ServerConnectionHandler.wrapOutboundOut(rest), promise: written)
  }
}
