internal import ClinicDomain
internal import Foundation
internal import Glibc
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A day at the desk, by a whole server and kioskctl")
struct DeskDayTests {
  private static let waitlist = """
    lista_espera:
      fuentes: [cancelaciones, inasistencias]
      ofertas_a_la_vez: 2
      minutos_para_contestar: 60
      cierra_minutos_antes: 0
      veces: 5
      dias: 30
      por_persona: 1

    """

  @Test("cita confirmar, comprobar, codigo, reprogramar, llegada, admitir; agenda dia, atendida, liberar, deshacer, falta, historia; db backup: the day goes on after kill -9")
  func desk() async throws {
    // Consultations of two hours all day and night: the next one, and two hours farther east it is going on.
    try await ClinicHour.farFromEvenHour()
    let (day, hour, other) = ClinicHour.nextEvenHour
    let clinic = CampaignClinic(consultorios: 2, appointmentsPerPerson: 2, sections: Self.waitlist)
    func yaml(_ text: String) -> String {
      ClinicHour.allDay(text).replacing("    minutos: 15", with: "    minutos: 120").replacing("tolerancia_minutos: 10", with: "tolerancia_minutos: 0")
        .replacing("registro_abre_minutos: 30", with: "registro_abre_minutos: 120")
    }
    try await KilledServer.with(clinic, yaml) { server in
      try await server.importFamily()
      let today = day.description
      let desk = ["--personal", "en-persona"]
      let first = try await server.book(1, at: "C1", today, hour)
      let second = try await server.book(2, at: "C2", today, hour)
      #expect(try await server.done(["cita", "confirmar", first] + desk).text.contains(hour))
      #expect(try await server.done(["cita", "comprobar", first, "--nacimiento", CampaignPerson.birthDate]).text.contains(hour))
      #expect(try await server.done(["cita", "codigo", first] + CampaignPerson(number: 1).words).text.contains(/Código: \d{3} \d{3}/))
      let later = try await server.done(["cita", "reprogramar", first, "--agenda", "C1", "--fecha", day.advanced(by: 1).description, "--hora", other] + desk)
      #expect(later.text.contains(other))
      #expect(try await server.done(["agenda", "deshacer", first]).text.contains(hour))
      #expect(try await server.done(["cita", "llegada", first, "--json"] + desk).text.contains("\"on_time\""))
      _ = try await server.done(["agenda", "atendida", first])
      #expect(try await server.done(["agenda", "deshacer", first]).text.contains(hour))
      _ = try await server.twice(["agenda", "atendida", first])
      #expect(try await server.run("agenda", "falta", second).status == 1)

      try await server.restart(ClinicHour.twoHoursLater)
      #expect(try await server.done(["agenda", "dia", "C2", "--fecha", today]).text.contains("por confirmar"))
      _ = try await server.done(["agenda", "liberar", second])
      _ = try await server.done(["agenda", "deshacer", second])
      _ = try await server.done(["agenda", "liberar", second])
      // The place is for whoever is here without an appointment.
      #expect(try await server.done(["lista-espera", "dia", today]).text.contains(second))
      let taken = try await server.done(["lista-espera", "tomar", second] + CampaignPerson(number: 7).words)
      #expect(taken.text.contains(hour), "\(taken.text)")
      let gone = try await server.run("agenda", "deshacer", second)
      #expect(gone.status == 1 && gone.text.contains("Ese lugar ya se dio a otra persona"), "\(gone.text)")
      #expect(try await server.done(["cita", "llegada", second, "--json"] + desk).text.contains("\"todays_line\""))
      #expect(try await server.done(["agenda", "dia", "C2", "--fecha", today]).text.contains("en la fila de hoy"))
      let admitted = try await server.done(
        ["cita", "admitir", "C1", "--servicio", CampaignClinic.service, "--motivo", "solicitud"] + CampaignPerson(number: 1).words)
      #expect(admitted.text.contains("consultorio 1"), "\(admitted.text)")
      let history = try await server.done(["agenda", "historia", second]).text
      for part in ["se hizo la cita", "se liberó el lugar porque no llegó", "se deshizo lo anterior", "se registró la llegada"] {
        #expect(history.contains(part), "\(history)")
      }
      #expect(try await server.done(["db", "backup", "copia.sqlite"]).text.contains("SHA-256"))
      #expect(try await server.runOffline(["db", "verify", server.folder.path("datos/respaldos/copia.sqlite")]).status == 0)
      #expect(try await server.done(["db", "nightly"]).lines == ["Todo está en orden."])
    }
  }

