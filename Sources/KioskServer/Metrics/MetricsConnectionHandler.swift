internal import NIOCore
internal import NIOHTTP1

/// One connection to the page: judges the head of its first request, answers it, and closes.
final class MetricsConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let open: MetricsEndpoint.OpenConnections
  private let page: @Sendable () async -> String
  private var isAnswered = false
  private var end: Scheduled<Void>?

  init(open: MetricsEndpoint.OpenConnections, page: @escaping @Sendable () async -> String) {
    self.open = open
    self.page = page
  }

  /// What a connection to the page has between it and its socket.
  static func addHandlers(
    to channel: any Channel, open: MetricsEndpoint.OpenConnections, page: @escaping @Sendable () async -> String
  ) throws {
    try channel.pipeline.syncOperations.addHandlers([
      RequestBound(), HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder()),
      MetricsConnectionHandler(open: open, page: page),
    ])
  }

  func handlerAdded(context: ChannelHandlerContext) {
    guard open.add() else { return context.close(promise: nil) }
    let channel = context.channel
    end = context.eventLoop.scheduleTask(in: MetricsEndpoint.connectionTime) { channel.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    end?.cancel()
    open.remove()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case is RequestBound.TooLong: refuse(.tooLong, on: context.channel)
    case is HTTPParserError: refuse(.notHTTP, on: context.channel)
    default: context.close(promise: nil)
    }
  }

  private func refuse(_ refusal: HTTPAnswer, on channel: any Channel) {
    // The end of a connection ends its request in the middle, which the decoder calls a mistake.
    if isAnswered || !channel.isActive { return }
    isAnswered = true
    Self.send(refusal, on: channel)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = Self.unwrapInboundIn(data), !isAnswered else { return }
    isAnswered = true
    if let refusal = HTTPAnswer.refusal(of: head) { return Self.send(refusal, on: context.channel, withBody: head.method != .HEAD) }
    let channel = context.channel
    Task { [page] in MetricsConnectionHandler.send(.ok(await page()), on: channel) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Who has said all and not asked for anything will not be answered.
    if case ChannelEvent.inputClosed = event, !isAnswered { context.close(promise: nil) }
  }

  private static func send(_ answer: HTTPAnswer, on channel: any Channel, withBody: Bool = true) {
    channel.write(HTTPServerResponsePart.head(answer.head), promise: nil)
    if withBody { channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: answer.body))), promise: nil) }
    channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in channel.close(promise: nil) }
  }
}

/// Ends a request that is too long before anything reads it.
final class RequestBound: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  struct TooLong: Error {}

  private var bytes = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += Self.unwrapInboundIn(data).readableBytes
    guard bytes < MetricsEndpoint.maxRequestBytes else { return context.fireErrorCaught(TooLong()) }
    context.fireChannelRead(data)
  }
}
