import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// A client's connection whose other end is the test: it reads the client's frames and writes the server's, byte by byte if it likes.
struct ScriptedServer {
  let channel = NIOAsyncTestingChannel()
  let client: TTRPCClientConnection

  static func descriptor(_ kind: MethodKind) -> MethodDescriptor {
    MethodDescriptor(service: Probe.service, method: "Talk", kind: kind, roles: Probe.kiosk, writes: false)
  }

  init(limits: TTRPCLimits = .standard, firstStream: UInt32 = 1) async throws {
    let channel = self.channel
    try await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.addHandler(
        ClientConnectionHandler(eventLoop: channel.eventLoop, limits: limits, firstStream: firstStream))
    }.get()
    try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).get()
    client = try await TTRPCClientConnection.make(.unix(path: "/nowhere"), on: channel, limits: limits)
  }

  /// Opens a call and takes its request off the wire.
  func open(_ kind: MethodKind, timeout: Duration? = nil) async throws -> any RPCClientStream {
    let stream = try await client.stream(
      Self.descriptor(kind), request: kind.clientStreams ? nil : [1, 2], options: CallOptions(timeout: timeout))
    _ = try await frames(1)
    return stream
  }

  /// The server's next frames, in one read.
  func says(_ frames: WireFrame...) async throws {
    try await channel.writeInbound(ByteBuffer(bytes: frames.flatMap(\.bytes)))
  }

  /// The client's next so many frames, however many writes they came in.
  func frames(_ count: Int) async throws -> [WireFrame] {
    var (bytes, found) = ([UInt8](), [WireFrame]())
    while found.count < count {
      bytes += [UInt8](buffer: try await channel.waitForOutboundWrite(as: ByteBuffer.self))
      found += WireFrame.readAll(&bytes)
    }
    #expect(bytes.isEmpty && found.count == count)
    return found
  }

  /// Whether the client has written nothing more. What was ordered before is done before.
  func hearsNothing() async throws -> Bool {
    _ = await client.counters()
    return try await channel.readOutbound(as: ByteBuffer.self) == nil
  }

  func setWritable(_ isWritable: Bool) async throws {
    channel.isWritable = isWritable
    let channel = self.channel
    try await channel.eventLoop.submit { channel.pipeline.fireChannelWritabilityChanged() }.get()
  }

  func passTime() async { await channel.testingEventLoop.advanceTime(to: NIODeadline.now() + .hours(2)) }
}

extension WireFrame {
  /// Reads every complete frame from the front of `bytes` and takes it out.
  static func readAll(_ bytes: inout [UInt8]) -> [WireFrame] {
    var frames: [WireFrame] = []
    while bytes.count >= FrameHeader.size {
      let header = bytes.withUnsafeBytes { FrameHeader($0) }
      let size = FrameHeader.size + Int(header.length)
      guard bytes.count >= size else { break }
      frames.append(
        WireFrame(stream: header.stream, type: header.type, flags: header.flags, body: Array(bytes[FrameHeader.size..<size])))
      bytes.removeFirst(size)
    }
    return frames
  }

  /// The sender's half is closed: `00000000 stream 03 05`.
  static func close(_ stream: UInt32 = 1) -> WireFrame { data(stream, [], [.remoteClosed, .noData]) }

  /// A success as Go writes it, or with Rust's `status{code 0}`.
  static func reply(_ stream: UInt32 = 1, _ payload: [UInt8] = [], status: Bool = false) -> WireFrame {
    let field = payload.isEmpty ? [] : [0x12, UInt8(payload.count)] + payload
    return WireFrame(stream: stream, type: .response, body: (status ? [0x0a, 0x02, 0x08, 0x00] : []) + field)
  }

  static func failure(_ error: RPCError, _ stream: UInt32 = 1) -> WireFrame {
    WireFrame(stream: stream, type: .response, body: Array(ResponseFrame.bytes(error, stream: stream).dropFirst(FrameHeader.size)))
  }
}

extension RPCClientStream {
  /// Every message up to the end, and the end: `nil` when it was good.
  func all() async -> Told {
    var told = Told(messages: [], error: nil)
    do throws(RPCError) {
      while let message = try await next() { told.messages.append(message) }
    } catch {
      told.error = error
    }
    return told
  }
}

/// What a stream's reader was told.
struct Told: Hashable {
  var messages: [[UInt8]]
  var error: RPCError?
}
