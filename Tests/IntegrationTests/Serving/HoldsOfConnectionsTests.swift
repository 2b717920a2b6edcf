internal import Foundation
internal import KioskClient
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Holds that end with their connection")
struct HoldsOfConnectionsTests {
  @Test("kill -9 of a client frees what it held on 200 connections that asked for it, and nothing that did not ask")
  func killed() async throws {
    let people = 200
    try await withServer(CampaignClinic(consultorios: 4, slots: 60), people: people + 1) { server in
      let plain = try await HoldingClient.start(server, people: [people + 1], extensions: [])
      await plain.kill()
      let client = try await HoldingClient.start(server, people: Array(1...people), extensions: ["holds"])
      #expect(try await pending(server) == people + 1)
      await client.kill()
      #expect(try await eventually { try await pending(server) == 1 })

      let connection = try await server.connect()
      let offered = Set(try await connection.freeSlots(limit: 100).map(\.choice))
      #expect(client.slots.prefix(50).allSatisfy(offered.contains))
      #expect(!offered.contains(plain.slots[0]))
      await connection.close()
      let rows = try await StoreFileReader.rows(
        "SELECT status, cancellation, count(*) FROM appointment GROUP BY 1, 2 ORDER BY 3", in: server.databasePath)
      #expect(rows == [["pending", "", "1"], ["cancelled", "hold-expired", "\(people)"]])
      let staff = try await server.connect(server.staff)
      #expect(try await OperationsClient(staff).checkStore(Wire.CheckStoreRequest()).problems == [])
      await staff.close()
    }
  }

  private func pending(_ server: CampaignServer) async throws -> Int? {
    let rows = try await StoreFileReader.rows("SELECT count(*) FROM appointment WHERE status = 'pending'", in: server.databasePath)
    return Int(rows[0][0])
  }

  @Test("A hold repeated on a new connection ends with that one, and not with the first")
  func moved() async throws {
    try await LocalServer.with { server in
      let watcher = try await server.connect()
      let (first, second) = (try await server.holdingConnection(), try await server.holdingConnection())
      let slot = try #require(try await watcher.freeSlots().first)
      let token = try await first.identify(CampaignPerson(number: 1))
      let id = RequestIdentifier()
      let held = try await first.hold(slot.choice, token, id)
      #expect(try await second.hold(slot.choice, token, id) == held)
      try await server.end(first)
      #expect(try await !watcher.freeSlots().contains(slot))
      try await server.end(second)
      #expect(try await eventually { try await watcher.freeSlots().contains(slot) })
      await watcher.close()
    }
  }

  @Test("A client that will send nothing more has gone, even while its watch goes on")
  func halfClosed() async throws {
    try await LocalServer.with { server in
      let watcher = try await server.connect()
      let slot = try #require(try await watcher.freeSlots().first)
      let token = try await watcher.identify(CampaignPerson(number: 1))
      let raw = try RawConnection(path: server.folder.path("kiosk.sock"))
      let hello = Encoded(Wire.HelloRequest(extensions: ["holds"])).bytes
      let hold = Encoded(Wire.HoldRequest(sessionToken: token, slot: slot.choice)).bytes
      try raw.send(raw.request(MethodTable.Session.hello, hello).bytes(stream: 1))
      #expect(try raw.response().error == nil)
      try raw.send(raw.request(MethodTable.Appointments.watchAvailability, []).bytes(stream: 3, flags: .remoteClosed))
      try raw.watchUntilFirst { $0 == slot.startMinute }
      try raw.send(raw.request(MethodTable.Appointments.hold, hold).bytes(stream: 5))
      try raw.watchUntilFirst { $0 != slot.startMinute }
      #expect(try await !watcher.freeSlots().contains(slot))
      raw.finishSending()
      #expect(try await eventually { try await watcher.freeSlots().contains(slot) })
      try raw.watchUntilFirst { $0 == slot.startMinute }
      await watcher.close()
    }
  }

  @Test("What was booked stays booked, and what was given back is not given back again")
  func booked() async throws {
    try await LocalServer.with(CampaignClinic(appointmentsPerPerson: 2, holdsPerPerson: 2)) { server in
      let watcher = try await server.connect()
      let connection = try await server.holdingConnection()
      let slots = try await watcher.freeSlots()
      let token = try await connection.identify(CampaignPerson(number: 1))
      let booked = try await connection.hold(slots[0].choice, token)
      let cancelled = try await connection.hold(slots[1].choice, token)
      let appointments = AppointmentsClient(connection)
      _ = try await appointments.book(
        Wire.BookRequest(sessionToken: token, what: .holdFolio(booked.folio)), options: .write(RequestIdentifier()))
      _ = try await appointments.cancel(
        Wire.CancelRequest(sessionToken: token, folio: cancelled.folio, reason: .notNeeded), options: .write(RequestIdentifier()))
      try await server.end(connection)
      let list = try await AppointmentsClient(watcher).list(Wire.ListRequest(sessionToken: token, includePast: true))
      #expect(list.appointments.map(\.status) == [.booked, .cancelled])
      await watcher.close()
    }
  }

