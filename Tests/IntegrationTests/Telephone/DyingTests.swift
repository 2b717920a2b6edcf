internal import Foundation
internal import IVRBridge
internal import KioskTestSupport
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("The telephone when something dies")
struct DyingTests {
  @Test("kill -9 of the server in mid-call: the caller reaches a person, and the slot is free when its clock has run out")
  func serverKilled() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder, holds: 10)
    try await server.importPeople(1...2)
    let before = try await server.connect()
    let slot = try #require(try await before.freeSlots().first)
    await before.close()
    let transcript = try await Telephone.serving(in: folder) { bridge in
      var script = Telephone.booking(CampaignPerson(number: 1), speed: 10)
      script.reactions.removeLast()
      script = script.pressing("1", on: "confirma.tecla_1", after: .seconds(20))
      async let call = Telephone.call(script, port: bridge.port)
      #expect(try await eventually { try await Telephone.pending(server) == "1" })
      await server.kill()
      return try await call
    }
    #expect(transcript.dialplan == "persona")
    #expect(transcript.faults == [])
    let again = try await Telephone.startServer(in: folder, isNew: false)
    let connection = try await again.connect()
    let isFree = { try await connection.freeSlots(limit: 100).contains(slot) }
    let isPast = { Double(slot.startsAtUnixMs) / 1000 <= Date().timeIntervalSince1970 }
    // Ten seconds of the hold, and what the start took.
    let becameFree = try await eventually { if isPast() { true } else { try await isFree() } }
    // The start may have taken some of them.
    let isFreeNow = becameFree ? true : try await isFree()
    #expect(isFreeNow)
    #expect(try await Telephone.rows("SELECT count(*) FROM appointment WHERE status = 'booked'", again) == [["0"]])
    await connection.close()
    #expect(await again.stop() == 0)
  }

  @Test("kill -9 of the bridge in mid-call: the dialplan goes on to a person, and the slot is free at once")
  func bridgeKilled() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let bridge = try await BridgeProcess.start(in: folder)
    var script = Telephone.booking(CampaignPerson(number: 1))
    script.reactions.removeLast()
    async let call = Telephone.call(script, port: bridge.port)
    #expect(try await eventually { try await Telephone.pending(server) == "1" })
    await bridge.kill()
    let transcript = try await call
    #expect(transcript.dialplan == "persona")
    #expect(transcript.variables["IVR_RESULTADO"] == nil)
    #expect(try await eventually { try await Telephone.pending(server) == "0" })
    #expect(await server.stop() == 0)
  }

  @Test("SIGTERM: calls in a menu are handed to a person, the bridge says so and ends with 0, and its log knows nobody")
  func terminated() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let bridge = try await BridgeProcess.start(in: folder, logLevel: "debug")
    let person = CampaignPerson(number: 2)
    var script = Telephone.booking(person)
    script.reactions.removeLast()
    script.callerID = "5551234567"
    async let call = Telephone.call(script, port: bridge.port)
    #expect(try await eventually { try await Telephone.pending(server) == "1" })
    #expect(await bridge.stop() == 0)
    #expect(try await call.variables["IVR_RESULTADO"] == "operadora")
    let log = bridge.said
    #expect(log.contains("cerrado en orden") && log.contains("llamada"))
    #expect(!log.contains(person.nss) && !log.contains("5551234567") && !log.contains("1985"))
    #expect(try await eventually { try await Telephone.pending(server) == "0" })
    #expect(await server.stop() == 0)
  }
}

/// The one moment at which nobody knows: the appointment is asked for, and nobody has answered yet.
@Suite("kill -9 around a booking by telephone")
struct DyingInBookingTests {
  /// With the number of appointments that there are afterwards.
  static let moments: [(SlowSocket.Stop, String)] = [(.beforeRequest(method: "Book"), "0"), (.beforeReply(method: "Book"), "1")]

  static func appointments(_ server: CampaignServer) async throws -> String {
    try await Telephone.rows("SELECT count(*) FROM appointment WHERE status = 'booked'", server)[0][0]
  }

