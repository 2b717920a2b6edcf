package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Health, with the semantics of grpc.health.v1.
package struct HealthHandlers: HealthService {
  /// The full names of the services this server has.
  let services: Set<String>
  /// Whether calls are taken: false once the server drains. A full disk is not it: reads go on, and writes say so themselves.
  let isServing: @Sendable () -> Bool

  package init(services: Set<String>, isServing: @escaping @Sendable () -> Bool) {
    self.services = services
    self.isServing = isServing
  }

  /// Says whether a service, or with an empty name the whole server, takes calls. NOT_FOUND for a service it does not have.
  package func check(
    _ request: Wire.HealthCheckRequest, context: CallContext
  ) throws(RPCError) -> Wire.HealthCheckResponse {
    guard request.service.isEmpty || services.contains(request.service) else {
      throw RPCError(.notFound, "unknown service")
    }
    return Wire.HealthCheckResponse(status: isServing() ? .serving : .notServing)
  }
}
