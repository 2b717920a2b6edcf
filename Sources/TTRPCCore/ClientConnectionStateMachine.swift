/// One connection of a client: numbers for its calls, and what each frame that comes means for them.
///
/// ```
///   open ── ids used up, server going away ──▶ finishing
///     └───────┴── reserved byte, broken rule, connection lost ──▶ closed
/// ```
/// A call ends when the server's half does, whatever state its own half is in; then the machine forgets it. One that the client gives
/// up is forgotten at once, or, where the server knows the word (``WireExtensions/cancel``), when its last frame has come.
package struct ClientConnectionStateMachine: Sendable {
  enum State: Equatable, Sendable {
    /// Calls are made. Can transition to `finishing` or `closed`.
    case open
    /// Calls in flight go on, new ones need a new connection and are told so. Can transition to `closed`.
    case finishing(RPCError)
    /// Terminal.
    case closed
  }

  struct Call: Sendable {
    let kind: MethodKind
    /// Whether this client may still send messages.
    var isHalfOpen: Bool
    /// Given up: what still comes is thrown away.
    var isCancelled = false
    /// Each direction's credit; `nil` without ``WireExtensions/credit``, and where there is nothing to send.
    var sending: SendCredit?
    var reading: ReceiveCredit?
  }

  var state = State.open
  var inFlight = StreamTable<Call>()
  /// What both ends speak besides plain ttrpc.
  package internal(set) var extensions: WireExtensions = []
  private var nextStream: UInt32
  private let maxFrameLength: Int
  private let maxCallsInFlight: Int

  /// - Parameter firstStream: odd; other than 1 only in tests of the last numbers.
  package init(limits: TTRPCLimits, firstStream: UInt32 = 1) {
    precondition(firstStream % 2 == 1, "a client's streams are odd")
    maxFrameLength = limits.maxFrameLength
    maxCallsInFlight = limits.maxCallsInFlight
    nextStream = firstStream
  }

  /// Calls that the server has not ended, those that were given up among them.
  package var callsInFlight: Int { inFlight.count }
  /// Whether a further call can be made, now or after others have ended.
  package var takesCalls: Bool { state == .open }

  // MARK: Opening

  /// Gives a unary call its stream, as ``openStream(length:_:)`` does.
  package mutating func openCall(length: Int) throws(RPCError) -> UInt32 { try openStream(length: length, .unary) }

  /// Gives a call its stream. The request must be written before another call is opened, so that numbers rise on the wire.
  ///
  /// - Throws: in this order: UNAVAILABLE when the connection is closed, its numbers are used up or its server is going away;
  ///   RESOURCE_EXHAUSTED when the message is too long for a frame or too many calls are in flight. Nothing was sent.
  package mutating func openStream(length: Int, _ kind: MethodKind) throws(RPCError) -> UInt32 {
    switch state {
    case .closed: throw .notSent
    case .finishing(let error): throw error
    case .open: break
    }
    guard length <= maxFrameLength else { throw .messageTooLong(length, maximum: maxFrameLength) }
    guard inFlight.count < maxCallsInFlight else {
      throw .limitReached(.maxCallsInFlight, maxCallsInFlight, "calls in flight on this connection")
    }
    let stream = nextStream
    if stream > UInt32.max - 2 { state = .finishing(.streamsUsedUp) } else { nextStream += 2 }
    inFlight.append(newCall(kind), for: stream)
    return stream
  }

  private func newCall(_ kind: MethodKind) -> Call {
    let hasCredit = extensions.contains(.credit)
    return Call(
      kind: kind, isHalfOpen: kind.clientStreams, sending: hasCredit && kind.clientStreams ? SendCredit() : nil,
      reading: hasCredit && kind.serverStreams ? ReceiveCredit() : nil)
  }

  // MARK: This client's half

  /// Whether a message of that length may be sent on an open stream, at once or later.
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
    inFlight.update(stream) { call in
      defer { call.isHalfOpen = false }
      return call.isHalfOpen
    } ?? false
  }

  // MARK: The server's half

  package enum OnHeader: Equatable, Sendable {
    /// Collect the body. Then ask ``replyArrived(_:)`` for a response to a unary call, ``responseArrived(_:succeeded:payloadLength:)``
    /// for one to another call, ``messageArrived(_:)`` for data, ``controlArrived(_:_:)`` for every other type.
    case collect
    /// Throw the body away: late, empty, or nothing this client knows.
    case ignore
    /// Throw the body away: it was to be expected.
    case skip
    /// Throw the body away; the server has said that the call has ended well.
    case end(owesClose: Bool)
    /// Throw the body away; the call has failed.
    case fail(RPCError, Farewell = .silence)
    /// The bytes cannot be trusted any more: end the connection.
    case close(RPCError)
  }

  /// `owesClose`: this client's half was open and the server may wait for its end.
  package mutating func receivedHeader(_ header: FrameHeader) -> OnHeader {
    guard state != .closed else { return .ignore }
    guard header.reservedByte == 0 else {
      return .close(RPCError(.unavailable, "the server sent a frame header whose reserved byte is not 0"))
    }
    guard header.type == .response || header.type == .data else { return receivedControl(header) }
    guard let call = inFlight.value(of: header.stream) else { return .ignore }
    if call.isCancelled { return receivedAfterCancel(header) }
    guard Int(header.length) <= maxFrameLength else {
      return fail(header, call, .messageTooLong(Int(header.length), maximum: maxFrameLength))
    }
    return header.type == .response ? .collect : receivedData(header, call)
  }

  private mutating func receivedAfterCancel(_ header: FrameHeader) -> OnHeader {
    if header.isLast { _ = inFlight.remove(header.stream) }
    return .skip
  }

  private mutating func receivedData(_ header: FrameHeader, _ call: Call) -> OnHeader {
    let (ends, hasMessage) = (header.flags.contains(.remoteClosed), !header.flags.contains(.noData))
    switch call.kind {
    case .unary: return fail(header, call, RPCError(.internal, "the server sent stream data in answer to a unary call"))
    case .clientStreaming where hasMessage:
      return fail(header, call, RPCError(.internal, "the server sent stream data where one reply was due"))
    case .clientStreaming where ends:
      return fail(header, call, RPCError(.internal, "the server ended the call without the reply that was due"))
    case _ where hasMessage: return takeCredit(header, call)
    case _ where ends: return .end(owesClose: inFlight.remove(header.stream)?.isHalfOpen ?? false)
    case _: return .ignore
    }
  }

  private mutating func takeCredit(_ header: FrameHeader, _ call: Call) -> OnHeader {
    guard var reading = call.reading else { return .collect }
    guard reading.received(length: Int(header.length)) else { return fail(header, call, .sentWithoutCredit) }
    var call = call
    call.reading = reading
    inFlight.replace(header.stream, with: call)
    return .collect
  }

  package enum OnReply: Equatable, Sendable {
    case deliver
    /// Nobody waits for it any more, and the server was told so: it was to be expected.
    case skip
    /// Nobody waits for it any more.
    case ignore
  }

  /// A collected reply to a unary call is complete.
  package mutating func replyArrived(_ stream: UInt32) -> OnReply {
    guard let call = inFlight.remove(stream) else { return .ignore }
    return call.isCancelled ? .skip : .deliver
  }

  package enum OnMessage: Equatable, Sendable {
    /// Nobody waits for it any more.
    case ignore
    /// The same, and the server was told so.
    case skip
    case deliver
    /// It was the server's last: the call has ended well.
    case deliverAndEnd(owesClose: Bool)
  }

  /// A collected message is complete.
  package mutating func messageArrived(_ header: FrameHeader) -> OnMessage {
    guard let call = inFlight.value(of: header.stream) else { return .ignore }
    let isLast = header.flags.contains(.remoteClosed)
    if isLast { _ = inFlight.remove(header.stream) }
    if call.isCancelled { return .skip }
    return isLast ? .deliverAndEnd(owesClose: call.isHalfOpen) : .deliver
  }

  package enum OnResponse: Equatable, Sendable {
    /// Nobody waits for it any more.
    case ignore
    /// The same, and the server was told so.
    case skip
    /// The call has ended, with the response's status. `deliver`: its payload is the last message.
    case end(deliver: Bool, owesClose: Bool)
  }

  /// A collected response to a call that is not unary is complete.
  ///
  /// Some servers end every stream with an empty response: that is no message, unless a reply was due.
  package mutating func responseArrived(_ stream: UInt32, succeeded: Bool, payloadLength: Int) -> OnResponse {
    guard let call = inFlight.remove(stream) else { return .ignore }
    if call.isCancelled { return .skip }
    guard succeeded else { return .end(deliver: false, owesClose: false) }
    return .end(
      deliver: payloadLength > 0 || call.kind == .clientStreaming,
      owesClose: call.kind == .bidirectional && call.isHalfOpen)
  }

  // MARK: Ends

  /// What the server is told of a call that it has not ended and that the client has done with.
  package enum Farewell: Equatable, Sendable {
    /// Nothing: plain ttrpc has no word for it.
    case silence
    /// That no further message comes.
    case close
    /// That nobody waits for it.
    case cancel
  }

  /// The caller waits no longer; what still comes is late. `nil` when the call was not in flight.
  package mutating func abandoned(_ stream: UInt32) -> Farewell? {
    guard let call = inFlight.value(of: stream), !call.isCancelled else { return nil }
    return leave(stream, call)
  }

  /// Nothing more will come; every call in flight has failed.
  package mutating func connectionClosed() {
    state = .closed
    _ = inFlight.removeAll()
  }

  mutating func fail(_ header: FrameHeader, _ call: Call, _ error: RPCError) -> OnHeader {
    guard header.isLast else { return .fail(error, leave(header.stream, call)) }
    _ = inFlight.remove(header.stream)
    // A response is the last that the server says and hears on its stream.
    return .fail(error, header.type == .data && call.isHalfOpen ? .close : .silence)
  }

  mutating func leave(_ stream: UInt32, _ call: Call) -> Farewell {
    guard extensions.contains(.cancel) else {
      _ = inFlight.remove(stream)
      return call.isHalfOpen ? .close : .silence
    }
    var call = call
    call.isCancelled = true
    inFlight.replace(stream, with: call)
    return .cancel
  }
}

extension FrameHeader {
  /// Whether the server says nothing more on the stream.
  fileprivate var isLast: Bool { type == .response || flags.contains(.remoteClosed) }
}

extension MethodKind {
  /// Whether the client's half is open when the call is.
  package var clientStreams: Bool {
    switch self {
    case .clientStreaming, .bidirectional: true
    case .unary, .serverStreaming: false
    }
  }

  /// Whether the server's messages are data frames.
  package var serverStreams: Bool {
    switch self {
    case .serverStreaming, .bidirectional: true
    case .unary, .clientStreaming: false
    }
  }
}
