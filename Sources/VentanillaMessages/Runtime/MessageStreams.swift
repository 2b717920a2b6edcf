package import TTRPCCore

/// The requests of a call, as values, for the method that answers it.
package struct RequestStream<Message: WireMessage>: Sendable {
  private let messages: any RPCServerStream

  package init(_ messages: any RPCServerStream) { self.messages = messages }

  /// The next request in the order of the wire; `nil` after the last, and from then on.
  ///
  /// - Throws: INTERNAL with the path for a payload that cannot be read, as a unary method; why the call ended, when it did.
  package func next() async throws(RPCError) -> Message? {
    guard let payload = try await messages.next() else { return nil }
    do { return try Message(decoding: payload) } catch { throw RPCError(unmarshalling: error, "request") }
  }
}

/// Where the method that answers a call puts its replies.
package struct ReplyStream<Message: WireMessage>: Sendable {
  private let messages: any RPCServerStream

  package init(_ messages: any RPCServerStream) { self.messages = messages }

  /// Returns when the connection has taken the reply, which may be long after when the client reads slowly.
  ///
  /// - Throws: INTERNAL with the path for a reply that cannot be encoded; why the call ended, when it did.
  package func send(_ reply: Message) async throws(RPCError) {
    try await messages.send(try reply.marshalled())
  }

  /// Sends a state of a watch, and returns when it has left: none that is older than the latest but one waits for a client that reads slowly.
  ///
  /// - Throws: as ``send(_:)``.
  package func show(_ state: Message) async throws(RPCError) {
    try await send(state)
    try await messages.sent()
  }
}

// MARK: What generated code registers

extension RegisteredMethod {
  /// A method of one request and many replies.
  ///
  /// A client that closes without its request is told INVALID_ARGUMENT.
  package static func serverStreaming<Request: WireMessage, Reply: WireMessage>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (Request, ReplyStream<Reply>, CallContext) async throws(RPCError) -> Void
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .streaming { (messages, context) async throws(RPCError) in
        guard let request = try await RequestStream<Request>(messages).next() else {
          throw RPCError(.invalidArgument, "the call was closed before its request")
        }
        try await answer(request, ReplyStream(messages), context)
        return .done
      })
  }

  /// A method of many requests and one reply.
  package static func clientStreaming<Request: WireMessage, Reply: WireMessage>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (RequestStream<Request>, CallContext) async throws(RPCError) -> Reply
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .streaming { (messages, context) async throws(RPCError) in
        .reply(try await answer(RequestStream(messages), context).marshalled())
      })
  }

  /// As above, for a method whose answer is bytes already.
  package static func clientStreaming<Request: WireMessage, Reply: WireMessage>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (RequestStream<Request>, CallContext) async throws(RPCError) -> Encoded<Reply>
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .streaming { (messages, context) async throws(RPCError) in
        .reply(try await answer(RequestStream(messages), context).bytes)
      })
  }

  /// A method of many requests and many replies, in whatever order the two mix.
  package static func bidirectional<Request: WireMessage, Reply: WireMessage>(
    _ descriptor: MethodDescriptor,
    _ answer: @escaping @Sendable (RequestStream<Request>, ReplyStream<Reply>, CallContext) async throws(RPCError) -> Void
  ) -> RegisteredMethod {
    RegisteredMethod(
      descriptor,
      .streaming { (messages, context) async throws(RPCError) in
        try await answer(RequestStream(messages), ReplyStream(messages), context)
        return .done
      })
  }
}
