internal import KioskClient
internal import KioskServer
internal import KioskTestSupport
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("The page of metrics")
struct MetricsPageTests {
  private func page(_ server: LocalServer) async throws -> MetricsPage {
    let (head, body) = try await LocalHTTP.get(port: server.metricsPort)
    #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8"))
    #expect(head.contains("Content-Length: \(body.utf8.count)"))
    return try MetricsPage(body)
  }

  @Test("What was called over real sockets is on the page, by method and code, and each call is in its histogram")
  func counted() async throws {
    try await LocalServer.with(change: { $0.metricsAddress = ("127.0.0.1", 0) }) { server in
      let before = try await page(server)
      let (kiosk, staff) = (try await server.connect(), try await server.connect("staff"))
      for _ in 0..<5 { _ = try await HealthClient(kiosk).check(Wire.HealthCheckRequest()) }
      let token = try await kiosk.identify(CampaignPerson(number: 1))
      for _ in 0..<3 {
        _ = await refusal { () async throws(RPCError) in
          try await PatientsClient(kiosk).identify(Wire.IdentifyRequest(identifier: .nss("0"), birthDate: "1985-04-30"))
        }
      }
      let slot = try #require(try await kiosk.freeSlots(token).first)
      _ = try await AppointmentsClient(kiosk).book(
        Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
      _ = await refusal { () async throws(RPCError) in try await OperationsClient(kiosk).getStatus(Wire.GetStatusRequest()) }

      let after = try await page(server)
      func grown(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        after[name, labels].map { $0 - (before[name, labels] ?? 0) }
      }
      func calls(_ service: String, _ method: String, _ code: String) -> Double? {
        grown("ventanilla_rpc_calls_total", ["service": service, "method": method, "code": code])
      }
      #expect(calls("ventanilla.v1.Health", "Check", "OK") == 5)
      #expect(calls("ventanilla.v1.Patients", "Identify", "OK") == 1)
      #expect(calls("ventanilla.v1.Appointments", "Find", "OK") == 1)
      #expect(calls("ventanilla.v1.Appointments", "Book", "OK") == 1)
      #expect(calls("", "", "PERMISSION_DENIED") == 1)
      let identify = ["service": "ventanilla.v1.Patients", "method": "Identify"]
      #expect(after.all("ventanilla_rpc_calls_total", identify).reduce(0, +) == 4)
      #expect(grown("ventanilla_rpc_duration_seconds_count", identify) == 4)
      #expect(grown("ventanilla_connections_accepted_total") == 2)
      #expect(after["ventanilla_connections_open"] == 2)
      #expect(after["ventanilla_sessions_open"] == 1)
      #expect(grown("ventanilla_store_commits_total") == 1)
      #expect(grown("ventanilla_store_commit_seconds_count") == 1)
      #expect(grown("ventanilla_received_bytes_total")! > 0)
      #expect(after["process_resident_memory_bytes"]! > 1_000_000)
      #expect(after["process_open_fds"]! > 5)
      for (method, descriptor) in MethodTable.methods.map({ ($0.method, $0) }) {
        #expect(
          after["ventanilla_rpc_calls_total", ["service": descriptor.service, "method": method, "code": "OK"]] != nil,
          "\(method) is on the page before its first call")
      }

      // The call for the same numbers has them too.
      let sample = try await OperationsClient(staff).getMetrics(Wire.GetMetricsRequest())
      let health = sample.methods.first { $0.service == "ventanilla.v1.Health" && $0.method == "Check" }
      #expect(health?.byCode == [5])
      #expect(health.map { LatencyHistogram(counts: $0.latency!.counts, sum: $0.latency!.sumNs).total } == 5)
      #expect(sample.store?.commits == UInt64(after["ventanilla_store_commits_total"]!))
      #expect(sample.connections?.open == 2 && sample.number == 0)
      await kiosk.close()
      await staff.close()
    }
  }

