import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("The register of legados, and the nights")
struct RegisterMethodsTests {
  static func add(_ clinic: TestClinic, due: String = "2026-12-31", evidence: [String] = ["Acta 12"]) async throws -> Wire.Legado {
    try await clinic.register().addLegado(
      .init(title: "Unifila en toda la unidad", owner: "Dirección", dueDate: due, evidence: evidence), options: .write()
    ).legado!
  }

  @Test("P41: title, owner, evidence, due date and status history over the wire; nothing is lost, and the chain verifies", arguments: Depth.allCases)
  func register(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let legado = try await Self.add(clinic)
      #expect(legado.status == .planned && legado.evidenceCount == 1 && !legado.overdue)
      _ = try await clinic.register().addEvidence(.init(legado: legado.id, reference: "Foto 3"), options: .write())
      _ = try await clinic.register().setStatus(
        .init(legado: legado.id, status: .inProgress, note: "Empezó", dueDate: "2027-01-15"), options: .write())
      _ = try await clinic.register().setStatus(.init(legado: legado.id, status: .fulfilled, note: "Terminó"), options: .write())
      let whole = try await clinic.register().getLegado(.init(legado: legado.id))
      #expect(whole.evidence.map(\.reference) == ["Acta 12", "Foto 3"])
      #expect(whole.history.map { [$0.dueDate, $0.note] } == [
        ["2026-12-31", "Registro del legado."], ["2027-01-15", "Empezó"], ["2027-01-15", "Terminó"],
      ])
      #expect(whole.history.map(\.status) == [.planned, .inProgress, .fulfilled])
      #expect(try await clinic.register().listLegados(.init()).legados == [whole.legado!])
      let over = try await status { () throws(RPCError) in
        try await clinic.register().setStatus(.init(legado: legado.id, status: .cancelled, note: "No"), options: .write())
      }
      #expect(over.code == .failedPrecondition)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A legado without evidence is refused; one past its date reaches the director")
  func overdue() async throws {
    try await withClinic { clinic in
      let refused = await #expect(throws: RPCError.self) { try await Self.add(clinic, evidence: []) }
      #expect(refused == .field("evidence", "un legado lleva de una a 16 evidencias"))
      let legado = try await Self.add(clinic, due: "2026-11-24")
      let keeper = DutyKeeper(clinic.counter)
      _ = try await keeper.look()
      #expect(try await clinic.dutyAlerts(.director).isEmpty)
      clinic.clock.advance(.seconds(2 * 86_400))
      _ = try await keeper.look()
      #expect(try await clinic.dutyAlerts(.director).map(\.object) == ["legado:\(legado.id)"])
      #expect(try await clinic.register().listLegados(.init(overdueOnly: true)).legados.map(\.id) == [legado.id])
    }
  }

  @Test("P37: each night the server checks that no slot was given out of order without its row, keeps the result and shows it to staff")
  func nights() async throws {
    try await withClinic { clinic in
      let keeper = DutyKeeper(clinic.counter)
      // It is 07:00; the night to come is at 03:00.
      #expect(try await keeper.look() == 0)
      clinic.clock.advance(.seconds(20 * 3600))
      #expect(try await keeper.look() == 1)
      #expect(try await keeper.look() == 0)
      let night = try #require(try await clinic.register(.technician).listNightlyChecks(.init()).checks.first)
      #expect(night.problems.isEmpty && night.lastRow > 0)
      clinic.clock.advance(.seconds(86_400))
      #expect(try await keeper.look() == 1)
      let now = try #require(try await clinic.register().runNightlyCheck(.init(), options: .write()).check)
      #expect(now.id == 3 && now.problems.isEmpty)
      #expect(try await clinic.register().listNightlyChecks(.init()).checks.map(\.id) == [3, 2, 1])
      let denied = try await status { () throws(RPCError) in try await clinic.register(.kiosk).runNightlyCheck(.init(), options: .write()) }
      #expect(denied.code == .permissionDenied)
    }
  }
}

@Suite("A night that finds something")
struct FailingNightTests {
  @Test("P37: what somebody changed behind the server's back is kept with its night, shown to staff, and an alert of the director's", arguments: Depth.allCases)
  func failing(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let booked = try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.ana))
      let folio = try #require(Folio(booked.folio)).number
      let keeper = DutyKeeper(clinic.counter)
      #expect(try await keeper.look() == 0)
      #expect(BehindTheServer.run("UPDATE appointment SET lane = 1 WHERE folio = \(folio)", on: clinic.folder + "/clinic.sqlite") == nil)
      clinic.clock.advance(.seconds(20 * 3600))
      #expect(try await keeper.look() == 1)
      let night = try #require(try await clinic.register(.technician).listNightlyChecks(.init()).checks.first)
      let beside = "La cita \(folio) está junto a otra en el mismo lugar, y la bitácora no dice quién la puso ni por qué."
      #expect(night.problems.contains(beside), "\(night.problems)")
      let alert = try #require(try await clinic.dutyAlerts(.director).first)
      #expect(alert.object == "nightly_check:\(night.id)")
      #expect(alert.text.hasPrefix("La revisión de la noche encontró problemas (revisión \(night.id))."), "\(alert.text)")
      // One alert a night, and none for a night that finds nothing new to say of.
      #expect(try await keeper.look() == 0)
      let now = try #require(try await clinic.register().runNightlyCheck(.init(), options: .write()).check)
      #expect(now.problems.contains(beside) && now.id == night.id + 1)
    }
  }
}

@Suite("A place beyond the agenda, over the wire")
struct OverrideMethodTests {
  @Test("P38: a cap is exceeded only by an override that says who and why", arguments: Depth.allCases)
  func override(depth: Depth) async throws {
    let rules = ClinicRules.fixture { $0.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)]), places: 1)] }
    try await withClinic(depth, rules: rules) { clinic in
      try await clinic.occupy("C1 2026-11-24 08:15")
      let token = try await clinic.session(.ana, at: .staff)
      let full = try await status { () throws(RPCError) in
        try await clinic.appointments(.staff).book(
          .init(sessionToken: token, what: .slot(Wire.SlotChoice("C1 2026-11-24 08:30"))), options: .write())
      }
      #expect(full.refusal?.reason == .turnoFull)
      func override(_ slot: String, _ reason: Wire.StaffReason) async throws(RPCError) -> Wire.Appointment? {
        try await clinic.agenda().override(
          .init(sessionToken: token, slot: Wire.SlotChoice(slot), reason: reason), options: .write()
        ).appointment
      }
      let silent = try await status { () throws(RPCError) in try await override("C1 2026-11-24 08:30", .unspecified) }
      #expect(silent.code == .invalidArgument && silent.message.hasPrefix("reason: diga por qué"))
      let given = try #require(try await override("C1 2026-11-24 08:15", .medicalPriority))
      #expect(given.status == .booked && given.slot?.place == "C1 2026-11-24 495")
      let change = try #require(try await clinic.agenda().history(.init(folio: given.folio)).changes.first)
      #expect([change.act, change.reason] == ["override-cap", "medical-priority"])
      #expect(change.text.contains("se dio un lugar por encima de lo que permite la agenda, por el personal"))
      let denied = try await status { () throws(RPCError) in
        try await clinic.agenda(.kiosk).override(
          .init(sessionToken: token, slot: Wire.SlotChoice("C1 2026-11-24 09:00"), reason: .emergency), options: .write())
      }
      #expect(denied.code == .permissionDenied)
      #expect(try await clinic.store.check() == [])
    }
  }
}
