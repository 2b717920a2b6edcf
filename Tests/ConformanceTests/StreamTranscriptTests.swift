import Glibc
import NIOCore
import NIOEmbedded
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// Conversations of containerd's Go and Rust implementations: see README.md beside this file.
@Suite("Streams as Go and Rust speak them", .timeLimit(.minutes(1)))
struct StreamTranscriptTests {
  static let calls = [
    "collect", "collect-nothing", "collect-fails", "expand", "expand-empty-request", "expand-nothing", "expand-fails", "chat",
    "chat-nothing", "chat-fails", "chat-server-ends",
  ]

  // MARK: Our server

  @Test("Our server answers Go's client as Go's server did, to the bit", arguments: calls + [
    "chat-server-ends-client-closes", "unknown-stream", "unary-asked-with-1", "unary-asked-with-2", "expand-asked-with-0",
    "expand-asked-with-2", "chat-first-message-in-request", "interleaved", "no-data-with-bytes", "unknown-type",
  ])
  func server(name: String) async throws {
    let transcript = try Transcript(name)
    #expect(try await Self.serverTurns(of: transcript) == transcript.turns)
  }

  @Test("Our server answers wrong frames as Go's server did, to the bit", arguments: [
    "wrong-even-stream", "wrong-stream-0", "wrong-reused-stream", "wrong-data-never-opened", "wrong-data-after-end",
  ])
  func wrongFrames(name: String) async throws { try await server(name: name) }

  @Test("Our server takes what Rust's client sends", arguments: ["rust-client-collect", "rust-client-expand", "rust-client-chat"])
  func rustClient(name: String) async throws { try await server(name: name) }

  @Test("An envelope that cannot be read has Go's code, in words of our own")
  func wrongEnvelope() async throws {
    let transcript = try Transcript("wrong-envelope")
    let answers = try await Self.serverTurns(of: transcript)
    func codes(_ turns: [Transcript.Turn]) throws -> [Int32: StatusCode?] {
      try turns.filter { !$0.isClients }.flatMap(\.frames).map(Frame.init).reduce(into: [:]) { codes, frame in
        codes[Int32(frame.header.stream)] = try frame.body.withUnsafeBytes { try ResponseEnvelope($0).error?.code }
      }
    }
    #expect(try codes(answers) == [1: .invalidArgument, 3: .invalidArgument])
    #expect(try codes(transcript.turns) == [1: .invalidArgument, 3: .invalidArgument])
  }

  @Test("Where Go's server ends a stream twice, ours ends it once: with the reply that it owes, or with the refusal", arguments: [
    ("close-with-message", [1]), ("close-with-message-chat", [1, 2]), ("wrong-data-after-close", [0]),
  ])
  func endsOnce(name: String, ours: [Int]) async throws {
    var turns = try Transcript(name).turns
    let last = turns.count - 1
    turns[last].frames = ours.map { turns[last].frames[$0] }
    #expect(try await Self.serverTurns(of: try Transcript(name), replies: ours.count) == turns)
  }

  /// Plays the client's part on a real socket, waiting for the server's frames where the transcript has them.
  ///
  /// - Parameter replies: how many are waited for in the last turn; by default as many as the transcript has.
  private static func serverTurns(of transcript: Transcript, replies: Int? = nil) async throws -> [Transcript.Turn] {
    let path = "/tmp/transcript-\(getpid())-\(transcript.name).sock"
    let server = try await TTRPCServer.start(
      listeners: [Listener(address: .unix(path: path), role: GoFixtureTests.kiosk)], router: RPCRouter(CapturedMethods.all),
      group: MultiThreadedEventLoopGroup.singleton)
    let played: [Transcript.Turn]
    do {
      let peer = try FixturePeer(path: path)
      var turns: [Transcript.Turn] = []
      for (index, turn) in transcript.turns.enumerated() {
        if turn.isClients {
          try await peer.send(turn.frames.flatMap(\.self))
          turns.append(turn)
        } else {
          let count = index == transcript.turns.count - 1 ? replies ?? turn.frames.count : turn.frames.count
          turns.append(Transcript.Turn(isClients: false, frames: try await peer.frames(count)))
        }
      }
      // Nothing else came: the next answer is the one to this.
      let echo = try Fixture.bytes("echo.request")
      try await peer.send(echo.prefix(7) + [0xFF] + echo.dropFirst(8))
      let answer = try Fixture.bytes("echo.response")
      #expect(try await peer.frames(1) == [Array(answer.prefix(7) + [0xFF] + answer.dropFirst(8))])
      played = turns
    } catch {
      await server.drain(grace: .zero)
      throw error
    }
    await server.drain(grace: .zero)
    return played
  }

