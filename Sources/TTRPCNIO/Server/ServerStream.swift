internal import NIOCore
internal import TTRPCCore

/// One streaming call of a server's connection: what its handler reads from and writes to.
///
/// Sendable by hand: what is `var` here is touched on the connection's event loop only.
final class ServerStream: RPCServerStream, @unchecked Sendable {
  typealias Waiter = UnsafeContinuation<Result<Void, RPCError>, Never>

  let number: UInt32
  let method: MethodDescriptor
  let connection: NIOLoopBound<ServerConnectionHandler>
  private let orders: LoopMailbox<ServerLoop.Order>
  private let eventLoop: any EventLoop
  private(set) var inbox: StreamInbox!
  /// The message that waits for credit, or for the client to read.
  private var unsent: (message: [UInt8], waiter: Waiter)?

  /// - Parameter hasCredit: whether the client is told what the handler has consumed.
  init(_ number: UInt32, _ method: MethodDescriptor, of handler: ServerConnectionHandler, hasCredit: Bool) {
    self.number = number
    self.method = method
    eventLoop = handler.loop.eventLoop
    connection = NIOLoopBound(handler, eventLoop: eventLoop)
    orders = handler.loop.orders
    inbox = StreamInbox(maxBytes: handler.loop.limits.maxBytesQueuedPerStream, giveBack: hasCredit ? reportConsumed() : nil)
  }

  private func reportConsumed() -> @Sendable (UInt32) -> Void {
    { [weak self] bytes in
      guard let self else { return }
      orders.post(.giveBack(self, bytes))
    }
  }

  // MARK: For the handler, on any thread

  func next() async throws(RPCError) -> [UInt8]? { try await inbox.next().get() }

  /// Written here when the handler still runs on the loop, in the read that started it; a handler that sends on and on is moved off it.
  func send(_ message: [UInt8]) async throws(RPCError) {
    let outcome = await withUnsafeContinuation { waiter in
      if eventLoop.inEventLoop, connection.value.isBurstShort {
        connection.value.send(message, on: self, for: waiter)
      } else {
        orders.post(.send(self, message, waiter))
      }
    }
    try outcome.get()
  }

  /// The handler has returned.
  func ended(_ outcome: Result<StreamEnd, RPCError>) {
    if eventLoop.inEventLoop { connection.value.ended(self, outcome) } else { orders.post(.ended(self, outcome)) }
  }

  // MARK: For the connection, on its loop

  /// Keeps a message until it can be sent.
  func wait(_ message: [UInt8], _ waiter: Waiter) {
    precondition(unsent == nil, "one task writes a stream")
    unsent = (message, waiter)
  }

  var isWaiting: Bool { unsent != nil }

  func takeUnsent() -> (message: [UInt8], waiter: Waiter)? { unsent.take() }

  /// The call has had its last frame, or nobody is there to read it: the handler is told why, wherever it waits.
  func end(_ reason: RPCError) {
    inbox.abort(reason)
    takeUnsent()?.waiter.resume(returning: .failure(reason))
  }

  /// What a handler is told that still sends.
  var fault: RPCError {
    if case .failed(let error) = inbox.end { error } else { .connectionClosed }
  }
}
