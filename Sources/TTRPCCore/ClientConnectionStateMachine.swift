/// One connection of a client: numbers for its calls, and what each frame that comes means for them.
///
/// ```
///   open ── ids used up ──▶ exhausted
///     └───────┴── reserved byte, connection lost ──▶ closed
/// ```
/// A call ends when the server's half does, whatever state its own half is in; then the machine forgets it.
package struct ClientConnectionStateMachine: Sendable {
  private enum State: Equatable, Sendable {
    /// Calls are made. Can transition to `exhausted` or `closed`.
    case open
    /// The last stream number is given out: calls in flight go on, new ones need a new connection. Can transition to `closed`.
    case exhausted
    /// Terminal.
    case closed
  }

  private struct Call: Sendable {
    let kind: MethodKind
    /// Whether this client may still send messages.
    var isHalfOpen: Bool
  }

  private var state = State.open
  private var nextStream: UInt32
  private var inFlight = StreamTable<Call>()
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

  // MARK: Opening

  /// Gives a unary call its stream, as ``openStream(length:_:)`` does.
  package mutating func openCall(length: Int) throws(RPCError) -> UInt32 { try openStream(length: length, .unary) }

  /// Gives a call its stream. The request must be written before another call is opened, so that numbers rise on the wire.
  ///
  /// - Throws: in this order: UNAVAILABLE when the connection is closed or its numbers are used up; RESOURCE_EXHAUSTED when the
  ///   message is too long for a frame or too many calls are in flight. Nothing was sent.
  package mutating func openStream(length: Int, _ kind: MethodKind) throws(RPCError) -> UInt32 {
    switch state {
    case .closed: throw .connectionClosed
    case .exhausted: throw RPCError(.unavailable, "stream ids of this connection are used up")
    case .open: break
    }
    guard length <= maxFrameLength else { throw .messageTooLong(length, maximum: maxFrameLength) }
    guard inFlight.count < maxCallsInFlight else {
      throw .limitReached(.maxCallsInFlight, maxCallsInFlight, "calls in flight on this connection")
    }
    let stream = nextStream
    if stream > UInt32.max - 2 { state = .exhausted } else { nextStream += 2 }
    inFlight.append(Call(kind: kind, isHalfOpen: kind.clientStreams), for: stream)
    return stream
  }

  // MARK: This client's half

  /// Whether a message of that length may be sent on an open stream.
  ///
  /// - Throws: in this order: FAILED_PRECONDITION when the call is over; INTERNAL when this half is closed; RESOURCE_EXHAUSTED when
  ///   the message is too long for a frame. The call goes on.
  package func sending(length: Int, on stream: UInt32) throws(RPCError) {
    guard let call = inFlight.value(of: stream) else { throw .callIsOver }
    guard call.isHalfOpen else { throw .sendingFinished }
    guard length <= maxFrameLength else { throw .messageTooLong(length, maximum: maxFrameLength) }
  }

  /// No further message will be sent. Returns whether the server must be told: once, and only while it listens.
  package mutating func finishedSending(on stream: UInt32) -> Bool {
    guard var call = inFlight.value(of: stream), call.isHalfOpen else { return false }
    call.isHalfOpen = false
    inFlight.replace(stream, with: call)
    return true
  }

  // MARK: The server's half

  package enum OnHeader: Equatable, Sendable {
    /// Collect the body. Then ask ``replyArrived(_:)`` for a response to a unary call, ``responseArrived(_:succeeded:payloadLength:)``
    /// for one to another call, ``messageArrived(_:)`` for data.
    case collect
    /// Throw the body away: late, empty, or nothing this client knows.
    case ignore
    /// Throw the body away; the server has said that the call has ended well.
    case end(owesClose: Bool)
    /// Throw the body away; the call has failed.
    case fail(RPCError, owesClose: Bool = false)
    /// The bytes cannot be trusted any more: end the connection.
    case close(RPCError)
  }

  /// `owesClose`: this client's half was open and the server may wait for its end.
  package mutating func receivedHeader(_ header: FrameHeader) -> OnHeader {
    guard state != .closed else { return .ignore }
    guard header.reservedByte == 0 else {
      return .close(RPCError(.unavailable, "the server sent a frame header whose reserved byte is not 0"))
    }
    guard header.type == .response || header.type == .data, let call = inFlight.value(of: header.stream) else { return .ignore }
    if Int(header.length) > maxFrameLength {
      let error = RPCError.messageTooLong(Int(header.length), maximum: maxFrameLength)
      // A response is the last that the server says and hears on its stream.
      return header.type == .data ? fail(header.stream, error) : forget(header.stream, .fail(error))
    }
    return header.type == .response ? .collect : receivedData(header, call.kind)
  }

  private mutating func receivedData(_ header: FrameHeader, _ kind: MethodKind) -> OnHeader {
    let (ends, hasMessage) = (header.flags.contains(.remoteClosed), !header.flags.contains(.noData))
    switch kind {
    case .unary: return fail(header.stream, RPCError(.internal, "the server sent stream data in answer to a unary call"))
    case .clientStreaming where hasMessage:
      return fail(header.stream, RPCError(.internal, "the server sent stream data where one reply was due"))
    case .clientStreaming where ends:
      return fail(header.stream, RPCError(.internal, "the server ended the call without the reply that was due"))
    case _ where hasMessage: return .collect
    case _ where ends: return .end(owesClose: inFlight.remove(header.stream)?.isHalfOpen ?? false)
    case _: return .ignore
    }
  }

  /// A collected reply to a unary call is complete. Returns whether its call still waits.
  package mutating func replyArrived(_ stream: UInt32) -> Bool { inFlight.remove(stream) != nil }

  package enum OnMessage: Equatable, Sendable {
    /// Nobody waits for it any more.
    case ignore
    case deliver
    /// It was the server's last: the call has ended well.
    case deliverAndEnd(owesClose: Bool)
  }

  /// A collected message is complete.
  package mutating func messageArrived(_ header: FrameHeader) -> OnMessage {
    guard inFlight.contains(header.stream) else { return .ignore }
    guard header.flags.contains(.remoteClosed) else { return .deliver }
    return .deliverAndEnd(owesClose: inFlight.remove(header.stream)?.isHalfOpen ?? false)
  }

  package enum OnResponse: Equatable, Sendable {
    /// Nobody waits for it any more.
    case ignore
    /// The call has ended, with the response's status. `deliver`: its payload is the last message.
    case end(deliver: Bool, owesClose: Bool)
  }

  /// A collected response to a call that is not unary is complete.
  ///
  /// Some servers end every stream with an empty response: that is no message, unless a reply was due.
  package mutating func responseArrived(_ stream: UInt32, succeeded: Bool, payloadLength: Int) -> OnResponse {
    guard let call = inFlight.remove(stream) else { return .ignore }
    guard succeeded else { return .end(deliver: false, owesClose: false) }
    return .end(
      deliver: payloadLength > 0 || call.kind == .clientStreaming,
      owesClose: call.kind == .bidirectional && call.isHalfOpen)
  }

  // MARK: Ends

  /// The caller waits no longer; its reply, if one comes, is late. Returns whether the call was in flight.
  package mutating func abandoned(_ stream: UInt32) -> Bool { inFlight.remove(stream) != nil }

  /// The same for a call that is not unary. Returns whether the server must be told that no further message comes: plain ttrpc has
  /// no other word.
  package mutating func streamAbandoned(_ stream: UInt32) -> Bool { inFlight.remove(stream)?.isHalfOpen ?? false }

  /// Nothing more will come; every call in flight has failed.
  package mutating func connectionClosed() {
    state = .closed
    _ = inFlight.removeAll()
  }

  private mutating func fail(_ stream: UInt32, _ error: RPCError) -> OnHeader {
    .fail(error, owesClose: inFlight.remove(stream)?.isHalfOpen ?? false)
  }

  private mutating func forget(_ stream: UInt32, _ answer: OnHeader) -> OnHeader {
    _ = inFlight.remove(stream)
    return answer
  }
}

extension MethodKind {
  /// Whether the client's half is open when the call is.
  package var clientStreams: Bool {
    switch self {
    case .clientStreaming, .bidirectional: true
    case .unary, .serverStreaming: false
    }
  }
}

extension RPCError {
  /// The connection ended before a reply came; whether the call was done is not known.
  package static let connectionClosed = RPCError(.unavailable, "connection closed")
  package static let cancelled = RPCError(.cancelled, "context canceled")
  /// A message for a call that the server has ended well.
  package static let callIsOver = RPCError(.failedPrecondition, "the call is over: the server has sent its last message")
  /// A message after the client's own last.
  package static let sendingFinished = RPCError(.internal, "this client has said that it sends no further message on this call")
}
