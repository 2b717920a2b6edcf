import TTRPCCore

/// One call of a client, from the caller's `await` to its one outcome.
///
/// Sendable by hand: after `init` and ``wait(in:)`` its state is touched on the connection's event loop only.
final class ClientCall: @unchecked Sendable {
  typealias Outcome = Result<[UInt8], RPCError>

  let method: MethodDescriptor
  let payload: [UInt8]
  let metadata: Metadata
  let deadline: MonotonicTime?
  /// The stream it travels on; `nil` before it is sent.
  var stream: UInt32?
  private(set) var isOver = false
  private var continuation: UnsafeContinuation<Outcome, Never>?

  init(_ method: MethodDescriptor, payload: [UInt8], metadata: Metadata, deadline: MonotonicTime?) {
    self.method = method
    self.payload = payload
    self.metadata = metadata
    self.deadline = deadline
  }

  /// Must come before the call is handed to the loop.
  func wait(in continuation: UnsafeContinuation<Outcome, Never>) { self.continuation = continuation }

  /// Gives the caller its outcome; only the first counts.
  ///
  /// The continuation is the unchecked kind, which costs no allocation: `isOver` is the check.
  func finish(_ outcome: Outcome) {
    guard !isOver else { return }
    isOver = true
    continuation?.resume(returning: outcome)
    continuation = nil
  }
}
