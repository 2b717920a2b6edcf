/// What a typed client needs of a connection: send one encoded message, get one back.
package protocol RPCTransport: Sendable {
  /// Makes one unary call.
  ///
  /// - Returns: the encoded reply.
  /// - Throws: the peer's status, or one of ours (deadlineExceeded, unavailable, cancelled) when no reply came.
  func unary(
    _ method: MethodDescriptor, payload: [UInt8], options: CallOptions
  ) async throws(RPCError) -> [UInt8]
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
