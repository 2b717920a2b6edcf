import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Referrals, alerts, legados and nights in the store")
struct DutyStoreTests {
  let folder = TemporaryFolder()
  static let staff = Actor.staff(StaffName("uid:1000")!, .routine)

  static func legado(_ title: String = "Rampa en la entrada", evidence: [String] = ["Acta 12"]) -> Command {
    .duty(.addLegado(AddLegado(actor: staff, title: title, owner: "Conservación", due: CivilDate(iso: "2027-03-01")!, evidence: evidence)))
  }

  static func refer(_ seed: UInt64 = 1, kind: Referral.Kind = .consultation) -> Command {
    .duty(.refer(
      CreateReferral(
        actor: staff, patient: Patient.ana.id, kind: kind, specialty: "cardiologia", destination: "HGZ 32", folioSeed: seed << 40)))
  }

  @Test("P41: every legado has at least one piece of evidence and a status, and the hash chain of its history verifies; what is tampered is named")
  func register() throws {
    let core = try StoreCore.fixture(folder)
    _ = try core.apply(.request(1, Self.legado(evidence: ["Acta 12", "Foto 3"])))
    _ = try core.apply(.request(2, Self.legado("Unifila")))
    let set = SetLegadoStatus(actor: Self.staff, legado: 1, status: .inProgress, note: "Obra empezada", due: nil)
    #expect(try core.apply(.request(3, .duty(.setStatus(set)))).duty?.legado?.last.status == .inProgress)
    let add = AddLegadoEvidence(actor: Self.staff, legado: 2, reference: "Acta 14")
    #expect(try core.apply(.request(4, .duty(.addEvidence(add)))).duty?.legado?.evidenceCount == 2)
    #expect(core.check() == [])
    core.close()
    #expect(try StoreVerification(path: folder.file).findings == [])
    let whole = folder.bytes("clinic.sqlite")
    // With the triggers nothing is changed; who drops them is named.
    for sql in ["UPDATE legado SET title = 'Otra'", "DELETE FROM legado_evidence", "UPDATE legado_entry SET status = 'fulfilled'", "DELETE FROM legado"] {
      #expect(Shell.run(sql, on: folder.file) == "the register is append-only", "\(sql)")
    }
    for (sql, expected) in [
      ("DROP TRIGGER legado_fixed; UPDATE legado SET title = 'Otra' WHERE id = 1", "El legado 1 no es como la dejó"),
      ("DROP TRIGGER legado_entry_fixed; UPDATE legado_entry SET status = 'fulfilled' WHERE id = 3", "El estado 3 de un legado no es como"),
      ("DROP TRIGGER legado_evidence_kept; DELETE FROM legado_evidence WHERE legado = 1", "La evidencia 1 de un legado está en la bitácora y no en la base"),
      ("INSERT INTO legado VALUES (9, 'Puesto aparte', 'x', 1, 'x', 0)", "El legado 9 está en la base sin que la bitácora diga quién la puso."),
      ("DROP TRIGGER legado_entry_kept; DELETE FROM legado_entry WHERE legado = 2", "El legado 2 no tiene evidencia o no tiene estado."),
    ] {
      folder.write(whole, to: "clinic.sqlite")
      #expect(Shell.run(sql, on: folder.file) == nil)
      let found = try StoreVerification(path: folder.file).findings.map(\.text)
      #expect(found.contains { $0.hasPrefix(expected) }, "\(sql): \(found)")
    }
  }

  @Test("Nobody is told twice of one thing, a repeat is answered alike, and each change has its row of the history")
  func alerts() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let made = try core.apply(.request(1, Self.refer()))
    #expect(made.duty?.referral?.folio == .seeded(1))
    guard case .repeated = try core.apply(.request(1, Self.refer())) else { return #expect(Bool(false), "not repeated") }
    // The seed's first folio is another referral's by now.
    #expect(try core.apply(.request(2, Self.refer())).duty?.referral?.folio != .seeded(1))
    let late = Instant.fixture.adding(seconds: 1800)
    let raise = Command.duty(.raise(RaiseAlert(.referralWithoutDate, .referral(.seeded(1)))))
    let before = core.head.seq
    for number: UInt8 in 3...5 { #expect(try core.apply(.request(number, raise), at: late).duty?.alert?.id == 1) }
    #expect(core.head.seq == before + 1)
    #expect(try core.history(after: before).map { [$0.actor, $0.act.rawValue, $0.object] } == [["system", "raise-alert", "duty_alert:1"]])
    let acknowledged = try core.apply(
      .request(6, .duty(.acknowledge(TakeOnAlert(actor: Self.staff, alert: 1)))), at: late)
    #expect(acknowledged.duty?.alert?.acknowledgedBy == "uid:1000")
    #expect(core.check() == [])
  }

  @Test("A store of the version before opens with its rows, and has room for what the clinic owes")
  func migration() throws {
    let core = try StoreCore.fixture(folder)
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    core.close()
    #expect(Shell.run(OlderShape.back(to: 6), on: folder.file) == nil)
    let again = try StoreCore.open(folder)
    defer { again.close() }
    #expect(again.check() == [])
    #expect(try again.allAppointments().map(\.folio) == [.seeded(1)])
    #expect(try again.apply(.request(2, Self.refer())).duty?.referral != nil)
    #expect(again.check() == [])
  }
}

@Suite("What a night's check finds")
struct NightlyCheckTests {
  let folder = TemporaryFolder()

