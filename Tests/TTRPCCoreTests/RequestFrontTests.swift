import TTRPCCore
import Testing

@Suite("The front of a request whose end has not come")
struct RequestFrontTests {
  private static let method = MethodDescriptor(service: "a.B", method: "Call", kind: .unary, roles: [], writes: false)

  private static func envelope(_ payload: Int) -> [UInt8] {
    let frame = RequestFrame(
      method, payload: [UInt8](repeating: 7, count: payload), timeoutNanoseconds: 5, metadata: ["k": "v"])
    var bytes = [UInt8](repeating: 0, count: frame.size)
    bytes.withUnsafeMutableBytes { frame.write(stream: 1, to: $0) }
    return Array(bytes.dropFirst(FrameHeader.size))
  }

  private struct Seen: Hashable {
    var service = "a.B"
    var method = "Call"
    var length: UInt64
  }

  private func read(_ bytes: some Collection<UInt8>) -> Seen? {
    Array(bytes).withUnsafeBytes { bytes in
      RequestFront(bytes).map { front in
        Seen(
          service: String(decoding: front.service, as: UTF8.self), method: String(decoding: front.method, as: UTF8.self),
          length: front.payloadLength)
      }
    }
  }

  @Test("Names and the message's length are known as soon as they have come, and never wrongly before", arguments: [1, 127, 128, 100_000])
  func whole(payload: Int) {
    let bytes = Self.envelope(payload)
    let known = (0...bytes.count).first { read(bytes.prefix($0)) != nil }
    #expect(known == 2 + 3 + 2 + 4 + 1 + (payload < 128 ? 1 : payload < 16_384 ? 2 : 3))
    for count in (known ?? 0)...min(bytes.count, 300) { #expect(read(bytes.prefix(count)) == Seen(length: UInt64(payload))) }
  }

  @Test("A request without a message, in another order, or of other bytes, says nothing", arguments: [
    envelope(0), [0x12, 1, 65, 0x0a, 1, 66, 0x1a, 1, 0], [0x1a, 1, 0], [0xff, 0xff, 0xff], [0x0a, 0x05, 65], [],
  ] as [[UInt8]])
  func nothing(bytes: [UInt8]) { #expect(read(bytes) == nil) }
}
