internal import CBenchLoad
internal import ClinicStore
internal import Glibc
internal import KioskServer
internal import KioskServices
internal import Scheduling

/// Bookings handed to ClinicStore by many tasks at once.
enum StoreDoor {
  /// Tasks that each wait for an answer before they ask again.
  static let submitters = 128

  /// Books so many slots, each for a person of their own, and closes the store.
  static func book(_ count: Int, in path: String) async throws -> BookingRate {
    let today = BenchClinic.rules.today(at: BenchClinic.now)
    let commands = (0..<count).map { BenchClinic.booking(of: BenchClinic.choice($0, today: today), for: $0 + 1) }
    let store = try ClinicStore(path: path, rules: BenchClinic.rules, clock: ServiceClock.system.now)
    let cpu = bench_process_cpu_ns(getpid())
    let clock = ContinuousClock()
    let start = clock.now
    try await withThrowingTaskGroup { group in
      for submitter in 0..<submitters {
        group.addTask {
          for number in stride(from: submitter, to: count, by: submitters) {
            guard case .granted = try await store.submit(commands[number]) else { throw BenchFault("a booking was not granted") }
          }
        }
      }
      try await group.waitForAll()
    }
    let seconds = (clock.now - start) / .seconds(1)
    let spent = Double(bench_process_cpu_ns(getpid()) - cpu) / Double(count) / 1e3
    let meanBatch = store.statistics.meanBatch
    await store.close()
    return BookingRate(perSecond: Double(count) / seconds, meanBatch: meanBatch, cpuMicroseconds: spent)
  }
}
