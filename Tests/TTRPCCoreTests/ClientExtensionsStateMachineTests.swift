import Testing

@testable import TTRPCCore

@Suite("A client's connection, with extensions granted")
struct ClientExtensionsStateMachineTests {
  typealias Machine = ClientConnectionStateMachine

  static let all: WireExtensions = [.ping, .cancel, .credit, .goingAway]

  static func machine(_ granted: WireExtensions = all, _ kinds: MethodKind...) throws -> Machine {
    var machine = Machine(limits: .standard)
    machine.granted(granted)
    for kind in kinds { _ = try machine.openStream(length: 1, kind) }
    return machine
  }

  static func header(_ type: FrameType, _ stream: UInt32 = 0, _ length: UInt32 = 0, _ flags: FrameFlags = []) -> FrameHeader {
    FrameHeader(length: length, stream: stream, type: type, flags: flags)
  }

  /// A credit or going-away frame, header and body.
  static func arrive(_ type: FrameType, _ stream: UInt32, _ number: UInt32, at machine: inout Machine) -> Machine.OnControl {
    #expect(machine.receivedHeader(header(type, stream, 4)) == .collect)
    return withUnsafeBytes(of: number.bigEndian) { machine.controlArrived(header(type, stream, 4), $0) }
  }

  @Test("What was not granted is an unknown frame: ignored, whatever is wrong with it", arguments: [
    header(.ping, 0, 8), header(.ping, 7, 800), header(.pong), header(.goingAway, 0, 4), header(.credit, 1, 4), header(.credit, 0, 9),
  ])
  func notGranted(frame: FrameHeader) throws {
    var machine = try Self.machine([], .bidirectional)
    #expect(machine.receivedHeader(frame) == .ignore)
    #expect(machine.abandoned(1) == .close, "cancel is not sent either")
  }

  @Test("A ping is answered, a pong is not", arguments: [0, 1, 64] as [UInt32])
  func ping(length: UInt32) throws {
    var machine = try Self.machine()
    #expect(machine.receivedHeader(Self.header(.ping, 0, length)) == .collect)
    let body = [UInt8](repeating: 1, count: Int(length))
    #expect(body.withUnsafeBytes { machine.controlArrived(Self.header(.ping, 0, length), $0) } == .pong)
    #expect(machine.receivedHeader(Self.header(.pong, 0, length)) == .skip)
  }

  @Test("A frame that breaks its rules ends the connection", arguments: [
    header(.ping, 1), header(.ping, 0, 65), header(.pong, 3), header(.pong, 0, 65), header(.goingAway, 1, 4), header(.goingAway, 0, 3),
    header(.credit, 0, 4), header(.credit, 2, 4), header(.credit, 1, 5),
  ])
  func brokenRules(frame: FrameHeader) throws {
    var machine = try Self.machine(Self.all, .bidirectional)
    guard case .close(let error) = machine.receivedHeader(frame) else {
      Issue.record("\(frame) was taken")
      return
    }
    #expect(error.code == .unavailable)
  }

  // MARK: Cancel

  @Test("A call given up is cancelled once, counts until its last frame, and takes that in silence", arguments: [
    (MethodKind.unary, header(.response, 1, 9)), (.clientStreaming, header(.response, 1)), (.serverStreaming, header(.data, 1, 0, [.remoteClosed, .noData])),
    (.bidirectional, header(.data, 1, 4_194_305, .remoteClosed)),
  ])
  func cancel(kind: MethodKind, last: FrameHeader) throws {
    var machine = try Self.machine(Self.all, kind)
    #expect(machine.abandoned(1) == .cancel)
    #expect(machine.abandoned(1) == nil)
    #expect(machine.receivedHeader(Self.header(.data, 1, 5)) == .skip)
    #expect(machine.receivedHeader(Self.header(.credit, 1, 4)) == .skip)
    #expect(machine.callsInFlight == 1)
    #expect(machine.receivedHeader(last) == .skip)
    #expect(machine.callsInFlight == 0)
    #expect(machine.receivedHeader(last) == .ignore)
  }

  @Test("A call given up while a frame of it is coming in: the last frame still ends it, another does not")
  func cancelMidway() throws {
    var machine = try Self.machine(Self.all, .unary, .bidirectional, .clientStreaming)
    for frame in [Self.header(.response, 1, 9), Self.header(.data, 3, 9), Self.header(.response, 5, 9)] {
      #expect(machine.receivedHeader(frame) == .collect)
      #expect(machine.abandoned(frame.stream) == .cancel)
    }
    #expect(machine.replyArrived(1) == .skip)
    #expect(machine.messageArrived(Self.header(.data, 3, 9)) == .skip)
    #expect(machine.responseArrived(5, succeeded: true, payloadLength: 9) == .skip)
    #expect(machine.callsInFlight == 1)
    #expect(machine.receivedHeader(Self.header(.response, 3)) == .skip)
    #expect(machine.callsInFlight == 0)
  }

