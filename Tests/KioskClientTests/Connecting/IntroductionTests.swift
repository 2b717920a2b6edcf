import KioskClient
import KioskTestSupport
import NIOPosix
import TTRPCCore
import TTRPCNIO
import Testing
import VentanillaMessages

@Suite("A client that introduces itself", .timeLimit(.minutes(1)))
struct IntroductionTests {
  static let introduction = ClientIntroduction(name: "prueba", version: "7")

  static func client(_ servers: [StagedServer], change: (inout KioskClientOptions) -> Void = { _ in }) -> KioskClient {
    var options = KioskClientOptions()
    options.policy = KioskClientTests.policy()
    (options.introduction, options.chance) = (introduction, { 1 })
    change(&options)
    return KioskClient(
      servers.map { TTRPCAddress.unix(path: $0.path) }, group: MultiThreadedEventLoopGroup.singleton, options: options)
  }

  @Test("The first call of each connection says who it is and what it takes; what is granted holds, and the rest is kept")
  func hello() async throws {
    let server = StagedServer(hello: StagedServer.granting("cancel", "going-away", "holds", "other")) { _ in [] }
    try await server.whileListening {
      let client = Self.client([server])
      let call = Task { try await client.unary(.read, payload: [1], options: CallOptions()) }
      try await eventually { server.requests.count == 1 }
      #expect(server.hellos == [
        Wire.HelloRequest(
          clientName: "prueba", clientVersion: "7", locale: "es-MX", extensions: ["ping", "cancel", "credit", "going-away"])
      ])
      #expect(server.headers(0).map(\.stream) == [1, 3])
      let session = try #require(client.session)
      #expect((session.serverName, session.serverVersion, session.timeZone) == ("staged", "1", "America/Tijuana"))
      #expect(session.extensions == [.cancel, .goingAway], "what was not asked for is not granted")
      #expect(session.clock.offset < -1_000_000_000, "its clock says 1970")
      call.cancel()
      await #expect(throws: RPCError.cancelled) { try await call.value }
      try await eventually { server.headers(0).last?.type == .cancel }
      await client.close()
    }
  }

  @Test("A server that knows no introduction, in whatever words, is spoken to in plain ttrpc", arguments: [
    StatusCode.unimplemented, .permissionDenied, .invalidArgument, .unknown, .notFound,
  ])
  func plain(code: StatusCode) async throws {
    let server = StagedServer(hello: .failure(RPCError(code, "no")))
    try await server.whileListening {
      let client = Self.client([server])
      let reply = try await client.unary(.read, payload: [1], options: CallOptions())
      #expect(reply == [1])
      #expect(client.session == nil && server.connections == 1)
      await client.close()
    }
  }

  @Test("A server that cannot take it now is passed by", arguments: [StatusCode.unavailable, .resourceExhausted])
  func away(code: StatusCode) async throws {
    let (full, other) = (StagedServer(hello: .failure(RPCError(code, "full"))), StagedServer())
    try await full.whileListening {
      try await other.whileListening {
        let client = Self.client([full, other])
        #expect(try await client.unary(.read, payload: [1], options: CallOptions()) == [1])
        #expect(full.requests.isEmpty && other.requests.count == 1)
        try await eventually { full.openConnections == 0 }
        await client.close()
      }
    }
  }

  @Test("A server that accepts and does not answer takes no longer than the time to connect")
  func deafToHello() async throws {
    let server = RequestDoor()
    let path = SocketPath.fresh()
    try await server.listen(at: path) {
      var options = KioskClientOptions()
      (options.introduction, options.policy, options.connectTimeout) = (Self.introduction, .never, .milliseconds(30))
      let client = KioskClient([.unix(path: path)], group: MultiThreadedEventLoopGroup.singleton, options: options)
      let error = await #expect(throws: RPCError.self) { try await client.unary(.read, payload: [], options: CallOptions()) }
      #expect(error?.code == .unavailable)
      await client.close()
    }
  }

  @Test("Without introduction nothing is said that was not asked for")
  func silent() async throws {
    let server = StagedServer(hello: StagedServer.granting("ping"))
    try await server.whileListening {
      let client = Self.client([server]) { $0.introduction = nil }
      let reply = try await client.unary(.read, payload: [1], options: CallOptions())
      #expect(reply == [1])
      #expect(server.hellos.isEmpty && server.headers(0).map(\.stream) == [1])
      await client.close()
    }
  }
}
