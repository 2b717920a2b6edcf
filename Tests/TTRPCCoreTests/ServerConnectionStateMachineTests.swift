import Testing

@testable import TTRPCCore

/// Transcripts: what arrives, and what the machine must answer.
@Suite("A server's connection")
struct ServerConnectionStateMachineTests {
  enum Event: Sendable {
    case header(FrameHeader, ServerConnectionStateMachine.OnHeader)
    case arrived(UInt32, ServerConnectionStateMachine.OnRequest)
    case replied(UInt32, ServerConnectionStateMachine.OnReply)
    case drain(ServerConnectionStateMachine.OnEnd)
    case inputClosed(ServerConnectionStateMachine.OnEnd)
    case lost
    case inFlight(Int)
  }

  static let maximum = 4_194_304

  static func request(_ stream: UInt32, _ flags: FrameFlags = [], length: UInt32 = 40) -> FrameHeader {
    FrameHeader(length: length, stream: stream, type: .request, flags: flags)
  }

  static func data(_ stream: UInt32, _ flags: FrameFlags = [], length: UInt32 = 0) -> FrameHeader {
    FrameHeader(length: length, stream: stream, type: .data, flags: flags)
  }

  func play(
    _ events: [Event], limits: TTRPCLimits = .standard, turnAway: ConnectionRefusal? = nil,
    location: SourceLocation = #_sourceLocation
  ) {
    var machine = ServerConnectionStateMachine(limits: limits, turnAway: turnAway)
    for (line, event) in events.enumerated() {
      let comment: Comment = "line \(line + 1): \(event)"
      switch event {
      case .header(let header, let answer):
        #expect(machine.receivedHeader(header) == answer, comment, sourceLocation: location)
      case .arrived(let stream, let answer):
        #expect(machine.requestArrived(stream) == answer, comment, sourceLocation: location)
      case .replied(let stream, let answer):
        #expect(machine.replied(stream) == answer, comment, sourceLocation: location)
      case .drain(let answer): #expect(machine.drain() == answer, comment, sourceLocation: location)
      case .inputClosed(let answer): #expect(machine.inputClosed() == answer, comment, sourceLocation: location)
      case .lost: machine.connectionLost()
      case .inFlight(let count): #expect(machine.callsInFlight == count, comment, sourceLocation: location)
      }
    }
  }

  @Test("A call is collected, dispatched and answered once")
  func oneCall() {
    play([
      .header(Self.request(1), .collect), .inFlight(0),
      .arrived(1, .dispatch), .inFlight(1),
      .replied(1, .send), .inFlight(0),
      .replied(1, .drop),
    ])
  }

  @Test("Replies go out in any order")
  func anyOrder() {
    play([
      .header(Self.request(1), .collect), .arrived(1, .dispatch),
      .header(Self.request(3), .collect), .arrived(3, .dispatch),
      .header(Self.request(5), .collect), .arrived(5, .dispatch),
      .replied(5, .send), .replied(1, .send), .replied(3, .send), .inFlight(0),
    ])
  }

  @Test("A unary method may be asked with any of the flags that open a stream", arguments: [
    0x00, 0x01, 0x02, 0x05, 0x06,
  ] as [UInt8])
  func openingFlags(raw: UInt8) {
    play([
      .header(Self.request(1, FrameFlags(rawValue: raw)), .collect),
      .arrived(1, .dispatch), .replied(1, .send),
    ])
  }

