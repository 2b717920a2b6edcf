import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("Series in the store")
struct SeriesStoreTests {
  let folder = TemporaryFolder()

  static let rules = ClinicRules.fixture { clinic in
    clinic.series.programs = [
      SeriesProgram(code: SeriesCode("prenatal"), service: .familyMedicine, toleranceDays: 5, plan: .prenatal(weeks: [8, 12, 16])),
      SeriesProgram(
        code: SeriesCode("cronicos"), service: .familyMedicine, toleranceDays: 7,
        plan: .periodic(
          PeriodicRule(everyMonths: 3, prescriptions: PrescriptionRule(count: 3, everyDays: 30, businessDays: 5, lapses: true)))),
    ]
  }

  static func start(_ number: UInt8, _ program: String = "prenatal", of patient: Patient = .ana, content: UInt8 = 0) -> StoreCommand {
    .request(
      number, content: content,
      .series(.start(
        StartSeries(
          actor: .staff(StaffName("uid:7")!, .routine), patient: patient.id, program: SeriesCode(program),
          anchor: CivilDate(iso: program == "prenatal" ? "2026-10-05" : "2026-11-23")!))))
  }

  static func place(_ number: Int, _ to: String?, series: Int64 = 1, seed: UInt64 = 5) -> StoreCommand {
    StoreCommand(
      requestID: nil, digest: [],
      command: .series(.place(PlaceActivity(series: series, number: number, to: to.map { SlotChoice($0) }, folioSeed: seed << 40))),
      encodeReply: { _ in [] })
  }

  @Test("A series and what is due in it outlive a server that is killed; a repeated request changes nothing")
  func killed() throws {
    var core = try StoreCore.open(folder, rules: Self.rules)
    _ = try core.apply(.people([.ana, .beto]))
    let first = try core.apply(Self.start(1))
    guard case .granted(.series(let outcome), _) = first else { Issue.record("\(first)"); return }
    #expect(outcome.activities.map(\.due) == ["2026-11-30", "2026-12-28", "2027-01-25"].map { CivilDate(iso: $0)! })
    #expect(try core.apply(Self.place(1, "C1 2026-11-30 08:00")) != first)
    let rows = try core.history().map { "\($0.act.rawValue) \($0.object)" }
    #expect(rows.suffix(6) == [
      "start-series care_series:1", "start-series series_activity:1:1", "start-series series_activity:1:2", "start-series series_activity:1:3",
      "place-activity appointment:\(Folio.seeded(5).number)", "place-activity series_activity:1:1",
    ])
    let dump = try core.dumpSHA256()
    core.abandon()
    core = try StoreCore.open(folder, rules: Self.rules)
    #expect(try core.dumpSHA256() == dump && core.check() == [])
    #expect(try core.apply(Self.start(1)) == .repeated(reply: Array("ok".utf8)))
    #expect(try core.apply(Self.start(1, content: 9)) == .conflictingRepeat)
    #expect(try core.apply(Self.start(2)).refusal == .series(.alreadyActive(1)))
    #expect(try core.dumpSHA256() == dump)
    core.close()
    // Whoever changes a row behind the server's back is found.
    Shell.run("UPDATE series_activity SET due = due + 1 WHERE number = 2", on: folder.file)
    #expect(try StoreVerification(path: folder.file).findings.contains { $0.text.contains("series_activity:1:2") })
  }

  @Test("A place is not given twice: somebody who was faster has it, and the activity waits; an alert is raised once")
  func faster() throws {
    let core = try StoreCore.open(folder, rules: Self.rules)
    defer { core.close() }
    _ = try core.apply(.people([.ana, .beto]))
    _ = try core.apply(Self.start(1))
    _ = try core.apply(.request(2, .book("C1 2026-11-30 08:00", for: .beto)))
    #expect(try core.apply(Self.place(1, "C1 2026-11-30 08:00")).refusal == .slotTaken(by: .seeded(1)))
    #expect(try core.apply(Self.place(1, "C1 2026-12-15 08:00")).refusal == .beyondHorizon(last: CivilDate(iso: "2026-12-05")!))
    for round in 1...2 {
      guard case .granted(.series(let outcome), _) = try core.apply(Self.place(1, nil)) else { Issue.record("refused"); return }
      #expect(outcome.activities.map(\.status) == [.onHold])
      #expect(try core.history().count { $0.act == .placeActivity } == 1, "round \(round)")
    }
    guard case .granted(.series(let placed), _) = try core.apply(Self.place(1, "C1 2026-11-30 08:15")) else { Issue.record("refused"); return }
    #expect(placed.activities.map(\.status) == [.scheduled] && placed.activities[0].alertedAt == nil)
    #expect(core.check() == [])
  }

  @Test("A store of the fifth shape, with people and appointments in it, opens and takes a series")
  func migration() throws {
    let old = try StoreCore.fixture(folder)
    _ = try old.apply(.request(1, .book("C1 2026-11-24 08:00")))
    old.close()
    #expect(Shell.run(OlderShape.back(to: 5), on: folder.file) == nil)
    let core = try StoreCore.open(folder, rules: Self.rules)
    defer { core.close() }
    #expect(core.check() == [])
    #expect(try core.allAppointments().map(\.folio) == [.seeded(1)])
    guard case .granted = try core.apply(Self.start(2, "cronicos")) else { Issue.record("refused"); return }
    #expect(core.check() == [])
  }
}
