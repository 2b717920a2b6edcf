import ClinicDomain
import ClinicStore
import KioskTestSupport
import Testing

@Suite("Simulated days of a clinic")
struct StoreSimulationTests {
  /// Runs one seed on a file of its own.
  static func run(_ seed: UInt64, length: Int = 200) throws -> SimulationReport {
    let file = SimulatedFile()
    var simulation = StoreSimulation(seed: seed, length: length, store: try file.open()) { try file.open() }
    defer { simulation.stop() }
    try simulation.run()
    return simulation.report
  }

  @Test("500 seeds keep every promise, and everything that can happen happens in them", arguments: 0..<10)
  func seeds(block: UInt64) throws {
    var sum = SimulationReport()
    for seed in (block * 50)..<(block * 50 + 50) { sum = sum + (try Self.run(seed)) }
    #expect(sum.commands >= 50 * 200)
    #expect(sum.granted > 1000 && sum.refused > 1000 && sum.repeated > 300)
    #expect(sum.conflicting > 30 && sum.late > 50 && sum.expiredHolds > 50 && sum.clashingSeeds > 50 && sum.restarts > 100)
  }

  @Test("The same seed does the same, and another seed something else")
  func deterministic() throws {
    #expect(try Self.run(7) == Self.run(7))
    #expect(try Self.run(7) != Self.run(8))
  }

  @Test("A store that checks and then writes is found out by most seeds, by two people in one slot among them")
  func control() throws {
    var caught: [String] = []
    for seed: UInt64 in 0..<30 {
      let file = SimulatedFile()
      let first = try file.open()
      _ = try first.apply([StoreSimulation.arrival], at: .fixture)
      first.close()
      file.removeGuards()
      var control = CheckThenWriteStore(try file.open())
      var simulation = StoreSimulation(seed: seed, length: 1200, store: control) {
        control = CheckThenWriteStore(try file.open(), after: control)
        return control
      }
      defer { simulation.stop() }
      do { try simulation.run() } catch let failure as SimulationFailure {
        #expect(failure.seed == seed)
        caught.append(failure.promise)
      }
    }
    #expect(caught.count >= 20, "\(caught)")
    #expect(caught.count { $0.hasPrefix("two appointments overlap") } >= 8, "\(caught)")
  }
}
