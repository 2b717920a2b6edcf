internal import ClinicDomain
internal import InMemoryTracing
internal import KioskClient
internal import KioskServer
internal import Logging
internal import Synchronization
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("What is observed of a person: nothing")
struct ObservedPrivacyTests {
  private static let nss = NSS(firstTenDigits: 77_712_345)!.description
  private static let curp = CURP(
    given: "Xiuhnel", firstSurname: "Quetzalzin", secondSurname: "Wuxchán", bornOn: CivilDate(iso: "1985-04-30")!, sex: .hombre,
    state: .oaxaca, homonym: 0)!.description
  private static let canaries = [nss, curp, "Xiuhnel", "Quetzalzin Wuxchán", "Ixpapalotl", "5512340099"]

  @Test("Seeded into every field, name and metadata of calls good and bad, a person is in no log line, no metric and no span")
  func seeded() async throws {
    let log = RecordedLog()
    let tracer = InMemoryTracer()
    try await LocalServer.with(
      logger: log.logger, tracer: tracer,
      change: { options in
        options.metricsAddress = ("127.0.0.1", 0)
        // Every method eight times for each canary is more than a device's rate: it would be minutes.
        options.limits.callsPerSecond = CallRate(perSecond: 100_000, burst: 100_000)
        options.limits.callsPerSecondByRole = [:]
      }
    ) { server in
      let connections = try await RoleSet.named.asyncMap { try await server.connect($0.name) }
      var (good, bad) = (0, 0)
      for connection in connections {
        for canary in Self.canaries {
          let metadata = Metadata([
            .init(key: canary, value: canary), .init(key: "request-id", value: canary), .init(key: "traceparent", value: canary),
          ])
          for method in MethodTable.methods where method.kind == .unary {
            // Every field that a message may have, as text where it is one and as what it is not where it is none.
            for field in 1...8 as ClosedRange<UInt8> {
              let payload = [field << 3 | 2, UInt8(canary.utf8.count)] + Array(canary.utf8)
              do throws(RPCError) {
                _ = try await connection.unary(method, payload: payload, options: CallOptions(metadata: metadata))
                good += 1
              } catch { bad += 1 }
            }
          }
          let unknown = MethodDescriptor(service: canary, method: canary, kind: .unary, roles: .kiosk, writes: false)
          _ = await refusal { () async throws(RPCError) in
            try await connection.unary(unknown, payload: Array(canary.utf8), options: CallOptions(metadata: metadata))
          }
        }
      }
      #expect(good > 100 && bad > 1000)
      let page = try await LocalHTTP.get(port: server.metricsPort).body
      _ = try MetricsPage(page)
      let spans = tracer.finishedSpans.map { "\($0.operationName) \($0.attributes) \($0.errors.map(\.error)) \($0.status as Any)" }
      #expect(spans.count > 1000 && spans.contains { $0.contains("INVALID_ARGUMENT") })
      for connection in connections { await connection.close() }
      #expect(log.lines.contains { $0.contains("llamada sin éxito") && $0.contains("estado=") })
      for canary in Self.canaries {
        #expect(!page.contains(canary), "\(canary) is on the page")
        #expect(!log.lines.contains { $0.contains(canary) }, "\(canary) is in the log")
        #expect(!spans.contains { $0.contains(canary) }, "\(canary) is in a span")
      }
    }
  }

  @Test("A person who comes, books, cancels and is refused leaves neither name nor number, token nor folio")
  func visit() async throws {
    let log = RecordedLog()
    let tracer = InMemoryTracer()
    try await LocalServer.with(
      logger: log.logger, tracer: tracer, change: { $0.metricsAddress = ("127.0.0.1", 0) }
    ) { server in
      let (kiosk, staff) = (try await server.connect(), try await server.connect("staff"))
      let row = "\(Self.nss),1H1985OR,Xiuhnel,Quetzalzin,\(CampaignPerson.birthDate),H,VIGENTE\n"
      let added = try await OperationsClient(staff).importPatients(
        Wire.ImportPatientsRequest(header: CampaignPerson.padronHeader, rows: Array(row.utf8), firstLine: 2),
        options: .write(RequestIdentifier()))
      #expect(added.added == 1)
      let identified = try await PatientsClient(kiosk).identify(
        Wire.IdentifyRequest(identifier: .nss(Self.nss), birthDate: CampaignPerson.birthDate))
      #expect(identified.person?.name == "Xiuhnel", "who is looked for is there to be found")
      let token = identified.sessionToken
      let slot = try #require(try await kiosk.freeSlots(token).first)
      let booked = try await AppointmentsClient(kiosk).book(
        Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
      let folio = try #require(booked.appointment?.folio)
      _ = await refusal { () async throws(RPCError) in
        try await AppointmentsClient(kiosk).book(
          Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
      }
      _ = try await AppointmentsClient(kiosk).cancel(
        Wire.CancelRequest(sessionToken: token, folio: folio), options: .write(RequestIdentifier()))
      let page = try await LocalHTTP.get(port: server.metricsPort).body
      await kiosk.close()
      await staff.close()
      let spans = tracer.finishedSpans.map { "\($0.operationName) \($0.attributes) \($0.errors.map(\.error)) \($0.status as Any)" }
      let told = log.lines + spans + [page]
      #expect(spans.contains { $0.contains("Appointments/Cancel") } && page.contains("Appointments"))
      #expect(log.lines.contains { $0.contains("llamada sin éxito") && $0.contains("Appointments/Book") })
      for secret in [Self.nss, CampaignPerson.birthDate, "Xiuhnel", "Quetzalzin", token, folio, folio.filter { $0 != " " }] {
        #expect(!told.contains { $0.contains(secret) }, "\(secret) is told")
      }
    }
  }

  @Test("A call that fails is a line with its connection, method, code, time and request id; a well-formed id is the only text from outside")
  func lines() async throws {
    let log = RecordedLog()
    try await LocalServer.with(logger: log.logger) { server in
      let (kiosk, staff) = (try await server.connect(), try await server.connect("staff"))
      let id = RequestIdentifier()
      _ = await refusal { () async throws(RPCError) in
        try await AppointmentsClient(kiosk).cancel(Wire.CancelRequest(sessionToken: "nobody", folio: "1"), options: .write(id))
      }
      _ = await refusal { () async throws(RPCError) in
        try await OperationsClient(staff).backup(Wire.BackupRequest(fileName: "../x"))
      }
      await kiosk.close()
      await staff.close()
      #expect(try await eventually { log.lines.count { $0.contains("conexión cerrada") } >= 2 })
      let failed = log.lines.filter { $0.contains("llamada sin éxito") }
      #expect(failed.contains { $0.contains("metodo=ventanilla.v1.Operations/Backup") && $0.contains("estado=INVALID_ARGUMENT") && $0.contains("ms=") })
      #expect(failed.contains { $0.contains("metodo=ventanilla.v1.Appointments/Cancel") && $0.contains("solicitud=\(id)") })
      #expect(failed.allSatisfy { $0.contains("conexion=") })
    }
  }
}

/// A log that is kept, at every level.
final class RecordedLog: Sendable {
  private let kept = Mutex<[String]>([])
  var lines: [String] { kept.withLock { $0 } }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(log: self) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var metadataProvider: Logger.MetadataProvider?
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      let pairs = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted().joined(separator: " ")
      log.kept.withLock { $0.append("\(event.level) \(event.message) \(pairs)") }
    }
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
