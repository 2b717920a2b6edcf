internal import IVRBridge
internal import KioskTestSupport
internal import Testing

@testable internal import kiosk_dev

@Suite("The yearly check, offered by telephone")
struct YearlyCheckCallTests {
  @Test("P17: who has had no check for a year is offered one at the end of a booking by telephone, books it with the next key, and is not asked again")
  func offered() async throws {
    let folder = try CampaignFolder()
    let clinic = CampaignClinic(
      slots: 60, appointmentsPerPerson: 2, sections: "series:\n  revision: {servicio: medicina_preventiva, cada_meses: 12}\n")
    try CampaignServer.prepare(clinic, in: folder)
    let service =
      "  - {codigo: medicina_preventiva, nombre: Medicina preventiva, minutos: 15, canales: [telefono], exige_derechos: sí, citas_por_persona: 1}\n"
    try folder.write(
      clinic.clinicYAML.replacing("turnos:\n", with: service + "turnos:\n")
        .replacing("servicios: [medicina_familiar]", with: "servicios: [medicina_familiar, medicina_preventiva]"),
      to: "clinic.yaml")
    let server = try await Telephone.startServer(in: folder, isNew: false)
    try await server.importPeople(1...1)
    let transcript = try await Telephone.serving(in: folder) { bridge in
      let script = Telephone.booking(CampaignPerson(number: 1))
        .pressing("1", on: "ofrece_revision.tecla_1").pressing("1", on: "ofrece.tecla_1").pressing("1", on: "confirma.tecla_1")
      return try await Telephone.call(script, port: bridge.port)
    }
    #expect(transcript.dialplan == "Hangup" && transcript.faults == [])
    #expect(transcript.heard.count { $0.hasSuffix("ofrece_revision.tecla_1") } == 1)
    let rows = try await Telephone.rows("SELECT service, status FROM appointment ORDER BY service", server)
    #expect(rows == [["medicina_familiar", "booked"], ["medicina_preventiva", "booked"]])
    #expect(await server.stop() == 0)
  }
}
