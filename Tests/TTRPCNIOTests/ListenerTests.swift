import Glibc
import NIOPosix
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Where a server listens", .timeLimit(.minutes(1)))
struct ListenerTests {
  static func start(_ addresses: TTRPCAddress...) async throws(ListenFault) -> TTRPCServer {
    try await TTRPCServer.start(
      listeners: addresses.map { Listener(address: $0, role: Probe.kiosk) }, router: RPCRouter(Probe.methods),
      group: MultiThreadedEventLoopGroup.singleton)
  }

  static func mode(_ path: String) -> mode_t? {
    var information = stat()
    return lstat(path, &information) == 0 ? information.st_mode : nil
  }

  @Test("A path over 107 bytes is refused with its length; one of 107 is taken")
  func longPath() async throws {
    let base = SocketPath.fresh()
    let path = base + String(repeating: "x", count: 107 - base.utf8.count)
    await #expect(throws: ListenFault.pathTooLong(path: path + "x", bytes: 108)) { try await Self.start(.unix(path: path + "x")) }
    let server = try await Self.start(.unix(path: path))
    #expect(Self.mode(path).map { $0 & 0o777 } == 0o660)
    await server.drain(grace: .zero)
    #expect(Self.mode(path) == nil, "the file is gone with the server")
  }

  @Test("A living server's socket is not taken; a dead one's is replaced")
  func staleAndLive() async throws {
    let path = SocketPath.fresh()
    let first = try await Self.start(.unix(path: path))
    await #expect(throws: ListenFault.socketInUse(path: path)) { try await Self.start(.unix(path: path)) }
    let client = try RawSocket(.unix(path: path))
    try await client.send(.request(1, "Echo"))
    #expect(try await client.replies(1) == [.ok(1, [])])
    client.close()
    await first.drain(grace: .zero)

    try Self.leaveStaleSocket(path)
    #expect(Self.mode(path).map { $0 & S_IFMT } == S_IFSOCK)
    let second = try await Self.start(.unix(path: path))
    #expect((try? RawSocket(.unix(path: path))) != nil)
    await second.drain(grace: .zero)
  }

  /// What a killed server leaves behind.
  static func leaveStaleSocket(_ path: String) throws {
    let file = try UnixSocketFile(binding: path)
    close(file.descriptor)
  }

  @Test("A file that is no socket is left as it is")
  func notASocket() async throws {
    let path = SocketPath.fresh()
    close(open(path, O_CREAT | O_WRONLY, 0o600))
    defer { unlink(path) }
    await #expect(throws: ListenFault.notASocket(path: path)) { try await Self.start(.unix(path: path)) }
    #expect(Self.mode(path) == S_IFREG | 0o600)
  }

  @Test("A socket file that somebody else has put in place is not removed")
  func foreignFile() async throws {
    let path = SocketPath.fresh()
    let first = try await Self.start(.unix(path: path))
    unlink(path)
    let second = try await Self.start(.unix(path: path))
    await first.drain(grace: .zero)
    #expect((try? RawSocket(.unix(path: path))) != nil)
    await second.drain(grace: .zero)
    #expect(Self.mode(path) == nil)
  }

  @Test("A folder that is not there is a clear fault")
  func noFolder() async throws {
    await #expect(throws: ListenFault.refused(address: "/no/such/folder/s", reason: "No such file or directory")) {
      try await Self.start(.unix(path: "/no/such/folder/s"))
    }
  }

  @Test("A taken port is named, and the listeners before it are closed again")
  func portTaken() async throws {
    let first = try await Self.start(.tcp(host: "127.0.0.1", port: 0))
    guard case .tcp(_, let port) = first.addresses[0] else { return }
    let path = SocketPath.fresh()
    await #expect(throws: ListenFault.portTaken(host: "127.0.0.1", port: port)) {
      try await Self.start(.unix(path: path), .tcp(host: "127.0.0.1", port: port))
    }
    #expect(Self.mode(path) == nil)
    await first.drain(grace: .zero)
    let second = try await Self.start(.tcp(host: "127.0.0.1", port: port))
    await second.drain(grace: .zero)
  }

  @Test("Each listener gives its callers its own role")
  func roles() async throws {
    let paths = [SocketPath.fresh(), SocketPath.fresh()]
    let server = try await TTRPCServer.start(
      listeners: [
        Listener(address: .unix(path: paths[0]), role: Probe.kiosk),
        Listener(address: .unix(path: paths[1]), role: Probe.nobody),
      ], router: RPCRouter(Probe.methods), group: MultiThreadedEventLoopGroup.singleton)
    for (path, expected) in zip(paths, [
      Reply.ok(1, []), .failed(1, .permissionDenied, "this caller's role may not call test.v1.Probe/Echo"),
    ]) {
      let client = try RawSocket(.unix(path: path))
      try await client.send(.request(1, "Echo"))
      #expect(try await client.replies(1) == [expected])
    }
    await server.drain(grace: .zero)
  }

  @Test("Every fault says where and why", arguments: [
    (ListenFault.portTaken(host: "::1", port: 24820), "port 24820 of ::1 is taken: another process listens there"),
    (.pathTooLong(path: "/p", bytes: 108), "the socket path is 108 bytes long and may have 107: /p"),
    (.socketInUse(path: "/p"), "a server is already listening on /p"),
    (.notASocket(path: "/p"), "/p exists and is not a socket; it was left as it is"),
    (.refused(address: "h:1", reason: "Permission denied"), "cannot listen on h:1: Permission denied"),
  ])
  func words(fault: ListenFault, text: String) { #expect(fault.description == text) }
}
