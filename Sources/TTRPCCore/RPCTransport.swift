/// What a typed client needs of a connection: send encoded messages, get some back.
package protocol RPCTransport: Sendable {
  /// Makes one unary call.
  ///
  /// - Returns: the encoded reply.
  /// - Throws: the peer's status, or one of ours (deadlineExceeded, unavailable, cancelled) when no reply came.
  func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
  ) async throws(RPCError) -> [UInt8]

  /// Opens a call of any other kind.
  ///
  /// - Parameter request: the one request of a method whose client does not stream; sent with the opening frame, and the client's
  ///   half is closed with it. `nil` leaves the client's half open.
  func stream(
    _ method: MethodDescriptor, request: [UInt8]?, options: CallOptions
  ) async throws(RPCError) -> any RPCClientStream
}

/// What a caller may say about one call.
package struct CallOptions: Sendable {
  /// How long the caller waits; carried to the server as `timeout_nano`. `nil` waits for ever.
  package var timeout: Duration?
  package var metadata: Metadata

  package init(timeout: Duration? = nil, metadata: Metadata = Metadata()) {
    self.timeout = timeout
    self.metadata = metadata
  }
}
