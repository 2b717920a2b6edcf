import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Replies leave together")
struct ServerBurstTests {
  static func burst(_ count: Int, _ method: String = "Echo", _ payload: [UInt8] = [1, 2, 3]) -> [UInt8] {
    (0..<count).flatMap { WireFrame.request(UInt32($0 * 2 + 1), method, payload).bytes }
  }

  @Test("64 requests of one read are answered with one write", arguments: ["Echo", "Soon"])
  func oneWrite(method: String) throws {
    let server = try EmbeddedServer()
    try server.receive(Self.burst(64, method))
    #expect(server.loop.counters.calls == 64)
    #expect(server.loop.counters.flushes == 1)
    #expect(server.loop.counters.reads == 1)
    #expect(try server.writes().count == 1)
    #expect(try server.replies() == (0..<64).map { .ok($0 * 2 + 1, [1, 2, 3]) })
  }

  @Test("What connections are answered in one turn of their loop leaves at its end, each with one write")
  func turnOfTheLoop() throws {
    let first = try EmbeddedServer()
    let second = try EmbeddedServer(beside: first)
    try first.receive(Self.burst(2))
    try second.receive(Self.burst(3))
    #expect(try first.writes() + second.writes() == [])
    first.channel.embeddedEventLoop.run()
    #expect(first.loop.counters.flushes == 2)
    #expect(try first.replies() == (0..<2).map { .ok($0 * 2 + 1, [1, 2, 3]) })
    #expect(try second.replies() == (0..<3).map { .ok($0 * 2 + 1, [1, 2, 3]) })
  }

  @Test("A connection that ends in the turn that answered it leaves nothing behind")
  func endInTheTurn() throws {
    let first = try EmbeddedServer()
    let second = try EmbeddedServer(beside: first)
    try first.receive(Self.burst(1))
    try second.receive(Self.burst(1))
    first.handler.abort()
    first.channel.embeddedEventLoop.run()
    #expect(first.loop.counters.flushes == 1)
    #expect(try second.replies() == [.ok(1, [1, 2, 3])])
  }

  @Test("A burst is cut where it passes its bound")
  func burstBound() throws {
    let server = try EmbeddedServer()
    try server.receive(Self.burst(100, "Grow", [0, 0x10, 0, 0]))
    let writes = try server.writes()
    #expect(writes.dropLast().allSatisfy { $0 >= 65_536 && $0 < 65_536 + 5000 })
    #expect(writes.count == 7)
    #expect(try server.replies().count == 100)
  }

  @Test("Replies that finish together after their read leave in one write")
  func lateReplies() throws {
    let sleep = RegisteredMethod(Probe.descriptor("Sleep"), .asynchronous { _, _ throws(RPCError) in
      { () async throws(RPCError) in
        try? await Task.sleep(for: .seconds(3600))
        return []
      }
    })
    let server = try EmbeddedServer([sleep])
    try server.receive(Self.burst(50, "Sleep"))
    #expect(try server.writes() == [])
    #expect(server.loop.counters.running == 50)

    let connection = NIOLoopBound(server.handler, eventLoop: server.channel.eventLoop)
    for call in 0..<50 as Range<UInt32> {
      server.loop.orders.post(.completed(connection, call * 2 + 1, .success([7])))
    }
    server.channel.embeddedEventLoop.run()
    #expect(try server.writes().count == 1)
    #expect(try server.replies() == (0..<50).map { .ok($0 * 2 + 1, [7]) })
    #expect(server.loop.counters.running == 0)
    #expect(server.loop.counters.flushes == 1)
  }

  @Test("A status too long for a frame is sent without what makes it so")
  func longStatus() throws {
    let verbose = RegisteredMethod(Probe.descriptor("Verbose"), .synchronous { _, _, _ throws(RPCError) in
      throw RPCError(.aborted, String(repeating: "x", count: 4_194_304))
    })
    let server = try EmbeddedServer([verbose])
    try server.receive(.request(1, "Verbose"))
    #expect(try server.replies() == [.failed(1, .aborted, "the status is too long to be sent")])
  }

  @Test("A connection with nothing to say writes nothing")
  func silence() throws {
    let server = try EmbeddedServer()
    try server.receive(WireFrame(stream: 1, type: FrameType(rawValue: 9), body: [1]))
    #expect(server.loop.counters.flushes == 0)
  }

  @Test("A client that does not read is not read from, and nothing is lost when it does again")
  func backpressure() throws {
    let server = try EmbeddedServer()
    server.channel.isWritable = false
    server.channel.pipeline.fireChannelWritabilityChanged()
    try server.receive(Self.burst(100, "Grow", [0, 0x10, 0, 0]))
    let before = try server.replies()
    #expect(before.count == 16, "one burst is answered before the server looks")
    try server.receive(WireFrame.request(201, "Echo"))
    #expect(try server.replies() == [])

    server.channel.isWritable = true
    server.channel.pipeline.fireChannelWritabilityChanged()
    let after = try server.replies()
    #expect((before + after).map(\.stream) == (0...100).map { $0 * 2 + 1 })
    #expect(server.handler.partial.capacity == 0)
  }

  @Test("A client that half-closes while it does not read still gets every reply")
  func halfCloseUnderBackpressure() throws {
    let server = try EmbeddedServer()
    server.channel.isWritable = false
    server.channel.pipeline.fireChannelWritabilityChanged()
    try server.receive(Self.burst(40, "Grow", [0, 0x10, 0, 0]))
    server.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(server.channel.isActive)
    server.channel.isWritable = true
    server.channel.pipeline.fireChannelWritabilityChanged()
    #expect(try server.replies().count == 40)
    #expect(!server.channel.isActive)
  }

  @Test("What a client sends after its connection has ended is thrown away, also when it takes none of its replies")
  func floodAfterTheEnd() throws {
    let server = try EmbeddedServer()
    server.channel.isWritable = false
    try server.receive(.request(1, "Echo"), WireFrame(stream: 3, type: .request, length: 0x0100_0002))
    #expect(try server.replies().map(\.stream) == [1, 3])
    for _ in 0..<64 { try server.receive([UInt8](repeating: 7, count: 16_384)) }
    #expect(server.handler.partial.readableBytes == 0)
  }
}
