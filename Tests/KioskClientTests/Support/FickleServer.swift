import KioskTestSupport
import NIOPosix
import Synchronization
import TTRPCCore
import TTRPCNIO
import VentanillaMessages

/// A server that answers each call with the next of a row of statuses, and keeps what it was sent.
final class FickleServer: Sendable {
  private struct State {
    var statuses: [RPCError?] = []
    var ids: [String?] = []
    var deadlines: [Bool] = []
  }

  private let state: Mutex<State>

  /// - Parameter statuses: one for each call, in order; `nil`, and every call after the last, is answered.
  init(_ statuses: [RPCError?] = []) { state = Mutex(State(statuses: statuses)) }

  /// The request id of each call that came.
  var ids: [String?] { state.withLock(\.ids) }
  /// Whether each call said how long its caller waits.
  var deadlines: [Bool] { state.withLock(\.deadlines) }

  static let read = MethodDescriptor(service: "test.Fickle", method: "Read", kind: .unary, roles: .kiosk, writes: false)
  static let write = MethodDescriptor(service: "test.Fickle", method: "Write", kind: .unary, roles: .kiosk, writes: true)

  private func answer(_ context: CallContext) throws(RPCError) {
    let status = state.withLock { state -> RPCError? in
      state.ids.append(context.metadata.first("request-id"))
      state.deadlines.append(context.deadline != nil)
      return state.statuses.isEmpty ? nil : state.statuses.removeFirst()
    }
    if let status { throw status }
  }

  /// Listens until `body` returns.
  func listen<Value>(
    at path: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
  ) async throws -> Value {
    let methods = [Self.read, .write].map { descriptor in
      RegisteredMethod(
        descriptor,
        .synchronous { (payload, context, reply) throws(RPCError) in
          try self.answer(context)
          reply.append(payload.count) { $0.copyMemory(from: payload) }
        })
    }
    let server = try await TTRPCServer.start(
      listeners: [Listener(address: .unix(path: path), role: .kiosk)], router: RPCRouter(methods),
      group: MultiThreadedEventLoopGroup.singleton)
    do {
      let value = try await body()
      await server.drain(grace: .zero)
      return value
    } catch {
      await server.drain(grace: .zero)
      throw error
    }
  }
}

extension MethodDescriptor {
  static let read = FickleServer.read
  static let write = FickleServer.write
}