  private static func hasCome(to socket: SlowSocket, _ booked: String, _ server: CampaignServer) async throws -> Bool {
    guard socket.stopped == 1 else { return false }
    return try await appointments(server) == booked
  }

  @Test("Of the bridge: the caller reaches a person, there is one appointment or none, and no hold is left", arguments: moments)
  func bridge(stop: SlowSocket.Stop, booked: String) async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let socket = try await SlowSocket.start(at: folder.path("lento.sock"), before: folder.path("f.sock"), stop: stop)
    let bridge = try await BridgeProcess.start(in: folder, server: "lento.sock")
    async let call = Telephone.call(Telephone.booking(CampaignPerson(number: 1)), port: bridge.port)
    #expect(try await eventually { try await Self.hasCome(to: socket, booked, server) })
    await bridge.kill()
    let transcript = try await call
    #expect(transcript.dialplan == "persona" && transcript.variables["IVR_RESULTADO"] == nil)
    #expect(try await eventually { try await Telephone.pending(server) == "0" })
    #expect(try await Self.appointments(server) == booked)
    await socket.close()
    #expect(await server.stop() == 0)
  }

  @Test("Of the server: the caller hears that it is not known and reaches a person, there is one appointment or none, and the hold ends by its clock", arguments: moments)
  func server(stop: SlowSocket.Stop, booked: String) async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder, holds: 10)
    try await server.importPeople(1...2)
    let before = try await server.connect()
    let slot = try #require(try await before.freeSlots().first)
    await before.close()
    let socket = try await SlowSocket.start(at: folder.path("lento.sock"), before: folder.path("f.sock"), stop: stop)
    let transcript = try await Telephone.serving(in: folder, server: "lento.sock") { bridge in
      async let call = Telephone.call(Telephone.booking(CampaignPerson(number: 1)), port: bridge.port)
      #expect(try await eventually { try await Self.hasCome(to: socket, booked, server) })
      await server.kill()
      return try await call
    }
    #expect(transcript.dialplan == "persona" && transcript.faults == [])
    #expect(transcript.heard.contains { $0.hasSuffix("citas.incierta") }, "\(transcript.heard)")
    await socket.close()
    let again = try await Telephone.startServer(in: folder, isNew: false)
    #expect(try await Self.appointments(again) == booked)
    let connection = try await again.connect()
    if booked == "0" {
      let isFree = { try await connection.freeSlots(limit: 100).contains(slot) }
      let isPast = { Double(slot.startsAtUnixMs) / 1000 <= Date().timeIntervalSince1970 }
      // The hold's ten seconds, of which the start may have taken some.
      var becameFree = false
      for _ in 0..<3 where !becameFree { becameFree = try await eventually { if isPast() { true } else { try await isFree() } } }
      #expect(becameFree)
    }
    #expect(try await Self.appointments(again) == booked)
    await connection.close()
    #expect(await again.stop() == 0)
  }
}

/// ivr-bridge as a child.
struct BridgeProcess: Sendable {
  let child: ChildProcess
  let port: Int
  private let log: String

  static func start(
    in folder: CampaignFolder, logLevel: String = "notice", server: String = "f.sock", more: String = ""
  ) async throws -> BridgeProcess {
    let port = try Sockets.freePort()
    let configuration = try Telephone.writeConfiguration(in: folder, port: port, server: server, more: more)
    try folder.write("", to: "bridge.log")
    let log = folder.path("bridge.log")
    let child = try await ChildProcess.start(
      try BuiltPrograms.path("ivr-bridge"), ["serve", "--config", configuration, "--bitacora", logLevel], log: log)
    let process = BridgeProcess(child: child, port: port, log: log)
    #expect(try await eventually { process.said.contains("lista: ") })
    return process
  }

  var said: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

  func stop() async -> Int32 { await child.stop(within: .seconds(30)) }

  func kill() async {
    child.send(SIGKILL)
    _ = await child.exitStatus()
  }
}
