internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A bulk change of clinic, program to program")
struct HandOverTests {
  @Test("Half of it by a generated client, kill -9, the rest by kioskctl agenda entregar; the document has every appointment, and agenda recuperar brings all back")
  func programs() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(consultorios: 2), in: folder)
    try folder.write(ChangeDoctorTests.padron, to: "padron.csv")
    try folder.write(
      "origen: umf20\narchivo: {decodificacion: utf-8, separador: \",\"}\nausentes: avisar\ncolumnas: {identificador: FOLIO, consultorio: CONS, fecha: FECHA, hora: HORA, servicio: SERV, nss: NSS, nacimiento: NAC}\n"
        + "formatos: {fecha: aaaa-mm-dd, hora: hh:mm}\n", to: "mapa.yaml")
    var server = try await CampaignServer.start(in: folder)
    do {
      let program = try BuiltPrograms.path("kioskctl")
      func kioskctl(_ words: [String], by door: String = "p.sock") async throws -> ProgramRun {
        try await ProgramRun.of(program, words + ["--servidor", folder.path(door)])
      }
      #expect(try await kioskctl(["padron", "import", folder.path("padron.csv")]).status == 0)
      let date = try await server.date(inDays: 2)
      var connection = try await server.connect()
      var folios: Set<String> = []
      for number in 1...6 {
        let token = try await connection.identify(CampaignPerson(number: number))
        let slot = Wire.SlotChoice(
          service: CampaignClinic.service, resource: "C1", date: date.description, startMinute: Int32(CampaignClinic.start(number)))
        let booked = try await AppointmentsClient(connection).book(.init(sessionToken: token, what: .slot(slot)), options: .write(RequestIdentifier()))
        folios.insert(booked.appointment?.folio ?? "")
      }
      await connection.close()
      let words = [
        "agenda", "entregar", "--de", "C1", "--turno", "matutino", "--a", "DFIMS000266", "--unidad", "UMF 20", "--fecha", date.description,
        "--dar-citas", "--motivo", "rutina",
      ]
      #expect(try await kioskctl(words, by: "k.sock").status == 1)
      let dry = try await kioskctl(words)
      #expect(dry.status == 0 && dry.lines.last?.hasPrefix("Pasarían 6 personas a UMF 20") == true, "\(dry.text)")
      let staff = try await server.connect(server.staff)
      let first = try await TransfersClient(staff).handOver(
        .init(
          fromResource: "C1", fromTurno: "matutino", unit: .init(clues: "DFIMS000266", name: "UMF 20"), fromDate: date.description, giveUp: true,
          reason: .routine, limit: 2), options: .write(RequestIdentifier()))
      #expect(first.handed == 2 && first.remaining == 4 && first.appointments.count == 2)
      await staff.close()
      await server.kill()
      server = try await CampaignServer.start(in: folder)
      let second = try await kioskctl(words + ["--aplicar"])
      #expect(second.status == 0 && second.lines.last?.hasPrefix("Pasaron 4 personas a UMF 20") == true, "\(second.text)")
      // The document: each of the six, with folio, service and date; and who asks here is told where to go.
      let file = folder.path("entrega.csv")
      let written = try await kioskctl(["agenda", "entregadas", "--a", "DFIMS000266", "--mapa", folder.path("mapa.yaml"), "--salida", file])
      #expect(written.status == 0, "\(written.text)")
      let lines = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
      #expect(Set(lines.map { $0.split(separator: ",")[0] }) == Set(folios.map { "VENTANILLA-\($0)" }))
      #expect(lines.allSatisfy { $0.contains(",\(date),") && $0.contains(CampaignClinic.service) })
      connection = try await server.connect()
      let token = try await connection.identify(CampaignPerson(number: 1))
      let found = try await AppointmentsClient(connection).find(
        .init(sessionToken: token, service: CampaignClinic.service, earliestDate: date.description))
      #expect(found.slots.isEmpty && found.steps.first?.text.contains("UMF 20") == true)
      await connection.close()
      let back = try await kioskctl(["agenda", "recuperar", "--a", "DFIMS000266", "--motivo", "correccion"])
      #expect(back.status == 0 && back.lines.last == "Volvieron 6 personas a esta clínica. 6 citas quedan como estaban.", "\(back.text)")
      connection = try await server.connect()
      for number in 1...6 {
        let token = try await connection.identify(CampaignPerson(number: number))
        let standing = try await AppointmentsClient(connection).list(.init(sessionToken: token)).appointments.filter { $0.status == .booked }
        #expect(standing.count == 1 && folios.contains(standing.first?.folio ?? ""))
      }
      await connection.close()
      #expect(try await kioskctl(["db", "nightly"]).lines == ["Todo está en orden."])
    } catch {
      await server.kill()
      throw error
    }
    #expect(await server.stop() == 0)
  }
}
