/// Who is at the other end of a connection, as far as the connection itself has shown it.
///
/// One object for each connection: a call refers to it and copies nothing.
package final class Caller: Sendable {
  /// What the caller may do: the listener's role, or the certificate's. Never the message's. Exactly one bit.
  package let role: RoleSet
  /// A number for the connection, unique in the process; good for logs, says nothing about the person.
  package let connectionID: UInt64

  package init(role: RoleSet, connectionID: UInt64) {
    self.role = role
    self.connectionID = connectionID
  }
}
