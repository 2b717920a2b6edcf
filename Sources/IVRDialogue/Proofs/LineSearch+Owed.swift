internal import ClinicDomain
internal import Guidance

extension Step {
  /// Whether the caller hears that they need not wait for the end.
  fileprivate var saysAnyTime: Bool {
    let words = text.words(in: .spanish).foldedSpanish.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    return words.contains("CUANDO QUIERA") || words.contains("EN CUALQUIER MOMENTO")
  }
}

extension LineSearch {
  /// What a caller is owed, whichever keys are pressed and whatever the back end answers.
  func owedProblems() -> [LineProblem] {
    firstWords() + farFromHelp() + withoutDontKnow()
      + personNotAnnounced() + anyTimeNotSaid() + urgentProblems()
      + guidesOutOfReach() + refusalsThatEnd() + asksWhomItCalls()
  }

  private func firstWords() -> [LineProblem] {
    graph.line.dialogues.filter(\.isEntry).compactMap { dialogue in
      guard let first = dialogue[dialogue.start] else { return nil }
      if case .say(.call911, _) = first.kind { return nil }
      return LineProblem(.firstWordsAreNotEmergency, dialogue.id, first.id)
    }
  }

  /// Whoever calls, and not whom the clinic calls, hears it with the greeting.
  private func anyTimeNotSaid() -> [LineProblem] {
    graph.line.dialogues.filter { $0.isEntry && $0.id != .notice }.compactMap { dialogue in
      let greetings = dialogue.steps.filter(\.isGreeting)
      guard !greetings.contains(where: \.saysAnyTime) else { return nil }
      return LineProblem(.anyTimeNotSaid, dialogue.id, greetings.first?.id ?? dialogue.start)
    }
  }

  /// What the clinic's own call asks, and where it leads besides to a person.
  private func asksWhomItCalls() -> [LineProblem] {
    guard let dialogue = graph.line[.notice] else { return [] }
    return dialogue.steps.filter { step in
      switch step.kind {
      case .field, .guide: true
      case .request(let request): ![.notice, .takeNotice, .keepAsIs].contains(request.kind)
      case .dialogue(let id, _, _): id != .person
      case .say, .menu, .branch, .back, .language, .end: false
      }
    }.map { LineProblem(.asksWhomItCalls, dialogue.id, $0.id) }
  }

  private func withoutDontKnow() -> [LineProblem] {
    var seen: Set<Int> = []
    return situations.filter { situation in
      guard case .menu(let menu) = graph.steps[situation.node].kind else { return false }
      return menu.dontKnow == nil && !menu.options.contains(where: \.isDontKnow) && seen.insert(situation.node).inserted
    }.map { problem(.noDontKnow, $0) }
  }

  // MARK: - Help

  private func farFromHelp() -> [LineProblem] {
    var helped = Array(repeating: false, count: graph.steps.count)
    // Without a press, then with one, and so on: 0 is one press, and from there it goes on with one less.
    for presses in 0...DialogueLimits.pressesToHelp {
      let byZero = presses > 0 && graph.number(of: .person, nil).map { helped[$0] } ?? false
      helped = nodesWithHelp(byZero: byZero)
    }
    let far = helped.indices.filter { !helped[$0] }
    return graph.line.languages.filter { $0.coverage == .complete }.flatMap { entry in
      far.map { node in
        LineProblem(.farFromHelp(entry.language), graph.stop(node).dialogue, graph.stop(node).step, path: path(to: node))
      }
    }
  }

  /// From which steps every way goes to emergency instructions or a person, whatever the back end answers: a loop does not.
  ///
  /// - Parameter byZero: whether 0 does, at a question.
  private func nodesWithHelp(byZero: Bool) -> [Bool] {
    var helped = Array(repeating: false, count: graph.steps.count)
    var grew = true
    while grew {
      grew = false
      for node in graph.steps.indices where !helped[node] && hasHelp(node, byZero, helped) {
        helped[node] = true
        grew = true
      }
    }
    return helped
  }

