internal import IVRBridge
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A hold of the kiosk, and the telephone")
struct ResumingCallTests {
  @Test("Held at the kiosk, gone on with by telephone: the code alone tells nothing, the birth date is asked again; who hangs up first may call again, and then the appointment stands")
  func resume() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let kiosk = try await server.connect()
    let slot = try #require(try await kiosk.freeSlots().first)
    let token = try await kiosk.identify(CampaignPerson(number: 1))
    let held = try await AppointmentsClient(kiosk).hold(
      .init(
        sessionToken: token,
        slot: .init(service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute)),
      options: .write(RequestIdentifier()))
    let code = try await TelephoneClient(kiosk).makeCode(
      .init(sessionToken: token, folio: held.appointment?.folio ?? ""), options: .write(RequestIdentifier())).code
    _ = try await PatientsClient(kiosk).endSession(.init(sessionToken: token))
    await kiosk.close()
    let transcript = try await Telephone.serving(in: folder) { bridge in
      let script = PhoneScript(script: "menu", speed: 20).pressing("4", on: "principal.tecla_4").pressing("2", on: "otras.tecla_2")
        .pressing(code, on: "pide_codigo").pressing("30041985", on: "reanudar.pide_nacimiento")
      // Whoever found the paper hears of nothing, and the place stays kept.
      let found = PhoneScript(script: "menu", speed: 20).pressing("4", on: "principal.tecla_4").pressing("2", on: "otras.tecla_2")
        .pressing(code, on: "pide_codigo").pressing("01011980", on: "reanudar.pide_nacimiento").pressing("3", on: "reanudar.no_existe.tecla_3")
      let nobody = try await Telephone.call(found, port: bridge.port)
      #expect(nobody.dialplan == "persona" && !nobody.heard.contains { $0.contains("citas.confirma") })
      let first = try await Telephone.call(script.hangingUp(on: "citas.confirma.tecla_2"), port: bridge.port)
      #expect(first.hungUp)
      #expect(try await Telephone.pending(server) == "1")
      return try await Telephone.call(script.pressing("1", on: "confirma.tecla_1"), port: bridge.port)
    }
    #expect(transcript.dialplan == "Hangup" && transcript.faults == [])
    let rows = try await Telephone.rows("SELECT status, folio FROM appointment", server)
    #expect(rows == [["booked", held.appointment?.folio ?? ""]])
    #expect(await server.stop() == 0)
  }
}
