import KioskClient
import KioskTestSupport
import NIOCore
import NIOPosix
import Synchronization
import TTRPCCore
import TTRPCNIO
import Testing
import VentanillaMessages

@Suite("A client that comes back, and its streams", .timeLimit(.minutes(1)))
struct KioskClientStreamTests {
  static let write = MethodDescriptor(
    service: "test.Fickle", method: "Pour", kind: .clientStreaming, roles: .kiosk, writes: true)
  static let read = MethodDescriptor(
    service: "test.Fickle", method: "Watch", kind: .serverStreaming, roles: .kiosk, writes: false)

  @Test("A stream that writes carries a request id, the caller's own if it has one; one that reads carries none")
  func ids() async throws {
    let (door, path) = (RequestDoor(), SocketPath.fresh())
    let own = RequestIdentifier()
    try await door.listen(at: path) {
      let client = KioskClientTests.client(path)
      let streams = [
        try await client.stream(Self.write, request: nil, options: CallOptions()),
        try await client.stream(Self.write, request: nil, options: .write(own)),
        try await client.stream(Self.read, request: [], options: CallOptions()),
      ]
      while door.ids.count < streams.count { try await Task.sleep(for: .milliseconds(1)) }
      await client.close()
    }
    #expect(door.ids[0]?.utf8.count == 32)
    #expect(door.ids.dropFirst() == [own.description, nil])
  }

  @Test("A stream opened while the server is away is opened when it is back")
  func comesBack() async throws {
    let (door, path) = (RequestDoor(), SocketPath.fresh())
    var patient = RetryPolicy()
    patient.attempts = 10_000
    (patient.firstPause, patient.longestPause) = (.milliseconds(1), .milliseconds(5))
    let client = KioskClientTests.client(path, patient)
    let opening = Task { try await client.stream(Self.write, request: nil, options: CallOptions()) }
    try await Task.sleep(for: .milliseconds(20))
    try await door.listen(at: path) {
      let stream = try await opening.value
      while door.ids.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
      stream.cancel()
    }
    await client.close()
    #expect(door.ids.count == 1)
  }

  @Test("Once its request was sent a stream is not opened again: who loses its server is told UNAVAILABLE")
  func notRepeated() async throws {
    let (door, path) = (RequestDoor(closesAfterRequest: true), SocketPath.fresh())
    try await door.listen(at: path) {
      let client = KioskClientTests.client(path)
      let stream = try await client.stream(Self.read, request: [], options: CallOptions())
      await #expect(throws: RPCError.connectionClosed) { try await stream.next() }
      try await Task.sleep(for: .milliseconds(20))
      await client.close()
    }
    #expect(door.ids.count == 1)
  }

  @Test("A server that stays away is told after the policy's tries, and a call without time at once")
  func staysAway() async throws {
    let client = KioskClientTests.client(SocketPath.fresh(), KioskClientTests.policy(attempts: 3))
    let error = await #expect(throws: RPCError.self) {
      try await client.stream(Self.read, request: [], options: CallOptions())
    }
    #expect(error?.code == .unavailable)
    let late = await #expect(throws: RPCError.self) {
      try await client.stream(Self.read, request: [], options: CallOptions(timeout: .zero))
    }
    #expect(late?.code == .deadlineExceeded || late?.code == .unavailable)
    await client.close()
  }
}

/// Takes connections, reads the requests that come and answers none.
final class RequestDoor: Sendable {
  private let found = Mutex<[String?]>([])
  private let closesAfterRequest: Bool

  init(closesAfterRequest: Bool = false) { self.closesAfterRequest = closesAfterRequest }

  /// The request id of each request that came.
  var ids: [String?] { found.withLock(\.self) }

  func listen(at path: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void) async throws {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture { try child.pipeline.syncOperations.addHandler(Reader(door: self)) }
      }
      .bind(unixDomainSocketPath: path).get()
    do { try await body() } catch {
      try? await channel.close()
      throw error
    }
    try await channel.close()
  }

  private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let door: RequestDoor
    private var bytes = ByteBuffer()

    init(door: RequestDoor) { self.door = door }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var fresh = Self.unwrapInboundIn(data)
      bytes.writeBuffer(&fresh)
      while let header = bytes.withUnsafeReadableBytes({ $0.count < FrameHeader.size ? nil : FrameHeader($0) }),
        bytes.readableBytes >= FrameHeader.size + Int(header.length) {
        bytes.moveReaderIndex(forwardBy: FrameHeader.size)
        guard let body = bytes.readSlice(length: Int(header.length)) else { return }
        if header.type == .request { take(body) }
        if door.closesAfterRequest { context.close(promise: nil) }
      }
    }

    private func take(_ body: ByteBuffer) {
      let id = body.withUnsafeReadableBytes { try? RequestEnvelope($0).metadata.first("request-id") }
      door.found.withLock { $0.append(id ?? nil) }
    }
  }
}
