/// One connection of a server, from its first frame to its last: what each frame is answered with, and when the connection ends.
///
/// ```
///   serving ── drain, peer's half-close ──▶ finishing ── last reply ──▶ finished
///      └──────────── reserved byte, connection lost, nothing owed ────────▶┘
/// ```
/// The machine sees headers and stream numbers only; bytes, tasks and clocks are its owner's. It counts a call from the moment its
/// request is complete until the one answer it gets, so a refused frame never touches the count.
/// Source: containerd/ttrpc PROTOCOL.md and what its server answers to wrong frames (design/WIRE.md §1.4, §1.9).
package struct ServerConnectionStateMachine: Sendable {
  enum State: Equatable, Sendable {
    /// Requests are taken. Can transition to `finishing` or `finished`.
    case serving
    /// Every request is refused: the server has too many connections. Can transition to `finished`.
    case turningAway
    /// Replies are owed, and then the connection ends; requests are refused. Can transition to `finished`.
    case finishing
    /// Nothing more is sent, whatever comes is thrown away. Terminal.
    case finished
  }

  /// What the client may still send on the stream of a call in flight.
  enum ClientHalf: Sendable {
    /// Nothing: the call is unary, or not yet known to be anything else. Can transition to `open` or `closed`.
    case unary
    /// Messages. Can transition to `closed`.
    case open
    /// Nothing: it has said so. Terminal.
    case closed
  }

  /// A call in flight.
  struct Call: Sendable {
    var client = ClientHalf.unary
    /// Both `nil` for a unary call, and without ``WireExtensions/credit``.
    var sending: SendCredit?
    var receiving: ReceiveCredit?
  }

  var state: State { didSet { isFinished = state == .finished } }
  /// Stored, for it is asked at every frame: what is computed here would be asked of a copy of the machine.
  package private(set) var isFinished = false
  /// What both ends speak besides plain ttrpc.
  package internal(set) var extensions: WireExtensions = []
  var highestStream: UInt32 = 0
  var inFlight = StreamTable<Call>()
  private let maxFrameLength: Int
  private let maxCallsInFlight: Int
  let maxStreamsPerConnection: Int
  private let turnedAwayBy: ConnectionRefusal?

  /// - Parameter turnAway: why the connection is one too many; its first request is told so.
  package init(limits: TTRPCLimits, turnAway: ConnectionRefusal? = nil) {
    maxFrameLength = limits.maxFrameLength
    maxCallsInFlight = limits.maxCallsInFlight
    maxStreamsPerConnection = limits.maxStreamsPerConnection
    turnedAwayBy = turnAway
    state = turnAway == nil ? .serving : .turningAway
  }

  /// Calls that have been dispatched and not answered.
  package var callsInFlight: Int { inFlight.count }
  /// Those of them that stream.
  package internal(set) var streamsInFlight = 0
  /// Whether the call on `stream` still owes its answer.
  package func isInFlight(_ stream: UInt32) -> Bool { inFlight.contains(stream) }

  package enum OnHeader: Equatable, Sendable {
    /// Collect the body. Then ask ``requestArrived(_:)`` about a request, ``dataArrived(_:flags:length:)`` about data,
    /// ``extensionArrived(_:_:)`` about anything else.
    case collect
    /// The client waits for the call no longer: stop its work and answer CANCELLED. The frame has no body.
    case cancel
    /// Throw the body away, say nothing.
    case ignore
    /// Throw the body away and answer.
    case refuse(ConnectionRefusal)
    /// As `refuse`; the call in flight on that stream has its one answer with this: stop its work.
    case refuseAndCancel(ConnectionRefusal)
    /// Answer, then end the connection.
    case refuseAndClose(ConnectionRefusal)
  }

  /// Judges a header before its body has come.
  @inline(__always)
  package mutating func receivedHeader(_ header: FrameHeader) -> OnHeader {
    if state == .finished { return .ignore }
    if header.reservedByte != 0 {
      return end(.reservedByteSet(header.reservedByte))
    }
    if Int(header.length) > maxFrameLength {
      return refuseTooLong(header)
    }
    switch header.type {
    case .request: return receivedRequest(header.stream)
    case .data: return receivedData(header.stream)
    default: return receivedExtension(header)
    }
  }

  package enum OnRequest: Equatable, Sendable {
    /// Start the call; exactly one ``replied(_:)`` must follow.
    case dispatch
    /// Answer instead.
    case refuse(ConnectionRefusal)
    case ignore
  }

  /// The body of a collected request is complete.
  @inline(__always)
  package mutating func requestArrived(_ stream: UInt32) -> OnRequest {
    switch state {
    case .serving:
      guard inFlight.count < maxCallsInFlight else { return .refuse(.tooManyCalls(maximum: maxCallsInFlight)) }
      inFlight.append(Call(), for: stream)
      return .dispatch
    case .finishing: return .refuse(.draining)
    case .turningAway, .finished: return .ignore
    }
  }

  package enum OnReply: Equatable, Sendable {
    case send
    /// Send, and end the connection: nothing more is owed.
    case sendAndClose
    /// The stream has had its answer, or nobody is there to read it.
    case drop
  }

  /// A call has its answer: reply, status, or the end of its time.
  @inline(__always)
  package mutating func replied(_ stream: UInt32) -> OnReply {
    guard let call = inFlight.remove(stream) else { return .drop }
    if call.client != .unary { streamsInFlight -= 1 }
    guard state == .finishing, inFlight.isEmpty else { return .send }
    state = .finished
    return .sendAndClose
  }

  package enum OnEnd: Equatable, Sendable {
    /// Replies are owed: go on until `sendAndClose`.
    case wait
    case close
    /// The connection is already over.
    case none
  }

  /// The server goes away: what is in flight is answered, what comes is refused.
  package mutating func drain() -> OnEnd { finish() }

  /// The peer will send nothing more. It may still read: replies owed go out.
  package mutating func inputClosed() -> OnEnd { finish() }

  /// A body that has begun is waited for no longer: its stream is answered with the refusal, and the connection ends with every call
  /// in flight.
  package mutating func bodyGivenUp() { connectionLost() }

  /// The peer is gone, with every call in flight.
  package mutating func connectionLost() {
    state = .finished
    _ = inFlight.removeAll()
    streamsInFlight = 0
  }

  // MARK: Judging

  @inline(__always)
  private mutating func receivedRequest(_ stream: UInt32) -> OnHeader {
    guard stream % 2 == 1 else { return .refuse(.streamNotOdd) }
    guard stream > highestStream else { return .refuse(.streamReused) }
    highestStream = stream
    switch state {
    case .serving where inFlight.count < maxCallsInFlight: return .collect
    case .serving: return .refuse(.tooManyCalls(maximum: maxCallsInFlight))
    case .turningAway:
      guard let turnedAwayBy else { preconditionFailure("a connection is turned away for a reason") }
      return end(turnedAwayBy)
    case .finishing, .finished: return .refuse(.draining)
    }
  }

  /// Data is wrong unless the client's half of the stream is open; then it ends the call it was sent to.
  private mutating func receivedData(_ stream: UInt32) -> OnHeader {
    guard stream % 2 == 1 else { return .refuse(.streamNotOdd) }
    if inFlight.value(of: stream)?.client == .open { return .collect }
    return answerInstead(stream, .dataAfterClose) ?? .refuse(.streamNotActive)
  }

  /// A stream number is used up by a request that is too long, as by any other.
  private mutating func refuseTooLong(_ header: FrameHeader) -> OnHeader {
    let refusal = ConnectionRefusal.frameTooLong(length: header.length, maximum: maxFrameLength)
    if header.type == .request, header.stream % 2 == 1, header.stream > highestStream {
      highestStream = header.stream
    }
    return answerInstead(header.stream, refusal) ?? .refuse(refusal)
  }

  /// The refusal takes the place of the reply of a call in flight; `nil` when there is none on that stream.
  private mutating func answerInstead(_ stream: UInt32, _ refusal: ConnectionRefusal) -> OnHeader? {
    switch replied(stream) {
    case .send: .refuseAndCancel(refusal)
    case .sendAndClose: .refuseAndClose(refusal)
    case .drop: nil
    }
  }

  mutating func end(_ refusal: ConnectionRefusal) -> OnHeader {
    connectionLost()
    return .refuseAndClose(refusal)
  }

  private mutating func finish() -> OnEnd {
    switch state {
    case .finished: return .none
    case .finishing: return .wait
    case .serving, .turningAway:
      state = inFlight.isEmpty ? .finished : .finishing
      return inFlight.isEmpty ? .close : .wait
    }
  }
}
