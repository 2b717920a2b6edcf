internal import Foundation
internal import IVRBridge
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("What a caller can do besides booking")
struct ServingCallersTests {
  static func identified(_ person: CampaignPerson, _ action: String) -> PhoneScript {
    PhoneScript(script: "citas", speed: 20)
      .pressing(person.nss, on: "pide_nss").pressing("30041985", on: "pide_nacimiento").pressing("1", on: "eco.tecla_1")
      .pressing(action, on: "acciones.tecla_\(action)")
  }

  /// Runs one call after another, with somebody who has an appointment.
  private func withAppointment(_ scripts: [PhoneScript], _ check: (CampaignServer, [PhoneTranscript]) async throws -> Void) async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let transcripts = try await Telephone.serving(in: folder) { bridge in
      var transcripts = [try await Telephone.call(Telephone.booking(CampaignPerson(number: 1)), port: bridge.port)]
      for script in scripts { transcripts.append(try await Telephone.call(script, port: bridge.port)) }
      return transcripts
    }
    for transcript in transcripts { #expect(transcript.faults == []) }
    try await check(server, transcripts)
    #expect(await server.stop() == 0)
  }

  @Test("A change of date by telephone: the old appointment is there until the new one is, and there are never two")
  func reschedule() async throws {
    let script = Self.identified(CampaignPerson(number: 1), "4").pressing("1", on: "elige_cambiar.tecla_1")
      .pressing("1", on: "ofrece_cambio.tecla_1").pressing("1", on: "confirma_cambio.tecla_1")
    try await withAppointment([script]) { server, transcripts in
      #expect(transcripts[1].dialplan == "Hangup" && transcripts[1].heard.contains { $0.contains("citas.hecha") })
      let rows = try await Telephone.rows("SELECT status, coalesce(cancellation, '') FROM appointment ORDER BY created_at", server)
      #expect(rows == [["cancelled", "rescheduled"], ["booked", ""]])
      let folio = try await Telephone.rows("SELECT folio FROM appointment WHERE status = 'booked'", server)[0][0]
      #expect(transcripts[1].identifiers.last == folio)
    }
  }

  @Test("Who says that they will come is noted; who does not come any more frees the slot")
  func confirmAndCancel() async throws {
    let confirm = Self.identified(CampaignPerson(number: 1), "3").pressing("1", on: "elige_confirmar.tecla_1")
    let cancel = Self.identified(CampaignPerson(number: 1), "2").pressing("1", on: "elige_cancelar.tecla_1")
    try await withAppointment([confirm, cancel]) { server, transcripts in
      #expect(transcripts[1].heard.contains { $0.contains("citas.confirmada") })
      #expect(transcripts[2].heard.contains { $0.contains("citas.cancelada") })
      #expect(transcripts.map(\.dialplan) == ["Hangup", "Hangup", "Hangup"])
      let rows = try await Telephone.rows("SELECT status, confirmed_through FROM appointment", server)
      #expect(rows == [["cancelled", "phone"]])
    }
  }

