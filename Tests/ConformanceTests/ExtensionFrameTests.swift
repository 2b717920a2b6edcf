import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// Every frame of ``WireExtensions`` as a vendor sees it: hexadecimal in, hexadecimal out.
@Suite("The extensions' frames, byte for byte")
struct ExtensionFrameTests {
  static let router = RPCRouter([
    RegisteredMethod(GoFixtureTests.method("Hello"), .negotiating { payload, _, _ throws(RPCError) in
      WireExtensions(rawValue: payload.first ?? 0)
    }),
    RegisteredMethod(GoFixtureTests.method("Wait"), .asynchronous { _, _ throws(RPCError) in
      { () async throws(RPCError) in
        try? await Task.sleep(for: .seconds(3600))
        return []
      }
    }),
    // Two messages, and then what the client's messages were.
    RegisteredMethod(
      MethodDescriptor(service: "test.v1.Probe", method: "Two", kind: .serverStreaming, roles: GoFixtureTests.kiosk, writes: false),
      .streaming { (stream, _) async throws(RPCError) in
        for _ in 0..<2 { try await stream.send(Array(repeating: 0x55, count: WireExtensions.initialCredit)) }
        return .done
      }),
  ])

  /// A connection that was granted all of them on stream 1.
  static func granted() throws -> (channel: EmbeddedChannel, loop: ServerLoop) {
    let channel = EmbeddedChannel()
    let loop = ServerLoop(
      eventLoop: channel.eventLoop, router: router, limits: .standard, connectionCount: ConnectionCount())
    try channel.pipeline.syncOperations.addHandler(ServerConnectionHandler(loop: loop, role: GoFixtureTests.kiosk))
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
    // Request on stream 1: service "test.v1.Probe" (field 1), method "Hello" (2), payload 0x1F (3): all five.
    #expect(
      try answer(channel, "00000019 00000001 01 00  0a0d 746573742e76312e50726f6265 1205 48656c6c6f 1a01 1f")
        == "00000000 00000001 02 00".hex)
    return (channel, loop)
  }

  static func answer(_ channel: EmbeddedChannel, _ hex: String) throws -> [UInt8] {
    try channel.writeInbound(ByteBuffer(bytes: hex.hex))
    channel.embeddedEventLoop.run()
    var bytes: [UInt8] = []
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
    return bytes
  }

  @Test("A ping (type 10) comes back as a pong (type 11) with its data")
  func ping() throws {
    let (channel, _) = try Self.granted()
    #expect(try Self.answer(channel, "00000003 00000000 10 00  c0ffee") == "00000003 00000000 11 00  c0ffee".hex)
  }

  @Test("A cancel (type 12) is answered by the call's one last frame: CANCELLED")
  func cancel() throws {
    let (channel, _) = try Self.granted()
    #expect(try Self.answer(channel, "00000015 00000003 01 00  0a0d 746573742e76312e50726f6265 1204 57616974") == [])
    // Response on stream 3: status (field 1) { code 1, message "context canceled" }.
    #expect(
      try Self.answer(channel, "00000000 00000003 12 00")
        == "00000016 00000003 02 00  0a14 0801 1210 636f6e746578742063616e63656c6564".hex)
  }

  @Test("Credit (type 13) lets the next message go; without it the stream stands still")
  func credit() throws {
    let (channel, _) = try Self.granted()
    let opened = try Self.answer(channel, "00000014 00000003 01 01  0a0d 746573742e76312e50726f6265 1203 54776f")
    #expect(opened.count == FrameHeader.size + WireExtensions.initialCredit)
    #expect(Array(opened.prefix(10)) == "00010000 00000003 03 00".hex)
    // The message cost 65,568 of 65,536: with 32 more the credit is 0, with one more it is enough.
    #expect(try Self.answer(channel, "00000004 00000003 13 00  00000020") == [])
  }

  @Test("Going away (type 14) names the last stream that is served")
  func goingAway() throws {
    let (channel, loop) = try Self.granted()
    #expect(try Self.answer(channel, "00000015 00000003 01 00  0a0d 746573742e76312e50726f6265 1204 57616974") == [])
    _ = loop.drain(grace: .seconds(60))
    #expect(try Self.answer(channel, "") == "00000004 00000000 14 00  00000003".hex)
  }

  @Test("A frame with a wrong length is answered on its stream, and is the last")
  func misuse() throws {
    let (channel, _) = try Self.granted()
    let refusal = RPCError(.invalidArgument, "a frame of type 0x13 has the wrong length or stream")
    #expect(try Self.answer(channel, "00000002 00000003 13 00  0001") == ResponseFrame.bytes(refusal, stream: 3))
    #expect(try Self.answer(channel, "00000000 00000000 10 00") == [])
  }
}

extension String {
  /// The bytes of hexadecimal digits; spaces are for the reader.
  fileprivate var hex: [UInt8] {
    let digits = filter { $0 != " " }
    return stride(from: 0, to: digits.count, by: 2).map { start in
      let index = digits.index(digits.startIndex, offsetBy: start)
      guard let byte = UInt8(digits[index...].prefix(2), radix: 16) else { preconditionFailure("digits come in pairs") }
      return byte
    }
  }
}
