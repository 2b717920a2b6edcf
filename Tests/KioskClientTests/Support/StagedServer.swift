import KioskTestSupport
import NIOCore
import NIOPosix
import Synchronization
import TTRPCCore
import VentanillaMessages

/// A server on a real socket that the test plays: it hears every frame, and says what it likes.
final class StagedServer: Sendable {
  struct Request: Hashable, Sendable {
    /// From 0, in the order in which they came.
    var connection: Int
    var stream: UInt32
    var method: String
    var id: String?
    var payload: [UInt8]
  }

  enum Say: Sendable {
    case reply([UInt8] = [])
    case fail(RPCError)
    case data([UInt8])
    case end
    case goingAway(last: UInt32)
    case hangUp
  }

  private struct State {
    var requests: [Request] = []
    var headers: [[FrameHeader]] = []
    var hellos: [Wire.HelloRequest] = []
    var channels: [any Channel] = []
    var listener: (any Channel)?
    var open = 0
  }

  let path: String
  private let state = Mutex(State())
  private let hello: Result<Wire.HelloResponse, RPCError>
  private let play: @Sendable (Request) -> [Say]

  /// - Parameter hello: what the introduction is answered with; it is not among the requests.
  /// - Parameter play: what is said at once on a request's stream.
  init(
    at path: String = SocketPath.fresh(), hello: Result<Wire.HelloResponse, RPCError> = .failure(RPCError(.unimplemented, "service x")),
    play: @escaping @Sendable (Request) -> [Say] = { [.reply($0.payload)] }
  ) {
    (self.path, self.hello, self.play) = (path, hello, play)
  }

  static func granting(_ names: String...) -> Result<Wire.HelloResponse, RPCError> {
    .success(Wire.HelloResponse(serverName: "staged", serverVersion: "1", extensions: names, limits: Wire.Limits(), timeZone: "America/Tijuana"))
  }

  var requests: [Request] { state.withLock(\.requests) }
  var hellos: [Wire.HelloRequest] { state.withLock(\.hellos) }
  var connections: Int { state.withLock(\.channels.count) }
  var openConnections: Int { state.withLock(\.open) }
  /// Every frame of a connection, in the order of the wire.
  func headers(_ connection: Int) -> [FrameHeader] { state.withLock { $0.headers[connection] } }

  /// Begins to listen; again after ``stop()``.
  func start() async throws {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { child in
        let number = self.state.withLock { state in
          state.channels.append(child)
          state.headers.append([])
          state.open += 1
          return state.channels.count - 1
        }
        child.closeFuture.whenComplete { _ in self.state.withLock { $0.open -= 1 } }
        return child.eventLoop.makeCompletedFuture {
          try child.pipeline.syncOperations.addHandler(Ear(server: self, connection: number))
        }
      }
      .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    state.withLock { $0.listener = channel }
  }

  /// Stops listening and resets every connection.
  func stop() async {
    let (listener, channels) = state.withLock { ($0.listener, $0.channels) }
    try? await listener?.close()
    for channel in channels { try? await channel.close() }
  }

  /// Stops listening; the connections go on.
  func stopListening() async { try? await state.withLock(\.listener)?.close() }

  func say(_ sayings: [Say], on stream: UInt32 = 0, connection: Int) {
    let channel = state.withLock { $0.channels[connection] }
    channel.eventLoop.execute { Self.say(sayings, on: stream, channel) }
  }

  private static func say(_ sayings: [Say], on stream: UInt32, _ channel: any Channel) {
    for saying in sayings {
      switch saying {
      case .reply(let payload): channel.write(ByteBuffer(bytes: reply(payload, stream)), promise: nil)
      case .fail(let error): channel.write(ByteBuffer(bytes: ResponseFrame.bytes(error, stream: stream)), promise: nil)
      case .data(let body): channel.write(ByteBuffer(bytes: frame(.data, stream, [], body)), promise: nil)
      case .end: channel.write(ByteBuffer(bytes: frame(.data, stream, [.remoteClosed, .noData], [])), promise: nil)
      case .goingAway(let last):
        channel.write(ByteBuffer(bytes: WireExtensions.frame(.goingAway, stream: 0, number: last)), promise: nil)
      case .hangUp: channel.close(promise: nil)
      }
    }
    channel.flush()
  }

  private static func frame(_ type: FrameType, _ stream: UInt32, _ flags: FrameFlags, _ body: [UInt8]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes { FrameHeader(length: UInt32(body.count), stream: stream, type: type, flags: flags).write(to: $0) }
    return bytes + body
  }

  private static func reply(_ payload: [UInt8], _ stream: UInt32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size + ResponseFrame.length(ofReply: payload.count))
    payload.withUnsafeBytes { payload in bytes.withUnsafeMutableBytes { ResponseFrame.write(payload, stream: stream, to: $0) } }
    return bytes
  }

  /// What is said to a request.
  fileprivate func answer(_ header: FrameHeader, _ body: ByteBuffer, connection: Int) -> [Say] {
    let request = body.withUnsafeReadableBytes { bytes in
      (try? RequestEnvelope(bytes)).map {
        Request(
          connection: connection, stream: header.stream, method: String(decoding: $0.method, as: UTF8.self),
          id: $0.metadata.first("request-id"), payload: Array($0.payload))
      }
    }
    guard let request else { return [.hangUp] }
    if request.method == "Hello" {
      let asked = try? Wire.HelloRequest(decoding: request.payload)
      state.withLock { if let asked { $0.hellos.append(asked) } }
      switch hello {
      case .success(let reply): return [.reply((try? reply.encoded()) ?? [])]
      case .failure(let error): return [.fail(error)]
      }
    }
    state.withLock { $0.requests.append(request) }
    return play(request)
  }

  private final class Ear: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let server: StagedServer
    private let connection: Int
    private var bytes = ByteBuffer()

    init(server: StagedServer, connection: Int) { (self.server, self.connection) = (server, connection) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var fresh = Self.unwrapInboundIn(data)
      bytes.writeBuffer(&fresh)
      while let header = bytes.withUnsafeReadableBytes({ $0.count < FrameHeader.size ? nil : FrameHeader($0) }),
        bytes.readableBytes >= FrameHeader.size + Int(header.length) {
        bytes.moveReaderIndex(forwardBy: FrameHeader.size)
        guard let body = bytes.readSlice(length: Int(header.length)) else { return }
        server.state.withLock { $0.headers[connection].append(header) }
        guard header.type == .request else { continue }
        StagedServer.say(server.answer(header, body, connection: connection), on: header.stream, context.channel)
      }
    }
  }
}

/// Waits until `condition` holds; the test's own time limit is the bound.
func eventually(_ condition: () async -> Bool) async throws {
  while await !condition() { try await Task.sleep(for: .milliseconds(2)) }
}

extension StagedServer {
  /// Plays for as long as `body` runs.
  func whileListening<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
  ) async throws -> Value {
    try await start()
    do {
      let value = try await body()
      await stop()
      return value
    } catch {
      await stop()
      throw error
    }
  }
}
