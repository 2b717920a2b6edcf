internal import Foundation
internal import IVRBridge
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A call that the clinic makes, from the place that somebody left to the key of whoever answers")
struct OutboundCallTests {
  /// A server with a waitlist, two people who are offered one place, and an Asterisk's spool.
  private struct Waiting {
    let folder: CampaignFolder
    let server: CampaignServer
    var spool: CallSpool { CallSpool(folder: folder.path("spool/outgoing")) }

    static func start() async throws -> Waiting {
      let folder = try CampaignFolder()
      let clinic = CampaignClinic(
        consultorios: 1, slots: 60,
        sections: """
          lista_espera:
            fuentes: [cancelaciones]
            ofertas_a_la_vez: 2
            minutos_para_contestar: 60
            cierra_minutos_antes: 0
            veces: 5
            dias: 30
            por_persona: 1
            llamadas: {dias: lunes-domingo, horario: "00:00-24:00"}

          """)
      try CampaignServer.prepare(clinic, in: folder)
      let server = try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("f.sock"))=telefono"])
      try FileManager.default.createDirectory(atPath: folder.path("spool/outgoing"), withIntermediateDirectories: true)
      let waiting = Waiting(folder: folder, server: server)
      try await waiting.offer()
      return waiting
    }

    /// The first person's appointment is cancelled; the other two, who gave a number, are asked.
    private func offer() async throws {
      try await server.importPeople(1...1)
      let staff = try await server.connect(server.staff)
      let rows = (2...3).map { "\(CampaignPerson(number: $0).nss),1H1985OR,Persona,De Campaña,1985-04-30,H,551234567\($0),VIGENTE\n" }.joined()
      let reply = try await OperationsClient(staff).importPatients(
        .init(
          header: "nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,telefono,derechos_estado", rows: Array(rows.utf8), firstLine: 2),
        options: .write(RequestIdentifier()))
      #expect(reply.added == 2)
      let kiosk = try await server.connect()
      let slot = try #require(try await kiosk.freeSlots(limit: 100).last)
      let first = try await kiosk.identify(CampaignPerson(number: 1))
      let booked = try await AppointmentsClient(kiosk).book(
        .init(sessionToken: first, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
      for number in 2...3 {
        let token = try await kiosk.identify(CampaignPerson(number: number))
        _ = try await WaitlistClient(kiosk).join(
          .init(sessionToken: token, services: [CampaignClinic.service], reach: .phone), options: .write(RequestIdentifier()))
      }
      _ = try await AppointmentsClient(kiosk).cancel(
        .init(sessionToken: first, folio: booked.appointment?.folio ?? ""), options: .write(RequestIdentifier()))
      #expect(try await eventually { try await Telephone.rows("SELECT count(*) FROM slot_offer WHERE state = 'open'", server) == [["2"]] })
      await kiosk.close()
      await staff.close()
    }

    /// A bridge that makes calls.
    func startBridge() async throws -> BridgeProcess {
      try await BridgeProcess.start(
        in: folder, more: "salientes: {carpeta: spool/outgoing, canal: \"PJSIP/{numero}@troncal\", identificador: \"5550100000\", a_la_vez: 5}")
    }

    /// The names of the calls in the spool, by their files.
    func tokens() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: spool.folder).sorted().map { String($0.dropFirst("ventanilla-".count).dropLast(".call".count)) }
    }

