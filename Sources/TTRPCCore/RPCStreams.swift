/// The messages of one streaming call, as the handler that answers it sees them.
///
/// One task reads and one task writes; they may be the same. When the call ends before its handler does (deadline, cancellation, a
/// client that is gone) the handler's task is cancelled, and both functions throw the reason.
package protocol RPCServerStream: Sendable {
  /// The next message from the client, in the order of the wire; `nil` after its last, and from then on.
  ///
  /// A server-streaming method gets its one request first, then `nil`. The bytes are the handler's own.
  func next() async throws(RPCError) -> [UInt8]?
  /// Sends a message; returns when the connection has taken it or has room to keep it, which may be long after when the client reads
  /// slowly.
  ///
  /// - Throws: RESOURCE_EXHAUSTED for a message that fits no frame, after which the call goes on; why the call ended, when it did.
  func send(_ message: [UInt8]) async throws(RPCError)
  /// Waits until nothing that was sent waits here any more: the client's credit and its reading have let all of it leave. For a method
  /// whose next message takes the place of the one before.
  ///
  /// - Throws: why the call ended, when it did.
  func sent() async throws(RPCError)
}

/// One streaming call, as the client that made it sees it.
///
/// One task sends and one task reads; they may be the same. A client that loses interest calls ``cancel()``.
package protocol RPCClientStream: Sendable {
  /// Sends a message; returns when the connection has taken it.
  ///
  /// - Throws: the call's status when it is already over; INTERNAL after ``finishSending()``.
  func send(_ message: [UInt8]) async throws(RPCError)
  /// Says that no further message will be sent. Once more is harmless.
  func finishSending() async throws(RPCError)
  /// The next message from the server; `nil` after the last. A client-streaming call has one: its reply.
  ///
  /// - Throws: the status that the call ended with; DEADLINE_EXCEEDED, CANCELLED or UNAVAILABLE when it had no end.
  func next() async throws(RPCError) -> [UInt8]?
  /// Ends the call for this end; the server is told when it knows the word. Once more is harmless.
  func cancel()
}
