internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Referrals, the screen, the register and families, by a whole server")
struct DutiesTests {
  @Test("kioskctl sends a person to another unit and back: each act outlives kill -9, and its repeat is answered as the first was")
  func referral() async throws {
    try await KilledServer.with { server in
      let person = CampaignPerson(number: 1).words
      let created = try await server.twice(
        ["referencia", "crear", "--tipo", "cirugia", "--especialidad", "traumatologia", "--unidad", "HGR 2"] + person)
      #expect(created.status == 0 && created.text.contains("Todavía no tiene fecha. Se pidió hoy."), "\(created.text)")
      let folio = String(created.lines[0].filter(\.isNumber))
      #expect(folio.count == 12)
      #expect(try await server.run("aviso", "lista").lines == ["No hay avisos pendientes."])
      let date = try await server.date(inDays: 20)
      let dated = try await server.twice(["referencia", "fecha", folio, date.description, "--hora", "10:15", "--lugar", "Torre B"])
      #expect(dated.status == 0 && dated.text.contains("10:15, en HGR 2: Torre B."), "\(dated.text)")
      #expect(try await server.twice(["referencia", "vista", folio]).status == 0)
      let back = try await server.twice(["referencia", "regreso", folio, "--servicio", CampaignClinic.service])
      #expect(back.status == 0 && back.text.contains("Ya está de regreso en esta clínica y tiene cita de seguimiento, folio "), "\(back.text)")
      // Once: the person has one appointment, and a second return is refused with what to do.
      let status = try await server.run("referencia", "estado", folio, "--nacimiento", CampaignPerson.birthDate)
      #expect(status.lines == Array(back.lines.prefix(status.lines.count)))
      let again = try await server.run("referencia", "regreso", folio, "--servicio", CampaignClinic.service)
      #expect(again.status == 1 && again.text.contains("Esa referencia ya pasó por ahí"), "\(again.text)")
      let stranger = try await server.run("referencia", "estado", folio, "--nacimiento", "1985-04-29")
      #expect(stranger.status == 1 && stranger.text.contains("No hay una referencia con ese folio y esa fecha de nacimiento."))
      let wrong = try await server.run("referencia", "cancelar", folio, "--motivo", "ninguno")
      #expect(wrong.status == 64 && wrong.text.contains("Use uno de estos:") && !wrong.text.contains("the following"), "\(wrong.text)")
      #expect(try await server.appointments(of: 1).map(\.status) == [.booked])
    }
  }

