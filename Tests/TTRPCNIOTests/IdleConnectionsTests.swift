import Glibc
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Idle connections", .serialized, .timeLimit(.minutes(1)))
struct IdleConnectionsTests {
  /// Sockets of this machine that a server at `path` has open: the listener, and one for each connection it accepted.
  static func socketsOpen(at path: String) throws -> Int {
    let table = try #require(fopen("/proc/net/unix", "r"))
    defer { fclose(table) }
    var count = 0
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), table) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.dropLast().hasSuffix(" " + path) { count += 1 }
    }
    return count
  }

  @Test("A thousand cost one descriptor each at the server, and none when they have gone")
  func descriptors() async throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 16_384)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    try await withServer { server, address in
      var clients = try (0..<1000).map { _ in try RawSocket(address) }
      try await eventually { await server.counters().connections == 1000 }
      let counters = await server.counters()
      #expect(counters.reads == 0)
      #expect(counters.flushes == 0)
      guard case .unix(let path) = address else {
        Issue.record("the server is not on a Unix socket")
        return
      }
      #expect(try Self.socketsOpen(at: path) == 1001)
      try await clients[999].send(.request(1, "Echo", [1]))
      #expect(try await clients[999].replies(1) == [.ok(1, [1])])
      clients = []
      try await eventually { await server.counters().connections == 0 }
      #expect(try Self.socketsOpen(at: path) == 1)
    }
  }
}
