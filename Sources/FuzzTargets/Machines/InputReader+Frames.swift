internal import TTRPCCore

extension InputReader {
  /// A stream: one of those in flight, the next, one near zero, or any.
  mutating func stream(_ inFlight: [UInt32], _ highest: UInt32) -> UInt32 {
    let choice = self.byte()
    switch choice % 4 {
    case 0: return (highest | 1) &+ (highest % 2 == 1 ? 2 : 0)
    case 1 where !inFlight.isEmpty: return inFlight[Int(choice / 4) % inFlight.count]
    case 2: return UInt32(choice / 4)
    default: return choice > 250 ? number() : UInt32(choice / 4) | 1
    }
  }

  /// Types that mean something more often than others.
  mutating func frameType() -> FrameType {
    let choice = self.byte()
    let named: [FrameType] = [.request, .data, .response, .ping, .pong, .cancel, .credit, .goingAway]
    return choice < 240 ? named[Int(choice) % named.count] : FrameType(rawValue: self.byte())
  }

  mutating func header(_ inFlight: [UInt32], _ highest: UInt32, _ limits: TTRPCLimits) -> FrameHeader {
    let (stream, type, flags) = (self.stream(inFlight, highest), frameType(), FrameFlags(rawValue: self.byte() & 0xF))
    return FrameHeader(length: length(limits), stream: stream, type: type, flags: flags)
  }

  /// Mostly short; now and then at the bound, over it, and with a reserved byte.
  mutating func length(_ limits: TTRPCLimits) -> UInt32 {
    let choice = self.byte()
    switch choice {
    case 255: return UInt32.max
    case 254: return 1 << 24
    case 253: return UInt32(limits.maxFrameLength) + 1
    case 252: return UInt32(limits.maxFrameLength)
    default: return UInt32(choice % 32)
    }
  }
}
