import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@Suite("The register of legados")
struct LegadoTests {
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)

  static func scope(_ status: Legado.Status, due: String = "2026-12-31", alerts: [DutyAlert] = []) -> CommandScope {
    var scope = CommandScope()
    let legado = Legado(id: 3, title: "Unifila en toda la unidad", owner: "Dirección", addedAt: .fixture, addedBy: "uid:1000")
    let last = LegadoEntry(id: 5, legado: 3, status: status, due: CivilDate(iso: due)!, note: "x", addedAt: .fixture, addedBy: "uid:1000")
    scope.duty.legado = LegadoStanding(legado: legado, last: last, evidenceCount: 1)
    scope.duty.nextEntry = 6
    scope.duty.nextEvidence = 2
    scope.duty.alerts = alerts
    return scope
  }

  @Test("It is added with its evidence and its first status in one decision, by staff alone")
  func added() throws {
    func add(_ actor: Actor) throws(CommandRefusal) -> Decision<DutyOutcome> {
      try AddLegado(
        actor: actor, title: "Rampa en la entrada", owner: "Conservación", due: CivilDate(iso: "2027-03-01")!, evidence: ["Acta 12", "Foto 3"]
      ).decide(in: CommandScope(), at: .fixture)
    }
    let added = try add(Self.staff)
    #expect(added.changes.count == 4)
    #expect(added.outcome.legado?.evidenceCount == 2 && added.outcome.legado?.last.status == .planned)
    #expect(added.outcome.legado?.last.addedBy == "uid:1000")
    #expect(throws: CommandRefusal.notAllowed) { try add(.person(Patient.ana.id)) }
  }

  @Test("What is over has no further status; what is under way does not begin again", arguments: [
    (.planned, [.planned, .inProgress, .fulfilled, .cancelled]),
    (.inProgress, [nil, .inProgress, .fulfilled, .cancelled]),
    (.fulfilled, [nil, nil, nil, nil]),
    (.cancelled, [nil, nil, nil, nil]),
  ] as [(Legado.Status, [Legado.Status?])])
  func statuses(from: Legado.Status, to expected: [Legado.Status?]) {
    let reached = Legado.Status.allCases.map { status in
      (try? SetLegadoStatus(actor: Self.staff, legado: 3, status: status, note: "Avance", due: nil)
        .decide(in: Self.scope(from), at: .fixture))?.outcome.legado?.last.status
    }
    #expect(reached == expected)
  }

  @Test("One past its date is the director's, until it is over or has another date")
  func overdue() throws {
    let raise = RaiseAlert(.legadoOverdue, .legado(3))
    #expect(raise.decide(in: Self.scope(.inProgress, due: "2026-11-23"), rules: .fixture(), at: .fixture).outcome.alert == nil)
    let alert = try #require(raise.decide(in: Self.scope(.inProgress, due: "2026-11-22"), rules: .fixture(), at: .fixture).outcome.alert)
    #expect(alert.owner == .director)
    #expect(raise.decide(in: Self.scope(.fulfilled, due: "2026-11-22"), rules: .fixture(), at: .fixture).outcome.alert == nil)
    func set(_ due: String?) throws -> [AgendaChange] {
      try SetLegadoStatus(actor: Self.staff, legado: 3, status: .inProgress, note: "Avance", due: due.flatMap { CivilDate(iso: $0) })
        .decide(in: Self.scope(.inProgress, due: "2026-11-22", alerts: [alert]), at: .fixture).changes
    }
    #expect(try set(nil).count == 1)
    #expect(try set("2027-01-15").count == 2)
  }
}
