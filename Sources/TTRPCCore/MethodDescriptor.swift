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

  package init(service: String, method: String, kind: MethodKind, roles: RoleSet, writes: Bool) {
    self.service = service
    self.method = method
    self.kind = kind
    self.roles = roles
    self.writes = writes
  }
}
