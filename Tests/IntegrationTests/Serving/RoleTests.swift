internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Who may call what")
struct RoleTests {
  @Test("Every method at every role's door: denied exactly when the contract does not list the role")
  func matrix() async throws {
    try await LocalServer.with { server in
      for (name, role) in RoleSet.named {
        let connection = try await server.connect(name)
        for method in MethodTable.methods {
          var answer: RPCError?
          do throws(RPCError) { try await connection.begin(method) } catch { answer = error }
          let isDenied = answer?.code == .permissionDenied
          #expect(
            isDenied == method.roles.isDisjoint(with: role),
            "\(name) calls \(method.service)/\(method.method): \(answer?.message ?? "answered")")
          #expect(answer?.code != .unimplemented && answer?.code != .internal)
        }
        await connection.close()
      }
    }
  }
}

extension TTRPCClientConnection {
  /// Makes a call with nothing in it; of a stream, as far as the first answer.
  fileprivate func begin(_ method: MethodDescriptor) async throws(RPCError) {
    guard method.kind != .unary else { return _ = try await unary(method, payload: [], options: CallOptions()) }
    let stream = try await stream(method, request: method.kind == .serverStreaming ? [] : nil, options: CallOptions())
    defer { stream.cancel() }
    _ = try await stream.next()
  }
}
