import KioskTestSupport
import NIOCore
import NIOEmbedded
import NIOSSL
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Replies leave together, inside TLS too")
struct TLSBurstTests {
  /// Both ends of a connection, joined by the test.
  final class Pair {
    let server = EmbeddedChannel()
    let client = EmbeddedChannel()
    let loop: ServerLoop

    init() throws {
      let authority = try TestAuthority()
      try authority.issue("server", role: "server")
      try authority.issue("kiosco-7", role: "kiosk")
      let tls = try ServerTLS(
        files: authority.files("server"),
        admission: CertificateAdmission(
          clinic: TestAuthority.clinic, roles: TLSServerFixture.roles, admitted: [Probe.kiosk]))
      loop = ServerLoop(
        eventLoop: server.eventLoop, router: RPCRouter(Probe.methods), limits: .standard, connectionCount: ConnectionCount())
      try Listener(host: "127.0.0.1", port: 0, tls: tls).receive(server, on: loop)
      let handler = try ClientTLS(files: authority.files("kiosco-7"), roles: ["kiosk"]).makeHandler()
      try client.pipeline.syncOperations.addHandler(handler)
      try server.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      try client.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 2)).wait()
      while try deliver(from: client, to: server) + deliver(from: server, to: client) > 0 {}
    }

    /// Hands over what one end has written, in one read; returns the number of writes.
    func deliver(from: EmbeddedChannel, to: EmbeddedChannel) throws -> Int {
      var (count, bytes) = (0, ByteBuffer())
      while var buffer = try from.readOutbound(as: ByteBuffer.self) {
        if buffer.readableBytes > 0 { count += 1 }
        bytes.writeBuffer(&buffer)
      }
      if count > 0 { _ = try to.writeInbound(bytes) }
      return count
    }

    /// Closes both ends. `finish()` would wait for ever: TLS closes when its farewell is answered or its time is over, and on these
    /// loops time passes only when it is told to.
    func end() {
      for channel in [server, client] {
        channel.close(promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
      }
    }

    func replies() throws -> [Reply] {
      var bytes: [UInt8] = []
      while let buffer = try client.readInbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
      return Reply.readAll(&bytes)
    }
  }

  @Test("64 requests of one read are answered with one write to the socket", arguments: ["Echo", "Soon"])
  func oneWrite(method: String) throws {
    let pair = try Pair()
    let before = pair.loop.counters
    try pair.client.writeOutbound(ByteBuffer(bytes: ServerBurstTests.burst(64, method)))
    #expect(try pair.deliver(from: pair.client, to: pair.server) == 1)
    #expect(try pair.deliver(from: pair.server, to: pair.client) == 1)
    #expect(try pair.replies() == (0..<64).map { .ok($0 * 2 + 1, [1, 2, 3]) })
    #expect(pair.loop.counters.calls - before.calls == 64)
    #expect(pair.loop.counters.reads - before.reads == 1)
    #expect(pair.loop.counters.flushes - before.flushes == 1)
    pair.end()
  }

  @Test("Once the caller is known nothing but TLS stands between it and its connection")
  func nothingBetween() throws {
    let pair = try Pair()
    #expect(pair.loop.counters.tlsRefusals == [:])
    #expect(pair.loop.counters.connections == 1)
    let connection = try pair.server.pipeline.syncOperations.handler(type: ServerConnectionHandler.self)
    #expect(connection.caller.device?.description == "spiffe://imss/umf/DFIMS000330/kiosk/kiosco-7")
    #expect((try? pair.server.pipeline.syncOperations.handler(type: TLSServerGate.self)) == nil, "the gate is gone")
    pair.end()
  }
}
