internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A bulk change of doctor, program to program")
struct ChangeDoctorTests {
  /// Six people of C1's morning, each with a telephone.
  static let padron = "nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,derechos_estado,consultorio,turno,telefono\n"
    + (1...6).map { "\(CampaignPerson(number: $0).nss),1H1985OR,Persona,De Campaña,\(CampaignPerson.birthDate),H,VIGENTE,1,matutino,551234000\($0)\n" }
      .joined()

  @Test("Half of it by a generated client, kill -9, the rest by kioskctl agenda cambiar: everybody's appointment has moved, and nobody has two or none; agenda deshacer-cambio takes all of it back")
  func programs() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(consultorios: 2), in: folder)
    try folder.write(Self.padron, to: "padron.csv")
    var server = try await CampaignServer.start(in: folder)
    do {
      let program = try BuiltPrograms.path("kioskctl")
      func kioskctl(_ words: [String], by door: String = "p.sock") async throws -> ProgramRun {
        try await ProgramRun.of(program, words + ["--servidor", folder.path(door)])
      }
      let taken = try await kioskctl(["padron", "import", folder.path("padron.csv")])
      #expect(taken.status == 0, "\(taken.text)")
      let date = try await server.date(inDays: 2)
      var connection = try await server.connect()
      for number in 1...6 {
        let token = try await connection.identify(CampaignPerson(number: number))
        let slot = Wire.SlotChoice(
          service: CampaignClinic.service, resource: "C1", date: date.description, startMinute: Int32(CampaignClinic.start(number)))
        _ = try await AppointmentsClient(connection).book(.init(sessionToken: token, what: .slot(slot)), options: .write(RequestIdentifier()))
      }
      await connection.close()
      let words = ["agenda", "cambiar", "--de", "C1", "--turno", "matutino", "--a", "C2", "--motivo", "falta-personal"]
      #expect(try await kioskctl(words, by: "k.sock").status == 1)
      let staff = try await server.connect(server.staff)
      let first = try await TransfersClient(staff).changeDoctor(
        .init(fromResource: "C1", fromTurno: "matutino", toResource: "C2", toTurno: "matutino", reason: .staffAbsent, limit: 2),
        options: .write(RequestIdentifier()))
      #expect(first.appointments.count == 2 && first.adopted == 2 && first.remaining == 4 && first.untold.isEmpty)
      await staff.close()
      await server.kill()
      server = try await CampaignServer.start(in: folder)
      let second = try await kioskctl(words)
      #expect(second.status == 0 && second.lines.last == "Se movieron 4 citas y cambiaron 4 personas.", "\(second.text)")
      #expect(try await kioskctl(words).lines == ["Se movieron 0 citas y cambiaron 0 personas."])
      connection = try await server.connect()
      for number in 1...6 {
        let token = try await connection.identify(CampaignPerson(number: number))
        let standing = try await AppointmentsClient(connection).list(.init(sessionToken: token)).appointments.filter { $0.status == .booked }
        #expect(standing.map { "\($0.slot?.resource ?? "") \($0.slot?.startMinute ?? 0)" } == ["C2 \(CampaignClinic.start(number))"])
        #expect(standing.first?.slot?.ownDoctor == true)
      }
      // All of it was one member of staff's, by whichever program, within two minutes.
      let back = try await kioskctl(["agenda", "deshacer-cambio", "--a", "C2", "--turno", "matutino"])
      #expect(back.status == 0 && back.lines.last == "6 personas son otra vez de quien eran. 6 citas quedaron como estaban.", "\(back.text)")
      for number in 1...6 {
        let token = try await connection.identify(CampaignPerson(number: number))
        let standing = try await AppointmentsClient(connection).list(.init(sessionToken: token)).appointments.filter { $0.status == .booked }
        #expect(standing.map { "\($0.slot?.resource ?? "") \($0.slot?.startMinute ?? 0)" } == ["C1 \(CampaignClinic.start(number))"])
      }
      await connection.close()
      let again = try await server.connect(server.staff)
      let nothing = await #expect(throws: RPCError.self) {
        try await TransfersClient(again).undoChangeDoctor(
          .init(toResource: "C2", toTurno: "matutino", reason: .correction), options: .write(RequestIdentifier()))
      }
      #expect(nothing?.code == .failedPrecondition)
      await again.close()
    } catch {
      await server.kill()
      throw error
    }
    #expect(await server.stop() == 0)
  }
}
