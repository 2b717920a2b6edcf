internal import NIOCore
internal import Synchronization
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
  private let outbox = Mutex(Outbox())
  private let limits: TTRPCLimits
  private let room: StreamRoom
  /// How the handler ended, while messages of its still wait.
  var outcome: Result<StreamEnd, RPCError>?
  /// Whether it has something to send in the loop's next turn.
  var awaitsTurn = false

  /// What the handler has sent and the connection has not written.
  private struct Outbox {
    var messages = CircularBuffer<[UInt8]>()
    var bytes = 0
    /// Whether the connection knows of them.
    var isOrdered = false
    var waiter: Waiter?
    /// At how many bytes the waiter goes on.
    var wakesAt = 0
    var fault: RPCError?
    var charge = QueueCharge()
  }

  /// - Parameter hasCredit: whether the client is told what the handler has consumed.
  init(_ number: UInt32, _ method: MethodDescriptor, of handler: ServerConnectionHandler, hasCredit: Bool) {
    self.number = number
    self.method = method
    eventLoop = handler.loop.eventLoop
    connection = NIOLoopBound(handler, eventLoop: eventLoop)
    orders = handler.loop.orders
    limits = handler.loop.limits
    room = handler.streamRoom
    inbox = StreamInbox(
      maxBytes: handler.loop.limits.maxBytesQueuedPerStream, room: room, giveBack: hasCredit ? reportConsumed() : nil)
  }

  /// Takes the room that the stream needs with its first message, if it has one; says why when there is none, and then the stream must end.
  func open(with first: [UInt8]?) -> ConnectionRefusal? {
    inbox.open() ?? outbox.withLock { room.grow(&$0.charge, to: 0) } ?? first.flatMap { inbox.deliver($0, isFree: true) }
  }

  private func reportConsumed() -> @Sendable (UInt32) -> Void {
    { [weak self] bytes in
      guard let self else { return }
      orders.post(.giveBack(self, bytes))
    }
  }

  // MARK: For the handler, on any thread

  func next() async throws(RPCError) -> [UInt8]? { try await inbox.next().get() }

  /// Keeps the message for the connection, and waits only when it keeps too much.
  func send(_ message: [UInt8]) async throws(RPCError) {
    guard message.count <= limits.maxFrameLength else { throw .messageTooLong(message.count, maximum: limits.maxFrameLength) }
    let (step, isFirst) = outbox.withLock { outbox in
      if let fault = outbox.fault { return (Result<Bool, RPCError>.failure(fault), false) }
      let bytes = outbox.bytes + WireExtensions.cost(ofMessage: message.count)
      if let refusal = room.grow(&outbox.charge, to: bytes) {
        outbox.fault = RPCError(refusal)
        orders.post(.noRoom(self, refusal))
        return (.failure(RPCError(refusal)), false)
      }
      outbox.messages.append(message)
      outbox.bytes = bytes
      defer { outbox.isOrdered = true }
      return (.success(bytes > limits.maxBytesUnsentPerStream), !outbox.isOrdered)
    }
    if isFirst { order() }
    // At half, so that a handler wakes for many messages and not for each.
    if try step.get() { try await wait(untilAtMost: limits.maxBytesUnsentPerStream / 2).get() }
  }

  func sent() async throws(RPCError) { try await wait(untilAtMost: 0).get() }

  /// Written here when the handler still runs on the loop, in the read that started it.
  private func order() {
    if eventLoop.inEventLoop, connection.value.isBurstShort { connection.value.sendWaiting(of: self) } else { orders.post(.send(self)) }
  }

  private func wait(untilAtMost bytes: Int) async -> Result<Void, RPCError> {
    await withUnsafeContinuation { waiter in
      let outcome = outbox.withLock { outbox -> Result<Void, RPCError>? in
        if let fault = outbox.fault { return .failure(fault) }
        if outbox.bytes <= bytes { return .success(()) }
        precondition(outbox.waiter == nil, "one task writes a stream")
        (outbox.waiter, outbox.wakesAt) = (waiter, bytes)
        return nil
      }
      if let outcome { waiter.resume(returning: outcome) }
    }
  }

  /// The handler has returned.
  func ended(_ outcome: Result<StreamEnd, RPCError>) {
    if eventLoop.inEventLoop { connection.value.ended(self, outcome) } else { orders.post(.ended(self, outcome)) }
  }

  // MARK: For the connection, on its loop

  /// Takes the next message to be written; `nil` when there is none, and the next one will be ordered again.
  func takeUnsent() -> [UInt8]? {
    let (message, waiter) = outbox.withLock { outbox -> ([UInt8]?, Waiter?) in
      guard let message = outbox.messages.popFirst() else {
        outbox.isOrdered = false
        return (nil, nil)
      }
      outbox.bytes -= WireExtensions.cost(ofMessage: message.count)
      room.shrink(&outbox.charge, to: outbox.bytes)
      return (message, outbox.bytes <= outbox.wakesAt ? outbox.waiter.take() : nil)
    }
    waiter?.resume(returning: .success(()))
    return message
  }

  var hasUnsent: Bool { outbox.withLock { !$0.messages.isEmpty } }

  /// The call has had its last frame, or nobody is there to read it: the handler is told why, wherever it waits.
  func end(_ reason: RPCError) {
    inbox.abort(reason)
    let waiter = outbox.withLock { outbox in
      (outbox.messages, outbox.bytes, outbox.fault) = (CircularBuffer(), 0, reason)
      room.release(&outbox.charge)
      return outbox.waiter.take()
    }
    waiter?.resume(returning: .failure(reason))
  }
}
