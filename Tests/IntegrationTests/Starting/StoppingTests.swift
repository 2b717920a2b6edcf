internal import KioskClient
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("How a server ends")
struct StoppingTests {
  @Test("SIGTERM: a call in flight is answered, then the server closes in order with status 0", arguments: [15, 2] as [Int32])
  func drains(signal: Int32) async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let server = try await CampaignServer.start(in: folder)
    let rows = (1...250).map { CampaignPerson(number: $0).padronRow }.joined()
    let people = Wire.ImportPatientsRequest(header: CampaignPerson.padronHeader, rows: Array(rows.utf8), firstLine: 2)
    let importing = RequestFrame(
      MethodTable.Operations.importPatients, payload: Encoded(people).bytes, timeoutNanoseconds: 0,
      metadata: ["request-id": RequestIdentifier().description])
    let hello = RequestFrame(MethodTable.Session.hello, payload: [], timeoutNanoseconds: 0, metadata: [:])
    let staff = try RawConnection(path: server.folder.path("p.sock"))
    try staff.send(importing.bytes(stream: 1) + hello.bytes(stream: 3))
    // Frames of one connection are read in order: once the second call is answered the first is in the server's hands.
    let first = try staff.response()
    server.child.send(signal)
    let second = try staff.response()
    #expect(Set([first.stream, second.stream]) == [1, 3])
    #expect(first.error == nil && second.error == nil)
    #expect(await server.child.exitStatus() == 0)
    #expect(server.said.contains("cerrado en orden"))
    #expect(try await StoreFileReader.rows("SELECT count(*) FROM patient", in: server.databasePath) == [["250"]])
    #expect(throws: RawConnection.Fault.self) { try staff.response() }
  }

  @Test("A watch is told UNAVAILABLE, and does not keep the server for its grace", .timeLimit(.minutes(2)))
  func watching() async throws {
    var ending: Task<RPCError, Never>?
    try await LocalServer.with(change: { $0.drainGrace = .seconds(3600) }) { server in
      let watch = try await AppointmentsClient(try await server.connect()).watchAvailability(.init())
      #expect(try await watch.next()?.services.count == 1)
      ending = Task {
        await refusal { () async throws(RPCError) in
          while try await watch.next() != nil {}
        }
      }
    }
    #expect(await ending?.value == RPCError(.unavailable, "El servidor se está cerrando."))
  }

  @Test("Who watches the metrics is told UNAVAILABLE before the next sample's time", .timeLimit(.minutes(2)))
  func watchingMetrics() async throws {
    var ending: Task<RPCError, Never>?
    try await LocalServer.with(change: { $0.drainGrace = .seconds(3600) }) { server in
      let watch = try await OperationsClient(try await server.connect("staff")).watchMetrics(.init(intervalMs: 60_000))
      #expect(try await watch.next()?.number == 1)
      ending = Task {
        await refusal { () async throws(RPCError) in
          while try await watch.next() != nil {}
        }
      }
    }
    #expect(await ending?.value.code == .unavailable)
  }

  @Test("A server that was killed leaves nothing in the way of the next one")
  func killed() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let first = try await CampaignServer.start(in: folder)
    try await first.importPeople(1...3)
    await first.kill()
    let second = try await CampaignServer.start(in: folder)
    #expect(try await StoreFileReader.rows("SELECT count(*) FROM patient", in: second.databasePath) == [["3"]])
    #expect(await second.stop() == 0)
  }

  @Test("A second server on one data folder is refused and told who has it; the first one goes on")
  func secondServer() async throws {
    try await withServer { server in
      let run = try await ProgramRun.of(
        try BuiltPrograms.path("kiosk-server"),
        ["--config", server.folder.path("server.yaml"), "--escucha", "unix:\(server.folder.path("otro.sock"))=kiosco"])
      #expect(run.status == 1)
      #expect(
        run.lines == [
          "Otro proceso (PID \(server.child.pid)) ya tiene abierta la base \(server.databasePath). "
            + "Cierre ese servidor antes de iniciar este, o use otra base."
        ])
      let connection = try await server.connect()
      #expect(try await !connection.freeSlots().isEmpty)
      await connection.close()
    }
  }
}
