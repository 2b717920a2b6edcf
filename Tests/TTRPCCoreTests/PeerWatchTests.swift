import Testing

@testable import TTRPCCore

@Suite("Whether the other end is still there")
struct PeerWatchTests {
  static func output(_ handedOver: Int = 0, unsent: Int = 0) -> PeerWatch.Output {
    .init(handedOver: handedOver, unsent: unsent)
  }

  static let limits: TTRPCLimits = {
    var limits = TTRPCLimits()
    (limits.pingInterval, limits.pingTimeout) = (.seconds(7), .seconds(3))
    return limits
  }()

  @Test("Who says something between two looks is not asked")
  func talks() {
    var watch = PeerWatch(limits: Self.limits)
    #expect(watch.firstLook == .seconds(7))
    for _ in 0..<5 {
      watch.heard()
      #expect(watch.looked(Self.output()) == .lookAgain(after: .seconds(7)))
    }
  }

  @Test("Who was silent is asked; whatever comes then is an answer, and silence is the end")
  func silent() {
    var watch = PeerWatch(limits: Self.limits)
    for _ in 0..<3 {
      #expect(watch.looked(Self.output()) == .ping(thenLookAfter: .seconds(3)))
      watch.heard()
      #expect(watch.looked(Self.output()) == .lookAgain(after: .seconds(7)))
    }
    #expect(watch.looked(Self.output()) == .ping(thenLookAfter: .seconds(3)))
    #expect(watch.looked(Self.output()) == .gone)
  }

  @Test("A peer that takes bytes which waited is there, although it says nothing")
  func takesBytes() {
    var watch = PeerWatch(limits: Self.limits)
    #expect(watch.looked(Self.output(1000, unsent: 900)) == .ping(thenLookAfter: .seconds(3)))
    #expect(watch.looked(Self.output(2000, unsent: 1800)) == .lookAgain(after: .seconds(7)))
    #expect(watch.looked(Self.output(2000, unsent: 1800)) == .ping(thenLookAfter: .seconds(3)))
    #expect(watch.looked(Self.output(9000, unsent: 8800)) == .gone, "what is handed over and not taken shows nothing")
  }

  @Test("Bytes that the system had room for show nothing: it takes them for who is gone, too")
  func roomInTheSystem() {
    var watch = PeerWatch(limits: Self.limits)
    #expect(watch.looked(Self.output(1000)) == .ping(thenLookAfter: .seconds(3)))
    #expect(watch.looked(Self.output(2000)) == .gone)
  }
}
