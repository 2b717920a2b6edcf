import ClinicConfiguration
import ClinicDomain
import ClinicStore
import Foundation
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("One key turns the Unifila of freed places on")
struct UnifilaTests {
  /// The small clinic with the waitlist that clinic.yaml gives with this line in it.
  static func rules(_ line: String) throws -> ClinicRules {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let sample = try String(contentsOf: root.appending(path: "kiosk-config/clinics/umf-rural-2/clinic.yaml"), encoding: .utf8)
    let read = try ClinicConfiguration.read(text: sample.replacing("orientacion:\n", with: line + "orientacion:\n"), file: "clinic.yaml").value
    return .fixture { $0.waitlist = read.waitlist }
  }

  @Test("P29: one config key turns the Unifila on in a clinic: with `unifila: sí` and nothing else a freed place is offered within 5 minutes; without it, or with `no`, nothing is offered", arguments: [
    ("unifila: sí\n", true), ("", false), ("unifila: no\n", false),
    ("unifila: no\nlista_espera: {fuentes: [cancelaciones], ofertas_a_la_vez: 3, minutos_para_contestar: 20, cierra_minutos_antes: 30, veces: 10, dias: 30, por_persona: 2}\n", false),
    ("lista_espera: {fuentes: [cancelaciones], ofertas_a_la_vez: 3, minutos_para_contestar: 20, cierra_minutos_antes: 30, veces: 10, dias: 30, por_persona: 2}\n", true),
  ])
  func oneKey(line: String, isOn: Bool) async throws {
    let people = strangers(2)
    try await withClinic(people: [.dario] + people, rules: try Self.rules(line)) { clinic in
      let dario = try await clinic.session(.dario)
      let booked = try await clinic.book("C1 2026-11-23 12:00", dario)
      let waiting = try await clinic.session(people[0])
      guard isOn else {
        _ = try await status { () throws(RPCError) in
          try await clinic.waitlist().join(
            .init(sessionToken: waiting, services: ["medicina_familiar"], firstDate: "2026-11-23", lastDate: "2026-11-23", reach: .phone),
            options: .write())
        }
        try await clinic.cancel(booked.folio, dario)
        #expect(try await clinic.settle() == 0)
        #expect(try await clinic.day().places.isEmpty)
        #expect(try await clinic.isFree("C1 2026-11-23 720", on: "2026-11-23"))
        return
      }
      try await clinic.join(waiting)
      try await clinic.cancel(booked.folio, dario)
      // The server looks after every commit and every few seconds; let it be as late as it can.
      clinic.clock.advance(AgendaKeeper.patience)
      try await clinic.settle()
      let offer = try #require(try await clinic.offers(waiting).first)
      #expect(offer.slot?.place == "C1 2026-11-23 720")
      let waits = try await Self.waits(clinic)
      #expect(waits.count == 1 && waits.allSatisfy { $0.map { 0 <= $0 && $0 <= 5 * 60_000 } == true })
    }
  }

  @Test("P29: whatever frees a place and whenever, it is offered within 5 minutes to who waits for it, or it is everybody's", arguments: 0..<16)
  func withinFiveMinutes(seed: Int) async throws {
    var chance = SeededGenerator(seed: UInt64(seed) &+ 29)
    let people = strangers(6)
    try await withClinic(people: people, rules: try Self.rules("unifila: sí\n")) { clinic in
      var folios: [(folio: String, token: String)] = []
      for (number, person) in people.prefix(4).enumerated() {
        let token = try await clinic.session(person)
        folios.append((try await clinic.book("C\(1 + number % 2) 2026-11-23 \(["09:00", "09:00", "12:15", "16:30"][number])", token).folio, token))
      }
      for person in people.suffix(2) { try await clinic.join(try await clinic.session(person, at: .kiosk)) }
      for index in folios.indices where chance.chance(3, in: 4) {
        if chance.chance(1, in: 2) {
          // Once its hour has come it cannot be cancelled any more.
          try? await clinic.cancel(folios[index].folio, folios[index].token)
        } else {
          clinic.clock.set(max(clinic.clock.now, Instant.fixture.adding(seconds: 60 * [131, 131, 326, 581][index])))
          _ = try? await clinic.agenda().free(.init(folio: folios[index].folio, reason: .routine), options: .write())
        }
        // Any delay that the server's own looks allow.
        clinic.clock.advance(.milliseconds(chance.below(5000)))
        try await clinic.settle()
      }
      clinic.clock.advance(.seconds(300))
      try await clinic.settle()
      for wait in try await Self.waits(clinic) { #expect(wait.map { 0 <= $0 && $0 <= 5 * 60_000 } == true, "seed \(seed)") }
      #expect(AgendaKeeper.patience < .seconds(300))
    }
  }

  /// Milliseconds from when each place of the day was left to when it was first offered, 0 for one that was anybody's at once; `nil` for one
  /// that is kept and was offered to nobody.
  static func waits(_ clinic: TestClinic) async throws -> [Int64?] {
    try await clinic.store.read { reader throws(StoreFault) in
      var waits: [Int64?] = []
      for (place, _) in try reader.freedPlaces(on: .fixture) {
        let first = try reader.offers(of: place.id).first
        waits.append(first.map { $0.offeredAt.milliseconds - place.freedAt.milliseconds } ?? (place.state == .offered ? nil : 0))
      }
      return waits
    }
  }
}
