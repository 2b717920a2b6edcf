internal import ClinicDomain
internal import Foundation
internal import IVRBridge
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("The clinic tells people that it moved their appointments, program to program")
struct NoticeCallTests {
  private static let sections = """
    avisos: {dias: lunes-domingo, horario: "00:00-24:00", llamadas: 3, cada_minutos: 30}

    """

  /// Two of C1's people whose agenda closes; one lets the clinic call.
  @Test("P14: kioskctl closes an agenda; who let the clinic call is called once, whatever is killed, hears the new day and confirms; the other is the desk's")
  func closed() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(consultorios: 2, sections: Self.sections), in: folder)
    var server = try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("f.sock"))=telefono"])
    let spool = CallSpool(folder: folder.path("spool/outgoing"))
    try FileManager.default.createDirectory(atPath: spool.folder, withIntermediateDirectories: true)
    let program = try BuiltPrograms.path("kioskctl")
    func kioskctl(_ words: String...) async throws -> ProgramRun { try await ProgramRun.of(program, words + ["--servidor", folder.path("p.sock")]) }
    func startBridge() async throws -> BridgeProcess {
      try await BridgeProcess.start(
        in: folder, more: "salientes: {carpeta: spool/outgoing, canal: \"PJSIP/{numero}@troncal\", identificador: \"5550100000\", a_la_vez: 5}")
    }
    func tokens() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: spool.folder).sorted().map { String($0.dropFirst("ventanilla-".count).dropLast(".call".count)) }
    }
    do {
      let rows = (1...2).map { "\(CampaignPerson(number: $0).nss),1H1985OR,Persona,De Campaña,1985-04-30,H,551234567\($0),VIGENTE\n" }.joined()
      try folder.write("nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,telefono,derechos_estado\n" + rows, to: "padron.csv")
      #expect(try await kioskctl("padron", "import", folder.path("padron.csv")).status == 0)
      let date = try await server.date(inDays: 2)
      let kiosk = try await server.connect()
      for number in 1...2 {
        let token = try await kiosk.identify(CampaignPerson(number: number))
        let slot = Wire.SlotChoice(
          service: CampaignClinic.service, resource: "C1", date: date.description, startMinute: Int32(CampaignClinic.start(number)))
        _ = try await AppointmentsClient(kiosk).book(.init(sessionToken: token, what: .slot(slot)), options: .write(RequestIdentifier()))
      }
      await kiosk.close()
      let chosen = try await ProgramRun.of(
        program, ["contacto", "llamadas", "si", "--servidor", folder.path("p.sock")] + CampaignPerson(number: 1).words)
      #expect(chosen.status == 0 && chosen.text.contains("La clínica le llama antes de su cita, y si una cambia."), "\(chosen.text)")
      let closed = try await kioskctl("cierre", "poner", "C1", date.description, "--motivo", "medico-ausente")
      #expect(closed.status == 0, "\(closed.text)")
      #expect(try await eventually { try await Telephone.rows("SELECT count(*) FROM notice WHERE kind = 2", server) == [["2"]] })

      // A bridge takes the call and dies; the server too, before the next bridge comes.
      let dead = try await server.connect(Telephone.address(in: folder))
      let calls = try await OutboundClient(dead).takeCalls(.init(limit: 5), options: .write(RequestIdentifier())).calls
      #expect(calls.map(\.phone) == ["5512345671"])
      await dead.close()
      await server.kill()
      server = try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("f.sock"))=telefono"])
      let first = try await startBridge()
      var isThere = false
      for _ in 0..<6 where !isThere { isThere = try await eventually { try spool.waiting() == 1 } }
      #expect(try isThere && tokens() == calls.map(\.token))
      await first.kill()
      // Asterisk has taken it: the next bridge does not make it again.
      try FileManager.default.removeItem(atPath: "\(spool.folder)/ventanilla-\(calls[0].token).call")
      let second = try await startBridge()
      var isPlaced = false
      for _ in 0..<6 where !isPlaced {
        isPlaced = try await eventually { try await Telephone.rows("SELECT state FROM notice WHERE calls > 0", server) == [["placed"]] }
      }
      #expect(try isPlaced && tokens().isEmpty)

      var script = PhoneScript(script: "aviso?clinica=", speed: 20)
      script.arguments = [calls[0].token]
      let transcript = try await Telephone.call(script.pressing("1", on: "aviso.cambio.tecla_3"), port: second.port)
      #expect(transcript.faults == [] && transcript.heard.contains { $0.contains("aviso.le_esperamos") })
      #expect(transcript.identifiers == [] && !transcript.heard.contains { $0.contains("consultorio") })
      #expect(try await Telephone.rows("SELECT count(*) FROM appointment WHERE confirmed_through = 'phone' AND status = 'booked'", server) == [["1"]])
      #expect(try await Telephone.rows("SELECT state, calls FROM notice ORDER BY calls", server) == [["waiting", "0"], ["told", "1"]])

      let left = try await kioskctl("contacto", "pendientes")
      #expect(left.status == 0 && left.text.contains("No ha dicho que se le puede llamar.") && !left.text.contains("Persona"), "\(left.text)")
      let folio = String(try #require(left.lines.last { $0.contains("No ha dicho") }).prefix { $0.isNumber || $0 == " " }.filter(\.isNumber).prefix(12))
      #expect(try await kioskctl("contacto", "avisado", folio, "--motivo", "en-persona").status == 0)
      #expect(try await kioskctl("contacto", "pendientes", "--todos").lines == ["A nadie le falta que le avisen."])
      #expect(await second.stop() == 0)
      #expect(!second.said.contains("55123456"))
      #expect(await server.stop() == 0)
    } catch {
      await server.kill()
      throw error
    }
  }

  @Test("Who let the clinic call is reminded by a call file some days before, hears a day and an hour, and confirms with one key; nobody is called a second time")
  func reminded() async throws {
    let folder = try CampaignFolder()
    let sections = Self.sections.replacing("cada_minutos: 30", with: "cada_minutos: 30, recordatorio_dias: 2")
    try CampaignServer.prepare(CampaignClinic(sections: sections), in: folder)
    let more = ["--escucha", "unix:\(folder.path("f.sock"))=telefono"]
    var server = try await CampaignServer.start(in: folder, more: more)
    let staff = try await server.connect(server.staff)
    let row = "\(CampaignPerson(number: 1).nss),1H1985OR,Persona,De Campaña,1985-04-30,H,5512345671,VIGENTE\n"
    _ = try await OperationsClient(staff).importPatients(
      .init(header: "nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,telefono,derechos_estado", rows: Array(row.utf8), firstLine: 2),
      options: .write(RequestIdentifier()))
    let kiosk = try await server.connect()
    let token = try await kiosk.identify(CampaignPerson(number: 1))
    _ = try await ContactClient(kiosk).chooseCalls(.init(sessionToken: token, calls: true), options: .write(RequestIdentifier()))
    let slot = Wire.SlotChoice(
      service: CampaignClinic.service, resource: "C1", date: try await server.date(inDays: 2).description,
      startMinute: Int32(CampaignClinic.start(1)))
    let booked = try await AppointmentsClient(kiosk).book(.init(sessionToken: token, what: .slot(slot)), options: .write(RequestIdentifier()))
    for connection in [staff, kiosk] { await connection.close() }
    // Booked ten days ago, as far as the store knows.
    #expect(await server.stop() == 0)
    StoreForger.backdate(Int64(booked.appointment?.folio ?? "")!, byDays: 10, in: CampaignServer.databasePath(in: folder))
    server = try await CampaignServer.start(in: folder, more: more)
    let spool = CallSpool(folder: folder.path("spool/outgoing"))
    try FileManager.default.createDirectory(atPath: spool.folder, withIntermediateDirectories: true)
    let bridge = try await BridgeProcess.start(
      in: folder, more: "salientes: {carpeta: spool/outgoing, canal: \"PJSIP/{numero}@troncal\", identificador: \"5550100000\", a_la_vez: 5}")
    #expect(try await eventually { try spool.waiting() == 1 })
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: spool.folder).first)
    #expect(try String(contentsOfFile: "\(spool.folder)/\(name)", encoding: .utf8).contains("PJSIP/5512345671@troncal"))
    var script = PhoneScript(script: "aviso?clinica=", speed: 20)
    script.arguments = [String(name.dropFirst("ventanilla-".count).dropLast(".call".count))]
    let transcript = try await Telephone.call(script.pressing("1", on: "aviso.recuerda.tecla_3"), port: bridge.port)
    #expect(transcript.faults == [] && transcript.identifiers == [] && transcript.heard.contains { $0.contains("aviso.le_esperamos") }, "\(transcript.heard)")
    #expect(!transcript.heard.contains { $0.contains("consultorio") })
    #expect(try await Telephone.rows("SELECT confirmed_through, status FROM appointment", server) == [["phone", "booked"]])
    #expect(try await Telephone.rows("SELECT kind, state, calls FROM notice", server) == [["1", "told", "1"]])
    #expect(await bridge.stop() == 0)
    #expect(await server.stop() == 0)
  }

  @Test("P14, P22: who calls hears first that the clinic moved their appointment, and once; after a booking one question, whose answer is nobody's")
  func calling() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...1)
    let (person, dialogues) = (CampaignPerson(number: 1), folder.path("dialogues"))
    try FileManager.default.copyItem(atPath: "\(Telephone.root)kiosk-config/dialogues", toPath: dialogues)
    let line = try String(contentsOfFile: "\(dialogues)/linea.yaml", encoding: .utf8)
    try line.replacing("encuesta: no", with: "encuesta: sí").write(toFile: "\(dialogues)/linea.yaml", atomically: true, encoding: .utf8)
    func identified() -> PhoneScript {
      PhoneScript(script: "citas", speed: 20)
        .pressing(person.nss, on: "pide_nss").pressing("30041985", on: "pide_nacimiento").pressing("1", on: "eco.tecla_1")
    }
    let transcripts = try await Telephone.serving(in: folder, dialogues: dialogues) { bridge in
      var transcripts = [
        try await Telephone.call(Telephone.booking(person).pressing("1", on: "encuesta.pregunta.tecla_2"), port: bridge.port)
      ]
      let booked = try await Telephone.rows("SELECT resource, date(day * 86400, 'unixepoch') FROM appointment", server)
      let staff = try await server.connect(server.staff)
      _ = try await WaitlistClient(staff).close(
        .init(resource: booked[0][0], firstDate: booked[0][1], reason: .staffAbsent), options: .write(RequestIdentifier()))
      await staff.close()
      #expect(try await eventually { try await Telephone.rows("SELECT state FROM notice", server) == [["waiting"]] })
      let hears = identified().pressing("1", on: "cita_cambio.tecla_2").pressing("0", on: "acciones.tecla_4")
      transcripts.append(try await Telephone.call(hears, port: bridge.port))
      transcripts.append(try await Telephone.call(identified().pressing("0", on: "acciones.tecla_4"), port: bridge.port))
      return transcripts
    }
    for transcript in transcripts { #expect(transcript.faults == []) }
    #expect(transcripts[0].dialplan == "Hangup" && transcripts[0].heard.last?.contains("encuesta.gracias") == true)
    #expect(transcripts.map { $0.heard.contains { $0.contains("citas.cita_cambio") } } == [false, true, false])
    #expect(try await Telephone.rows("SELECT state, told_through, calls FROM notice", server) == [["told", "phone", "0"]])
    #expect(try await Telephone.rows("SELECT channel, dialogue, resolved, unresolved FROM survey_cell", server) == [["phone", "citas", "1", "0"]])
    #expect(await server.stop() == 0)
  }
}
