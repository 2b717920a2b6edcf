internal import TTRPCCore

/// One streaming call, in the hands of the task that made it. Whoever drops it abandons the call.
final class ClientStream: RPCClientStream {
  /// Held so that the connection stays while its stream is used.
  private let connection: TTRPCClientConnection
  private let call: ClientStreamCall

  init(_ call: ClientStreamCall, on connection: TTRPCClientConnection) {
    self.call = call
    self.connection = connection
  }

  deinit { cancel() }

  func send(_ message: [UInt8]) async throws(RPCError) {
    if call.isOver { throw call.sendersFault }
    try await ordering { .send($0, message, $1) }.get()
  }

  func finishSending() async throws(RPCError) {
    if call.isOver { return try call.finishOutcome.get() }
    try await ordering { .finishSending($0, $1) }.get()
  }

  func next() async throws(RPCError) -> [UInt8]? {
    try await withTaskCancellationHandler {
      await call.inbox.next()
    } onCancel: {
      cancel()
    }.get()
  }

  func cancel() { connection.abandon(call) }

  /// Orders something of the connection and waits until it is done; a cancelled task abandons the call.
  private func ordering(
    _ order: @Sendable (ClientStreamCall, ClientStreamCall.Waiter) -> ClientConnectionHandler.Order
  ) async -> Result<Void, RPCError> {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { connection.post(order(call, $0)) }
    } onCancel: {
      cancel()
    }
  }
}
