import KioskTestSupport
import NIOCore
import NIOPosix

/// A bridge that does what a test says, byte by byte: what shows how the scripted Asterisk behaves.
enum RawBridge {
  /// Takes one call; the connection ends with `body`.
  static func taking(_ script: PhoneScript, _ body: @escaping (inout RawLine) async throws -> Void) async throws -> PhoneTranscript {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
      }
    let port = server.channel.localAddress?.port ?? 0
    async let transcript = ScriptedAsterisk.call(script, port: port)
    try await server.executeThenClose { calls in
      for try await call in calls {
        try await call.executeThenClose { inbound, outbound in
          var line = RawLine(inbound: inbound.makeAsyncIterator(), outbound: outbound)
          while try await line.next() != "" {}
          try await body(&line)
        }
        break
      }
    }
    return try await transcript
  }
}

struct RawLine {
  var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var bytes = ""

  init(inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
    (self.inbound, self.outbound) = (inbound, outbound)
  }

  func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  /// The next line; "EOF" when the other end has closed.
  mutating func next() async throws -> String {
    while true {
      if let end = bytes.firstIndex(of: "\n") {
        defer { bytes.removeSubrange(...end) }
        return String(bytes[..<end])
      }
      guard let more = try await inbound.next() else { return "EOF" }
      bytes += String(buffer: more)
    }
  }

  /// Sends a line and returns the answer's.
  mutating func ask(_ text: String) async throws -> String {
    try await send(text + "\n")
    return try await next()
  }
}
