package import TTRPCCore

/// Who is told of a server's connections and of the calls that did not go as they should, as they happen.
///
/// Told on the event loop: it must be quick and must not wait.
package protocol ServerObserver: Sendable {
  /// - Parameter refusal: why it is one too many, when it is.
  func connectionOpened(_ caller: Caller, refusal: ConnectionRefusal?)
  /// A connection that was opened is turned away for who is at its other end.
  func callerRefused(_ caller: Caller, _ refusal: ConnectionRefusal)
  func connectionClosed(_ caller: Caller)
  /// A call has failed, or has been slow.
  func callEnded(_ call: EndedCall)
}

/// The end of a call, as an observer is told of it.
package struct EndedCall: Sendable {
  package let caller: Caller
  /// `nil` for a request that reached no method.
  package let method: MethodDescriptor?
  package let code: StatusCode
  /// From the read that brought it; zero for one that was answered within it.
  package let lasted: Duration
  /// The request's id, if it had one that is well formed.
  package let requestID: String?

  package init(caller: Caller, method: MethodDescriptor?, code: StatusCode, lasted: Duration, requestID: String?) {
    self.caller = caller
    self.method = method
    self.code = code
    self.lasted = lasted
    self.requestID = requestID
  }

  /// A call is slow that keeps its caller waiting for a second: a person at a screen has noticed by then.
  package static let slow = Duration.seconds(1)
}

extension ServerLoop {
  /// Counts the current call's answer, and tells the observer of one that failed or was slow.
  @inline(__always)
  func answered(_ code: StatusCode, to caller: Caller) {
    meter.answered(code)
    if observer != nil { tell(code, caller) }
  }

  /// Keeps what tells the current call from others, for as long as it may wait.
  @inline(__always)
  func remember(_ metadata: Metadata) {
    if observer != nil { meter.current.metadata = metadata }
  }

  private func tell(_ code: StatusCode, _ caller: Caller) {
    let lasted = meter.currentAge
    guard code != .ok || lasted >= EndedCall.slow else { return }
    let row = Int(meter.current.row)
    let methods = router.descriptors
    let method = methods.indices.contains(row) ? methods[row] : nil
    // A stream is meant to last.
    guard code != .ok || method?.kind == .unary else { return }
    let id = meter.current.metadata?.first("request-id")
    observer?.callEnded(
      EndedCall(
        caller: caller, method: method, code: code, lasted: lasted, requestID: id.flatMap { Self.isRequestID($0) ? $0 : nil }))
  }

  /// 32 hexadecimal digits: what is anything else may be a name.
  private static func isRequestID(_ text: String) -> Bool { text.utf8.count == 32 && text.allSatisfy(\.isHexDigit) }
}