  private func hasHelp(_ node: Int, _ byZero: Bool, _ helped: [Bool]) -> Bool {
    func help(_ next: Int?) -> Bool { next.map { helped[$0] } ?? false }
    func here(_ id: StepID) -> Bool { help(graph.number(of: id, near: node)) }
    switch graph.steps[node].kind {
    case .say(let emergency, let next): return emergency != nil || here(next)
    // 0 stops the last words too.
    case .end(let result): return result != .ok || byZero
    case .menu, .field: return byZero
    case .branch(_, let then, let otherwise): return here(then) && here(otherwise)
    case .dialogue(let dialogue, let start, _): return help(graph.number(of: dialogue, start))
    case .request(let request): return request.ways.allSatisfy { here($0.next) }
    // A guide is proven on its own, and 0 is a person in it too. Where a dialogue comes back to, or goes on in another language, is asked there.
    case .guide, .language, .back: return true
    }
  }

  // MARK: - Guidance before identity

  /// Questions from the menu, and from guidance's own entry, to each guide, without identity and without the back end.
  private func guidesOutOfReach() -> [LineProblem] {
    [DialogueID.menu, .guidance].compactMap { graph.number(of: $0, nil) }.flatMap { start in
      let reached = guidesInReach(of: start)
      let stop = graph.stop(start)
      return graph.line.guides.map(\.guide.id).filter { !reached.contains($0) }.map { LineProblem(.guideOutOfReach($0), stop.dialogue, stop.step) }
    }
  }

  private func guidesInReach(of start: Int) -> Set<GuideID> {
    var questions: [Int: Int] = [start: 0]
    var frontier = [start]
    var reached: Set<GuideID> = []
    while !frontier.isEmpty {
      let node = frontier.removeFirst()
      let asked = questions[node]!
      for next in freeWays(from: node) where questions[next] == nil {
        questions[next] = asked + (graph.steps[node].isQuestion ? 1 : 0)
        frontier.append(next)
      }
      if case .guide(let guide, _) = graph.steps[node].kind, asked <= DialogueLimits.questionsToGuide { reached.insert(guide) }
    }
    return reached
  }

  /// Where a caller can go who says nothing of themselves while the server is away.
  private func freeWays(from node: Int) -> [Int] {
    func here(_ id: StepID) -> Int? { graph.number(of: id, near: node) }
    switch graph.steps[node].kind {
    case .say(_, let next): return [here(next)].compactMap { $0 }
    case .menu(let menu): return menu.list == nil ? menu.options.compactMap { $0.destination.flatMap(here) } : []
    case .branch(let condition, let then, let otherwise):
      return condition == .isIdentified ? [here(otherwise)].compactMap { $0 } : [here(then), here(otherwise)].compactMap { $0 }
    case .dialogue(let dialogue, let start, _): return [graph.number(of: dialogue, start)].compactMap { $0 }
    case .field, .request, .guide, .back, .language, .end: return []
    }
  }

  // MARK: - No answer is ever "no hay citas" alone

  private func refusalsThatEnd() -> [LineProblem] {
    let refusals: [OutcomeWord] = [.none, .otherUnit, .notFound, .locked, .taken, .hasOne, .refused, .away, .unknown]
    var found: [LineProblem] = []
    for (node, step) in graph.steps.enumerated() {
      guard case .request(let request) = step.kind, !request.kind.isBesides else { continue }
      for way in request.ways where refusals.contains(way.word) && endsStraight(graph.number(of: way.next, near: node)) {
        found.append(LineProblem(.refusalIsTheEnd(way.word), graph.stop(node).dialogue, step.id, path: path(to: node)))
      }
    }
    return found
  }

  /// Whether the call ends from here by itself, and not with a person.
  private func endsStraight(_ start: Int?) -> Bool {
    var at = start
    for _ in 0..<DialogueLimits.stepsBetweenQuestions {
      guard let node = at else { return false }
      switch graph.steps[node].kind {
      case .say(_, let next): at = graph.number(of: next, near: node)
      case .dialogue(let dialogue, let start, _): at = graph.number(of: dialogue, start)
      case .end(let result): return result == .ok
      case .menu, .field, .request, .guide, .branch, .back, .language: return false
      }
    }
    return false
  }
}
