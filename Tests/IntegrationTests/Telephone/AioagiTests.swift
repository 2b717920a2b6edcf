internal import Foundation
internal import IVRBridge
internal import Testing

@testable internal import kiosk_dev

@Suite("An Asterisk that this project did not write: aioagi from PyPI")
struct AioagiTests {
  private struct Outcome: Decodable {
    let result: String?
    let commands: Int
    let sounds: [String]
  }

  @Test("It places a call, presses an NSS, a birth date and the keys of a booking, and the appointment stands")
  func booking() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let person = CampaignPerson(number: 2)
    let keys = [
      ["pide_nss", person.nss], ["pide_nacimiento", "30041985"], ["identificacion.eco.tecla_2", "1"], ["citas.acciones.tecla_4", "1"],
      ["citas.servicio.tecla_4", "1"], ["citas.ofrece.tecla_4", "1"], ["citas.confirma.tecla_2", "1"],
    ]
    // The other side tells a question by its sound's name, which a joined one has none of.
    let run = try await Telephone.serving(in: folder, sounds: Telephone.noSounds) { bridge in
      try await ProgramRun.of(
        Telephone.root + ".build-interop/aioagi/bin/python",
        [
          Telephone.root + "Tests/Interop/python/llamada.py", "agi://127.0.0.1:\(bridge.port)/citas",
          String(decoding: try JSONEncoder().encode(keys), as: UTF8.self),
        ])
    }
    let last = try #require(run.lines.last)
    let outcome = try #require(try? JSONDecoder().decode(Outcome.self, from: Data(last.utf8)), "\(run.text)")
    #expect(outcome.result == "ok", "\(run.text)")
    #expect(outcome.sounds.contains { $0.contains("citas.hecha") }, "\(outcome.sounds)")
    #expect(try await Telephone.rows("SELECT status FROM appointment", server) == [["booked"]])
    #expect(await server.stop() == 0)
  }
}
