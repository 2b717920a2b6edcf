internal import Guidance

extension LineSearch {
  /// What has to be known, and heard, before something is said or done: greeting, echo, answer.
  func knowledgeProblems() -> [LineProblem] {
    missing { [self] node in
      graph.values[node].map { ($0.needs.subtracting(listed(node)), .valueNotKnown($0)) }
    }
      + missing { [self] node in
        guard case .request(let request) = graph.steps[node].kind else { return [] }
        return request.needs.facts.map { ($0, .requestNotReady(request.kind)) }
      }
      + missing { [self] node in
        guard case .menu(let menu) = graph.steps[node].kind, let list = menu.list else { return [] }
        return [list.of == .slots ? (.slots, .requestNotReady(.find)) : (.appointments, .requestNotReady(.list))]
      }
      + missing { [self] node in
        guard graph.steps[node].isQuestion, !graph.heard(node).gain.contains(.greeted) else { return [] }
        return [(.greeted, .noGreeting)]
      }
      + missing { [self] node in
        guard case .request(let request) = graph.steps[node].kind else { return [] }
        return request.owesEcho.facts.map { ($0, .noEcho(request.kind)) }
      }
      + owed()
  }

  /// A question before it was said that 0 is a person.
  func personNotAnnounced() -> [LineProblem] {
    missing { [self] node in
      guard graph.steps[node].isQuestion, !graph.heard(node).gain.contains(.personAnnounced) else { return [] }
      return [(.personAnnounced, .personNotAnnounced)]
    }
  }

  /// One problem for each step and rule whose fact can be missing there, with the shortest way on which it is.
  private func missing(_ needs: (Int) -> [(fact: LineKnown, rule: LineRule)]) -> [LineProblem] {
    var seen: Set<Int> = []
    var problems: [LineProblem] = []
    for (number, situation) in situations.enumerated() where !seen.contains(situation.node) {
      for need in needs(situation.node) where !situation.canBeMissing.isDisjoint(with: need.fact) {
        seen.insert(situation.node)
        let stop = graph.stop(situation.node)
        problems.append(LineProblem(need.rule, stop.dialogue, stop.step, path: path(number, with: need.fact, known: false)))
        break
      }
    }
    return problems
  }

  /// An answer that is still owed where it would be forgotten.
  private func owed() -> [LineProblem] {
    var seen: Set<Int> = []
    var problems: [LineProblem] = []
    for (number, situation) in situations.enumerated() where goesElsewhere(graph.steps[situation.node]) && !seen.contains(situation.node) {
      let owed = situation.canBeKnown.intersection([.owesAppointment, .owesCallback]).subtracting(graph.heard(situation.node).loss)
      guard let fact = owed.facts.first else { continue }
      seen.insert(situation.node)
      let stop = graph.stop(situation.node)
      problems.append(LineProblem(.noAnswer, stop.dialogue, stop.step, path: path(number, with: fact, known: true)))
    }
    return problems
  }

  /// A list puts the one that it offers in hand.
  private func listed(_ node: Int) -> LineKnown {
    guard case .menu(let menu) = graph.steps[node].kind, let list = menu.list else { return [] }
    return list.of == .slots ? .slot : .appointment
  }

  private func goesElsewhere(_ step: Step) -> Bool {
    switch step.kind {
    case .end, .menu, .field, .request, .guide, .language: true
    case .say, .branch, .dialogue, .back: false
    }
  }
}

extension LineKnown {
  /// One by one.
  var facts: [LineKnown] { (0..<32).map { LineKnown(rawValue: 1 << $0) }.filter { isSuperset(of: $0) } }
}
