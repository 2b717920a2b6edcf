internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Calls that the clinic makes, and a server that is killed while they ring")
struct KilledCallTests {
  private static let sections = """
    avisos: {dias: lunes-domingo, horario: "00:00-24:00", llamadas: 2, cada_minutos: 30, recordatorio_dias: 2}

    """

  @Test("P14: kill -9 between being called and answered: of a reminder and of a change nobody is called twice, and nobody is forgotten")
  func ringing() async throws {
    let clinic = CampaignClinic(consultorios: 2, sections: Self.sections)
    try await KilledServer.with(clinic, more: { ["--escucha", "unix:\($0.path("f.sock"))=telefono"] }) { server in
      let header = "nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,telefono,derechos_estado"
      let rows = (11...12).map { "\(CampaignPerson(number: $0).nss),1H1985OR,Persona,De Campaña,1985-04-30,H,55123456\($0),VIGENTE\n" }.joined()
      try await server.importRows(rows, header: header, added: 2)
      let day = try await server.date(inDays: 2).description
      let reminded = try await server.book(11, at: "C1", day, "09:00")
      _ = try await server.book(12, at: "C2", day, "09:00")
      for person in 11...12 { _ = try await server.done(["contacto", "llamadas", "si"] + CampaignPerson(number: person).words) }
      _ = try await server.done(["cierre", "poner", "C2", day, "--motivo", "medico-ausente"])
      #expect(try await eventually { try await Telephone.rows("SELECT count(*) FROM notice WHERE kind = 2", server.server) == [["1"]] })
      func telephone<Value>(_ body: (OutboundClient) async throws -> Value) async throws -> Value {
        let connection = try await server.server.connect(Telephone.address(in: server.folder))
        let value = try await body(OutboundClient(connection))
        await connection.close()
        return value
      }
      func take() async throws -> [Wire.CallToMake] {
        try await telephone { try await $0.takeCalls(.init(limit: 5), options: .write(RequestIdentifier())).calls }
      }
      func states() async throws -> [[String]] { try await Telephone.rows("SELECT kind, state, calls FROM notice ORDER BY kind", server.server) }
      // Booked ten days ago, as far as the store knows.
      try await server.restart { yaml in
        StoreForger.backdate(Int64(reminded)!, byDays: 10, in: CampaignServer.databasePath(in: server.folder))
        return yaml
      }
      let calls = try await take()
      #expect(Set(calls.map(\.phone)) == ["5512345611", "5512345612"])
      for call in calls {
        try await telephone { _ = try await $0.noteCall(.init(token: call.token, news: .placed), options: .write(RequestIdentifier())) }
      }
      try await server.restart()
      #expect(try await take().isEmpty)
      #expect(try await states() == [["1", "placed", "1"], ["2", "placed", "1"]])
      // The bridge outlives the server: what it hears counts, once.
      for call in calls {
        let kind = try await telephone { try await $0.readNotice(.init(token: call.token)).kind }
        #expect([.reminder, .moved].contains(kind))
        if kind == .moved {
          let answer = try await telephone { try await $0.answerNotice(.init(token: call.token, take: true), options: .write(RequestIdentifier())) }
          #expect(!answer.date.isEmpty)
        }
        try await telephone {
          _ = try await $0.noteCall(.init(token: call.token, news: kind == .moved ? .answered : .noAnswer), options: .write(RequestIdentifier()))
        }
      }
      try await server.restart()
      #expect(try await states() == [["1", "waiting", "1"], ["2", "told", "1"]])
      #expect(try await take().isEmpty, "half an hour passes before the next call")
      #expect(try await Telephone.rows("SELECT count(*) FROM notice WHERE kind = 1 AND not_before > changed_at", server.server) == [["1"]])
      #expect(try await server.done(["contacto", "pendientes", "--todos"]).lines == ["A nadie le falta que le avisen."])
    }
  }
}
