/// What a handler knows of a call besides its message.
package struct CallContext: Sendable {
  package let method: MethodDescriptor
  package let caller: Caller
  /// When the caller stops waiting; `nil` when it waits for ever.
  package let deadline: MonotonicTime?
  package let metadata: Metadata

  package init(method: MethodDescriptor, caller: Caller, deadline: MonotonicTime?, metadata: Metadata) {
    self.method = method
    self.caller = caller
    self.deadline = deadline
    self.metadata = metadata
  }

  package var role: RoleSet { caller.role }
  package var connectionID: UInt64 { caller.connectionID }
}