  @Test("lista-espera entrar, lugar, ofertas, contestar, salir and dia; who is moved out of a closed agenda reads it with contacto avisos and visto; cierre deshacer takes a closure back; each outlives kill -9")
  func waitlist() async throws {
    let clinic = CampaignClinic(consultorios: 2, appointmentsPerPerson: 2, sections: Self.waitlist)
    try await KilledServer.with(clinic) { server in
      let day = try await server.date(inDays: 1).description
      let (one, two) = (CampaignPerson(number: 1).words, CampaignPerson(number: 2).words)
      let folio = try await server.book(1, at: "C1", day, "09:00")
      #expect(try await server.done(["lista-espera", "lugar"] + two).text.hasPrefix("No está en la lista de espera."))
      let joined = try await server.twice(["lista-espera", "entrar", "--servicio", CampaignClinic.service, "--hasta", day] + two)
      #expect(joined.lines.first == "Número 1", "\(joined.text)")
      #expect(try await server.done(["lista-espera", "lugar"] + two).lines.first == "Número 1")
      _ = try await server.done(["cita", "cancelar", folio] + one)
      var offer: String?
      #expect(try await eventually {
        offer = try await server.done(["lista-espera", "ofertas"] + two).lines.first { $0.hasPrefix("Oferta ") }
        return offer != nil
      })
      let number = String(offer?.filter(\.isNumber) ?? "0")
      let accepted = try await server.twice(["lista-espera", "contestar", number, "si"] + two)
      #expect(accepted.status == 0 && accepted.text.contains("09:00"), "\(accepted.text)")
      #expect(try await server.done(["lista-espera", "dia", day]).text.contains(folio))
      _ = try await server.done(["lista-espera", "entrar", "--servicio", CampaignClinic.service] + one)
      _ = try await server.done(["lista-espera", "salir", "2"] + one)
      #expect(try await server.done(["lista-espera", "lugar"] + one).text.hasPrefix("No está en la lista de espera."))

