import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Permissions, birth plans and newborns in the store")
struct ProxyStoreTests {
  let folder = TemporaryFolder()
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)

  static func grant(_ rights: ProxyRights, to grantee: Patient = .dario) -> Command {
    .proxy(.grant(
      GrantProxy(actor: .person(Patient.ana.id), grantor: Patient.ana.id, grantee: grantee.id, rights: rights, channel: .kiosk)))
  }

  static func revoke(_ id: Int64?) -> Command {
    .proxy(.revoke(RevokeProxy(actor: .person(Patient.ana.id), grantor: Patient.ana.id, id: id, channel: .kiosk)))
  }

  static func book(by actor: Patient, _ slot: String, seed: UInt64) -> Command {
    let choice = SlotChoice(slot)
    return .book(
      BookAppointment(
        actor: .person(actor.id), patient: Patient.ana.id, what: .slot(.familyMedicine, choice), channel: .kiosk, folioSeed: seed << 40))
  }

  static func newborn(seed: UInt64 = 7) -> Command {
    .proxy(.newborn(
      RegisterNewborn(actor: staff, mother: Patient.ana.id, birthDate: .fixture, given: nil, numberSeed: seed)))
  }

  @Test("A permission opens the next command and its revocation closes the one after, in one batch too; the history says who did what for whom")
  func atOnce() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let before = core.head.seq
    #expect(try core.apply(.request(1, Self.book(by: .dario, "C1 2026-11-24 08:15", seed: 1))).refusal == .notAllowed)
    let outcomes = try core.apply(
      [
        .request(2, Self.grant([.see, .book])), .request(3, Self.book(by: .dario, "C1 2026-11-24 08:15", seed: 1)),
        .request(4, Self.revoke(1)), .request(5, Self.book(by: .dario, "C2 2026-11-25 08:15", seed: 2)),
      ], at: .fixture)
    #expect(outcomes.map(\.refusal) == [nil, nil, nil, .notAllowed])
    #expect(try core.history(after: before).map { [$0.actor, $0.act.rawValue, $0.object] } == [
      ["person:1", "grant-proxy", "proxy:1"], ["person:4", "book", "appointment:\(Folio.seeded(1).number)"],
      ["person:1", "revoke-proxy", "proxy:1"],
    ])
    #expect(core.check() == [])
  }

  @Test("What is granted again is a row of its own, what is revoked stays revoked, and nothing is deleted behind the server's back unseen")
  func rows() throws {
    let core = try StoreCore.fixture(folder)
    let all: [ProxyRights] = [.see, [.see, .book], .plan]
    for (number, rights) in all.enumerated() {
      #expect(try core.apply(.request(UInt8(number + 1), Self.grant(rights))).refusal == nil)
    }
    core.close()
    let kept = "SELECT count(*) || ' ' || count(revoked_at) FROM proxy"
    #expect(try Self.text(kept, folder) == "3 2")
    #expect(Shell.run("DELETE FROM proxy WHERE id = 1", on: folder.file) == "a permission is revoked, not deleted")
    #expect(Shell.run("UPDATE proxy SET revoked_at = NULL WHERE id = 1", on: folder.file) == "what is revoked stays so")
    #expect(try StoreVerification(path: folder.file).findings == [])
    #expect(Shell.run("UPDATE proxy SET rights = 31 WHERE id = 3", on: folder.file) == nil)
    #expect(try StoreVerification(path: folder.file).findings.contains { $0.text.contains("El permiso 3") })
  }

  private static func text(_ sql: String, _ folder: TemporaryFolder) throws -> String {
    let core = try StoreCore.open(folder)
    defer { core.close() }
    return try core.connection.texts(sql).first ?? ""
  }

  @Test("Every version of a birth plan stays, and a repeated request makes none")
  func plans() throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.birthPlan = BirthPlanForm(notice: "M.", items: [.init(code: "dolor", text: "D."), .init(code: "cordon", text: "C.")])
    }
    let core = try StoreCore.open(folder, rules: rules)
    _ = try core.apply([.people([.ana])], at: .fixture)
    defer { core.close() }
    func record(_ item: String, _ answer: BirthPlan.Answer) -> Command {
      .proxy(.plan(
        RecordBirthPlan(actor: .person(Patient.ana.id), patient: Patient.ana.id, lines: [.init(item, answer)], channel: .kiosk)))
    }
    for (number, answer) in [BirthPlan.Answer.yes, .no, .no, .talk].enumerated() {
      #expect(try core.apply(.request(UInt8(number + 1), record("dolor", answer))).refusal == nil)
    }
    _ = try core.apply(.request(4, record("dolor", .talk)))
    _ = try core.apply(.request(9, record("cordon", .yes)))
    #expect(try core.connection.texts("SELECT version || ' ' || replace(answers, char(10), ',') FROM birth_plan ORDER BY version") == [
      "1 dolor=yes", "2 dolor=no", "3 dolor=talk", "4 dolor=talk,cordon=yes",
    ])
    #expect(core.check() == [])
  }

  @Test("A newborn is a person with a number of their own, whom their mother alone acts for; they outlive a restart")
  func newborns() throws {
    let core = try StoreCore.fixture(folder)
    for number: UInt8 in 1...2 { #expect(try core.apply(.request(number, Self.newborn())).refusal == nil) }
    core.close()
    let again = try StoreCore.open(folder)
    defer { again.close() }
    #expect(again.check() == [])
    #expect(try again.connection.texts("SELECT given || ' ' || needs || ' ' || ifnull(nss, '-') FROM patient WHERE needs <> '' ORDER BY id") == [
      "Recién nacido 1 recien_nacido -", "Recién nacido 2 recien_nacido -",
    ])
    let child = try PatientID(rawValue: again.connection.integer("SELECT child FROM newborn WHERE ordinal = 2"))
    func book(_ actor: Patient, _ seed: UInt64) -> Command {
      .book(
        BookAppointment(
          actor: .person(actor.id), patient: child, what: .slot(.familyMedicine, SlotChoice("C1 2026-11-24 08:15")), channel: .kiosk,
          folioSeed: seed << 40))
    }
    #expect(try again.apply(.request(3, book(.beto, 1))).refusal == .notAllowed)
    #expect(try again.apply(.request(4, book(.ana, 2))).appointment?.patient == child)
  }

  @Test("A store of the shape before opens with its rows, and has room for permissions")
  func migration() throws {
    let first = try StoreCore.fixture(folder)
    let booked = try #require(try first.apply(.request(1, .book("C1 2026-11-24 08:15"))).appointment)
    first.close()
    #expect(Shell.run(OlderShape.back(to: 11), on: folder.file) == nil)
    let core = try StoreCore.open(folder)
    defer { core.close() }
    #expect(core.check() == [])
    #expect(try core.allAppointments() == [booked])
    #expect(try core.apply(.request(2, Self.grant(.see))).refusal == nil)
  }
}