  /// C1's morning of eight slots sees seven, and has seven.
  func filled() throws -> StoreCore {
    let people = (1...12).map { Patient.fixture(Int64($0), nss: nil, consultorio: nil, turno: nil) }
    let core = try StoreCore.open(.file(folder.file), rules: CapTests.rules, options: .small, at: .fixture)
    _ = try core.apply([.people(people)], at: .fixture)
    for number: UInt8 in 1...7 {
      let minute = AgendaMinute(minutes: 465 + 15 * Int(number))!
      #expect(try core.apply(.request(number, .book("C1 2026-11-24 \(minute)", for: people[Int(number)], seed: UInt64(number)))).appointment != nil)
    }
    return core
  }

  static let override = OverrideCap(
    actor: .staff(StaffName("uid:1000")!, .medicalPriority), patient: PatientID(rawValue: 9), service: .familyMedicine,
    choice: SlotChoice("C1 2026-11-24 08:15"), folioSeed: 90 << 40)

  @Test("With an audited override beyond the cap all is well")
  func audited() throws {
    let core = try filled()
    defer { core.close() }
    #expect(try core.apply(.request(20, .book("C1 2026-11-24 09:45", for: .fixture(10, nss: nil), seed: 20))).refusal == .turnoFull(cap: 7))
    let given = try core.apply(.request(21, .override(Self.override)))
    #expect(given.appointment?.lane == 1)
    let row = try #require(try core.history().last)
    #expect([row.actor, row.act.rawValue, row.reason] == ["staff:uid:1000", "override-cap", "medical-priority"])
    #expect(core.checkNight(at: .fixture) == [])
    #expect(core.check() == [])
  }

  /// What somebody does who holds the file, with the history's rows beside the change left as they are, or written to fit; and what is said.
  @Test("P37: any slot given out of order without its row of the history makes the nightly check fail", arguments: [
    ("beside", "La cita \(Folio.seeded(3).number) está junto a otra en el mismo lugar, y la bitácora no dice quién la puso ni por qué."),
    ("beyond", "hay 8 personas con un tope de 7, y la bitácora solo explica 0 de más."),
    ("swapped", "La cita \(Folio.seeded(2).number) no es como la dejó el último cambio de la bitácora."),
    ("put in", "La cita \(Folio.seeded(50).number) está en la base sin que la bitácora diga quién la puso."),
    ("handed on", "El lugar que otra persona dejó pasó a la cita \(Folio.seeded(4).number) sin que la bitácora diga cómo."),
  ])
  func outOfOrder(kind: String, expected: String) throws {
    let core = try filled()
    // A place is left, and kept for those who wait.
    if kind == "handed on" { _ = try core.apply(.request(30, .cancel(.seeded(7), by: .fixture(8, nss: nil)))) }
    if kind == "beyond" { _ = try core.apply(.request(31, .override(Self.override))) }
    #expect(core.checkNight(at: .fixture) == [])
    core.close()
    let insert = """
      INSERT INTO appointment SELECT \(Folio.seeded(50).number), 10, service, turno, resource, day, lane, 585, 600, status, channel, hold_expires_at,
        cancellation, created_at, changed_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0 FROM appointment WHERE folio = \(Folio.seeded(1).number)
      """
    let sql = switch kind {
    case "beside": "UPDATE appointment SET lane = 1 WHERE folio = \(Folio.seeded(3).number)"
    case "beyond": "DROP TRIGGER audit_keeps_content; UPDATE audit SET act = 'book' WHERE act = 'override-cap'"
    case "swapped": "UPDATE appointment SET patient = 10 WHERE folio = \(Folio.seeded(2).number)"
    case "put in": insert
    default: "UPDATE freed_place SET state = 'given', taken_by = \(Folio.seeded(4).number)"
    }
    #expect(Shell.run(sql, on: folder.file) == nil)
    let again = try StoreCore.open(.file(folder.file), rules: CapTests.rules, options: .small, at: .fixture)
    defer { again.close() }
    let found = again.checkNight(at: .fixture).map(\.text)
    #expect(found.contains { $0.hasSuffix(expected) }, "\(found)")
  }
}

extension StoreOutcome {
  /// What a command about a duty gave.
  fileprivate var duty: DutyOutcome? {
    if case .granted(.duty(let duty), _) = self { duty } else { nil }
  }
}