  @Test("Each wrong frame has its answer, and the connection and its count stay as they were", arguments: [
    (request(0), .refuse(.streamNotOdd)),
    (request(4), .refuse(.streamNotOdd)),
    (request(9), .refuse(.streamReused)),
    (request(7), .refuse(.streamReused)),
    (data(0), .refuse(.streamNotOdd)),
    (data(2), .refuse(.streamNotOdd)),
    (data(7), .refuse(.streamNotActive)),
    (data(11), .refuse(.streamNotActive)),
    (data(7, [.remoteClosed, .noData]), .refuse(.streamNotActive)),
    (data(7, .remoteClosed, length: 5), .refuse(.streamNotActive)),
    (FrameHeader(length: 3, stream: 11, type: .response), .ignore),
    (FrameHeader(length: 3, stream: 9, type: .response), .ignore),
    (FrameHeader(length: 3, stream: 0, type: FrameType(rawValue: 4)), .ignore),
    (FrameHeader(length: 3, stream: 0, type: FrameType(rawValue: 0)), .ignore),
    (FrameHeader(length: 3, stream: 2, type: FrameType(rawValue: 0x10)), .ignore),
    (FrameHeader(length: 3, stream: 1, type: FrameType(rawValue: 0xff)), .ignore),
    (request(11, length: 4_194_305), .refuse(.frameTooLong(length: 4_194_305, maximum: maximum))),
    (request(11, length: 0xff_ffff), .refuse(.frameTooLong(length: 0xff_ffff, maximum: maximum))),
    (request(2, length: 4_194_305), .refuse(.frameTooLong(length: 4_194_305, maximum: maximum))),
  ] as [(FrameHeader, ServerConnectionStateMachine.OnHeader)])
  func wrongFrame(header: FrameHeader, answer: ServerConnectionStateMachine.OnHeader) {
    play([
      .header(Self.request(7), .collect), .arrived(7, .dispatch), .replied(7, .send),
      .header(Self.request(9), .collect), .arrived(9, .dispatch), .inFlight(1),
      .header(header, answer), .inFlight(1),
      .header(Self.request(13), .collect), .arrived(13, .dispatch), .inFlight(2),
      .replied(9, .send), .replied(13, .send), .inFlight(0),
    ])
  }

  @Test("Data on a unary call in flight is its one answer: the work is stopped, its reply dropped", arguments: [
    data(1), data(1, .remoteClosed, length: 4), data(1, [.remoteClosed, .noData]), data(1, length: 9),
  ])
  func dataOnUnary(data: FrameHeader) {
    play([
      .header(Self.request(1, .remoteOpen), .collect), .arrived(1, .dispatch),
      .header(data, .refuseAndCancel(.dataAfterClose)), .inFlight(0),
      .replied(1, .drop),
      .header(data, .refuse(.streamNotActive)), .inFlight(0),
    ])
  }

  @Test("4 MiB is taken; one byte more is refused at the header, and its stream number is used up")
  func longestFrame() {
    let tooLong = ConnectionRefusal.frameTooLong(length: 4_194_305, maximum: Self.maximum)
    play([
      .header(Self.request(1, length: 4_194_304), .collect), .arrived(1, .dispatch), .replied(1, .send),
      .header(Self.request(3, length: 4_194_305), .refuse(tooLong)),
      .header(Self.request(3), .refuse(.streamReused)),
      .header(Self.request(5), .collect), .arrived(5, .dispatch),
      .header(Self.data(5, length: 4_194_305), .refuseAndCancel(tooLong)), .replied(5, .drop), .inFlight(0),
    ])
  }

  @Test("A reserved byte that is not 0 is answered once, and then nothing is")
  func reservedByte() {
    play([
      .header(Self.request(1), .collect), .arrived(1, .dispatch),
      .header(Self.request(3, length: 0x0100_0000), .refuseAndClose(.reservedByteSet(1))),
      .inFlight(0), .replied(1, .drop),
      .header(Self.request(5, length: 0x0100_0000), .ignore),
      .header(Self.request(5), .ignore), .arrived(5, .ignore),
      .drain(.none), .inputClosed(.none),
    ])
  }

  @Test("The last stream number is served, and after it the numbers are used up")
  func idsUsedUp() {
    play([
      .header(Self.request(.max), .collect), .arrived(.max, .dispatch), .replied(.max, .send),
      .header(Self.request(1), .refuse(.streamReused)),
      .header(Self.request(.max), .refuse(.streamReused)),
    ])
  }

  @Test("After a half-close the replies owed go out, and the last one ends the connection")
  func halfClose() {
    play([
      .header(Self.request(1), .collect), .arrived(1, .dispatch),
      .header(Self.request(3), .collect), .arrived(3, .dispatch),
      .inputClosed(.wait), .replied(3, .send), .replied(1, .sendAndClose), .replied(1, .drop),
    ])
  }

