/// A set of callers' roles, one bit each.
///
/// The protocol does not know what the roles are: the generated method table names the bits.
package struct RoleSet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// How many messages go each way.
package enum MethodKind: Hashable, Sendable {
  case unary, clientStreaming, serverStreaming, bidirectional
}

/// One row of the method table: what a method is called, who may call it, and what it does to the store.
///
/// Rows are generated from the `policy` option in Protos/; a method without one has no roles and is denied to everybody.
package struct MethodDescriptor: Hashable, Sendable {
  /// The service's full proto name, `ventanilla.v1.Appointments`.
  package let service: String
  /// The bare method name, `Book`.
  package let method: String
  package let kind: MethodKind
  package let roles: RoleSet
  /// Whether a repeat must carry the same `request-id`.
  package let writes: Bool
  /// Bytes of the request message, and of each message of a client's stream. Answer: RESOURCE_EXHAUSTED, naming the method.
  ///
  /// The contract's `max_request_bytes` says why which; a row made by hand has the frame's bound alone.
  package let maxRequestBytes: Int

  package init(
    service: String, method: String, kind: MethodKind, roles: RoleSet, writes: Bool, maxRequestBytes: Int = .max
  ) {
    self.service = service
    self.method = method
    self.kind = kind
    self.roles = roles
    self.writes = writes
    self.maxRequestBytes = maxRequestBytes
  }
}

extension MethodDescriptor {
  /// The refusal of a message of so many bytes; `nil` when the method takes it.
  @inline(__always)
  package func refusal(ofMessage length: Int) -> RPCError? {
    length <= maxRequestBytes ? nil : tooLong(length)
  }

  private func tooLong(_ length: Int) -> RPCError {
    .limitReached(.maxRequestBytes, maxRequestBytes, "bytes in a message to \(service)/\(method), not \(length)")
  }
}
