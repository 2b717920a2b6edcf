internal import NIOCore

/// One connection to the page: collects a request's head, answers it, and closes.
final class MetricsConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let open: MetricsEndpoint.OpenConnections
  private let page: @Sendable () async -> String
  private var request = ByteBuffer()
  private var isAnswered = false
  private var end: Scheduled<Void>?

  init(open: MetricsEndpoint.OpenConnections, page: @escaping @Sendable () async -> String) {
    self.open = open
    self.page = page
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

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isAnswered { return }
    var bytes = Self.unwrapInboundIn(data)
    request.writeBuffer(&bytes)
    guard let answer = HTTPAnswer.to(request.readableBytesView) else { return }
    isAnswered = true
    request = ByteBuffer()
    switch answer {
    case .page: sendPage(on: context.channel)
    case .refusal(let refusal): Self.send(refusal, on: context.channel)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Who has said all and not asked for anything will not be answered.
    if case ChannelEvent.inputClosed = event, !isAnswered { context.close(promise: nil) }
  }

  private func sendPage(on channel: any Channel) {
    Task { [page] in
      let answer = HTTPAnswer.ok(await page())
      MetricsConnectionHandler.send(answer, on: channel)
    }
  }

  private static func send(_ text: String, on channel: any Channel) {
    channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
  }
}

/// What a request for the page is answered with.
enum HTTPAnswer: Equatable {
  case page
  /// A whole response that says no.
  case refusal(String)

  /// Decides once the head of the request is complete, or is too long; `nil` while there is more to come.
  ///
  /// Refuses in this order: 431 for a head over ``MetricsEndpoint/maxRequestBytes``, 400 for a first line that is none of HTTP/1,
  /// 404 for another path, 405 for another method.
  static func to(_ request: some Collection<UInt8>) -> HTTPAnswer? {
    let text = String(decoding: request.prefix(MetricsEndpoint.maxRequestBytes), as: UTF8.self)
    guard text.contains("\r\n\r\n") || text.contains("\n\n") else {
      guard request.count >= MetricsEndpoint.maxRequestBytes else { return nil }
      return .refusal(response("431 Request Header Fields Too Large", "the request is longer than \(MetricsEndpoint.maxRequestBytes) bytes\n"))
    }
    let words = text.prefix { !$0.isNewline }.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return .refusal(response("400 Bad Request", "this is not HTTP/1\n")) }
    guard words[1].prefix(while: { $0 != "?" }) == "/metrics" else {
      return .refusal(response("404 Not Found", "there is only /metrics\n"))
    }
    guard words[0] == "GET" else { return .refusal(response("405 Method Not Allowed", "only GET\n", more: "Allow: GET\r\n")) }
    return .page
  }

  static func ok(_ page: String) -> String { response("200 OK", page, type: PrometheusText.contentType) }

  private static func response(_ status: String, _ body: String, type: String = "text/plain; charset=utf-8", more: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(more)Connection: close\r\n\r\n\(body)"
  }
}
