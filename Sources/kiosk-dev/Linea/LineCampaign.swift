internal import IVRDialogue
internal import KioskTestSupport

/// Mutations of a line, and calls to those that are taken.
struct LineCampaign {
  private let line: PhoneLine
  private let calls: Int
  private var random: SeededGenerator
  private(set) var refused = 0
  private(set) var taken = 0
  private(set) var unchanged = 0
  private(set) var played = 0
  private(set) var escapes = 0

  init(_ line: PhoneLine, seed: UInt64, calls: Int) {
    self.line = line
    self.calls = calls
    random = SeededGenerator(seed: seed)
  }

  var holds: Bool { escapes == 0 }

  var summary: String {
    "\(refused + taken + unchanged) mutations: \(refused) refused, \(taken) taken, \(unchanged) changed nothing; \(played) calls played; \(escapes) escaped"
  }

  /// What a caller was owed and did not get, with the mutation's number; at most 20 are told.
  mutating func run(mutations: Int) -> [String] {
    var told: [String] = []
    play(line, "the line itself", &told)
    for number in 0..<mutations {
      let mutant = line.mutated(&random)
      if mutant == line {
        unchanged += 1
      } else if mutant.problems().isEmpty {
        taken += 1
        play(mutant, "mutation \(number)", &told)
      } else {
        refused += 1
      }
    }
    return Array(told.prefix(20))
  }

  private mutating func play(_ line: PhoneLine, _ name: String, _ told: inout [String]) {
    let oracle = CallOracle(line)
    for _ in 0..<calls {
      played += 1
      guard let fault = oracle.play(&random) else { continue }
      escapes += 1
      told.append("\(name): \(fault)")
      return
    }
  }
}
