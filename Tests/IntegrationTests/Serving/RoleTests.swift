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
          do throws(RPCError) { _ = try await connection.unary(method, payload: [], options: CallOptions()) } catch { answer = error }
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
