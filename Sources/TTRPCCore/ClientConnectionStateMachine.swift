/// One connection of a client: numbers for its calls, and what each frame that comes means for them.
///
/// ```
///   open ── ids used up ──▶ exhausted
///     └───────┴── reserved byte, connection lost ──▶ closed
/// ```
package struct ClientConnectionStateMachine: Sendable {
  private enum State: Equatable, Sendable {
    /// Calls are made. Can transition to `exhausted` or `closed`.
    case open
    /// The last stream number is given out: calls in flight go on, new ones need a new connection. Can transition to `closed`.
    case exhausted
    /// Terminal.
    case closed
  }

  private var state = State.open
  private var nextStream: UInt32
  private var inFlight = StreamTable<Void>()
  private let maxFrameLength: Int
  private let maxCallsInFlight: Int

  /// - Parameter firstStream: odd; other than 1 only in tests of the last numbers.
  package init(limits: TTRPCLimits, firstStream: UInt32 = 1) {
    precondition(firstStream % 2 == 1, "a client's streams are odd")
    maxFrameLength = limits.maxFrameLength
    maxCallsInFlight = limits.maxCallsInFlight
    nextStream = firstStream
  }

  package var callsInFlight: Int { inFlight.count }
  /// Whether a further call can be made, now or after others have ended.
  package var takesCalls: Bool { state == .open }

  /// Gives a call its stream. The request must be written before another call is opened, so that numbers rise on the wire.
  ///
  /// - Throws: in this order: UNAVAILABLE when the connection is closed or its numbers are used up; RESOURCE_EXHAUSTED when the
  ///   message is too long for a frame or too many calls are in flight. Nothing was sent.
  package mutating func openCall(length: Int) throws(RPCError) -> UInt32 {
    switch state {
    case .closed: throw .connectionClosed
    case .exhausted: throw RPCError(.unavailable, "stream ids of this connection are used up")
    case .open: break
    }
    guard length <= maxFrameLength else { throw .messageTooLong(length, maximum: maxFrameLength) }
    guard inFlight.count < maxCallsInFlight else {
      throw .limitReached("maxCallsInFlight", maxCallsInFlight, "calls in flight on this connection")
    }
    let stream = nextStream
    if stream > UInt32.max - 2 { state = .exhausted } else { nextStream += 2 }
    inFlight.append((), for: stream)
    return stream
  }

  package enum OnHeader: Equatable, Sendable {
    /// Collect the body: it is the reply of the call on that stream. Then ask ``replyArrived(_:)``.
    case collect
    /// Throw the body away: late, or nothing this client knows.
    case ignore
    /// Throw the body away; the call has failed.
    case fail(RPCError)
    /// The bytes cannot be trusted any more: end the connection.
    case close(RPCError)
  }

  package mutating func receivedHeader(_ header: FrameHeader) -> OnHeader {
    guard state != .closed else { return .ignore }
    guard header.reservedByte == 0 else {
      return .close(RPCError(.unavailable, "the server sent a frame header whose reserved byte is not 0"))
    }
    guard header.type == .response || header.type == .data, inFlight.contains(header.stream) else { return .ignore }
    if Int(header.length) > maxFrameLength {
      return fail(header.stream, .messageTooLong(Int(header.length), maximum: maxFrameLength))
    }
    guard header.type == .response else {
      return fail(header.stream, RPCError(.internal, "the server sent stream data in answer to a unary call"))
    }
    return .collect
  }

  /// A collected reply is complete. Returns whether its call still waits.
  package mutating func replyArrived(_ stream: UInt32) -> Bool { inFlight.remove(stream) != nil }

  /// The caller waits no longer; its reply, if one comes, is late. Returns whether the call was in flight.
  package mutating func abandoned(_ stream: UInt32) -> Bool { inFlight.remove(stream) != nil }

  /// Nothing more will come; every call in flight has failed.
  package mutating func connectionClosed() {
    state = .closed
    _ = inFlight.removeAll()
  }

  private mutating func fail(_ stream: UInt32, _ error: RPCError) -> OnHeader {
    _ = inFlight.remove(stream)
    return .fail(error)
  }
}

extension RPCError {
  /// The connection ended before a reply came; whether the call was done is not known.
  package static let connectionClosed = RPCError(.unavailable, "connection closed")
  package static let cancelled = RPCError(.cancelled, "context canceled")
}
