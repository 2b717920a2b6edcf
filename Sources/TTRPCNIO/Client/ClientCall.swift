import TTRPCCore

/// One call of a client, from the caller's `await` to its one outcome.
///
/// Sendable by hand: what is `var` here is touched on the connection's event loop only.
final class ClientCall: @unchecked Sendable {
  typealias Outcome = Result<[UInt8], RPCError>

  let method: MethodDescriptor
  let payload: [UInt8]
  let metadata: Metadata
  let deadline: MonotonicTime?
  /// The stream it travels on; `nil` before it is sent.
  var stream: UInt32?
  private var outcome: Outcome?
  private var continuation: UnsafeContinuation<Outcome, Never>?

  init(_ method: MethodDescriptor, payload: [UInt8], metadata: Metadata, deadline: MonotonicTime?) {
    self.method = method
    self.payload = payload
    self.metadata = metadata
    self.deadline = deadline
  }

  var isOver: Bool { outcome != nil }

  /// Lets the caller wait here; a caller that cancelled before it came is answered at once.
  ///
  /// The continuation is the unchecked kind, which costs no allocation: `outcome` is the check.
  func wait(in continuation: UnsafeContinuation<Outcome, Never>) {
    if let outcome { continuation.resume(returning: outcome) } else { self.continuation = continuation }
  }

  /// Gives the caller its outcome; only the first counts.
  func finish(_ outcome: Outcome) {
    guard self.outcome == nil else { return }
    self.outcome = outcome
    continuation?.resume(returning: outcome)
    continuation = nil
  }
}
