package import TTRPCCore

/// A call of one request and many replies, as its client sees it.
package struct ServerStreamingCall<Reply: WireMessage>: Sendable {
  private let stream: any RPCClientStream

  fileprivate init(_ stream: any RPCClientStream) { self.stream = stream }

  /// The next reply; `nil` after the last.
  ///
  /// - Throws: the status that the call ended with; INTERNAL for a reply that cannot be read, which ends the call.
  package func next() async throws(RPCError) -> Reply? { try await stream.nextReply() }

  /// Ends the call for this end. Once more is harmless.
  package func cancel() { stream.cancel() }
}

/// A call of many requests and one reply, as its client sees it.
package struct ClientStreamingCall<Request: WireMessage, Reply: WireMessage>: Sendable {
  private let stream: any RPCClientStream

  fileprivate init(_ stream: any RPCClientStream) { self.stream = stream }

  /// Returns when the connection has taken the request.
  ///
  /// - Throws: INVALID_ARGUMENT for what cannot be encoded; the call's status when it is already over.
  package func send(_ request: Request) async throws(RPCError) { try await stream.send(request: request) }

  /// Says that no request follows, and waits for the reply.
  ///
  /// - Throws: the status that the call ended with; INTERNAL when it ended well but without a reply that can be read.
  package func finish() async throws(RPCError) -> Reply {
    try await stream.finishSending()
    guard let reply: Reply = try await stream.nextReply() else { throw RPCError(.internal, "the call ended without its reply") }
    return reply
  }

  /// Ends the call for this end. Once more is harmless.
  package func cancel() { stream.cancel() }
}

/// A call of many requests and many replies, as its client sees it.
///
/// One task sends and one task reads; they may be the same.
package struct BidirectionalCall<Request: WireMessage, Reply: WireMessage>: Sendable {
  private let stream: any RPCClientStream

  fileprivate init(_ stream: any RPCClientStream) { self.stream = stream }

  /// Returns when the connection has taken the request.
  ///
  /// - Throws: INVALID_ARGUMENT for what cannot be encoded; the call's status when it is already over.
  package func send(_ request: Request) async throws(RPCError) { try await stream.send(request: request) }

  /// Says that no request follows. Once more is harmless.
  package func finishSending() async throws(RPCError) { try await stream.finishSending() }

  /// The next reply; `nil` after the last.
  ///
  /// - Throws: the status that the call ended with; INTERNAL for a reply that cannot be read, which ends the call.
  package func next() async throws(RPCError) -> Reply? { try await stream.nextReply() }

  /// Ends the call for this end. Once more is harmless.
  package func cancel() { stream.cancel() }
}

// MARK: Opening them

extension RPCTransport {
  /// Opens a call of one request and many replies.
  package func serverStreaming<Request: WireMessage, Reply: WireMessage>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions
  ) async throws(RPCError) -> ServerStreamingCall<Reply> {
    ServerStreamingCall(try await stream(method, request: try request.asRequest(), options: options))
  }

  /// Opens a call of many requests and one reply.
  package func clientStreaming<Request: WireMessage, Reply: WireMessage>(
    _ method: MethodDescriptor, _ options: CallOptions
  ) async throws(RPCError) -> ClientStreamingCall<Request, Reply> {
    ClientStreamingCall(try await stream(method, request: nil, options: options))
  }

  /// Opens a call of many requests and many replies.
  package func bidirectional<Request: WireMessage, Reply: WireMessage>(
    _ method: MethodDescriptor, _ options: CallOptions
  ) async throws(RPCError) -> BidirectionalCall<Request, Reply> {
    BidirectionalCall(try await stream(method, request: nil, options: options))
  }
}

extension RPCClientStream {
  fileprivate func send(request: some WireMessage) async throws(RPCError) { try await send(try request.asRequest()) }

  fileprivate func nextReply<Reply: WireMessage>() async throws(RPCError) -> Reply? {
    guard let payload = try await next() else { return nil }
    do throws(DecodingFault) { return try Reply(decoding: payload) } catch {
      cancel()
      throw RPCError(unmarshalling: error, "reply")
    }
  }
}