    /// Asterisk is done with every call.
    func finish(_ status: String) throws {
      try FileManager.default.createDirectory(atPath: spool.doneFolder, withIntermediateDirectories: true)
      for token in try tokens() {
        let name = "ventanilla-\(token).call"
        let text = try String(contentsOfFile: "\(spool.folder)/\(name)", encoding: .utf8) + "Status: \(status)\n"
        try text.write(toFile: "\(spool.doneFolder)/\(name)", atomically: true, encoding: .utf8)
        try FileManager.default.removeItem(atPath: "\(spool.folder)/\(name)")
      }
    }
  }

  private static func answering(_ token: String, _ key: String?) -> PhoneScript {
    var script = PhoneScript(script: "aviso?clinica=", speed: 20)
    script.arguments = [token]
    return key.map { script.pressing($0, on: "aviso.pregunta.tecla_2") } ?? script.hangingUp(on: "aviso.pregunta.1")
  }

  @Test("Two are called about one place: who hangs up changes nothing, the first who presses 1 has it, the other hears that it is gone")
  func winners() async throws {
    let waiting = try await Waiting.start()
    let bridge = try await waiting.startBridge()
    #expect(try await eventually { try waiting.spool.waiting() == 2 })
    let tokens = try waiting.tokens()
    let gone = try await Telephone.call(Self.answering(tokens[0], nil), port: bridge.port)
    #expect(gone.hungUp && gone.faults == [])
    #expect(try await Telephone.rows("SELECT count(*) FROM slot_offer WHERE state = 'open'", waiting.server) == [["2"]])
    async let one = Telephone.call(Self.answering(tokens[0], "1"), port: bridge.port)
    async let other = Telephone.call(Self.answering(tokens[1], "1"), port: bridge.port)
    let transcripts = try await [one, other]
    #expect(transcripts.count { $0.heard.contains { $0.contains("aviso.suyo") } } == 1)
    #expect(transcripts.count { $0.heard.contains { $0.contains("aviso.ya_no") } } == 1)
    for transcript in transcripts {
      #expect(transcript.faults == [])
      #expect(transcript.heard.first?.hasSuffix("aviso.emergencia") == true)
      // A day and an hour, and nothing else of the appointment; nothing of the person in any variable.
      #expect(transcript.identifiers == [] && !transcript.heard.contains { $0.contains("consultorio") })
      #expect(Array(transcript.variables.keys.filter { $0.contains("VENTANILLA") }) == [])
    }
    #expect(try await Telephone.rows("SELECT count(*) FROM appointment WHERE status = 'booked'", waiting.server) == [["1"]])
    #expect(try await Telephone.rows("SELECT count(*) FROM slot_offer WHERE state = 'accepted'", waiting.server) == [["1"]])
    try waiting.finish("Completed")
    #expect(try await eventually {
      try await Telephone.rows("SELECT state, outcome FROM outbound_call", waiting.server) == [["over", "answered"], ["over", "answered"]]
    })
    #expect(try await eventually { try waiting.spool.done() == [] })
    #expect(await bridge.stop() == 0)
    #expect(!bridge.said.contains("55123456"))
    // Neither the rows of calls nor the kept replies hold a number.
    let rows = try await Telephone.rows("SELECT hex(token), state, outcome FROM outbound_call", waiting.server).joined().joined(separator: "|")
    let kept = try await Telephone.rows("SELECT hex(reply) FROM request", waiting.server).joined().joined(separator: "|")
    #expect(!rows.contains("55123456") && !kept.contains("35353132333435"))
    #expect(await waiting.server.stop() == 0)
  }

  @Test("kill -9 of the bridge between the lease and the file: the next one makes the calls, each once")
  func bridgeKilled() async throws {
    let waiting = try await Waiting.start()
    // What a bridge that died at the worst moment has done.
    let dead = try await waiting.server.connect(Telephone.address(in: waiting.folder))
    let calls = try await OutboundClient(dead).takeCalls(.init(limit: 5), options: .write(RequestIdentifier())).calls
    #expect(calls.count == 2)
    await dead.close()
    let first = try await waiting.startBridge()
    var isThere = false
    for _ in 0..<6 where !isThere { isThere = try await eventually { try waiting.spool.waiting() == 2 } }
    #expect(try isThere && waiting.tokens() == calls.map(\.token).sorted())
    await first.kill()
    // Asterisk has taken one of them by the time that the next bridge is there: it is not made again.
    try FileManager.default.removeItem(atPath: "\(waiting.spool.folder)/ventanilla-\(calls[0].token).call")
    let second = try await waiting.startBridge()
    var isPlaced = false
    for _ in 0..<6 where !isPlaced {
      isPlaced = try await eventually { try await Telephone.rows("SELECT DISTINCT state FROM outbound_call", waiting.server) == [["placed"]] }
    }
    #expect(try isPlaced && waiting.tokens() == [calls[1].token])
    #expect(await second.stop() == 0)
    #expect(await waiting.server.stop() == 0)
  }
}