      _ = try await server.done(["cierre", "poner", "C1", day, "--motivo", "medico-ausente"])
      var told: String?
      #expect(try await eventually {
        told = try await server.done(["contacto", "avisos"] + two).lines.first { $0.contains("Su cita cambió") }
        return told != nil
      })
      let moved = String(told?.filter(\.isNumber).prefix(12) ?? "")
      #expect(try await server.done(["contacto", "visto", moved] + two).text.hasPrefix("Quedó anotado"))
      #expect(try await server.done(["contacto", "avisos"] + two).lines.last == "No hay nada que decirle.")

      // A closure by mistake: whoever it put off has their appointment again.
      let kept = try await server.book(1, at: "C2", day, "11:00")
      let closed = try await server.done(["cierre", "poner", "C2", day])
      let closure = String(closed.lines.first { $0.hasPrefix("Cierre ") }?.dropFirst(7).prefix { $0.isNumber } ?? "")
      #expect(try await eventually { try await server.done(["contacto", "avisos"] + one).text.contains("Su cita") })
      let undone = try await server.twice(["cierre", "deshacer", closure])
      #expect(undone.status == 0 && undone.text.contains(kept) && undone.text.contains("La agenda está abierta otra vez."), "\(undone.text)")
      #expect(try await server.done(["cita", "consultar"] + one).text.contains("11:00"))
      #expect(try await server.done(["contacto", "avisos"] + one).lines.last == "No hay nada que decirle.")
      #expect(try await server.done(["db", "nightly"]).lines == ["Todo está en orden."])
    }
  }

  @Test("C.5: agenda hojas, the server is off, agenda capturar and papel; then db verify by itself: whole, and after a history written anew found by the heads kept elsewhere alone")
  func paper() async throws {
    try await KilledServer.with(
      CampaignClinic(appointmentsPerPerson: 2), ClinicHour.allDay,
      section: { folder in
        try? FileManager.default.createDirectory(atPath: folder.path("centro"), withIntermediateDirectories: true)
        return "cabezas: {carpeta: centro, llave: cabezas.llave}\n"
      }
    ) { server in
      let sheets = server.folder.path("hojas")
      let printed = try await server.done(["agenda", "hojas", "--agenda", "C1", "--renglones", "2", "--carpeta", sheets])
      #expect(printed.text.hasPrefix("1 hojas en"), "\(printed.text)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: sheets).contains { $0.hasSuffix("-C1-matutino.txt") })
      let rows = try await server.done(["agenda", "papel", "--json"]).text.matches(of: /"folio": ?"(\d{12})"/).map { String($0.1) }
      #expect(rows.count == 2)
      let entered = try await server.twice(["agenda", "capturar", rows[0], "--hora", "00:00", "--atendida"] + CampaignPerson(number: 1).words)
      #expect(entered.status == 0 && entered.text.contains("00:00"), "\(entered.text)")
      let beside = try await server.run(["agenda", "capturar", rows[1], "--hora", "00:00", "--atendida"] + CampaignPerson(number: 2).words)
      #expect(beside.status == 2, "\(beside.text)")
      let listed = try await server.done(["agenda", "papel", "--conflictos"])
      // Its row, which also says whose the hour is.
      #expect(listed.lines.filter { $0.hasPrefix("C1") }.count == 1 && listed.text.filter(\.isNumber).contains(rows[1]), "\(listed.text)")
      await server.stop()

      let path = server.server.databasePath
      let key = try await server.runOffline(["db", "llave", server.folder.path("cabezas.llave")])
      #expect(key.status == 0 && server.server.said.contains(key.lines.first ?? "-"), "\(key.text)")
      let heads = ["--cabezas", server.folder.path("centro"), "--llave", key.lines.first ?? ""]
      let whole = try await server.runOffline(["db", "verify", path] + heads)
      #expect(whole.status == 0 && whole.text.contains("La bitácora está completa"), "\(whole.text)")
      var forger = StoreForger(seed: 7)
      let deed = forger.rewriteToTheEnd(path)
      #expect(deed != nil)
      #expect(try await server.runOffline(["db", "verify", path]).status == 0)
      let anew = try await server.runOffline(["db", "verify", path] + heads)
      #expect(anew.status == 1 && anew.text.contains("no es el que se anotó aparte"), "\(anew.text)")
      let row = forger.forge(.editAppointment, in: path)
      let edited = try await server.runOffline(["db", "verify", path])
      #expect(row != nil && edited.status == 1 && edited.text.contains("no es como la dejó el último cambio de la bitácora"), "\(edited.text)")
    }
  }

  @Test("C.5: a folder of heads that hangs holds up no call, and the server stops in order all the same")
  func hangingHeads() async throws {
    try await KilledServer.with(section: { folder in
      let centre = folder.path("centro")
      try? FileManager.default.createDirectory(atPath: centre, withIntermediateDirectories: true)
      // Nobody reads them: who opens one to write waits for ever.
      for day in -1...1 {
        let date = Date(timeIntervalSinceNow: 86_400 * Double(day)).formatted(.iso8601.year().month().day())
        mkfifo("\(centre)/DFIMS009996-\(date).cabezas", 0o600)
      }
      return "cabezas: {carpeta: centro, llave: cabezas.llave}\n"
    }) { server in
      _ = try await server.done(["agenda", "hojas", "--agenda", "C1", "--renglones", "1", "--carpeta", server.folder.path("hojas")])
      await server.stop()
      #expect(server.server.said.contains("la cabeza de la bitácora no se pudo guardar") && server.server.said.contains("cerrado en orden"))
    }
  }

  @Test("kioskctl permiso familia lets another adult of the NSS see and book, and takes it back; orientaciones lists what was heard")
  func family() async throws {
    try await KilledServer.with { server in
      let nss = CampaignPerson(number: 8).nss
      try await server.importRows(CampaignPerson(number: 8).padronRow + "\(nss),2M1990OR,Otra,De Campaña,1990-02-01,M,VIGENTE\n", added: 2)
      let (giver, other) = (CampaignPerson(number: 8).words, ["--nss", nss, "--nacimiento", "1990-02-01"])
      func sees() async throws -> Int { try await server.done(["cita", "familia", "--json"] + other).text.matches(of: /"person":/).count }
      #expect(try await sees() == 1)
      _ = try await server.twice(["permiso", "familia", "dar", "--a-nacimiento", "1990-02-01"] + giver)
      #expect(try await sees() == 2)
      #expect(try await server.run(["permiso", "familia", "quitar"] + giver).status == 64)
      _ = try await server.done(["permiso", "familia", "quitar", "--todos"] + giver)
      #expect(try await sees() == 1)
      #expect(try await server.done(["orientaciones"]).text.contains("Todavía no hay ninguna orientación guardada."))
      let kiosk = try await server.server.connect()
      _ = try await TelephoneClient(kiosk).keepGuidance(
        .init(
          session: String(repeating: "ab", count: 16), guide: .init(guide: "dolor_de_pecho", version: 2, hash: String(repeating: "0c", count: 32)),
          language: "es", signs: ["opresion"], endingStep: "fin", ending: "911"), options: .write(RequestIdentifier()))
      await kiosk.close()
      let kept = try await server.done(["orientaciones", "--ultimos", "5"])
      #expect(kept.text.contains("dolor_de_pecho v2") && kept.text.contains("kiosco") && kept.text.contains("opresion"), "\(kept.text)")
    }
  }
}