  @Test("A half-close with nothing owed ends the connection, also when a request was half-sent")
  func halfCloseIdle() {
    play([.inputClosed(.close), .inputClosed(.none)])
    play([.header(Self.request(1), .collect), .inputClosed(.close), .arrived(1, .ignore)])
  }

  @Test("A drain answers what is in flight and refuses what is new")
  func drain() {
    play([
      .header(Self.request(1), .collect), .arrived(1, .dispatch),
      .header(Self.request(3), .collect),
      .drain(.wait), .drain(.wait),
      .arrived(3, .refuse(.draining)),
      .header(Self.request(5), .refuse(.draining)), .inFlight(1),
      .header(Self.request(5), .refuse(.streamReused)),
      .header(Self.data(9), .refuse(.streamNotActive)), .inFlight(1),
      .replied(1, .sendAndClose), .inFlight(0),
      .header(Self.request(7), .ignore),
    ])
  }

  @Test("An idle connection drains at once")
  func drainIdle() {
    play([.drain(.close), .drain(.none)])
    play([.header(Self.request(1), .collect), .arrived(1, .dispatch), .replied(1, .send), .drain(.close)])
  }

  @Test("Data on the last call of a draining connection answers it and ends the connection")
  func dataWhileDraining() {
    play([
      .header(Self.request(1), .collect), .arrived(1, .dispatch), .drain(.wait),
      .header(Self.data(1), .refuseAndClose(.dataAfterClose)), .replied(1, .drop),
    ])
  }

  @Test("One call too many is refused by the limit's name; an answer makes room")
  func tooManyCalls() {
    var limits = TTRPCLimits()
    limits.maxCallsInFlight = 2
    play(
      [
        .header(Self.request(1), .collect), .arrived(1, .dispatch),
        .header(Self.request(3), .collect), .arrived(3, .dispatch),
        .header(Self.request(5), .refuse(.tooManyCalls(maximum: 2))), .inFlight(2),
        .replied(1, .send),
        .header(Self.request(7), .collect), .arrived(7, .dispatch), .inFlight(2),
      ], limits: limits)
    #expect(
      RPCError(ConnectionRefusal.tooManyCalls(maximum: 2))
        == RPCError(.resourceExhausted, "limit maxCallsInFlight reached: 2 calls in flight on this connection"))
  }

  @Test("A connection too many is told so at its first request, and ended")
  func tooManyConnections() {
    play(
      [
        .header(Self.request(2), .refuse(.streamNotOdd)),
        .header(Self.request(1), .refuseAndClose(.tooManyConnections(maximum: 4096))),
        .header(Self.request(3), .ignore),
      ], turnAway: .tooManyConnections(maximum: TTRPCLimits.standard.maxConnections))
  }

  @Test("When the peer is gone, nothing is sent")
  func lost() {
    play([
      .header(Self.request(1), .collect), .arrived(1, .dispatch), .lost,
      .inFlight(0), .replied(1, .drop), .drain(.none),
    ])
  }

  @Test("The statuses are Go's, to the letter", arguments: [
    (ConnectionRefusal.streamNotOdd, StatusCode.invalidArgument, "StreamID must be odd for client initiated streams"),
    (.streamReused, .invalidArgument, "StreamID cannot be re-used and must increment"),
    (.streamNotActive, .invalidArgument, "StreamID is no longer active"),
    (.dataAfterClose, .invalidArgument, "data handling error: ttrpc: stream closed"),
    (
      .frameTooLong(length: 4_194_305, maximum: 4_194_304), .resourceExhausted,
      "message length 4194305 exceed maximum message size of 4194304"
    ),
  ])
  func statuses(refusal: ConnectionRefusal, code: StatusCode, message: String) {
    #expect(RPCError(refusal) == RPCError(code, message))
  }

  @Test("A server that goes away says UNAVAILABLE, which every client may retry elsewhere")
  func drainingStatus() {
    #expect(RPCError(ConnectionRefusal.draining).code == .unavailable)
  }
}
