import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("What a server counts of its calls")
struct CallMeterTests {
  private static let waits = RegisteredMethod(Probe.descriptor("Wait"), .asynchronous { _, _ throws(RPCError) in
    { () async throws(RPCError) in
      try? await Task.sleep(for: .seconds(3600))
      return []
    }
  })

  private func figures(_ server: EmbeddedServer, _ method: String) -> CallFigures {
    let row = server.loop.router.descriptors.firstIndex { $0.method == method }
    return server.loop.meter.rows[row ?? server.loop.router.descriptors.count]
  }

  private func completed(_ server: EmbeddedServer, _ stream: UInt32, _ outcome: Result<[UInt8], RPCError>) {
    server.loop.orders.post(.completed(NIOLoopBound(server.handler, eventLoop: server.channel.eventLoop), stream, outcome))
    server.channel.embeddedEventLoop.run()
  }

  @Test("A call is counted once, by its method and its status", arguments: ["Echo", "Soon"])
  func once(method: String) throws {
    let server = try EmbeddedServer()
    try server.receive(ServerBurstTests.burst(64, method))
    #expect(figures(server, method)[.ok] == 64)
    #expect(figures(server, method).calls == 64)
    #expect(figures(server, method).latency.total == 64)
    #expect(server.loop.meter.rows.map(\.calls).reduce(0, +) == 64)
  }

  @Test("A request that reaches no method is counted apart: an unknown name, no envelope, a role that may not")
  func unrouted() throws {
    let server = try EmbeddedServer()
    try server.receive(
      .request(1, "Nobody"), WireFrame(stream: 3, type: .request, body: [0xFF]), .request(5, "Denied"), .request(7, "Echo"))
    #expect(server.loop.meter.rows.last?[.permissionDenied] == 1)
    #expect(server.loop.meter.rows.last?[.unimplemented] == 1)
    #expect(server.loop.meter.rows.last?[.invalidArgument] == 1)
    #expect(figures(server, "Echo")[.ok] == 1)
  }

  @Test("A call lasts from the read that brought it until its answer leaves")
  func latency() throws {
    let server = try EmbeddedServer(Probe.methods + [Self.waits])
    try server.receive(.request(1, "Wait"), .request(3, "Wait"))
    #expect(figures(server, "Wait") == CallFigures(), "a call that goes on is in no histogram")
    server.advanceTime(seconds: 2)
    completed(server, 3, .failure(RPCError(.notFound, "")))
    server.advanceTime(seconds: 5)
    completed(server, 1, .success([]))
    var expected = LatencyHistogram()
    expected.record(nanoseconds: 2_000_000_000)
    expected.record(nanoseconds: 7_000_000_000)
    #expect(figures(server, "Wait").latency == expected)
    #expect(figures(server, "Wait")[.ok] == 1)
    #expect(figures(server, "Wait")[.notFound] == 1)
  }

  @Test("The first call of two reads of one cycle began with the first")
  func twoReads() throws {
    let server = try EmbeddedServer()
    let pipeline = server.channel.pipeline
    pipeline.fireChannelRead(ByteBuffer(bytes: WireFrame.request(1, "Echo").bytes))
    server.advanceTime(seconds: 1)
    pipeline.fireChannelRead(ByteBuffer(bytes: WireFrame.request(3, "Echo").bytes))
    #expect(figures(server, "Echo").latency.total == 0, "nothing has left yet")
    server.advanceTime(seconds: 1)
    pipeline.fireChannelReadComplete()
    var expected = LatencyHistogram()
    expected.record(nanoseconds: 2_000_000_000, times: 2)
    #expect(figures(server, "Echo").latency == expected, "they leave together and are told apart by nobody")
  }

  @Test("A call that runs into its deadline has lasted as long, and its late end is counted nowhere")
  func deadline() throws {
    let server = try EmbeddedServer([Self.waits])
    try server.receive(.request(1, "Wait", timeout: 3_000_000_000))
    server.advanceTime(seconds: 3)
    #expect(figures(server, "Wait")[.deadlineExceeded] == 1)
    #expect(figures(server, "Wait").latency.quantile(1)! >= 3_000_000_000)
    completed(server, 1, .success([]))
    #expect(figures(server, "Wait").calls == 1)
  }

  @Test("A call whose client is gone counts as cancelled, and in no histogram")
  func gone() throws {
    let server = try EmbeddedServer([Self.waits])
    try server.receive(.request(1, "Wait"))
    server.handler.abort()
    #expect(figures(server, "Wait")[.cancelled] == 1)
    #expect(figures(server, "Wait").latency.total == 0)
    #expect(server.loop.counters.running == 0)
  }

  @Test("All loops together: what was called over real sockets, and the bytes both ways")
  func gathered() async throws {
    try await withServer { server, address in
      let clients = [try await connect(address), try await connect(address), try await connect(address)]
      for client in clients {
        for _ in 0..<7 { _ = try await client.unary(Probe.descriptor("Echo"), payload: [1, 2, 3], options: CallOptions()) }
      }
      let metrics = await server.metrics()
      let echo = metrics.methods.first { $0.method.method == "Echo" }
      #expect(echo?.figures[.ok] == 21)
      #expect(echo?.figures.latency.total == 21)
      #expect(metrics.methods.map(\.figures.calls).reduce(metrics.unrouted.calls, +) == 21)
      #expect(metrics.counters.bytesOut == 21 * (FrameHeader.size + ResponseFrame.length(ofReply: 3)))
      #expect(metrics.counters.bytesIn > 21 * FrameHeader.size)
      for client in clients { await client.close() }
    }
  }
}
