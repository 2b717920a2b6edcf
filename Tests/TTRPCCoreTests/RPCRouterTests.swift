import Testing

@testable import TTRPCCore

@Suite("The method table")
struct RPCRouterTests {
  static let kiosk = RoleSet(rawValue: 1)
  static let clerk = RoleSet(rawValue: 2)

  static func method(_ service: String, _ method: String, _ roles: RoleSet) -> RegisteredMethod {
    RegisteredMethod(
      MethodDescriptor(service: service, method: method, kind: .unary, roles: roles, writes: false),
      .synchronous { _, _, _ throws(RPCError) in })
  }

  static let router = RPCRouter([
    method("v1.Appointments", "Book", [kiosk, clerk]), method("v1.Appointments", "Get", clerk),
    method("v1.Patients", "Get", kiosk), method("v1.Patients", "Forgotten", []), method("s", "m", kiosk),
  ])

  static func route(_ service: String, _ method: String, _ role: RoleSet) throws(RPCError) -> MethodDescriptor {
    let found: Result<MethodDescriptor, RPCError> = Array(service.utf8).withUnsafeBytes { service in
      Array(method.utf8).withUnsafeBytes { method in
        do throws(RPCError) {
          return .success(try router.route(service: service, method: method, role: role).descriptor)
        } catch {
          return .failure(error)
        }
      }
    }
    return try found.get()
  }

  @Test("Each method is found under its own name, for its own callers")
  func found() throws {
    for row in Self.router.descriptors where !row.roles.isEmpty {
      for role in [Self.kiosk, Self.clerk] where row.roles.contains(role) {
        #expect(try Self.route(row.service, row.method, role) == row)
      }
    }
  }

  @Test("Refusals, in the order they are checked", arguments: [
    ("v1.Nobody", "Get", RPCError(.unimplemented, "service v1.Nobody")),
    ("", "", RPCError(.unimplemented, "service ")),
    ("v1.Patients", "Book", RPCError(.unimplemented, "method Book")),
    ("v1.Patients", "", RPCError(.unimplemented, "method ")),
    ("v1.Patients", "Forgotten", RPCError(.permissionDenied, "this caller's role may not call v1.Patients/Forgotten")),
    ("v1.Appointments", "Get", RPCError(.permissionDenied, "this caller's role may not call v1.Appointments/Get")),
  ])
  func refused(service: String, method: String, error: RPCError) {
    #expect(throws: error) { try Self.route(service, method, Self.kiosk) }
  }

  @Test("A thousand methods with names alike are told apart")
  func many() throws {
    let rows = (0..<1000).map { Self.method("clinic.Service\($0 % 10)", "Method\($0)Suffix12", Self.kiosk) }
    let router = RPCRouter(rows)
    for row in rows.map(\.descriptor) {
      let found = Array(row.service.utf8).withUnsafeBytes { service in
        Array(row.method.utf8).withUnsafeBytes { method in
          try? router.route(service: service, method: method, role: Self.kiosk).descriptor
        }
      }
      #expect(found == row)
    }
  }
}
