internal import Synchronization
internal import TTRPCCore

/// One streaming call of a client, as its connection knows it.
///
/// Sendable by hand: what is `var` here is touched on the connection's event loop only.
final class ClientStreamCall: @unchecked Sendable {
  /// What a caller that opens or sends waits for.
  typealias Waiter = UnsafeContinuation<Result<Void, RPCError>, Never>

  /// What waits until the server has read more.
  struct Write {
    /// `nil`: there will be no further one.
    let message: [UInt8]?
    let waiter: Waiter?
  }

  let method: MethodDescriptor
  /// Given up when it is written.
  private(set) var request: [UInt8]?
  let metadata: Metadata
  let deadline: MonotonicTime?
  let inbox: StreamInbox
  /// The stream it travels on; `nil` before the request is written.
  var stream: UInt32? { number.value }
  private let number = StreamNumber()
  /// In the order they were asked for; empty while the channel and the server's credit take them at once.
  private(set) var writes: [Write] = []
  /// Whether it is among those that wait for the channel.
  var waitsForChannel = false
  private var opener: Waiter?

  /// - Parameter orders: takes what the reader has consumed, where the server sends on credit; the inbox then needs no bound of its own.
  init(
    _ method: MethodDescriptor, request: [UInt8]?, metadata: Metadata, deadline: MonotonicTime?, maxBytesQueued: Int,
    creditOrders orders: LoopMailbox<ClientConnectionHandler.Order>? = nil
  ) {
    self.method = method
    self.request = request
    self.metadata = metadata
    self.deadline = deadline
    guard let orders else {
      inbox = StreamInbox(maxBytes: maxBytesQueued)
      return
    }
    // The mailbox knows the handler, and that its calls.
    inbox = StreamInbox(maxBytes: .max) { [weak orders, number] amount in
      if let stream = number.value { orders?.post(.giveBack(stream: stream, amount)) }
    }
  }

  var isOver: Bool { inbox.end != nil }

  /// Whether the caller's last word waits to be written.
  var isFinishing: Bool { writes.last.map { $0.message == nil } ?? false }

  /// What a sender is told of a call that is over.
  var sendersFault: RPCError {
    if case .failed(let error) = inbox.end { error } else { .callIsOver }
  }

  func opens(for waiter: Waiter?) { opener = waiter }

  /// The request is written.
  func opened(on stream: UInt32) {
    number.value = stream
    request = nil
    opener.take()?.resume(returning: .success(()))
  }

  func append(_ write: Write) { writes.append(write) }

  func takeFirstWrite() -> Write? { writes.isEmpty ? nil : writes.removeFirst() }

  func takeWrites() -> [Write] {
    defer { writes = [] }
    return writes
  }

  /// Ends the call, for everybody who waits for something of it; only the first end counts.
  func finish(_ end: StreamInbox.End, dropsMessages: Bool = false) {
    inbox.finish(end, dropsMessages: dropsMessages)
    request = nil
    opener.take()?.resume(returning: .failure(sendersFault))
    for write in takeWrites() { write.waiter?.resume(returning: write.message == nil ? finishOutcome : .failure(sendersFault)) }
  }

  /// What ``RPCClientStream/finishSending()`` is told of a call that is over: when it ended well, nothing was left to say.
  var finishOutcome: Result<Void, RPCError> {
    if case .failed(let error) = inbox.end { .failure(error) } else { .success(()) }
  }
}

/// The number of a stream, once it has one.
private final class StreamNumber: Sendable {
  private let number = Atomic<UInt32>(0)

  var value: UInt32? {
    get {
      let value = number.load(ordering: .acquiring)
      return value == 0 ? nil : value
    }
    set { number.store(newValue ?? 0, ordering: .releasing) }
  }
}