  // MARK: Our client

  @Test("Our client writes what Go's client wrote, and reads what Go's server answered", arguments: calls)
  func client(name: String) async throws { try await Self.playClient(try Transcript(name)) }

  @Test("Our client reads what Rust's server answers", arguments: ["rust-server-collect", "rust-server-expand", "rust-server-chat"])
  func rustServer(name: String) async throws { try await Self.playClient(try Transcript(name)) }

  /// Makes our client say what the transcript's client said, and hear what its server answered.
  private static func playClient(_ transcript: Transcript) async throws {
    let channel = NIOAsyncTestingChannel()
    try await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.addHandler(ClientConnectionHandler(eventLoop: channel.eventLoop, limits: .standard))
    }.get()
    try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).get()
    let client = try await TTRPCClientConnection.make(.unix(path: "/nowhere"), on: channel)
    var call: (any RPCClientStream)?
    for turn in transcript.turns {
      for bytes in turn.frames {
        let frame = Frame(bytes)
        if turn.isClients {
          if frame.header.type == .request {
            call = try await open(frame, on: client)
          } else if frame.header.flags == [.remoteClosed, .noData] {
            try await call?.finishSending()
          } else {
            try await call?.send(frame.body)
          }
          #expect([UInt8](buffer: try await channel.waitForOutboundWrite(as: ByteBuffer.self)) == bytes)
        } else {
          try await channel.writeInbound(ByteBuffer(bytes: bytes))
          try await hears(frame, in: try #require(call))
        }
      }
    }
    // An end that was told once is told again.
    if let call, (try? await call.next()) != nil { Issue.record("a message after the end") }
    await client.close()
  }

  private static func open(_ frame: Frame, on client: TTRPCClientConnection) async throws -> any RPCClientStream {
    let (method, payload) = try frame.body.withUnsafeBytes { bytes in
      let envelope = try RequestEnvelope(bytes)
      return (String(decoding: envelope.method, as: UTF8.self), Array(envelope.payload))
    }
    let descriptor = try #require(CapturedMethods.all.first { $0.descriptor.method == method }).descriptor
    return try await client.stream(
      descriptor, request: descriptor.kind.clientStreams ? nil : payload, options: CallOptions())
  }

  private static func hears(_ frame: Frame, in call: any RPCClientStream) async throws {
    if frame.header.type == .data {
      let expected = frame.header.flags.contains(.remoteClosed) ? nil : frame.body
      #expect(try await call.next() == expected)
      return
    }
    let (payload, error) = try frame.body.withUnsafeBytes { bytes in
      let envelope = try ResponseEnvelope(bytes)
      return (Array(envelope.payload), envelope.error)
    }
    if let error {
      await #expect(throws: error) { try await call.next() }
    } else {
      #expect(try await call.next() == payload)
    }
  }
}

/// A client that sends any bytes and reads frames, without blocking a thread; it gives up after 20 s.
private final class FixturePeer {
  struct Silence: Error {}
  private let descriptor: CInt
  private var received: [UInt8] = []

  init(path: String) throws {
    descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
    let connected = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    guard connected == 0 else { throw Silence() }
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) async throws {
    #expect(bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) } == bytes.count)
  }

  func frames(_ count: Int) async throws -> [[UInt8]] {
    var frames: [[UInt8]] = []
    while frames.count < count {
      if let frame = takeFrame() { frames.append(frame) } else { try await readMore() }
    }
    return frames
  }

  private func takeFrame() -> [UInt8]? {
    guard received.count >= FrameHeader.size else { return nil }
    let size = FrameHeader.size + received.withUnsafeBytes { Int(FrameHeader($0).length) }
    guard received.count >= size else { return nil }
    defer { received.removeFirst(size) }
    return Array(received[..<size])
  }

  private func readMore() async throws {
    for _ in 0..<20_000 {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress!, $0.count, 0) }
      if count > 0 {
        received += buffer[..<count]
        return
      }
      guard count < 0, errno == EAGAIN else { throw Silence() }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw Silence()
  }
}
