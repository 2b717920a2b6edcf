import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// One server connection without a socket: bytes in, replies out.
final class EmbeddedServer {
  let channel: EmbeddedChannel
  let loop: ServerLoop
  let handler: ServerConnectionHandler
  private var out: [UInt8] = []

  convenience init(_ methods: [RegisteredMethod] = Probe.methods, limits: TTRPCLimits = .unhurried) throws {
    let eventLoop = EmbeddedEventLoop()
    try self.init(
      on: eventLoop,
      ServerLoop(eventLoop: eventLoop, router: RPCRouter(methods), limits: limits, connectionCount: ConnectionCount()))
  }

  /// Another connection of the same loop.
  convenience init(beside other: EmbeddedServer) throws { try self.init(on: other.channel.embeddedEventLoop, other.loop) }

  private init(on eventLoop: EmbeddedEventLoop, _ loop: ServerLoop) throws {
    channel = EmbeddedChannel(loop: eventLoop)
    self.loop = loop
    handler = ServerConnectionHandler(loop: loop, role: Probe.kiosk)
    try channel.pipeline.syncOperations.addHandler(handler)
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
  }

  /// One read cycle with these bytes.
  func receive(_ bytes: [UInt8]) throws { _ = try channel.writeInbound(ByteBuffer(bytes: bytes)) }

  func receive(_ frames: WireFrame...) throws { try receive(frames.flatMap(\.bytes)) }

  /// The sizes of the writes since the last look; the bytes are kept for ``replies()``.
  func writes() throws -> [Int] {
    var sizes: [Int] = []
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
      if buffer.readableBytes > 0 { sizes.append(buffer.readableBytes) }
      out += buffer.readableBytesView
    }
    return sizes
  }

  /// Every reply since the last look.
  func replies() throws -> [Reply] {
    _ = try writes()
    return Reply.readAll(&out)
  }

  var isOpen: Bool { channel.isActive }

  /// Moves the server's clock.
  func advanceTime(milliseconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .milliseconds(milliseconds)) }
  func advanceTime(seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

  /// What a connection from there counts against.
  static func address(_ text: String, port: Int) throws -> ConnectionCount.Address? {
    ConnectionCount.Address(try SocketAddress(ipAddress: text, port: port))
  }

  /// Bytes that are no whole frame.
  var strayBytes: Int { out.count }
}
