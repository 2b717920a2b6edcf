import KioskClient
import KioskTestSupport
import NIOPosix
import Synchronization
import TTRPCCore
import TTRPCNIO
import Testing

@Suite("A client that comes back")
struct KioskClientTests {
  static let away = RPCError(.unavailable, "draining")

  /// Tries as often as the usual one, and does not make the test wait.
  static func policy(attempts: Int = 5) -> RetryPolicy {
    var policy = RetryPolicy()
    policy.attempts = attempts
    policy.firstPause = .milliseconds(1)
    return policy
  }

  /// Its pauses are as long as they can be.
  static func client(_ path: String, _ policy: RetryPolicy = policy()) -> KioskClient {
    var options = KioskClientOptions()
    (options.policy, options.chance) = (policy, { 1 })
    return KioskClient([.unix(path: path)], group: MultiThreadedEventLoopGroup.singleton, options: options)
  }

  static func code(_ call: () async throws(RPCError) -> [UInt8]) async -> StatusCode {
    do throws(RPCError) { _ = try await call() } catch { return error.code }
    return .ok
  }

  @Test("UNAVAILABLE is tried again, every time with the same request id")
  func repeats() async throws {
    let (server, path) = (FickleServer([Self.away, Self.away, nil]), SocketPath.fresh())
    try await server.listen(at: path) {
      let client = Self.client(path)
      let reply = try await client.unary(.write, payload: [1, 2, 3], options: CallOptions())
      #expect(reply == [1, 2, 3])
      await client.close()
    }
    let id = try #require(server.ids.first ?? nil)
    #expect(id.utf8.count == 32 && server.ids == [id, id, id])
  }

  @Test("A caller's own request id is used as it is; a read carries none; two writes carry two")
  func ids() async throws {
    let (server, path) = (FickleServer([Self.away]), SocketPath.fresh())
    let own = RequestIdentifier()
    try await server.listen(at: path) {
      let client = Self.client(path)
      _ = try await client.unary(.write, payload: [], options: .write(own))
      _ = try await client.unary(.read, payload: [], options: CallOptions())
      for _ in 0..<2 { _ = try await client.unary(.write, payload: [], options: CallOptions()) }
      await client.close()
    }
    #expect(server.ids.prefix(3) == [own.description, own.description, nil])
    #expect(Set(server.ids.compactMap(\.self)).count == 3)
  }

  @Test("No other status is tried again", arguments: StatusCode.allCases.filter { $0 != .ok && $0 != .unavailable })
  func noOther(code: StatusCode) async throws {
    let (server, path) = (FickleServer([RPCError(code, "no")]), SocketPath.fresh())
    try await server.listen(at: path) {
      let client = Self.client(path)
      let error = await Self.code { () throws(RPCError) in
        try await client.unary(.write, payload: [], options: CallOptions())
      }
      #expect(error == code)
      await client.close()
    }
    #expect(server.ids.count == 1)
  }

  @Test("It gives up after the policy's number of tries, with the server's last word", arguments: [1, 2, 5])
  func givesUp(attempts: Int) async throws {
    let (server, path) = (FickleServer(Array(repeating: Self.away, count: 9)), SocketPath.fresh())
    try await server.listen(at: path) {
      let client = Self.client(path, Self.policy(attempts: attempts))
      await #expect(throws: Self.away) { try await client.unary(.read, payload: [], options: CallOptions()) }
      await client.close()
    }
    #expect(server.ids.count == attempts)
  }

