import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("A connection that nobody uses")
struct IdleTimeTests {
  private static let limits: TTRPCLimits = {
    var limits = TTRPCLimits.unhurried
    limits.idleTime = .seconds(640)
    return limits
  }()

  /// The latest moment at which a silent connection is closed: its time, a round of the sweep, and the second of linger.
  private static let latest: Int64 = 640 + 10 * 9 + 1

  @Test("It is closed after its time, without an answer, and counted")
  func closed() throws {
    let server = try EmbeddedServer(limits: Self.limits)
    try server.receive(.request(1, "Echo"))
    server.advanceTime(seconds: 640)
    #expect(server.isOpen)
    server.advanceTime(seconds: Self.latest - 640)
    #expect(!server.isOpen)
    #expect(try server.replies() == [.ok(1, [])])
    #expect(server.loop.counters.refusalsByLimit == [.idleTime: 1])
  }

  @Test("One that never said a word is closed too")
  func neverSpoke() throws {
    let server = try EmbeddedServer(limits: Self.limits)
    server.advanceTime(seconds: Self.latest)
    #expect(!server.isOpen)
  }

  @Test("Whatever comes is a sign of life: a call, a frame of an unknown type, a piece of a frame", arguments: [
    WireFrame.request(2, "Echo").bytes, WireFrame(stream: 1, type: FrameType(rawValue: 0x20)).bytes,
    WireFrame(stream: 0, type: FrameType(rawValue: 0x10), body: [1, 2, 3]).bytes,
  ])
  func alive(bytes: [UInt8]) throws {
    let server = try EmbeddedServer(limits: Self.limits)
    for _ in 0..<20 {
      server.advanceTime(seconds: 600)
      try server.receive(bytes)
    }
    #expect(server.isOpen)
    server.advanceTime(seconds: Self.latest)
    #expect(!server.isOpen)
  }

  @Test("A call that is at work keeps its connection, however long; the time begins when it is answered")
  func atWork() throws {
    let sleep = RegisteredMethod(Probe.descriptor("Sleep"), .asynchronous { _, _ throws(RPCError) in
      { () async throws(RPCError) in
        try? await Task.sleep(for: .seconds(3600))
        return []
      }
    })
    let server = try EmbeddedServer([sleep], limits: Self.limits)
    try server.receive(.request(1, "Sleep"))
    server.advanceTime(seconds: 10_000)
    #expect(server.isOpen)
    server.handler.completed(1, .success([]))
    server.advanceTime(seconds: 550)
    #expect(server.isOpen)
    server.advanceTime(seconds: Self.latest)
    #expect(!server.isOpen)
  }

  @Test("Of many, those that are silent are found and the others stay, whatever their order")
  func many() throws {
    let first = try EmbeddedServer(limits: Self.limits)
    let silent = IndexSet(stride(from: 0, to: 99, by: 3))
    var others: [EmbeddedConnection] = []
    for _ in 0..<99 { others.append(try EmbeddedConnection(of: first)) }
    for _ in 0..<10 {
      first.advanceTime(seconds: 300)
      try first.receive(.request(2, "Echo"))
      for (number, connection) in others.enumerated() where !silent.contains(number) { try connection.receive(.request(2, "Echo")) }
    }
    #expect(others.enumerated().allSatisfy { $0.element.isOpen != silent.contains($0.offset) })
    #expect(first.isOpen)
    #expect(first.loop.counters.refusalsByLimit[.idleTime] == 33)
  }

  @Test("No timer runs for a loop without connections")
  func noTimer() throws {
    let server = try EmbeddedServer(limits: Self.limits)
    server.advanceTime(seconds: 5)
    server.handler.abort()
    server.advanceTime(seconds: 10)
    let tick = server.loop.idle.tick
    server.advanceTime(seconds: 1000)
    #expect(server.loop.idle.tick == tick)
  }

  private typealias IndexSet = Set<Int>
}

/// One more connection on the loop of an embedded server.
final class EmbeddedConnection {
  private let channel: EmbeddedChannel

  init(of server: EmbeddedServer) throws {
    channel = EmbeddedChannel(loop: server.channel.embeddedEventLoop)
    try channel.pipeline.syncOperations.addHandler(ServerConnectionHandler(loop: server.loop, role: Probe.kiosk))
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
  }

  func receive(_ frame: WireFrame) throws { _ = try channel.writeInbound(ByteBuffer(bytes: frame.bytes)) }

  var isOpen: Bool { channel.isActive }
}
