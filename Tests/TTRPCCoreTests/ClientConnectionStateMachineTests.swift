import Testing

@testable import TTRPCCore

@Suite("A client's connection")
struct ClientConnectionStateMachineTests {
  static func response(_ stream: UInt32, length: UInt32 = 0) -> FrameHeader {
    FrameHeader(length: length, stream: stream, type: .response)
  }

  @Test("Streams are odd and rise by two, whatever order replies come in")
  func numbers() throws {
    var machine = ClientConnectionStateMachine(limits: .standard)
    #expect(try (0..<4).map { _ in try machine.openCall(length: 10) } == [1, 3, 5, 7])
    #expect(machine.receivedHeader(Self.response(5)) == .collect)
    #expect(machine.replyArrived(5) == .deliver)
    #expect(machine.receivedHeader(Self.response(1)) == .collect)
    #expect(machine.replyArrived(1) == .deliver)
    #expect(try machine.openCall(length: 10) == 9)
    #expect(machine.callsInFlight == 3)
  }

  @Test("A reply that nobody waits for is thrown away", arguments: [1, 2, 0, 99] as [UInt32])
  func late(stream: UInt32) throws {
    var machine = ClientConnectionStateMachine(limits: .standard)
    let first = try machine.openCall(length: 1)
    #expect(machine.abandoned(first) == .silence)
    #expect(machine.receivedHeader(Self.response(stream)) == .ignore)
    #expect(machine.abandoned(first) == nil)
  }

  @Test("A call given up while its reply is coming in is not answered twice")
  func abandonedMidway() throws {
    var machine = ClientConnectionStateMachine(limits: .standard)
    let stream = try machine.openCall(length: 1)
    #expect(machine.receivedHeader(Self.response(stream, length: 100)) == .collect)
    #expect(machine.abandoned(stream) == .silence)
    #expect(machine.replyArrived(stream) == .ignore)
  }

  @Test("After the last number the connection takes no more calls, and those in flight are answered")
  func idsUsedUp() throws {
    var machine = ClientConnectionStateMachine(limits: .standard, firstStream: .max - 2)
    #expect(try machine.openCall(length: 1) == .max - 2)
    #expect(try machine.openCall(length: 1) == .max)
    #expect(!machine.takesCalls)
    #expect(throws: RPCError(.unavailable, "stream ids of this connection are used up")) {
      try machine.openCall(length: 1)
    }
    #expect(machine.receivedHeader(Self.response(.max)) == .collect)
    #expect(machine.replyArrived(.max) == .deliver)
  }

  @Test("What cannot be sent is refused before a number is spent")
  func refusals() throws {
    var limits = TTRPCLimits()
    limits.maxCallsInFlight = 1
    var machine = ClientConnectionStateMachine(limits: limits)
    #expect(throws: RPCError(.resourceExhausted, "message length 4194305 exceed maximum message size of 4194304")) {
      try machine.openCall(length: 4_194_305)
    }
    #expect(try machine.openCall(length: 4_194_304) == 1)
    #expect(
      throws: RPCError(.resourceExhausted, "limit maxCallsInFlight reached: 1 calls in flight on this connection")
    ) {
      try machine.openCall(length: 1)
    }
    machine.connectionClosed()
    #expect(throws: RPCError.notSent) { try machine.openCall(length: 1) }
    #expect(machine.callsInFlight == 0)
  }

  @Test("Frames a unary call does not expect")
  func unexpected() throws {
    var machine = ClientConnectionStateMachine(limits: .standard)
    let (first, second) = (try machine.openCall(length: 1), try machine.openCall(length: 1))
    #expect(machine.receivedHeader(FrameHeader(length: 0, stream: first, type: .request)) == .ignore)
    #expect(machine.receivedHeader(FrameHeader(length: 0, stream: first, type: FrameType(rawValue: 0x10))) == .ignore)
    #expect(
      machine.receivedHeader(FrameHeader(length: 2, stream: first, type: .data))
        == .fail(RPCError(.internal, "the server sent stream data in answer to a unary call")))
    #expect(
      machine.receivedHeader(Self.response(second, length: 4_194_305))
        == .fail(.messageTooLong(4_194_305, maximum: 4_194_304)))
    #expect(machine.callsInFlight == 0)
    guard case .close = machine.receivedHeader(Self.response(1, length: 0x0200_0000)) else {
      Issue.record("a reserved byte must end the connection")
      return
    }
  }
}