  @Test("kioskctl keeps the register of legados and the night's check over kill -9; nothing of the register is changed or lost")
  func register() async throws {
    try await KilledServer.with { server in
      let added = try await server.twice(
        ["legado", "agregar", "--titulo", "Unifila", "--responsable", "Dirección", "--fecha", "2026-12-31", "--evidencia", "Acta 12/2026"])
      #expect(added.lines.first == "Legado 1: Unifila", "\(added.text)")
      #expect(try await server.twice(["legado", "evidencia", "1", "Fotografía de la entrada"]).status == 0)
      #expect(try await server.twice(["legado", "estado", "1", "en-curso", "--nota", "Obra empezada"]).status == 0)
      let lines = try await server.run("legado", "ver", "1").lines
      #expect(lines.prefix(4) == [
        "Legado 1: Unifila", lines[1], "  evidencia: Acta 12/2026", "  evidencia: Fotografía de la entrada",
      ])
      #expect(lines.count == 6 && lines[1].contains("Dirección, en curso, para el 2026-12-31") && lines[1].hasSuffix("evidencias: 2"))
      #expect(lines[5].hasPrefix("  en curso, para el 2026-12-31: Obra empezada ("))
      let nobody = try await server.run("legado", "ver", "2")
      #expect(nobody.status == 1 && nobody.text.contains("No hay ningún legado con ese número."))
      #expect(try await server.twice(["db", "nightly"]).lines == ["Todo está en orden."])
      let nights = try await server.run("db", "nightly", "--ultimas")
      #expect(nights.lines.count == 2 && nights.lines[0].hasPrefix("Revisión 1, hasta el renglón "), "\(nights.text)")
    }
  }

  @Test("P37: kioskctl db nightly names a row that somebody changed behind the server's back and ends with 1; the night is kept")
  func failingNight() async throws {
    try await KilledServer.with { server in
      let day = try await server.date(inDays: 1).description
      let place = ["--servicio", CampaignClinic.service, "--agenda", "C1", "--fecha", day, "--hora", "09:00"]
      let booked = try await server.run(["cita", "agendar"] + place + CampaignPerson(number: 1).words)
      #expect(booked.status == 0, "\(booked.text)")
      #expect(try await server.run("db", "nightly").lines == ["Todo está en orden."])
      #expect(server.forge("UPDATE appointment SET lane = 1 WHERE status = 'booked'") == nil)
      let failing = try await server.twice(["db", "nightly"])
      #expect(failing.status == 1 && failing.text.contains("está junto a otra en el mismo lugar"), "\(failing.text)")
      #expect(failing.lines.last?.hasPrefix("Problemas: ") == true)
      #expect(try await server.run("db", "nightly", "--ultimas").text.contains("está junto a otra en el mismo lugar"))
      let alerts = try await server.run("aviso", "lista")
      #expect(alerts.text.contains("La revisión de la noche encontró problemas"), "\(alerts.text)")
    }
  }

  @Test("kioskctl gives a child with an alarm sign a place, and staff one beside another's; each once, whatever dies")
  func places() async throws {
    try await KilledServer.with { server in
      try await server.importFamily()
      let parent = CampaignPerson(number: 7).words
      let screen = try await server.twice(["tamiz", "--persona", "1", "--senal", "moretones"] + parent)
      #expect(screen.status == 0 && screen.text.contains("Si empeora antes, vaya a Urgencias o llame al 911."), "\(screen.text)")
      let day = try await server.date(inDays: 1).description
      let place = ["--servicio", CampaignClinic.service, "--agenda", "C1", "--fecha", day, "--hora", "09:00"]
      let first = try await server.run(["cita", "agendar"] + place + CampaignPerson(number: 1).words)
      #expect(first.status == 0, "\(first.text)")
      let other = CampaignPerson(number: 2).words
      #expect(try await server.run(["cita", "agendar"] + place + other).status == 1)
      let beside = try await server.twice(["agenda", "autorizar", "--motivo", "prioridad-medica"] + place + other)
      #expect(beside.status == 0 && beside.lines.first?.hasPrefix("Folio ") == true, "\(beside.text)")
      #expect(try await server.appointments(of: 2).count == 1)
      #expect(try await server.run("db", "nightly").lines == ["Todo está en orden."])
    }
  }

  @Test("kioskctl books a family's places in a row: all of them or none, and the repeat after kill -9 is the same places")
  func together() async throws {
    try await KilledServer.with { server in
      try await server.importFamily()
      let family = CampaignPerson(number: 7).words + ["--personas", "0,1"]
      let tomorrow = try await server.date(inDays: 1).description
      let found = try await server.run(["cita", "buscar-juntas", "--servicio", CampaignClinic.service, "--fecha", tomorrow] + family)
      #expect(found.status == 0 && found.lines.first?.contains(", de 08:00 a 08:30, consultorio 1") == true, "\(found.text)")
      let day = try await server.date(inDays: 1).description
      let words = ["cita", "agendar-juntas", "--servicio", CampaignClinic.service, "--agenda", "C1", "--fecha", day, "--hora", "08:15"] + family
      let booked = try await server.twice(words)
      #expect(booked.status == 0 && booked.lines.count == 3, "\(booked.text)")
      #expect(booked.text.contains("Cada persona tiene su propio folio; si una no puede venir, cancele solo la suya."))
      let again = try await server.run(words)
      #expect(again.status == 1 && again.text.contains("A esa hora la persona ya tiene otra cita."), "\(again.text)")
      #expect(try await server.appointments(of: 7).count == 1)
    }
  }

  @Test("kioskctl promises a pregnant person an answer, writes down what somebody needs and sets a colour: each once, whatever dies")
  func promises() async throws {
    try await KilledServer.with { server in
      let promised = try await server.twice(["embarazo", "--telefono", "5512345678"])
      #expect(promised.status == 0 && promised.text.contains("Quien está de guardia le llama a más tardar a las "), "\(promised.text)")
      let owed = try await server.run("devolucion", "ver")
      #expect(owed.lines.count == 2 && owed.text.contains("por un embarazo. Le toca a médico de guardia."), "\(owed.text)")
      #expect(try await server.twice(["embarazo", "--senal"]).text.hasPrefix("Vaya ahora a Urgencias"))
      let person = CampaignPerson(number: 1).words
      let needs = try await server.twice(["necesidades", "--agregar", "paliativos", "--motivo", "prioridad-medica"] + person)
      #expect(needs.lines == ["Necesita: paliativos."], "\(needs.text)")
      let name = try await server.twice(["nombre", "poner", "Sol", "--pronombre", "ella", "--motivo", "en-persona"] + person)
      #expect(name.lines == ["Desde ahora le llamamos Sol. Los documentos oficiales llevan el nombre que está en su registro."], "\(name.text)")
      #expect(try await server.twice(["nombre", "quitar", "--motivo", "en-persona"] + person).lines.first?.hasSuffix(", como dicen sus documentos.") == true)
      #expect(try await server.twice(["directorio", "anotar", "--institucion", "issste"] + person).lines == ["Anotado."])
      #expect(try await server.run("directorio", "orientar", "--institucion", "ninguna").lines.first?.contains("vaya ahora a Urgencias o marque 911") == true)
      let color = try await server.twice(["triage", "color", "verde"])
      #expect(color.lines.first?.hasPrefix("Número 1, verde: verle a más tardar a las ") == true, "\(color.text)")
      #expect(try await server.run("triage", "lista").lines.count == 1)
      #expect(try await server.run("motivos").status == 0)
      #expect(try await server.run("db", "nightly").lines == ["Todo está en orden."])
    }
  }
}
