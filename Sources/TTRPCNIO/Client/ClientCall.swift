internal import TTRPCCore

/// One call of a client, from the caller's `await` to its one outcome.
///
/// Sendable by hand: what is `var` here is touched on the connection's event loop only.
final class ClientCall: @unchecked Sendable {
  typealias Outcome = Result<[UInt8], RPCError>

  let method: MethodDescriptor
  /// Given up when the call is over: a deadline may remember the call for long after.
  private(set) var payload: [UInt8]
  let metadata: Metadata
  let deadline: MonotonicTime?
  /// What its reply grants: asked on the loop, so that the next frame is already read by it.
  let granting: (@Sendable ([UInt8]) -> WireExtensions)?
  /// The stream it travels on; `nil` before it is sent.
  var stream: UInt32?
  private(set) var isOver = false
  /// The outcome of a call that was over before its caller waited.
  private var early: Outcome?
  private var continuation: UnsafeContinuation<Outcome, Never>?

  init(
    _ method: MethodDescriptor, payload: [UInt8], metadata: Metadata, deadline: MonotonicTime?,
    granting: (@Sendable ([UInt8]) -> WireExtensions)? = nil
  ) {
    self.method = method
    self.payload = payload
    self.metadata = metadata
    self.deadline = deadline
    self.granting = granting
  }

  /// Lets the caller wait here; a caller that cancelled before it came is answered at once.
  ///
  /// The continuation is the unchecked kind, which costs no allocation: `isOver` is the check.
  func wait(in continuation: UnsafeContinuation<Outcome, Never>) {
    if let early { continuation.resume(returning: early) } else { self.continuation = continuation }
  }

  /// Gives the caller its outcome; only the first counts.
  func finish(_ outcome: Outcome) {
    guard !isOver else { return }
    isOver = true
    payload = []
    if let continuation { continuation.resume(returning: outcome) } else { early = outcome }
    continuation = nil
  }
}