  @Test("A call that fails at this end is cancelled, unless the frame was its last")
  func failures() throws {
    var machine = try Self.machine(Self.all, .unary, .bidirectional, .clientStreaming)
    let long = RPCError.messageTooLong(4_194_305, maximum: 4_194_304)
    #expect(
      machine.receivedHeader(Self.header(.data, 1, 1))
        == .fail(RPCError(.internal, "the server sent stream data in answer to a unary call"), .cancel))
    #expect(machine.receivedHeader(Self.header(.data, 3, 4_194_305)) == .fail(long, .cancel))
    #expect(machine.receivedHeader(Self.header(.response, 5, 4_194_305)) == .fail(long, .silence))
    #expect(machine.callsInFlight == 2)
  }

  // MARK: Credit

  @Test("A message may go while credit is above zero, whatever its length; what the server gives adds up")
  func sendingCredit() throws {
    var machine = try Self.machine(Self.all, .bidirectional)
    #expect(machine.hasCredit(on: 1))
    machine.sent(length: 65_503, on: 1)
    #expect(machine.hasCredit(on: 1), "one byte of credit is left")
    machine.sent(length: 4_000_000, on: 1)
    #expect(!machine.hasCredit(on: 1))
    #expect(Self.arrive(.credit, 1, 4_000_000, at: &machine) == .resume(1))
    #expect(!machine.hasCredit(on: 1))
    #expect(Self.arrive(.credit, 1, 32, at: &machine) == .resume(1))
    #expect(machine.hasCredit(on: 1))
  }

  @Test("Credit that does not fit 31 bits, or none, fails its stream and no other", arguments: [0, 2_147_418_112, .max] as [UInt32])
  func wrongCredit(amount: UInt32) throws {
    var machine = try Self.machine(Self.all, .bidirectional, .clientStreaming)
    let error = RPCError(.invalidArgument, "the server gave no credit, or more than fits 31 bits")
    #expect(Self.arrive(.credit, 1, amount, at: &machine) == .fail(error, .cancel))
    #expect(Self.arrive(.credit, 3, 2_147_418_111, at: &machine) == .resume(3))
  }

  @Test("Credit for a call that is over, or that sends nothing, crossed on the wire")
  func lateCredit() throws {
    var machine = try Self.machine(Self.all, .serverStreaming, .unary)
    for stream: UInt32 in [1, 3, 99] { #expect(machine.receivedHeader(Self.header(.credit, stream, 4)) == .skip) }
  }

  @Test("A server without credit fails its stream at the header; what was consumed is given back while the call is on")
  func readingCredit() throws {
    var machine = try Self.machine(Self.all, .serverStreaming, .bidirectional, .clientStreaming)
    for stream: UInt32 in [1, 3] { #expect(machine.receivedHeader(Self.header(.data, stream, 65_504)) == .collect) }
    #expect(machine.consumed(33, on: 3) == true)
    #expect(machine.consumed(33, on: 5) == false, "its one reply costs nothing")
    #expect(
      machine.receivedHeader(Self.header(.data, 1))
        == .fail(RPCError(.resourceExhausted, "the server sent a message without credit"), .cancel))
    #expect(machine.receivedHeader(Self.header(.data, 3, 4_194_304)) == .collect)
    #expect(machine.consumed(70_000, on: 1) == false)
    #expect(machine.consumed(70_000, on: 99) == false)
  }

  @Test("A stream that was opened before credit was granted has none to heed")
  func openedBefore() throws {
    var machine = try Self.machine([.cancel], .bidirectional)
    machine.granted(.credit)
    for _ in 0..<3 { #expect(machine.receivedHeader(Self.header(.data, 1, 4_000_000)) == .collect) }
    machine.sent(length: 4_000_000, on: 1)
    #expect(machine.hasCredit(on: 1))
    #expect(machine.consumed(70_000, on: 1) == false)
  }

  // MARK: Going away

  @Test("A server that goes away: calls above its last were not begun, the others go on, no new one is made")
  func goingAway() throws {
    var machine = try Self.machine(Self.all, .unary, .bidirectional, .unary, .serverStreaming)
    #expect(machine.abandoned(5) == .cancel)
    #expect(Self.arrive(.goingAway, 0, 3, at: &machine) == .leave(notBegun: [7]))
    #expect(!machine.takesCalls)
    #expect(throws: RPCError.notBegun) { try machine.openCall(length: 1) }
    #expect(machine.callsInFlight == 2)
    #expect(machine.receivedHeader(Self.header(.response, 7)) == .ignore)
    #expect(machine.receivedHeader(Self.header(.response, 1)) == .collect)
    #expect(machine.replyArrived(1) == .deliver)
    machine.sent(length: 1, on: 3)
    #expect(machine.finishedSending(on: 3) == true)
    #expect(Self.arrive(.goingAway, 0, 0, at: &machine) == .leave(notBegun: [3]), "a server in more of a hurry")
  }
}