  @Test("The time of a call covers its repeats: a pause that would outlast it is not begun")
  func deadline() async throws {
    let (server, path) = (FickleServer(Array(repeating: Self.away, count: 9)), SocketPath.fresh())
    var policy = RetryPolicy()
    (policy.firstPause, policy.longestPause) = (.seconds(3600), .seconds(3600))
    try await server.listen(at: path) {
      let client = Self.client(path, policy)
      await #expect(throws: Self.away) {
        try await client.unary(.read, payload: [], options: CallOptions(timeout: .seconds(600)))
      }
      await client.close()
    }
    #expect(server.deadlines == [true])
  }

  @Test("A call whose time is over before it begins is DEADLINE_EXCEEDED, and nothing is sent")
  func noTime() async throws {
    let (server, path) = (FickleServer(), SocketPath.fresh())
    try await server.listen(at: path) {
      let client = Self.client(path)
      _ = try await client.unary(.read, payload: [], options: CallOptions())
      let code = await Self.code { () throws(RPCError) in
        try await client.unary(.read, payload: [], options: CallOptions(timeout: .zero))
      }
      #expect(code == .deadlineExceeded)
      await client.close()
    }
    #expect(server.ids.count == 1)
  }

  @Test("Connecting to who never accepts takes a call's time and no more, each caller's own")
  func connecting() async throws {
    let deaf = try DeafListener()
    let client = KioskClient(
      .tcp(host: "127.0.0.1", port: deaf.port), group: MultiThreadedEventLoopGroup.singleton, policy: .never,
      connectTimeout: .seconds(3600))
    let codes = await withTaskGroup(of: StatusCode.self) { group in
      for milliseconds in [10, 20] {
        group.addTask {
          await Self.code { () throws(RPCError) in
            try await client.unary(.read, payload: [], options: CallOptions(timeout: .milliseconds(milliseconds)))
          }
        }
      }
      return await group.reduce(into: [StatusCode]()) { $0.append($1) }
    }
    #expect(codes == [.deadlineExceeded, .deadlineExceeded])
  }

  @Test("A server that is not there is told in a sentence that says what to do")
  func nobodyThere() async throws {
    let path = SocketPath.fresh()
    let client = Self.client(path, Self.policy(attempts: 2))
    do {
      _ = try await client.unary(.read, payload: [], options: CallOptions())
      Issue.record("there is nobody")
    } catch {
      #expect(error.code == .unavailable)
      #expect(error.message.hasPrefix("No se pudo conectar con el servidor en \(path): "))
      #expect(error.message.hasSuffix(". Revise que esté iniciado."))
    }
    await client.close()
  }

  @Test("After a restart of the server the same client goes on")
  func restart() async throws {
    let (server, path) = (FickleServer(), SocketPath.fresh())
    let client = Self.client(path)
    for _ in 0..<3 {
      try await server.listen(at: path) {
        let reply = try await client.unary(.write, payload: [7], options: CallOptions())
        #expect(reply == [7])
      }
    }
    await client.close()
    #expect(server.ids.count == 3)
  }

  @Test("A call made while the server is away is answered when it is back")
  func comesBack() async throws {
    let (server, path) = (FickleServer(), SocketPath.fresh())
    var patient = RetryPolicy()
    patient.attempts = 10_000
    (patient.firstPause, patient.longestPause) = (.milliseconds(1), .milliseconds(5))
    let client = Self.client(path, patient)
    let first = Task { () async -> StatusCode in
      await Self.code { () throws(RPCError) in try await client.unary(.write, payload: [], options: CallOptions()) }
    }
    try await server.listen(at: path) { #expect(await first.value == .ok) }
    await client.close()
  }

  @Test("Many calls at once share one new connection")
  func sharing() async throws {
    let (server, path) = (FickleServer(), SocketPath.fresh())
    try await server.listen(at: path) {
      let client = Self.client(path)
      let answers = await withTaskGroup(of: StatusCode.self) { group in
        for _ in 0..<50 {
          group.addTask {
            await Self.code { () throws(RPCError) in try await client.unary(.read, payload: [1], options: CallOptions()) }
          }
        }
        return await group.reduce(into: [StatusCode]()) { $0.append($1) }
      }
      #expect(answers == Array(repeating: .ok, count: 50))
      await client.close()
    }
  }

  @Test("A closed client says so at once, also to who waits between two tries; closing again is harmless")
  func closed() async throws {
    let (server, path) = (FickleServer(Array(repeating: Self.away, count: 9)), SocketPath.fresh())
    try await server.listen(at: path) {
      let client = Self.client(path)
      await client.close()
      await client.close()
      await #expect(throws: RPCError(.unavailable, "the client is closed")) {
        try await client.unary(.write, payload: [], options: CallOptions())
      }
    }
    #expect(server.ids == [])
  }

  @Test("A cancelled caller stops waiting between two tries")
  func cancelled() async throws {
    let (server, path) = (FickleServer([Self.away]), SocketPath.fresh())
    var policy = RetryPolicy()
    (policy.firstPause, policy.longestPause) = (.seconds(3600), .seconds(3600))
    try await server.listen(at: path) { [policy] in
      let client = Self.client(path, policy)
      let call = Task { () async -> StatusCode in
        await Self.code { () throws(RPCError) in try await client.unary(.read, payload: [], options: CallOptions()) }
      }
      while server.ids.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
      call.cancel()
      #expect(await call.value == .cancelled)
      await client.close()
    }
  }
}
