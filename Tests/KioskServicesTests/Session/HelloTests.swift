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
        Wire.HelloRequest(clientName: "prueba", clientVersion: "1", locale: "nah", extensions: ["fast", "credit"]))
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

  @Test("It grants what the client takes and it has: in the client's order, each once", arguments: Depth.allCases, [
    ([], []), (["holds"], ["holds"]), (["holds", "ping"], ["holds", "ping"]), (["ping", "holds"], ["ping", "holds"]),
    (["ping", "ping", "credit", "Ping", "", "holds", "ping"], ["ping", "holds"]),
  ])
  func extensions(depth: Depth, example: (asked: [String], granted: [String])) async throws {
    try await withClinic(depth, people: []) { clinic in
      let session = SessionClient(clinic.doors[.kiosk])
      let reply = try await session.hello(Wire.HelloRequest(extensions: example.asked))
      #expect(reply.extensions == example.granted)
    }
  }

  @Test("What the reply says is what the connection is told to speak")
  func negotiates() async throws {
    try await withClinic(people: []) { clinic in
      let hello = try #require(SessionHandlers(clinic.counter, limits: .standard, extensions: [.ping, .cancel]).registeredMethods.first)
      guard case .negotiating(let answer) = hello.handler else {
        Issue.record("Hello negotiates")
        return
      }
      let context = CallContext(
        method: hello.descriptor, caller: Caller(role: .kiosk, connectionID: 9), deadline: nil, metadata: Metadata())
      var reply = ReplyBuffer()
      let request = Encoded(Wire.HelloRequest(extensions: ["cancel", "credit", "cancel"])).bytes
      let granted = try request.withUnsafeBytes { try answer($0, context, &reply) }
      #expect(granted == .cancel)
      let bytes = reply.withBytes { Array($0) }
      #expect(try Wire.HelloResponse(decoding: bytes).extensions == ["cancel"])
      #expect(!clinic.counter.holds.isGranted(to: 9))
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
