package import NIOCore
internal import NIOPosix
internal import Synchronization

/// A socket before another one: what the server answers comes later, or stops at a request that is waited for.
package final class SlowSocket: Sendable {
  /// Where the connection stands still, from the first request with that method on: nothing more passes on it, in that direction.
  package enum Stop: Hashable, Sendable {
    /// The server never hears it.
    case beforeRequest(method: String)
    /// The server does it, and nobody hears the answer.
    case beforeReply(method: String)
  }

  fileprivate struct State {
    var stopped = 0
    var fronts: [any Channel] = []
  }

  fileprivate let state = Mutex(State())
  private let listener: any Channel

  /// How many connections have come to the request.
  package var stopped: Int { state.withLock(\.stopped) }

  private init(_ listener: any Channel) { self.listener = listener }

  /// - Parameter delay: of every answer.
  package static func start(
    at path: String, before target: String, delay: Duration = .zero, stop: Stop? = nil,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> SlowSocket {
    let box = NIOLockedBox()
    let listener = try await ServerBootstrap(group: group)
      // Nothing is read before the other connection is there.
      .childChannelInitializer { front in
        ClientBootstrap(group: front.eventLoop)
          .connect(unixDomainSocketPath: target)
          .flatMapThrowing { back in
            let pair = Pair(delay: .nanoseconds(Int64(delay / .nanoseconds(1))), stop: stop) { box.value?.state.withLock { $0.stopped += 1 } }
            try front.pipeline.syncOperations.addHandler(Front(back, pair))
            try back.pipeline.syncOperations.addHandler(Back(front, pair))
            box.value?.state.withLock { $0.fronts.append(front) }
          }
      }
      .bind(unixDomainSocketPath: path).get()
    let socket = SlowSocket(listener)
    box.value = socket
    return socket
  }

  /// Takes no more connections, and ends those that are.
  package func close() async {
    try? await listener.close().get()
    for front in state.withLock({ $0.fronts }) { try? await front.close().get() }
  }
}

private final class NIOLockedBox: Sendable {
  private let box = Mutex<SlowSocket?>(nil)
  var value: SlowSocket? {
    get { box.withLock { $0 } }
    set { box.withLock { $0 = newValue } }
  }
}

/// Both ways of one connection, on one event loop.
private final class Pair {
  let delay: TimeAmount
  let stop: SlowSocket.Stop?
  let onStop: () -> Void
  var isStopped = false

  init(delay: TimeAmount, stop: SlowSocket.Stop?, onStop: @escaping () -> Void) {
    (self.delay, self.stop, self.onStop) = (delay, stop, onStop)
  }

  /// Whether a request passes.
  func asks(_ bytes: ByteBuffer) -> Bool {
    guard let stop else { return true }
    switch stop {
    case .beforeRequest(let method):
      if !isStopped, bytes.names(method) { stopNow() }
      return !isStopped
    case .beforeReply(let method):
      if !isStopped, bytes.names(method) { stopNow() }
      return true
    }
  }

  /// Whether an answer passes.
  var answers: Bool {
    if case .beforeReply? = stop { !isStopped } else { true }
  }

  private func stopNow() {
    isStopped = true
    onStop()
  }
}

extension ByteBuffer {
  /// A ttrpc request names its method in field 2, in clear.
  fileprivate func names(_ method: String) -> Bool {
    let wanted: [UInt8] = [0x12, UInt8(method.utf8.count)] + Array(method.utf8)
    let bytes = Array(readableBytesView)
    guard bytes.count >= wanted.count else { return false }
    return (0...bytes.count - wanted.count).contains { bytes[$0...].starts(with: wanted) }
  }
}

private final class Front: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let back: any Channel
  private let pair: Pair

  init(_ back: any Channel, _ pair: Pair) { (self.back, self.pair) = (back, pair) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = Self.unwrapInboundIn(data)
    if pair.asks(bytes) { back.writeAndFlush(bytes, promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) { back.close(promise: nil) }
}

private final class Back: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let front: any Channel
  private let pair: Pair

  init(_ front: any Channel, _ pair: Pair) { (self.front, self.pair) = (front, pair) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = Self.unwrapInboundIn(data)
    later(context) { if self.pair.answers { self.front.writeAndFlush(bytes, promise: nil) } }
  }

  func channelInactive(context: ChannelHandlerContext) { later(context) { self.front.close(promise: nil) } }

  private func later(_ context: ChannelHandlerContext, _ body: @escaping () -> Void) {
    if pair.delay == .zero { body() } else { context.eventLoop.assumeIsolated().scheduleTask(in: pair.delay, body) }
  }
}
