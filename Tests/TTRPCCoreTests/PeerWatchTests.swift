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

  static func at(_ seconds: UInt64) -> MonotonicTime { MonotonicTime(nanoseconds: (1000 + seconds) * 1_000_000_000) }

  /// Looks so many seconds after the start, at which something was heard.
  private static func look(
    _ watch: inout PeerWatch, _ second: UInt64, _ output: PeerWatch.Output = output(), isReading: Bool = true
  ) -> PeerWatch.OnLook { watch.looked(at: at(second), output, isReading: isReading, limits: limits) }

  @Test("Who says something is looked at again when its interval after that is over, however often it is looked at before")
  func talks() {
    var watch = PeerWatch(at: Self.at(0))
    #expect(Self.look(&watch, 0) == .lookAgain(at: Self.at(7)))
    for second in [UInt64(1), 2, 7, 13, 19] {
      watch.heard(at: Self.at(second))
      #expect(Self.look(&watch, second) == .lookAgain(at: Self.at(second + 7)))
      #expect(Self.look(&watch, second + 6) == .lookAgain(at: Self.at(second + 7)))
    }
  }

  @Test("Who was silent is asked once; whatever comes then is an answer, and silence is the end, each at its second")
  func silent() {
    var watch = PeerWatch(at: Self.at(0))
    for start in [UInt64(0), 9, 18] {
      #expect(Self.look(&watch, start + 7) == .ping(thenLookAt: Self.at(start + 10)))
      #expect(Self.look(&watch, start + 8) == .lookAgain(at: Self.at(start + 10)))
      watch.heard(at: Self.at(start + 9))
      #expect(Self.look(&watch, start + 10) == .lookAgain(at: Self.at(start + 16)))
    }
    #expect(Self.look(&watch, 34) == .ping(thenLookAt: Self.at(37)))
    #expect(Self.look(&watch, 36) == .lookAgain(at: Self.at(37)))
    #expect(Self.look(&watch, 37) == .gone)
  }

  @Test("Who is looked at late is asked all the same before it is given up")
  func late() {
    var watch = PeerWatch(at: Self.at(0))
    #expect(Self.look(&watch, 500) == .ping(thenLookAt: Self.at(503)))
    #expect(Self.look(&watch, 503) == .gone)
  }

  @Test("A peer that takes bytes which waited is there, although it says nothing")
  func takesBytes() {
    var watch = PeerWatch(at: Self.at(0))
    #expect(Self.look(&watch, 7, Self.output(1000, unsent: 900)) == .ping(thenLookAt: Self.at(10)))
    #expect(Self.look(&watch, 10, Self.output(2000, unsent: 1800)) == .lookAgain(at: Self.at(17)))
    #expect(Self.look(&watch, 17, Self.output(2000, unsent: 1800)) == .ping(thenLookAt: Self.at(20)))
    #expect(Self.look(&watch, 20, Self.output(9000, unsent: 8800)) == .gone, "what is handed over and not taken shows nothing")
  }

  @Test("Bytes that the system had room for show nothing: it takes them for who is gone, too")
  func roomInTheSystem() {
    var watch = PeerWatch(at: Self.at(0))
    #expect(Self.look(&watch, 7, Self.output(1000)) == .ping(thenLookAt: Self.at(10)))
    #expect(Self.look(&watch, 10, Self.output(2000)) == .gone)
  }

  @Test("What this end does not read is not held against the peer")
  func notReading() {
    var watch = PeerWatch(at: Self.at(0))
    #expect(Self.look(&watch, 7, isReading: false) == .lookAgain(at: Self.at(10)))
    #expect(Self.look(&watch, 400, isReading: false) == .lookAgain(at: Self.at(403)))
    #expect(Self.look(&watch, 403) == .ping(thenLookAt: Self.at(406)))
  }
}
