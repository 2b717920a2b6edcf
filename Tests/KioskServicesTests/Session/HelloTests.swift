import ClinicDomain
import KioskServices
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Hello and health")
struct HelloTests {
  @Test("The server says who it is, what it holds callers to, and what time it is", arguments: Depth.allCases)
  func hello(depth: Depth) async throws {
    try await withClinic(depth, people: []) { clinic in
      clinic.clock.advance(.seconds(1))
      let reply = try await SessionClient(clinic.doors[.display]).hello(
        Wire.HelloRequest(clientName: "prueba", clientVersion: "1", locale: "nah", extensions: ["fast", "bidi"]))
      #expect(
        reply
          == Wire.HelloResponse(
            serverName: "ventanilla", serverVersion: ServerIdentity.version, extensions: [],
            limits: Wire.Limits(
              messageBytes: 4_194_304, concurrentCalls: 1024,
              holds: [
                Wire.HoldLimit(channel: "kiosk", seconds: 120), Wire.HoldLimit(channel: "phone", seconds: 240),
                Wire.HoldLimit(channel: "desk", seconds: 300),
              ]),
            clockUnixMs: Instant.fixture.milliseconds + 1000, timeZone: "America/Mexico_City"))
    }
  }

  @Test("Health answers every role: for the whole, for a service it has, NOT_FOUND for another", arguments: Depth.allCases)
  func health(depth: Depth) async throws {
    try await withClinic(depth, people: []) { clinic in
      for (_, role) in RoleSet.named {
        let health = HealthClient(clinic.doors[role])
        for service in ["", "ventanilla.v1.Appointments"] {
          #expect(try await health.check(Wire.HealthCheckRequest(service: service)).status == .serving)
        }
        let error = try await status { () throws(RPCError) in
          try await health.check(Wire.HealthCheckRequest(service: "ventanilla.v1.Nothing"))
        }
        #expect(error == RPCError(.notFound, "unknown service"))
      }
    }
  }

  @Test("While it drains it says that it is not serving")
  func draining() async throws {
    let handlers = HealthHandlers(services: ["ventanilla.v1.Appointments"], isServing: { false })
    try await Depth.direct.serve(
      handlers.registeredMethods, roles: [.kiosk], clock: { MonotonicTime(nanoseconds: 0) }
    ) { doors in
      for service in ["", "ventanilla.v1.Appointments"] {
        let reply = try await HealthClient(doors[.kiosk]).check(Wire.HealthCheckRequest(service: service))
        #expect(reply.status == .notServing)
      }
    }
  }
}
