internal import ClinicDomain
internal import Guidance
internal import KioskTestSupport
internal import Testing

@Suite("The proofs about a guide")
struct GuideProofTests {
  @Test("The fixture and every shipped guide break no rule, played through every key sequence", arguments: [fixture] + shippedGuides)
  func nothingBroken(guide: Guide) {
    #expect(guide.problems == [])
    let oracle = PathOracle(guide)
    #expect(oracle.findings == [])
    #expect(oracle.ways > 0)
  }

  /// What the proofs find in mutated guides, against what playing them finds. Ten times a thousand.
  @Test("Each of a thousand mutations is refused for what playing it breaks, and only for that", arguments: UInt64(1)...10)
  func mutations(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var (refused, taken) = (0, 0)
    for number in 0..<1000 {
      var guide = random.pick([fixture] + shippedGuides)
      for _ in 0...random.below(2) { guide = guide.mutated(&random) }
      let problems = guide.wayProblems()
      let proved = Set(problems.map { PathOracle.Finding(rule: $0.rule, node: $0.node) })
      let played = PathOracle(guide).findings
      if proved != played {
        Issue.record("\(guide.id), mutation \(number): only proved \(proved.subtracting(played)), only played \(played.subtracting(proved))")
      }
      for problem in problems where problem.rule != .unreachable {
        let isWay = guide.canWalk(problem.path)
        #expect(isWay, "\(guide.id), mutation \(number): \(problem.rule): \(problem.path)")
      }
      if proved.isEmpty { taken += 1 } else { refused += 1 }
    }
    #expect(refused > 400 && taken > 50, "refused \(refused), taken \(taken)")
  }

  @Test("The mutations break every rule about ways that there is")
  func everyRuleIsMet() {
    var random = SeededGenerator(seed: 99)
    var met: Set<GuideRule> = []
    for _ in 0..<2000 {
      met.formUnion(random.pick([fixture] + shippedGuides).mutated(&random).wayProblems().map(\.rule))
    }
    #expect(met == [
      .unreachable, .noWayOut, .speaksForEver, .farFromHelp(.spanish), .noDontKnow, .noCannotWait, .doubtGetsADate,
      .alarmWithoutInstruction, .alarmGetsADate, .pregnantIsRefused, .pregnantWaits, .promptSignWaits, .identityBeforeEmergency,
      .emergencyIsLate, .onsetNotAsked,
    ])
  }
}

extension Guide {
  /// Whether a caller could take this way: each step leads to the next, from the start.
  func canWalk(_ path: GuidePath) -> Bool {
    guard (path.steps.first?.node ?? path.end) == start else { return false }
    var session = GuidanceSession(self, hash: .any, language: .spanish)
    for step in path.steps {
      guard session.node == step.node, let way = session.ways(in: self).first(where: { $0.0 == step.how }) else { return false }
      session = way.1
    }
    return session.node == path.end
  }
}