  @Test("Every limit is on the page before it is reached, and counts once for each refusal")
  func limits() async throws {
    let change: (inout KioskServerOptions) -> Void = {
      $0.metricsAddress = ("127.0.0.1", 0)
      $0.limits.maxMetadataPairs = 3
    }
    try await LocalServer.with(change: change) { server in
      func reached(_ page: MetricsPage) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: LimitName.allCases.compactMap { limit in
          page["ventanilla_limits_reached_total", ["limit": limit.rawValue]].map { (limit.rawValue, $0) }
        })
      }
      let before = reached(try await page(server))
      #expect(Set(before.keys) == Set(LimitName.allCases.map(\.rawValue)))
      let kiosk = try await server.connect()
      let many = Metadata((1...9).map { .init(key: "k\($0)", value: "v") })
      for _ in 0..<2 {
        _ = await refusal { () async throws(RPCError) in
          try await HealthClient(kiosk).check(Wire.HealthCheckRequest(), options: CallOptions(metadata: many))
        }
      }
      var expected = before
      expected["maxMetadataPairs", default: 0] += 2
      #expect(reached(try await page(server)) == expected)
      await kiosk.close()
    }
  }

  @Test("Who TLS does not let in is on the page by the reason, every reason before its first time, and nobody by name")
  func tlsRefusals() async throws {
    let authority = try TestAuthority()
    try authority.issue("server", role: "server")
    try authority.issue("ventanilla-3", role: "staff")
    let tls = try ServerTLS(
      files: authority.files("server"),
      admission: CertificateAdmission(clinic: TestAuthority.clinic, roles: RoleSet.named, admitted: .kiosk))
    let change: (inout KioskServerOptions) -> Void = {
      $0.metricsAddress = ("127.0.0.1", 0)
      $0.limits.handshakeDeadline = .seconds(1)
      $0.listeners.append(Listener(host: "127.0.0.1", port: 0, tls: tls))
    }
    try await LocalServer.with(change: change) { server in
      func refused(_ page: MetricsPage) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: TLSRefusalKind.allCases.compactMap { kind in
          page["ventanilla_tls_refusals_total", ["reason": kind.rawValue]].map { (kind.rawValue, $0) }
        })
      }
      var expected = Dictionary(uniqueKeysWithValues: TLSRefusalKind.allCases.map { ($0.rawValue, 0.0) })
      #expect(refused(try await page(server)) == expected)
      guard case .tcp(let host, let port) = try #require(server.addresses.last) else {
        Issue.record("no TLS listener")
        return
      }
      #expect(try await LocalHTTP.exchange("GET / HTTP/1.1\r\n\r\n", port: port) == "")
      #expect(try await LocalHTTP.exchange("", port: port) == "", "closed at its deadline")
      let staff = try await TTRPCClientConnection.connect(
        to: .tcp(host: host, port: port), group: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(30),
        tls: ClientTLS(files: authority.files("ventanilla-3"), roles: RoleSet.named.map(\.name)))
      let told = await refusal { () async throws(RPCError) in try await HealthClient(staff).check(Wire.HealthCheckRequest()) }
      #expect(told.code == .permissionDenied)
      await staff.close()
      expected.merge(["notTLS": 1, "tooSlow": 1, "roleNotAdmitted": 1]) { $1 }
      let after = try await page(server)
      #expect(refused(after) == expected)
      #expect(after["ventanilla_limits_reached_total", ["limit": "handshakeDeadline"]] == 1)
      #expect(!(try await LocalHTTP.get(port: server.metricsPort)).body.contains("ventanilla-3"))
    }
  }

  @Test("Nothing but GET /metrics is answered with a page, and who says nothing, too much or comes too often is let go")
  func bounded() async throws {
    try await LocalServer.with(change: { $0.metricsAddress = ("127.0.0.1", 0) }) { server in
      let port = server.metricsPort
      #expect(try await LocalHTTP.get("/", port: port).head.hasPrefix("HTTP/1.1 404 "))
      #expect(try await LocalHTTP.exchange("POST /metrics HTTP/1.1\r\n\r\n", port: port).contains("Allow: GET\r\n"))
      let long = "GET /metrics HTTP/1.1\r\nHost: " + String(repeating: "x", count: 9000)
      #expect(try await LocalHTTP.exchange(long, port: port).hasPrefix("HTTP/1.1 431 "))
      #expect(try await LocalHTTP.exchange("hola\r\n\r\n", port: port).hasPrefix("HTTP/1.1 400 "))
      #expect(try await LocalHTTP.exchange("", port: port) == "", "closed after its time")
      for _ in 0..<50 { _ = try await page(server) }
    }
  }

  @Test("Without the key there is no page")
  func none() async throws {
    try await LocalServer.with { server in #expect(server.metricsAddress == nil) }
  }
}
