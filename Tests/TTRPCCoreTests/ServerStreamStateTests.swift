import TTRPCCore
import Testing

@Suite("Client halves of streams on a server's connection")
struct ServerStreamStateTests {
  private static func machine(isClientOpen: Bool?) -> ServerConnectionStateMachine {
    var machine = ServerConnectionStateMachine(limits: .standard)
    _ = machine.receivedHeader(FrameHeader(length: 0, stream: 1, type: .request))
    _ = machine.requestArrived(1)
    if let isClientOpen { _ = machine.startedStream(1, isClientOpen: isClientOpen) }
    return machine
  }

  @Test("A stream too many is refused; its call has its answer, and each that ends leaves its place")
  func tooMany() {
    var limits = TTRPCLimits.standard
    limits.maxStreamsPerConnection = 1
    var machine = ServerConnectionStateMachine(limits: limits)
    func start(_ stream: UInt32) -> ConnectionRefusal? {
      _ = machine.receivedHeader(FrameHeader(length: 0, stream: stream, type: .request))
      #expect(machine.requestArrived(stream) == .dispatch)
      return machine.startedStream(stream, isClientOpen: stream != 5)
    }
    #expect(start(1) == nil)
    #expect(start(3) == .tooManyStreams(maximum: 1))
    #expect(machine.replied(3) == .send)
    #expect(machine.streamsInFlight == 1)
    #expect(machine.replied(1) == .send)
    #expect(machine.replied(1) == .drop)
    #expect(start(5) == nil)
    #expect(start(7) == .tooManyStreams(maximum: 1))
    machine.connectionLost()
    #expect(machine.streamsInFlight == 0)
  }

  private static let data = FrameHeader(length: 0, stream: 1, type: .data)

  @Test("Data of an open half is delivered, an empty message too")
  func openHalf() {
    var machine = Self.machine(isClientOpen: true)
    #expect(machine.receivedHeader(Self.data) == .collect)
    #expect(machine.dataArrived(1, flags: [], length: 0) == .deliver(isMessage: true, isEnd: false))
    #expect(machine.dataArrived(1, flags: .noData, length: 3) == .deliver(isMessage: false, isEnd: false))
  }

  @Test("The last frame with bytes is a message and then the end; data after it is the one terminal refusal")
  func lastFrame() {
    var machine = Self.machine(isClientOpen: true)
    #expect(machine.dataArrived(1, flags: .remoteClosed, length: 3) == .deliver(isMessage: true, isEnd: true))
    #expect(machine.receivedHeader(Self.data) == .refuseAndCancel(.dataAfterClose))
    #expect(machine.replied(1) == .drop)
    #expect(machine.receivedHeader(Self.data) == .refuse(.streamNotActive))
  }

  @Test("Data for a unary call or a closed half ends the call", arguments: [nil, false])
  func closedHalf(isClientOpen: Bool?) {
    var machine = Self.machine(isClientOpen: isClientOpen)
    #expect(machine.receivedHeader(Self.data) == .refuseAndCancel(.dataAfterClose))
  }
}