  @Test("A folio tells when and where to whoever has the birth date too, without a session; with another date nothing")
  func folio() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let (right, wrong) = try await Telephone.serving(in: folder) { bridge in
      _ = try await Telephone.call(Telephone.booking(CampaignPerson(number: 1)), port: bridge.port)
      let folio = try await Telephone.rows("SELECT folio FROM appointment", server)[0][0]
      func asking(_ born: String) -> PhoneScript {
        PhoneScript(script: "tramites", speed: 20).pressing("2", on: "temas.tecla_2").pressing(folio, on: "pide_folio")
          .pressing(born, on: "folio.pide_nacimiento").pressing("1", on: "folio.eco.tecla_1").pressing("2", on: "folio.no_existe.tecla_2")
      }
      return (
        try await Telephone.call(asking("30041985"), port: bridge.port),
        try await Telephone.call(asking("01051985"), port: bridge.port)
      )
    }
    #expect(right.heard.contains { $0.contains("folio.en_pie") } && right.dialplan == "Hangup")
    #expect(wrong.heard.contains { $0.contains("folio.no_existe") } && !wrong.heard.contains { $0.contains("en_pie") })
    #expect(await server.stop() == 0)
  }

  @Test("P04: «dolor de pecho» is the emergency's words at the next prompt, without NSS; who has no alarm gets a clinician's callback with owner and deadline, and three attempts, documented, escalated and closed")
  func callback() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    let pain = PhoneScript(script: "orientacion", speed: 20).pressing("1", on: "temas.tecla_1").hangingUp(on: "dolor_de_pecho.aviso")
    let warned = try await Telephone.serving(in: folder) { try await Telephone.call(pain, port: $0.port) }
    let place = try #require(warned.heard.firstIndex { $0.hasSuffix("dolor_de_pecho.aviso") })
    #expect(warned.hungUp && warned.heard[place - 1].contains("orientacion.temas"))
    #expect(!warned.commands.contains { $0.contains("pide_nss") })
    let script = PhoneScript(script: "menu", speed: 20).pressing("4", on: "principal.tecla_4").pressing("1", on: "otras.tecla_1")
      .pressing("5512345678", on: "pide_telefono").pressing("1", on: "llamada.eco.tecla_1").pressing("1", on: "motivo.tecla_1")
    let transcript = try await Telephone.serving(in: folder) { try await Telephone.call(script, port: $0.port) }
    #expect(transcript.heard.contains { $0.contains("llamada.hecha") } && transcript.dialplan == "Hangup")
    let folio = try await Telephone.rows("SELECT folio FROM callback WHERE owner = 'post:clinician' AND state = 'open'", server)[0][0]
    #expect(transcript.identifiers.last == folio)
    let program = try BuiltPrograms.path("kioskctl")
    func staff(_ arguments: String...) async throws -> ProgramRun {
      try await ProgramRun.of(program, ["devolucion"] + arguments + ["--servidor", folder.path("p.sock")])
    }
    #expect(try await staff("ver").text.contains("55 1234 5678"))
    #expect(try await staff("tomar", folio).text.contains("Le toca a staff/uid:\(geteuid())"))
    #expect(try await staff("cerrar", folio, "atendida").status != 0)
    #expect(try await staff("intento", folio, "no-contesto").text.contains("Va 1 intento"))
    #expect(try await staff("intento", folio, "ocupado").text.contains("Van 2 intentos"))
    #expect(try await staff("intento", folio, "no-contesto").text.contains("Le toca a jefatura. Van 3 intentos. NO CONTESTA"))
    #expect(try await staff("tomar", folio).status == 0)
    #expect(try await staff("intento", folio, "contesto").status == 0)
    #expect(try await staff("cerrar", folio, "atendida").text.contains("se le atendió"))
    #expect(try await Telephone.rows("SELECT count(*), count(DISTINCT number) FROM callback_attempt", server) == [["4", "4"]])
    #expect(try await staff("ver").lines == ["Ninguna llamada por hacer."])
    let said = try await staff("ver", "--cerradas").text
    #expect(said.contains(folio) && !said.contains("1234"))
    #expect(await server.stop() == 0)
  }

  @Test("The fourth wrong birth date of one call is not even looked at: the caller reaches a person")
  func limit() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...9)
    var script = PhoneScript(script: "citas", speed: 20)
    for number in 1...4 {
      script = script.pressing(CampaignPerson(number: number).nss, on: "pide_nss").pressing("01011980", on: "identificacion.pide_nacimiento")
        .pressing("1", on: "identificacion.eco.tecla_1")
      if number < 4 { script = script.pressing("1", on: "identificacion.no_coincide.tecla_1") }
    }
    let transcript = try await Telephone.serving(in: folder) { try await Telephone.call(script, port: $0.port) }
    #expect(transcript.heard.contains { $0.hasSuffix("identificacion.bloqueado") } && transcript.dialplan == "persona")
    #expect(try await Telephone.rows("SELECT count(*), count(DISTINCT visit) FROM identification_failure", server) == [["3", "1"]])
    #expect(await server.stop() == 0)
  }
}
