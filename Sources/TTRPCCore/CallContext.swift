/// A point on the process's monotonic clock.
///
/// Unit: nanoseconds since an arbitrary start; never compared between processes.
package struct MonotonicTime: Hashable, Comparable, Sendable {
  package let nanoseconds: UInt64
  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// What a handler knows of a call besides its message.
package struct CallContext: Sendable {
  package let method: MethodDescriptor
  /// The caller's role: the listener's (later the certificate's), never the message's. Exactly one bit.
  package let role: RoleSet
  /// A number for the connection, unique in the process; good for logs, says nothing about the person.
  package let connectionID: UInt64
  /// When the caller stops waiting; `nil` when it waits for ever.
  package let deadline: MonotonicTime?
  package let metadata: Metadata

  package init(
    method: MethodDescriptor, role: RoleSet, connectionID: UInt64,
    deadline: MonotonicTime?, metadata: Metadata
  ) {
    self.method = method
    self.role = role
    self.connectionID = connectionID
    self.deadline = deadline
    self.metadata = metadata
  }
}
