import ClinicDomain
import ClinicStore
import Foundation
import KioskServices
import KioskTestSupport
import Logging
import Scheduling
import Synchronization
import TTRPCCore
import Testing

@testable import KioskServer

@Suite("Sheets that the server writes by itself")
struct SheetKeeperTests {
  @Test("Each round once, whole or not at all, with folios that stay; what begins later comes with the next round")
  func rounds() async throws {
    let folder = try FreshFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let time = Mutex(Instant.fixture.adding(seconds: -60))
    let now: @Sendable () -> Instant = { time.withLock { $0 } }
    var options = StoreOptions()
    options.reserveBytes = 0
    let rules = ClinicRules.fixture()
    let store = try ClinicStore(path: folder + "/clinic.sqlite", rules: rules, options: options, clock: now)
    let counter = Counter(
      store: store, rules: rules, sessions: SessionRegistry(),
      clock: ServiceClock(now: now, monotonic: { MonotonicTime(nanoseconds: 1) }))
    let sheets = "\(folder)/hojas"
    let keeper = SheetKeeper(
      counter: counter, schedule: SheetSchedule(hours: [.init(minutes: 420)!, .init(minutes: 780)!], blankRows: 5), folder: sheets, now: now,
      logger: Logger(label: "hojas"))
    #expect(try await keeper.look() == nil)
    // A server that was killed while it wrote.
    try FileManager.default.createDirectory(atPath: "\(sheets)/.2026-11-23-0700.en-curso", withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: "\(sheets)/.2026-11-23-0700.en-curso/C9-matutino.txt"))
    time.withLock { $0 = .fixture }
    #expect(try await keeper.look() == "2026-11-23-0700")
    #expect(try FileManager.default.contentsOfDirectory(atPath: sheets) == ["2026-11-23-0700"])
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(sheets)/2026-11-23-0700").sorted()
    #expect(files == ["C1", "C2", "C3", "C4", "V1"].flatMap { ["\($0)-matutino-1.svg", "\($0)-matutino.txt"] })
    let text = try String(contentsOfFile: "\(sheets)/2026-11-23-0700/C1-matutino.txt", encoding: .utf8)
    let rows = try await store.read { reader throws(StoreFault) in try reader.paperRows(on: .fixture, of: .c(1)) }
    #expect(rows.count == 5 && rows.allSatisfy { text.contains($0.folio.spoken) })
    #expect(try await keeper.look() == nil)
    time.withLock { $0 = Instant.fixture.adding(seconds: 6 * 3600) }
    #expect(try await keeper.look() == "2026-11-23-1300")
    let noon = try FileManager.default.contentsOfDirectory(atPath: "\(sheets)/2026-11-23-1300")
    #expect(Set(noon.map { String($0.prefix(2)) }) == ["C1", "C2", "C3"] && noon.allSatisfy { $0.contains("vespertino") })
    #expect(try await store.read { reader throws(StoreFault) in try reader.paperRows(on: .fixture) }.count == 5 * 8)
    await store.close()
  }
}
