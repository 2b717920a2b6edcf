internal import Foundation
internal import IVRBridge
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("An alarm, from the caller's key to who goes there")
struct TelephoneAlarmTests {
  /// Chest pain, and the sign that raises código infarto.
  static let chestPain = PhoneScript(script: "orientacion", speed: 20)
    .pressing("1", on: "temas.tecla_1").pressing("1", on: "dolor_de_pecho.senales.1")

  @Test("Staff see the alarm within a second; somebody acknowledges it with kioskctl, and the caller hears «ya vienen»")
  func acknowledged() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    let (transcript, seconds) = try await Telephone.serving(in: folder) { bridge in
      let staff = try await server.connect(server.staff)
      let watch = try await TelephoneClient(staff).watchAlarms(.init(), options: CallOptions(timeout: .seconds(60)))
      #expect(try await watch.next()?.alarms == [])
      async let call = Telephone.call(Self.chestPain, port: bridge.port)
      let alarm = try #require(try await watch.next()?.alarms.first)
      #expect(alarm.sign == "dolor_de_pecho" && alarm.code == "infarto" && alarm.device == "ivr/uid:\(geteuid())")
      let program = try BuiltPrograms.path("kioskctl")
      let listed = try await ProgramRun.of(program, ["alarma", "ver", "--servidor", folder.path("p.sock")])
      #expect(listed.lines.first?.hasPrefix("1  Código infarto: dolor_de_pecho, por teléfono, ") == true, "\(listed.text)")
      let run = try await ProgramRun.of(program, ["alarma", "atender", "1", "--servidor", folder.path("p.sock")])
      #expect(run.status == 0 && run.text.contains("Acude staff/uid:\(geteuid())"), "\(run.text)")
      watch.cancel()
      await staff.close()
      return (try await call, Double(alarm.raisedAtUnixMs - alarm.toldAtUnixMs) / 1000)
    }
    #expect(transcript.heard.contains { $0.hasSuffix("linea.ya_vienen") })
    #expect(!transcript.heard.contains { $0.hasSuffix("linea.nadie_contesta") })
    #expect(transcript.dialplan == "emergencias" && transcript.faults == [])
    #expect(seconds < 1)
    // The record names the guide's edition, and nobody.
    let rows = try await Telephone.rows(
      "SELECT guide, guide_version, length(guide_hash), trail, signs, ending FROM guidance_record", server)
    #expect(rows == [["dolor_de_pecho", "1", "32", "senales 1", "dolor_de_pecho", "911"]])
    let sessions = try await Telephone.rows("SELECT count(*) FROM telephone_alarm a JOIN guidance_record r ON a.session = r.session", server)
    #expect(sessions == [["1"]])
    #expect(await server.stop() == 0)
  }

  @Test("P24: «sí» to face, arm or speech is on the staff's console within a second, with when it began; a person acknowledges it and the caller hears so; unacknowledged for 30 s it escalates, and the caller is told where to walk")
  func stroke() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    let script = PhoneScript(script: "orientacion", speed: 20).pressing("2", on: "temas.tecla_2")
      .pressing("1", on: "cara_caida.senales.1").pressing("2", on: "cara_caida.cuando.2")
    let transcripts = try await Telephone.serving(in: folder) { bridge in
      let staff = TelephoneClient(try await server.connect(server.staff))
      let watch = try await staff.watchAlarms(.init(), options: CallOptions(timeout: .seconds(60)))
      _ = try await watch.next()
      async let first = Telephone.call(script, port: bridge.port)
      let alarm = try #require(try await watch.next()?.alarms.first)
      #expect(Date().timeIntervalSince1970 * 1000 - Double(alarm.toldAtUnixMs) < 1000)
      #expect(alarm.sign == "cara_brazo_habla" && alarm.code == "cerebro")
      _ = try await staff.acknowledgeAlarm(.init(alarm: alarm.alarm), options: .write(RequestIdentifier()))
      watch.cancel()
      return [try await first, try await Telephone.call(script, port: bridge.port)]
    }
    for (transcript, expected) in zip(transcripts, ["linea.ya_vienen", "linea.nadie_contesta"]) {
      #expect(transcript.heard.contains { $0.hasSuffix("cara_caida.que_hacer") })
      let told = transcript.heard.filter { $0.hasSuffix("linea.ya_vienen") || $0.hasSuffix("linea.nadie_contesta") }
      #expect(told.count == 1 && told.allSatisfy { $0.hasSuffix(expected) })
      #expect(transcript.dialplan == "emergencias" && transcript.faults == [])
    }
    let alarms = try await Telephone.rows(
      """
      SELECT a.acknowledged_at IS NOT NULL, coalesce(a.escalated_at - a.raised_at BETWEEN 30000 AND 40000, 0), r.onset_latest - r.onset_earliest \
      FROM telephone_alarm a JOIN guidance_record r ON a.session = r.session ORDER BY a.id
      """, server)
    // It began between one hour and four and a half ago.
    #expect(alarms == [["1", "0", "12600000"], ["0", "1", "12600000"]])
    #expect(server.said.contains("NADIE HA ACUDIDO a la alarma 2"))
    #expect(await server.stop() == 0)
  }

  @Test("P25: «sí» to the signs of the heart raises código infarto; the caller hears 911 first, then the nearest unit of the clinic's list, and «ya vienen» only when a person said so; staff have the list with the alarm")
  func infarction() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    let (transcript, alarm) = try await Telephone.serving(in: folder) { bridge in
      let staff = TelephoneClient(try await server.connect(server.staff))
      async let call = Telephone.call(Self.chestPain, port: bridge.port)
      #expect(try await eventually { try await staff.listAlarms(.init()).alarms.count == 1 })
      let alarm = try #require(try await staff.listAlarms(.init()).alarms.first)
      _ = try await staff.acknowledgeAlarm(.init(alarm: alarm.alarm), options: .write(RequestIdentifier()))
      return (try await call, alarm)
    }
    let told = ["dolor_de_pecho.llame_911", "linea.unidad_infarto", "linea.ya_vienen"]
    #expect(transcript.digits(after: "linea.unidad_infarto") == "5550109001")
    let places = try told.map { sound in try #require(transcript.heard.firstIndex { $0.hasSuffix(sound) }, "\(sound): \(transcript.heard)") }
    #expect(places == places.sorted())
    #expect(transcript.dialplan == "emergencias" && transcript.faults == [])
    #expect(alarm.code == "infarto")
    #expect(alarm.units == [
      Wire.CapableUnit(name: "Hospital de campaña", address: "calle Uno 10", phone: "5550109001", minutes: 12, hemodynamics: true)
    ])
    #expect(alarm.text.hasSuffix("Unidad más cercana: Hospital de campaña, a 12 min, con hemodinamia, tel. 5550109001."))
    #expect(await server.stop() == 0)
  }

  @Test("0 while an alarm is awaited is a person at once; any other key does not keep the caller from hearing that nobody has answered it", arguments: ["0", "9"])
  func keyWhileAwaited(key: String) async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    let transcript = try await Telephone.serving(in: folder) { bridge in
      async let call = Telephone.call(Self.chestPain.pressing(key, on: "linea.avisando"), port: bridge.port)
      #expect(try await eventually { try await Telephone.rows("SELECT count(*) FROM telephone_alarm", server) == [["1"]] })
      return try await call
    }
    #expect(transcript.heard.contains { $0.hasSuffix("linea.avisando") })
    #expect(transcript.heard.contains { $0.hasSuffix("linea.nadie_contesta") } == (key == "9"))
    #expect(transcript.dialplan == (key == "9" ? "emergencias" : "persona") && transcript.faults == [])
    // The alarm is staff's all the same.
    #expect(try await Telephone.rows("SELECT count(*) FROM telephone_alarm", server) == [["1"]])
    #expect(await server.stop() == 0)
  }

  @Test("kill -9 of the server after the alarm: staff of the next one have it, and it escalates there")
  func serverKilled() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    let transcript = try await Telephone.serving(in: folder) { bridge in
      async let call = Telephone.call(Self.chestPain, port: bridge.port)
      #expect(try await eventually { try await Telephone.rows("SELECT count(*) FROM telephone_alarm", server) == [["1"]] })
      await server.kill()
      return try await call
    }
    #expect(transcript.heard.contains { $0.hasSuffix("linea.nadie_contesta") } && transcript.dialplan == "emergencias")
    let again = try await Telephone.startServer(in: folder, isNew: false)
    let staff = TelephoneClient(try await again.connect(again.staff))
    // Half a minute after it was told, whoever serves then.
    var hasEscalated = false
    for _ in 0..<6 where !hasEscalated {
      hasEscalated = try await eventually { try await staff.listAlarms(.init()).alarms.first?.escalatedAtUnixMs ?? 0 != 0 }
    }
    #expect(hasEscalated)
    #expect(await again.stop() == 0)
  }

  @Test("An alarm that is told while the server is away reaches staff when it is there, although the caller has gone")
  func serverAway() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    #expect(await server.stop() == 0)
    try await Telephone.serving(in: folder) { bridge in
      let script = PhoneScript(script: "orientacion", speed: 20)
        .pressing("1", on: "temas.tecla_1").pressing("1", on: "dolor_de_pecho.senales.1").hangingUp(on: "dolor_de_pecho.llame_911")
      let transcript = try await Telephone.call(script, port: bridge.port)
      #expect(transcript.hungUp)
      let again = try await Telephone.startServer(in: folder, isNew: false)
      let staff = TelephoneClient(try await again.connect(again.staff))
      #expect(try await eventually { try await staff.listAlarms(.init()).alarms.count == 1 })
      #expect(try await eventually { try await staff.listGuidance(.init()).records.count == 1 })
      #expect(await again.stop() == 0)
    }
  }
}
