internal import Glibc
internal import NIOPosix
internal import Synchronization
package import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// How far a test's calls travel to the methods that answer them; one body runs at each depth.
package enum Depth: String, CaseIterable, Sendable {
  /// Encoded bytes straight to the router and the registered method.
  case direct
  /// The same bytes through a real server on a Unix socket.
  case socket
}

/// A caller's way in for each role.
package struct Doors: Sendable {
  private let transports: [RoleSet: any RPCTransport]

  fileprivate init(_ transports: [RoleSet: any RPCTransport]) { self.transports = transports }

  /// - Precondition: the test opened a door for this role.
  package subscript(role: RoleSet) -> any RPCTransport {
    guard let transport = transports[role] else { preconditionFailure("no door was opened for this role") }
    return transport
  }
}

extension Doors {
  /// Says Hello at a role's door. On a socket the connection speaks from then on what was granted.
  ///
  /// - Returns: the names of what was granted.
  package func hello(_ role: RoleSet, taking names: [String]) async throws(RPCError) -> [String] {
    let request = Wire.HelloRequest(clientName: "test", extensions: names)
    guard let connection = self[role] as? TTRPCClientConnection else {
      return try await SessionClient(self[role]).hello(request).extensions
    }
    let reply = try await connection.negotiate(MethodTable.Session.hello, payload: Encoded(request).bytes, options: CallOptions()) {
      WireExtensions(((try? Wire.HelloResponse(decoding: $0))?.extensions ?? []).compactMap(WireExtensions.init(name:)))
    }
    return (try? Wire.HelloResponse(decoding: reply))?.extensions ?? []
  }
}

extension Depth {
  /// Serves methods for as long as `body` runs.
  ///
  /// - Parameters:
  ///   - roles: one door each; on sockets, one listener and one connection each.
  ///   - clock: the monotonic clock that a direct call's deadline is set on. A socket has its server's own.
  package func serve<Value>(
    _ methods: [RegisteredMethod], roles: [RoleSet], clock: @escaping @Sendable () -> MonotonicTime,
    isolation: isolated (any Actor)? = #isolation, _ body: (Doors) async throws -> Value
  ) async throws -> Value {
    let router = RPCRouter(methods)
    switch self {
    case .direct:
      let transports = roles.map { ($0, DirectTransport(router: router, role: $0, clock: clock) as any RPCTransport) }
      return try await body(Doors(Dictionary(uniqueKeysWithValues: transports)))
    case .socket:
      return try await serveOnSockets(router, roles: roles, body)
    }
  }

  private func serveOnSockets<Value>(
    _ router: RPCRouter, roles: [RoleSet], isolation: isolated (any Actor)? = #isolation,
    _ body: (Doors) async throws -> Value
  ) async throws -> Value {
    let group = MultiThreadedEventLoopGroup.singleton
    let server = try await TTRPCServer.start(
      listeners: roles.map { Listener(address: .unix(path: SocketPath.fresh()), role: $0) }, router: router, group: group)
    do {
      var transports: [RoleSet: any RPCTransport] = [:]
      for (role, address) in zip(roles, server.addresses) {
        transports[role] = try await TTRPCClientConnection.connect(to: address, group: group)
      }
      let value = try await body(Doors(transports))
      await server.drain(grace: .zero)
      return value
    } catch {
      await server.drain(grace: .zero)
      throw error
    }
  }
}

/// Paths for a test's sockets: short enough for any address, and nothing stands at them.
package enum SocketPath {
  private static let last = Atomic<Int>(0)

  package static func fresh() -> String {
    "/tmp/ventanilla-test-\(getpid())-\(last.add(1, ordering: .relaxed).newValue).sock"
  }
}
