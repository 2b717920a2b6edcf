internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("What staff settle at the desk, by a whole server")
struct SettlingTests {
  @Test("kioskctl agenda conflictos resolver accepts, moves and dismisses what another system booked; each outlives kill -9, and its repeat is answered as the first was")
  func conflicts() async throws {
    try await KilledServer.with { server in
      try await server.importFamily()
      let day = try await server.date(inDays: 1).description
      let first = try await server.run(
        ["cita", "agendar", "--servicio", CampaignClinic.service, "--agenda", "C1", "--fecha", day, "--hora", "09:00"] + CampaignPerson(number: 1).words)
      #expect(first.status == 0, "\(first.text)")
      let rows = [2, 7, 2].enumerated().map { place, number in
        Wire.ExternalRow(
          line: Int32(place + 2), reference: "R\(place + 1)", resource: "C1", date: day, startMinute: 540, nss: CampaignPerson(number: number).nss,
          birthDate: CampaignPerson.birthDate)
      }
      let taken = try await server.staff { connection in
        try await ExchangeClient(connection).importBookings(.init(source: "simf", rows: rows), options: .write(RequestIdentifier()))
      }
      #expect(taken.results.map(\.kind) == [.conflict, .conflict, .conflict])
      #expect(try await server.run("agenda", "conflictos").text.contains("R1"))
      let settle = ["agenda", "conflictos", "resolver", "simf"]
      let accepted = try await server.twice(settle + ["R1", "--aceptar", "--motivo", "prioridad-medica"])
      #expect(accepted.status == 0 && accepted.text.contains("además de quien ya la tenía"), "\(accepted.text)")
      let moved = try await server.twice(
        settle + ["R2", "--mover", "--agenda", "C1", "--fecha", day, "--hora", "10:00", "--motivo", "rutina"])
      #expect(moved.status == 0 && moved.text.contains("10:00. El siguiente export se lo dice al otro sistema."), "\(moved.text)")
      let dismissed = try await server.twice(settle + ["R3", "--descartar", "--motivo", "correccion"])
      #expect(dismissed.status == 0 && dismissed.text.contains("Quedó descartada"), "\(dismissed.text)")
      #expect(try await server.run("agenda", "conflictos").lines == ["No hay conflictos con otro sistema."])
      #expect(try await server.appointments(of: 2).map { $0.slot?.startMinute } == [540])
      #expect(try await server.appointments(of: 7).map { $0.slot?.startMinute } == [600])
      #expect(try await server.run(settle + ["R1", "--motivo", "rutina"]).status == 64)
      #expect(try await server.run("db", "nightly").lines == ["Todo está en orden."])
    }
  }

  @Test("kioskctl recien-nacido unir makes one person of a newborn and their padrón row, and cita cancelar --personal is the clinic's own; each outlives kill -9")
  func newborn() async throws {
    try await KilledServer.with { server in
      try await server.importFamily()
      let (mother, born) = (CampaignPerson(number: 7), try await server.date(inDays: 0).description)
      let registered = try await server.run(["recien-nacido", "registrar", "--nacio", born, "--json"] + mother.words)
      let number = try #require(registered.text.firstMatch(of: /"patientNumber": ?"(\d{9})"/)).1
      let booked = try await server.run(
        ["cita", "agendar", "--servicio", CampaignClinic.service, "--agenda", "C1", "--fecha", try await server.date(inDays: 1).description, "--hora",
          "09:00", "--persona", "2"] + mother.words)
      #expect(booked.status == 0, "\(booked.text)")
      let folio = String(booked.lines[0].filter(\.isNumber).prefix(12))
      let padron = PatientNumber(random: 99).description
      let row = "\(mother.nss),3H\(born.prefix(4))OR,Menor,De Campaña,\(born),H,VIGENTE,\(padron)\n"
      let added = try await server.staff { connection in
        try await OperationsClient(connection).importPatients(
          .init(header: CampaignPerson.padronHeader + ",numero_paciente", rows: Array(row.utf8), firstLine: 2),
          options: .write(RequestIdentifier()))
      }
      #expect(added.added == 1, "\(added.problems.map(\.text))")
      let merged = try await server.twice(["recien-nacido", "unir", "--recien-nacido", String(number), "--padron", padron, "--motivo", "en-persona"])
      #expect(merged.status == 0 && merged.text.contains("Ya es una sola persona, con el número \(padron)"), "\(merged.text)")
      let family = try await server.run(["cita", "consultar", folio, "--persona", "2"] + mother.words)
      #expect(family.status == 0, "\(family.text)")
      let cancelled = try await server.twice(["cita", "cancelar", folio, "--personal", "por-telefono"])
      #expect(cancelled.status == 0 && cancelled.text.contains("cancelada"), "\(cancelled.text)")
      #expect(try await server.run("db", "nightly").lines == ["Todo está en orden."])
    }
  }
}
