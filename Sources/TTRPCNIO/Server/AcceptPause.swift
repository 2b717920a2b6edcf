internal import NIOCore

/// Lets a listener rest for a second when the system has no descriptor left for one more connection.
///
/// Whoever waits stays in the backlog. Without the rest the loop would fail to accept them again at once and for ever, at the cost of
/// those it serves. NIO's own `AcceptBackoffHandler` holds reads back, and after an accept that failed NIO asks for none.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private static let length = TimeAmount.seconds(1)
  private var isResting = false

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is IOError else { return context.fireErrorCaught(error) }
    guard !isResting else { return }
    isResting = true
    let channel = context.channel
    try? channel.syncOptions?.setOption(.autoRead, value: false)
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.length) { [self] in
      isResting = false
      try? channel.syncOptions?.setOption(.autoRead, value: true)
    }
  }
}
