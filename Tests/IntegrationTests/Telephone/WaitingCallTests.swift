internal import Foundation
internal import IVRBridge
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("The waiting list by telephone, from the caller's keys to the store")
struct WaitingCallTests {
  private static let sections = """
    lista_espera:
      fuentes: [cancelaciones]
      ofertas_a_la_vez: 2
      minutos_para_contestar: 60
      cierra_minutos_antes: 0
      veces: 5
      dias: 30
      por_persona: 1

    """

  private static func identified(_ person: CampaignPerson) -> PhoneScript {
    PhoneScript(script: "citas", speed: 20)
      .pressing(person.nss, on: "pide_nss").pressing("30041985", on: "pide_nacimiento").pressing("1", on: "eco.tecla_1")
  }

  @Test("A caller for whom there is no place joins the list; when somebody leaves theirs, the next call begins with it, and 1 takes it; a second time they hear of no other")
  func joinsAndTakes() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(consultorios: 1, slots: 1, sections: Self.sections), in: folder)
    let server = try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("f.sock"))=telefono"])
    do {
      try await server.importPeople(1...200)
      let kiosk = try await server.connect()
      // Every place of the agenda is somebody's.
      var (held, last) = ("", 0)
      for (index, slot) in try await kiosk.freeSlots(limit: 100).enumerated() {
        let token = try await kiosk.identify(CampaignPerson(number: index + 2))
        held = try await AppointmentsClient(kiosk).book(.init(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier())).appointment?.folio ?? ""
        last = index + 2
      }
      try #require(try await kiosk.freeSlots(limit: 10).isEmpty && last > 0)
      let person = CampaignPerson(number: 1)
      try await Telephone.serving(in: folder) { bridge in
        let joining = Self.identified(person)
          .pressing("1", on: "acciones.tecla_1").pressing("1", on: "servicio.tecla_1").pressing("4", on: "sin_lugar.tecla_4")
        let joined = try await Telephone.call(joining, port: bridge.port)
        #expect(joined.faults == [] && joined.dialplan == "Hangup" && joined.heard.contains { $0.contains("citas.en_lista") })
        #expect(try await Telephone.rows("SELECT state, channel, reach FROM waitlist_entry", server) == [["waiting", "phone", "phone"]])
        // The same call once more: nobody waits twice, and who calls hears where they stand.
        let again = try await Telephone.call(joining, port: bridge.port)
        #expect(again.faults == [] && again.dialplan == "Hangup" && again.heard.contains { $0.contains("citas.en_lista") })
        #expect(try await Telephone.rows("SELECT state, channel, reach FROM waitlist_entry", server) == [["waiting", "phone", "phone"]])

        let token = try await kiosk.identify(CampaignPerson(number: last))
        _ = try await AppointmentsClient(kiosk).cancel(.init(sessionToken: token, folio: held), options: .write(RequestIdentifier()))
        #expect(try await eventually { try await Telephone.rows("SELECT count(*) FROM slot_offer WHERE state = 'open'", server) == [["1"]] })
        let taking = try await Telephone.call(Self.identified(person).pressing("1", on: "hay_oferta.tecla_2"), port: bridge.port)
        #expect(taking.faults == [] && taking.heard.contains { $0.contains("citas.hecha") })
        #expect(try await Telephone.rows("SELECT count(*) FROM appointment WHERE channel = 'phone' AND status = 'booked'", server) == [["1"]])
        #expect(try await Telephone.rows("SELECT state FROM waitlist_entry", server) == [["served"]])
        let after = try await Telephone.call(Self.identified(person).pressing("0", on: "acciones.tecla_4"), port: bridge.port)
        #expect(!after.heard.contains { $0.contains("hay_oferta") } && after.dialplan == "persona")
      }
      await kiosk.close()
      #expect(await server.stop() == 0)
    } catch {
      await server.kill()
      throw error
    }
  }
}
