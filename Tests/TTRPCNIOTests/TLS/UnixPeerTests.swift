import Glibc
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("System users on a Unix socket", .timeLimit(.minutes(1)))
struct UnixPeerTests {
  /// Answers the process and the user that the kernel names.
  static let whoAmI = RegisteredMethod(Probe.descriptor("WhoAmI"), .synchronous { _, call, reply throws(RPCError) in
    let process = call.caller.process
    let text = Array("\(process?.process ?? 0) \(process?.user ?? .max) \(process?.group ?? .max)".utf8)
    reply.append(text.count) { $0.copyBytes(from: text) }
  })

  static func with(_ listener: Listener, _ body: (TTRPCClientConnection) async throws -> Void) async throws {
    let server = try await TTRPCServer.start(
      listeners: [listener], router: RPCRouter(Probe.methods + [whoAmI]), group: MultiThreadedEventLoopGroup.singleton)
    let client = try await connect(server.addresses[0])
    try await body(client)
    await client.close()
    await server.drain(grace: .zero)
  }

  @Test("A call knows the process at the other end")
  func process() async throws {
    try await Self.with(Listener(address: .unix(path: SocketPath.fresh()), role: Probe.kiosk)) { client in
      #expect(await client.ask("WhoAmI") == .success("\(getpid()) \(getuid()) \(getgid())"))
    }
  }

  @Test("Over TCP there is none")
  func overTCP() async throws {
    try await Self.with(Listener(address: .tcp(host: "127.0.0.1", port: 0), role: Probe.kiosk)) { client in
      #expect(await client.ask("WhoAmI") == .success("0 \(UInt32.max) \(UInt32.max)"))
    }
  }

  @Test("A listed user has the role of its own; one that is not listed is told so")
  func users() async throws {
    let path = SocketPath.fresh()
    try await Self.with(Listener(path: path, users: [getuid(): Probe.kiosk, getuid() + 1: Probe.nobody])) { client in
      #expect(await client.ask("WhoAmI") == .success("\(getpid()) \(getuid()) \(getgid())"))
    }
    try await Self.with(Listener(path: path, users: [getuid(): Probe.nobody])) { client in
      #expect(
        await client.ask("Echo") == .failure(RPCError(.permissionDenied, "this caller's role may not call test.v1.Probe/Echo")))
    }
    try await Self.with(Listener(path: path, users: [getuid() + 1: Probe.kiosk])) { client in
      #expect(await client.ask("Echo") == .failure(RPCError(.permissionDenied, "system user \(getuid()) may not call here")))
    }
  }
}
