internal import ClinicDomain
package import Guidance

/// What is owed to who cannot wait.
extension LineSearch {
  func urgentProblems() -> [LineProblem] { emergenciesOutOfReach() + cannotWaitElsewhere() }

  // MARK: - Emergency words within two prompts

  /// Options that lead to a guide which can raise a code with a number to type, or a question to the server, before its emergency words.
  ///
  /// The guide itself says them within two prompts (`emergencyIsLate`); what stands between the option and the guide may be one more menu, and
  /// nothing that has to be known or waited for. Looked for backwards from every such guide, on every way of the whole line.
  private func emergenciesOutOfReach() -> [LineProblem] {
    var before: [[(number: Int, how: LinePath.How)]] = Array(repeating: [], count: situations.count)
    for (number, situation) in situations.enumerated() { for way in situation.next { before[way.number].append((number, way.how)) } }
    let coded = Set(graph.line.guides.map(\.guide).filter(\.raisesCode).map(\.id))
    var told: Set<[Int]> = []
    var problems: [LineProblem] = []
    for (number, situation) in situations.enumerated() {
      guard case .guide(let guide, _) = graph.steps[situation.node].kind, coded.contains(guide) else { continue }
      for option in options(before: number, before) {
        // An option is told of once, with a shortest way to it.
        let node = situations[option.number].node
        guard told.insert([situation.node, node, option.key]).inserted else { continue }
        let stop = graph.stop(node)
        problems.append(LineProblem(.emergencyOutOfReach(guide), stop.dialogue, stop.step, key: option.key, path: path(to: node)))
      }
    }
    return problems
  }

  /// The options before a guide between which and it something is typed or asked of the server.
  private func options(before guide: Int, _ before: [[(number: Int, how: LinePath.How)]]) -> [(number: Int, key: Int)] {
    struct Stand: Hashable {
      let number: Int
      let menus: Int
      let isDelayed: Bool
    }
    var found: [(number: Int, key: Int)] = []
    var seen: Set<Stand> = []
    var frontier = [Stand(number: guide, menus: 0, isDelayed: false)]
    while let stand = frontier.popLast() {
      for way in before[stand.number] {
        var (menus, isDelayed) = (stand.menus, stand.isDelayed)
        switch graph.steps[situations[way.number].node].kind {
        case .menu:
          guard case .pressed(let key) = way.how else { break }
          if isDelayed { found.append((way.number, key)) }
          menus += 1
        case .field, .request: isDelayed = true
        // They were said here.
        case .say(let emergency, _) where emergency != nil: continue
        case .say, .guide, .branch, .dialogue, .back, .language, .end: break
        }
        let next = Stand(number: way.number, menus: menus, isDelayed: isDelayed)
        if menus < DialogueLimits.pressesToHelp, seen.insert(next).inserted { frontier.append(next) }
      }
    }
    return found
  }

  // MARK: - "No puedo esperar"

  /// Options of who cannot wait that lead to anything but a person or emergency words, before anything else is asked or looked for.
  private func cannotWaitElsewhere() -> [LineProblem] {
    graph.steps.indices.flatMap { node -> [LineProblem] in
      guard case .menu(let menu) = graph.steps[node].kind else { return [] }
      return menu.options.filter(\.saysCannotWait).filter { option in
        option.destination.map { !leadsToHelp(graph.number(of: $0, near: node), steps: 0) } ?? true
      }.map { option in
        LineProblem(.cannotWaitGetsNoPerson, graph.stop(node).dialogue, graph.stop(node).step, key: option.key, path: path(to: node))
      }
    }
  }

  private func leadsToHelp(_ node: Int?, steps: Int) -> Bool {
    guard let node, steps < DialogueLimits.stepsBetweenQuestions else { return false }
    func here(_ id: StepID) -> Bool { leadsToHelp(graph.number(of: id, near: node), steps: steps + 1) }
    switch graph.steps[node].kind {
    case .say(let emergency, let next): return emergency != nil || here(next)
    case .branch(_, let then, let otherwise): return here(then) && here(otherwise)
    case .dialogue(let dialogue, let start, _): return dialogue == .person || leadsToHelp(graph.number(of: dialogue, start), steps: steps + 1)
    case .end(let result): return result != .ok
    case .menu, .field, .request, .guide, .back, .language: return false
    }
  }
}

extension Guide {
  /// Whether an answer of it can raise código infarto, cerebro or mater.
  package var raisesCode: Bool { nodes.contains { $0.answers.contains { $0.marks.code != nil } } }
}

extension Menu.Option {
  /// Whether it is what somebody presses who cannot wait: its words say so, so that nobody can forget to mark it.
  package var saysCannotWait: Bool {
    let words = " \(text.words(in: .spanish).foldedSpanish.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")) "
    return [" NO PUEDE ESPERAR ", " NO PUEDO ESPERAR ", " NO PUEDEN ESPERAR ", " URGE ", " URGENTE "].contains { words.contains($0) }
  }
}