  @Test("A client that goes in the middle of booking has an appointment or nothing, and no slot is kept by nobody")
  func inTheMiddle() async throws {
    let people = 40
    try await LocalServer.with(CampaignClinic(consultorios: 2, slots: 60), people: people) { server in
      let watcher = try await server.connect()
      for number in 1...people {
        let connection = try await server.holdingConnection()
        let token = try await connection.identify(CampaignPerson(number: number))
        let slot = try #require(try await watcher.freeSlots(token).first)
        let held = try await connection.hold(slot.choice, token)
        let request = Encoded(Wire.BookRequest(sessionToken: token, what: .holdFolio(held.folio)))
        let booking = Task {
          _ = try? await connection.unary(MethodTable.Appointments.book, payload: request.bytes, options: .write(RequestIdentifier()))
        }
        for _ in 0..<number % 8 { await Task.yield() }
        await connection.close()
        await booking.value
      }
      #expect(try await eventually { try await pending(in: server) == 0 })
      let rows = try await StoreFileReader.rows(
        "SELECT count(*) FROM appointment WHERE status = 'booked' OR cancellation = 'hold-expired'",
        in: server.folder.path("datos/ventanilla.sqlite"))
      #expect(rows == [["\(people)"]])
      await watcher.close()
    }
  }

  private func pending(in server: LocalServer) async throws -> Int? {
    let rows = try await StoreFileReader.rows(
      "SELECT count(*) FROM appointment WHERE status = 'pending'", in: server.folder.path("datos/ventanilla.sqlite"))
    return Int(rows[0][0])
  }

  @Test("A server that stops in order leaves the holds to their time: whoever held comes back and books")
  func serverStops() async throws {
    let folder = try CampaignFolder()
    var held: Wire.Appointment?
    var stillThere: TTRPCClientConnection?
    try await LocalServer.with(in: folder) { server in
      let connection = try await server.holdingConnection()
      stillThere = connection
      let token = try await connection.identify(CampaignPerson(number: 1))
      held = try await connection.hold(try #require(try await connection.freeSlots().first).choice, token)
    }
    await stillThere?.closed()
    try await LocalServer.with(in: folder) { server in
      let connection = try await server.connect()
      let token = try await connection.identify(CampaignPerson(number: 1))
      let booked = try await AppointmentsClient(connection).book(
        Wire.BookRequest(sessionToken: token, what: .holdFolio(try #require(held).folio)), options: .write(RequestIdentifier()))
      #expect(booked.appointment?.status == .booked)
      await connection.close()
    }
  }
}

/// The Python client, as a process that holds slots until it is killed: one connection for each.
private struct HoldingClient {
  let child: ChildProcess
  let slots: [Wire.SlotChoice]
  private let folder: CampaignFolder

  static func start(_ server: CampaignServer, people: [Int], extensions: [String]) async throws -> HoldingClient {
    let folder = try CampaignFolder()
    try folder.write("", to: "output")
    let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Interop/python/cliente.py").path
    let child = try await ChildProcess.start(
      "/usr/bin/env",
      [
        "python3", program, "apartar", "--addr", "unix:\(server.folder.path("k.sock"))",
        "--nss", people.map { CampaignPerson(number: $0).nss }.joined(separator: ","), "--nacimiento", CampaignPerson.birthDate,
        "--servicio", CampaignClinic.service, "--extensiones", extensions.joined(separator: ","),
      ], log: folder.path("output"))
    var text = ""
    let isReady = try await eventually {
      text = try String(contentsOfFile: folder.path("output"), encoding: .utf8)
      return text.contains("todo apartado\n") || child.hasEnded
    }
    guard isReady, !child.hasEnded else { throw CampaignFault("the client did not hold: \(text)") }
    let slots = text.split(separator: "\n").filter { $0.hasPrefix("apartado ") }.map { line in
      let words = line.split(separator: " ").map(String.init)
      return Wire.SlotChoice(service: CampaignClinic.service, resource: words[2], date: words[3], startMinute: Int32(words[4])!)
    }
    try #require(slots.count == people.count, "\(text)")
    return HoldingClient(child: child, slots: slots, folder: folder)
  }

  func kill() async {
    child.send(SIGKILL)
    #expect(await child.exitStatus() == 137)
  }
}

extension LocalServer {
  /// A kiosk's connection that was granted `holds`.
  fileprivate func holdingConnection() async throws -> TTRPCClientConnection {
    let connection = try await connect()
    let hello = try await SessionClient(connection).hello(Wire.HelloRequest(clientName: "test", extensions: ["holds"]))
    try #require(hello.extensions == ["holds"])
    return connection
  }

  /// Closes a connection, and returns when the server has seen it.
  fileprivate func end(_ connection: TTRPCClientConnection) async throws {
    let before = await counters().connections
    await connection.close()
    try #require(try await eventually { await counters().connections < before })
  }
}

extension RawConnection {
  /// Receives frames until a state of the watch on stream 3 has such a first slot.
  fileprivate func watchUntilFirst(_ isSo: (Int32) -> Bool) throws {
    while true {
      let (header, data) = try frame()
      guard header.stream == 3 else { continue }
      try #require(header.type == .data)
      if isSo(try #require(Wire.WatchAvailabilityResponse(decoding: data).services.first).firstMinute) { return }
    }
  }

  fileprivate func request(_ method: MethodDescriptor, _ payload: [UInt8]) -> RequestFrame {
    RequestFrame(
      method, payload: payload, timeoutNanoseconds: 0,
      metadata: method.writes ? ["request-id": RequestIdentifier().description] : Metadata())
  }
}

extension TTRPCClientConnection {
  fileprivate func hold(
    _ slot: Wire.SlotChoice, _ token: String, _ id: RequestIdentifier = RequestIdentifier()
  ) async throws -> Wire.Appointment {
    let reply = try await AppointmentsClient(self).hold(
      Wire.HoldRequest(sessionToken: token, slot: slot), options: .write(id))
    return try #require(reply.appointment)
  }
}
