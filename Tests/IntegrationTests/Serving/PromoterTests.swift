internal import ClinicDomain
internal import Foundation
internal import KioskTestSupport
internal import TTRPCCore
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Promoters, by a whole server")
struct PromoterTests {
  @Test("kioskctl lists five people and books them in one order; the order repeated after kill -9 is the same order, and nobody has two")
  func kioskctl() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let door = ["--escucha", "unix:\(folder.path("g.sock"))=promotor"]
    var server = try await CampaignServer.start(in: folder, more: door)
    do {
      try await server.importPeople(1...6)
      let program = try BuiltPrograms.path("kioskctl")
      func promotor(_ words: [String], at socket: String = "g.sock") async throws -> ProgramRun {
        try await ProgramRun.of(program, ["promotor"] + words + ["--servidor", folder.path(socket)])
      }
      let me = "uid:\(getuid())"
      for number in 1...5 {
        let given = try await promotor(
          ["dar", "--promotor", me, "--hasta", CivilDate.today(advancedBy: 30).description] + CampaignPerson(number: number).words,
          at: "p.sock")
        #expect(given.status == 0 && given.text.hasPrefix("\(number). "), "\(given.text)")
      }
      let people = try await promotor(["personas"])
      #expect(people.status == 0 && people.lines.count >= 6, "\(people.text)")
      let order = ["agendar", "--servicio", CampaignClinic.service, "--personas", "1,2,3,4,5", "--solicitud", String(repeating: "a7", count: 16)]
      let made = try await promotor(order)
      #expect(made.status == 0 && made.lines.count == 5 && made.lines.allSatisfy { $0.contains("Tiene cita el ") }, "\(made.text)")
      #expect(!made.text.contains("medicina") && !made.text.contains("Medicina"))
      await server.kill()
      server = try await CampaignServer.start(in: folder, more: door)
      #expect(try await promotor(order).text == made.text)
      let placed = try await promotor(["citas"])
      #expect(placed.lines.count { $0.contains("consultorio") } == 5, "\(placed.text)")
      let folio = String(try #require(placed.lines.last { $0.contains("consultorio") }?.firstMatch(of: /\d{4} \d{4} \d{4}/)?.0).filter(\.isNumber))
      let seen = try await promotor(["ver", folio])
      #expect(seen.status == 0 && seen.text.contains("consultorio") && !seen.text.contains("medicina"), "\(seen.text)")
      #expect(try await promotor(["ver", Folio(random: 7).description]).status == 1)
      // Person 6 is known to the clinic, and not on the list; 99 is nobody.
      let stranger = try await promotor(["agendar", "--servicio", CampaignClinic.service, "--personas", "6,99"])
      #expect(stranger.status == 2 && stranger.lines == ["6. Nadie con ese número está en su lista.", "99. Nadie con ese número está en su lista."])
      let staff = try await promotor(["lista", "--promotor", me])
      #expect(staff.status != 0 && staff.text.contains("PERMISSION_DENIED"), "\(staff.text)")
      #expect(try await promotor(["quitar", "--promotor", me, "--persona", "2"], at: "p.sock").text.contains("ya no puede agendarla"))
      #expect(try await promotor(["citas"]).lines.count { $0.contains("consultorio") } == 4)
    } catch {
      await server.kill()
      throw error
    }
    #expect(await server.stop() == 0)
  }
}
