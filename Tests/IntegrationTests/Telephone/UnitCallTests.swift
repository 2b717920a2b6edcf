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

@Suite("Units that a caller is told of, by name and address")
struct UnitCallTests {
  private static let sections = """
    avisos: {dias: lunes-domingo, horario: "00:00-24:00", llamadas: 2, cada_minutos: 30}
    directorio: {archivo: directorio.yaml, codigo_postal: "07300"}
    atencion_gratuita: {llevar: [su CURP], credencial: [Vaya al Módulo Bienestar.]}

    """
  /// Of the sample directory: family medicine of the IMSS, its hospital, and the nearest health centre of IMSS-Bienestar.
  private static let (family, hospital, centre) = ("linea.unidad.dfims999306", "linea.unidad.dfims999312", "linea.unidad.dfssa003961")

  private static func start(in folder: CampaignFolder) async throws -> CampaignServer {
    let sample = try String(contentsOfFile: "\(Telephone.root)kiosk-config/directorio/muestra.yaml", encoding: .utf8)
    try folder.write(sample, to: "directorio.yaml")
    try CampaignServer.prepare(CampaignClinic(consultorios: 2, sections: Self.sections), in: folder)
    return try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("f.sock"))=telefono"])
  }

  private static func identified(_ number: Int) -> PhoneScript {
    PhoneScript(script: "citas", speed: 20)
      .pressing(CampaignPerson(number: number).nss, on: "pide_nss").pressing("30041985", on: "pide_nacimiento").pressing("1", on: "eco.tecla_1")
  }

  @Test("P14: whose appointments another unit gives is called and hears its name, if they let the clinic call; who did not hears it when they call, before anything else, and again when they ask for a date")
  func handedOver() async throws {
    let folder = try CampaignFolder()
    let server = try await Self.start(in: folder)
    let staff = try await server.connect(server.staff)
    let rows = (1...2).map { "\(CampaignPerson(number: $0).nss),1H1985OR,Persona,De Campaña,1985-04-30,H,551234567\($0),VIGENTE\n" }.joined()
    _ = try await OperationsClient(staff).importPatients(
      .init(header: "nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,telefono,derechos_estado", rows: Array(rows.utf8), firstLine: 2),
      options: .write(RequestIdentifier()))
    let kiosk = try await server.connect()
    for number in 1...2 {
      let token = try await kiosk.identify(CampaignPerson(number: number))
      let slot = try #require(try await kiosk.freeSlots(limit: 100).last)
      _ = try await AppointmentsClient(kiosk).book(.init(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
      if number == 1 { _ = try await ContactClient(kiosk).chooseCalls(.init(sessionToken: token, calls: true), options: .write(RequestIdentifier())) }
    }
    await kiosk.close()
    let done = try await TransfersClient(staff).handOver(
      .init(
        people: (1...2).map { Wire.PersonReference(nss: CampaignPerson(number: $0).nss, birthDate: CampaignPerson.birthDate) },
        unit: .init(clues: "DFIMS999306", name: "UMF 930", address: "Av. Inventada 1"), fromDate: try await server.date(inDays: 0).description,
        giveUp: true, reason: .routine), options: .write(RequestIdentifier()))
    #expect(done.handed == 2 && done.appointments.count == 2, "\(done.text)")
    await staff.close()
    let telephone = try await server.connect(Telephone.address(in: folder))
    let calls = try await OutboundClient(telephone).takeCalls(.init(limit: 5), options: .write(RequestIdentifier())).calls
    await telephone.close()
    #expect(calls.map(\.phone) == ["5512345671"])
    // The other one is a person's to call.
    #expect(try await Telephone.rows("SELECT count(*) FROM callback WHERE state = 'open'", server) == [["1"]])

    let (called, calling) = try await Telephone.serving(in: folder) { bridge in
      var script = PhoneScript(script: "aviso?clinica=", speed: 20)
      script.arguments = [calls.first?.token ?? ""]
      return (
        try await Telephone.call(script.pressing("1", on: "aviso.otra_unidad.tecla_3"), port: bridge.port),
        try await Telephone.call(
          Self.identified(2).pressing("1", on: "cita_en_otra_unidad.tecla_2").pressing("1", on: "acciones.tecla_4")
            .pressing("1", on: "servicio.tecla_4").pressing("3", on: "citas.otra_unidad.tecla_3"), port: bridge.port)
      )
    }
    #expect(called.faults == [] && called.dialplan == "Hangup" && called.identifiers == [])
    #expect(called.heard.contains { $0.hasSuffix(Self.family) } && !called.heard.contains { $0.contains("consultorio") }, "\(called.heard)")
    #expect(calling.faults == [] && calling.dialplan == "persona")
    #expect(calling.heard.count { $0.hasSuffix(Self.family) } == 2, "\(calling.heard)")
    #expect(try await Telephone.rows("SELECT DISTINCT state, told_through FROM notice", server) == [["told", "phone"]])
    #expect(await server.stop() == 0)
  }

  @Test("P07, P08, P09: who is of no institution hears where Urgencias are and who cares for them, without saying who they are; who lost their rights hears it instead of a no")
  func uninsured() async throws {
    let folder = try CampaignFolder()
    let server = try await Self.start(in: folder)
    let staff = try await server.connect(server.staff)
    let row = "\(CampaignPerson(number: 3).nss),1H1985OR,Persona,De Campaña,1985-04-30,H,BAJA,2020-01-31\n"
    _ = try await OperationsClient(staff).importPatients(
      .init(header: CampaignPerson.padronHeader + ",derechos_hasta", rows: Array(row.utf8), firstLine: 2), options: .write(RequestIdentifier()))
    await staff.close()
    let (nobody, former) = try await Telephone.serving(in: folder) { bridge in
      let script = PhoneScript(script: "citas", speed: 20).pressing("#", on: "pide_nss").pressing("4", on: "sin_nss.tecla_4")
        .pressing("3", on: "identificacion.unidad.tecla_3")
      return (
        try await Telephone.call(script, port: bridge.port),
        try await Telephone.call(
          Self.identified(3).pressing("1", on: "acciones.tecla_4").pressing("1", on: "servicio.tecla_4")
            .pressing("3", on: "citas.otra_unidad.tecla_3"), port: bridge.port)
      )
    }
    for transcript in [nobody, former] {
      #expect(transcript.faults == [] && transcript.dialplan == "persona")
      #expect(transcript.heard.contains { $0.hasSuffix("linea.sin_costo") } && transcript.heard.contains { $0.hasSuffix(Self.centre) }, "\(transcript.heard)")
    }
    #expect(nobody.heard.contains { $0.hasSuffix(Self.hospital) } && nobody.identifiers == [])
    #expect(await server.stop() == 0)
  }
}
