import CCrashVFS
import ClinicDomain
import ClinicStore
import KioskTestSupport
import Testing

@Suite("Losing the power")
struct CrashTests {
  static let models = [CRASH_DROP, CRASH_PREFIX, CRASH_SUBSET, CRASH_TORN, CRASH_NOISE, CRASH_KEEP]

  struct Tally: Equatable {
    var cuts = 0
    var told = 0
    var broken = 0
    var examples: [String] = []
  }

  /// Cuts the power at a random operation of each cycle; every sixth cut already while the file is being made.
  static func cut(_ count: Int, seed: UInt64, directory: crash_directory, lying: Bool = false) -> Tally {
    var tally = Tally()
    var chance = SeededGenerator(seed: seed)
    while tally.cuts < count {
      let disk = CrashDisk(seed: chance.next(), directory: directory)
      crash_vfs_lie_about_sync(disk.handle, lying ? 1 : 0)
      var cycle = CrashCycle(disk: disk, seed: chance.next())
      if tally.cuts.isMultiple(of: 6) { crash_vfs_cut_after(disk.handle, Int64(chance.within(1...40))) }
      if let core = try? disk.open() {
        if (try? core.apply([StoreSimulation.arrival], at: .fixture)) != nil {
          if !tally.cuts.isMultiple(of: 6) { crash_vfs_cut_after(disk.handle, Int64(chance.within(1...130))) }
          _ = cycle.work(on: core)
        }
        core.close()
      }
      guard crash_vfs_is_cut(disk.handle) == 1 else { continue }
      crash_vfs_restart(disk.handle, models[tally.cuts % models.count])
      crash_vfs_lie_about_sync(disk.handle, 0)
      tally.cuts += 1
      tally.told += cycle.told.count
      let broken = cycle.audit()
      if !broken.isEmpty { tally.broken += 1 }
      if tally.examples.count < 5 { tally.examples += broken.prefix(1).map { "cut \(tally.cuts): \($0)" } }
    }
    return tally
  }

  @Test("3,000 power cuts lose no acknowledged request and damage nothing", arguments: 0..<6)
  func cuts(part: UInt64) {
    let directory = part.isMultiple(of: 2) ? CRASH_ORDERED_METADATA : CRASH_POSIX
    let tally = Self.cut(500, seed: 2026 + part, directory: directory)
    #expect(tally.broken == 0, "\(tally.examples)")
    #expect(tally.cuts == 500 && tally.told > 1500, "\(tally)")
  }

  @Test("A disk that lies about syncing is found out in at least 30 % of the cuts")
  func canary() {
    let tally = Self.cut(120, seed: 7, directory: CRASH_ORDERED_METADATA, lying: true)
    #expect(tally.broken >= 36, "\(tally)")
  }

  @Test("One failed write or sync is told, and nothing acknowledged is lost, with a power cut on top",
    arguments: [CRASH_FAULT_FULL, CRASH_FAULT_WRITE, CRASH_FAULT_SYNC])
  func faults(fault: crash_fault) throws {
    for number in 1...100 {
      let disk = CrashDisk(seed: UInt64(number))
      let core = try disk.open()
      _ = try core.apply([StoreSimulation.arrival], at: .fixture)
      var cycle = CrashCycle(disk: disk, seed: UInt64(number) &* 77)
      crash_vfs_fail_once(disk.handle, Int64(number % 60 + 1), fault)
      let told = cycle.work(on: core)
      if let told {
        #expect(told.kind == (fault == CRASH_FAULT_FULL ? .full : told.operation == "COMMIT" ? .unknownOutcome : .broken))
        #expect((core.standing == nil) == (fault == CRASH_FAULT_FULL), "\(told)")
      }
      if number.isMultiple(of: 2) {
        crash_vfs_cut_after(disk.handle, 1)
        core.close()
        crash_vfs_restart(disk.handle, Self.models[number % Self.models.count])
      } else {
        core.close()
      }
      let broken = cycle.audit()
      #expect(broken.isEmpty, "fault \(number): \(broken)")
    }
  }
}

extension CrashTests {
  @Test("After a failed sync nothing more is written on that connection; closing it twice is harmless, and the file opens anew")
  func standing() throws {
    let disk = CrashDisk(seed: 5)
    let core = try disk.open()
    _ = try core.apply([StoreSimulation.arrival], at: .fixture)
    crash_vfs_fail_once(disk.handle, 1, CRASH_FAULT_SYNC)
    let booking = StoreCommand.request(1, .book("C1 2026-11-23 08:15"))
    let first = #expect(throws: StoreFault.self) { try core.apply(booking) }
    #expect(first?.kind == .unknownOutcome)
    let second = #expect(throws: StoreFault.self) { try core.apply(booking) }
    #expect(second?.kind == .broken)
    core.abandon()
    core.abandon()
    let third = #expect(throws: StoreFault.self) { try core.apply(booking) }
    #expect(third?.kind == .broken)
    let again = try disk.open()
    defer { again.close() }
    switch try again.apply(booking) {
    case .granted, .repeated: break
    case let other: Issue.record("\(other)")
    }
    #expect(again.check() == [])
  }
}
