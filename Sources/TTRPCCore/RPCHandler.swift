/// What answers one method.
///
/// A payload points into the read buffer and is good until the closure returns: decode it, keep nothing of it.
package enum RPCHandler: Sendable {
  /// Answers a unary call at once on the event loop: it appends the encoded reply to the buffer, or throws. It must never wait.
  case synchronous(
    @Sendable (_ payload: UnsafeRawBufferPointer, _ context: CallContext, _ reply: inout ReplyBuffer)
      throws(RPCError) -> Void)
  /// As `synchronous`, and says which extensions the connection speaks from the frame after this reply on.
  case negotiating(
    @Sendable (_ payload: UnsafeRawBufferPointer, _ context: CallContext, _ reply: inout ReplyBuffer)
      throws(RPCError) -> WireExtensions)
  /// Decodes a unary call at once on the event loop and returns the rest of the work, which may wait.
  case asynchronous(
    @Sendable (_ payload: UnsafeRawBufferPointer, _ context: CallContext)
      throws(RPCError) -> PendingReply)
  /// Answers a call of any other kind, message by message.
  case streaming(
    @Sendable (_ messages: any RPCServerStream, _ context: CallContext) async throws(RPCError) -> StreamEnd)
}

/// The rest of a call's work; its value is the encoded reply message.
package typealias PendingReply = @Sendable () async throws(RPCError) -> [UInt8]

/// How a streaming call ends well.
package enum StreamEnd: Hashable, Sendable {
  /// With one encoded message: what a client-streaming method answers.
  case reply([UInt8])
  /// With no further message: what a method answers that has sent its messages.
  case done
}

/// A method of the table with what answers it.
package struct RegisteredMethod: Sendable {
  package let descriptor: MethodDescriptor
  package let handler: RPCHandler

  package init(_ descriptor: MethodDescriptor, _ handler: RPCHandler) {
    self.descriptor = descriptor
    self.handler = handler
  }
}

/// A method where the router keeps it: every call finds it, and a reference is cheaper to hand out than what it refers to.
package final class RoutedMethod: Sendable {
  package let descriptor: MethodDescriptor
  package let handler: RPCHandler
  /// Its place among the router's methods; what is counted by method is counted by this.
  package let row: Int32

  init(_ method: RegisteredMethod, row: Int32) {
    descriptor = method.descriptor
    handler = method.handler
    self.row = row
  }
}
