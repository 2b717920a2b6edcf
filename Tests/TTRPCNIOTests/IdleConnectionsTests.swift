import Glibc
import TTRPCCore
import Testing

@testable import TTRPCNIO

@Suite("Idle connections", .serialized, .timeLimit(.minutes(1)))
struct IdleConnectionsTests {
  /// Descriptors of this process that are sockets at `path` or connected from there.
  static func socketsInUse() -> Int {
    guard let folder = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
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
      let during = Self.socketsInUse()
      try await clients[999].send(.request(1, "Echo", [1]))
      #expect(try await clients[999].replies(1) == [.ok(1, [1])])
      clients = []
      try await eventually { await server.counters().connections == 0 }
      // Other tests open and close sockets meanwhile: far fewer than the thousand that matter here.
      #expect(abs(during - Self.socketsInUse() - 2000) < 300)
    }
  }
}
