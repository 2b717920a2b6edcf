import Testing

@testable import TTRPCCore

@Suite("A client's streams")
struct ClientStreamsStateMachineTests {
  static let ending: FrameFlags = [.remoteClosed, .noData]

  static func data(_ stream: UInt32 = 1, _ length: UInt32 = 0, _ flags: FrameFlags = []) -> FrameHeader {
    FrameHeader(length: length, stream: stream, type: .data, flags: flags)
  }

  static func response(_ stream: UInt32 = 1, _ length: UInt32 = 0) -> FrameHeader {
    FrameHeader(length: length, stream: stream, type: .response)
  }

  static func opened(_ kind: MethodKind) throws -> ClientConnectionStateMachine {
    var machine = ClientConnectionStateMachine(limits: .standard)
    #expect(try machine.openStream(length: 10, kind) == 1)
    return machine
  }

  @Test("Streams and unary calls share the numbers, which rise, and the bound of calls in flight")
  func numbers() throws {
    var limits = TTRPCLimits()
    limits.maxCallsInFlight = 3
    var machine = ClientConnectionStateMachine(limits: limits)
    #expect(try machine.openStream(length: 1, .bidirectional) == 1)
    #expect(try machine.openCall(length: 1) == 3)
    #expect(try machine.openStream(length: 1, .serverStreaming) == 5)
    #expect(throws: RPCError(.resourceExhausted, "limit maxCallsInFlight reached: 3 calls in flight on this connection")) {
      try machine.openStream(length: 1, .clientStreaming)
    }
  }

  @Test("A server's messages are collected until one of its frames says that it is the last", arguments: [
    (MethodKind.serverStreaming, false), (.bidirectional, true),
  ])
  func messages(kind: MethodKind, owesClose: Bool) throws {
    var machine = try Self.opened(kind)
    for length: UInt32 in [0, 7] {
      #expect(machine.receivedHeader(Self.data(1, length)) == .collect)
      #expect(machine.messageArrived(Self.data(1, length)) == .deliver)
    }
    #expect(machine.receivedHeader(Self.data(1, 0, .noData)) == .ignore)
    #expect(machine.receivedHeader(Self.data(1, 0, Self.ending)) == .end(owesClose: owesClose))
    #expect(machine.receivedHeader(Self.data(1, 7)) == .ignore)
    #expect(machine.callsInFlight == 0)
  }

  @Test("A frame may be the last and carry a message; bytes beside «no message» are none")
  func lastMessage() throws {
    var machine = try Self.opened(.bidirectional)
    #expect(machine.receivedHeader(Self.data(1, 3, .remoteClosed)) == .collect)
    #expect(machine.messageArrived(Self.data(1, 3, .remoteClosed)) == .deliverAndEnd(owesClose: true))
    #expect(machine.messageArrived(Self.data(1, 3, .remoteClosed)) == .ignore)
    machine = try Self.opened(.serverStreaming)
    #expect(machine.receivedHeader(Self.data(1, 9, Self.ending)) == .end(owesClose: false))
  }

  @Test("A response ends every kind of call; its payload is a message where a reply is due, or where it has bytes", arguments: [
    (MethodKind.clientStreaming, true, 0, ClientConnectionStateMachine.OnResponse.end(deliver: true, owesClose: false)),
    (.clientStreaming, false, 0, .end(deliver: false, owesClose: false)),
    (.serverStreaming, true, 0, .end(deliver: false, owesClose: false)),
    (.serverStreaming, true, 4, .end(deliver: true, owesClose: false)),
    (.bidirectional, true, 0, .end(deliver: false, owesClose: true)),
    (.bidirectional, false, 0, .end(deliver: false, owesClose: false)),
  ])
  func responses(
    kind: MethodKind, succeeded: Bool, length: Int, answer: ClientConnectionStateMachine.OnResponse
  ) throws {
    var machine = try Self.opened(kind)
    #expect(machine.receivedHeader(Self.response()) == .collect)
    #expect(machine.responseArrived(1, succeeded: succeeded, payloadLength: length) == answer)
    #expect(machine.responseArrived(1, succeeded: succeeded, payloadLength: length) == .ignore)
    #expect(machine.receivedHeader(Self.response()) == .ignore)
  }

  @Test("Where one reply is due, stream data fails the call", arguments: [
    (data(1, 5), "the server sent stream data where one reply was due"),
    (data(1, 0), "the server sent stream data where one reply was due"),
    (data(1, 0, ending), "the server ended the call without the reply that was due"),
  ])
  func dataForAReply(header: FrameHeader, message: String) throws {
    var machine = try Self.opened(.clientStreaming)
    #expect(machine.receivedHeader(header) == .fail(RPCError(.internal, message), .close))
    #expect(machine.callsInFlight == 0)
  }

  @Test("A frame too long fails its stream at the header; the server is told that no more comes unless it has ended")
  func tooLong() throws {
    let error = RPCError.messageTooLong(4_194_305, maximum: 4_194_304)
    var machine = try Self.opened(.bidirectional)
    #expect(machine.receivedHeader(Self.data(1, 4_194_305)) == .fail(error, .close))
    machine = try Self.opened(.bidirectional)
    #expect(machine.receivedHeader(Self.response(1, 4_194_305)) == .fail(error, .silence))
  }

  @Test("The client's half closes once, and nothing is sent after it")
  func sending() throws {
    var machine = try Self.opened(.clientStreaming)
    try machine.sending(length: 0, on: 1)
    try machine.sending(length: 4_194_304, on: 1)
    #expect(throws: RPCError.messageTooLong(4_194_305, maximum: 4_194_304)) { try machine.sending(length: 4_194_305, on: 1) }
    #expect(machine.finishedSending(on: 1) == true)
    #expect(machine.finishedSending(on: 1) == false)
    #expect(throws: RPCError.sendingFinished) { try machine.sending(length: 1, on: 1) }
    #expect(machine.abandoned(1) == .silence, "the server knows already")
    #expect(throws: RPCError.callIsOver) { try machine.sending(length: 1, on: 1) }
  }

  @Test("Whose one request went with the opening sends nothing more")
  func serverStreaming() throws {
    var machine = try Self.opened(.serverStreaming)
    #expect(throws: RPCError.sendingFinished) { try machine.sending(length: 1, on: 1) }
    #expect(machine.finishedSending(on: 1) == false)
    #expect(machine.abandoned(1) == .silence)
  }

  @Test("An abandoned stream owes the server the end of its half, once; what still comes is late")
  func abandoned() throws {
    var machine = try Self.opened(.bidirectional)
    #expect(machine.receivedHeader(Self.data(1, 8)) == .collect)
    #expect(machine.abandoned(1) == .close)
    #expect(machine.abandoned(1) == nil)
    #expect(machine.messageArrived(Self.data(1, 8)) == .ignore)
    #expect(machine.receivedHeader(Self.data(1, 0, Self.ending)) == .ignore)
  }
}
