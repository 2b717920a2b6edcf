import TTRPCCore
import Testing

@Suite("Client halves of streams on a server's connection")
struct ServerStreamStateTests {
  private static func machine(isClientOpen: Bool?) -> ServerConnectionStateMachine {
    var machine = ServerConnectionStateMachine(limits: .standard)
    _ = machine.receivedHeader(FrameHeader(length: 0, stream: 1, type: .request))
    _ = machine.requestArrived(1)
    if let isClientOpen { machine.startedStream(1, isClientOpen: isClientOpen) }
    return machine
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
