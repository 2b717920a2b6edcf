/// What answers one unary method.
///
/// The payload points into the read buffer and is good until the closure returns: decode it, keep nothing of it.
package enum UnaryHandler: Sendable {
  /// Answers at once on the event loop: it appends the encoded reply to the buffer, or throws. It must never wait.
  case synchronous(
    @Sendable (_ payload: UnsafeRawBufferPointer, _ context: CallContext, _ reply: inout ReplyBuffer)
      throws(RPCError) -> Void)
  /// Decodes at once on the event loop and returns the rest of the work, which may wait.
  case asynchronous(
    @Sendable (_ payload: UnsafeRawBufferPointer, _ context: CallContext)
      throws(RPCError) -> PendingReply)
}

/// The rest of a call's work; its value is the encoded reply message.
package typealias PendingReply = @Sendable () async throws(RPCError) -> [UInt8]

/// A method of the table with what answers it.
package struct RegisteredMethod: Sendable {
  package let descriptor: MethodDescriptor
  package let handler: UnaryHandler

  package init(_ descriptor: MethodDescriptor, _ handler: UnaryHandler) {
    self.descriptor = descriptor
    self.handler = handler
  }
}
