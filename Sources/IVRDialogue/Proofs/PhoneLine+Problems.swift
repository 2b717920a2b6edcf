internal import Guidance

extension PhoneLine {
  /// Everything that the line breaks, in the order of ``LineRule``; empty for one that callers may hear.
  ///
  /// The proofs hold for every way through all dialogues together, not for a sample. A line whose references do not hold together is told
  /// only that. Guides are proven on their own (``Guidance/Guide/problems(under:hash:)``).
  package func problems() -> [LineProblem] {
    let structure = structuralProblems()
    guard structure.isEmpty else { return structure }
    let graph = LineGraph(self)
    let search = LineSearch(graph)
    guard search.isComplete else {
      return [LineProblem(.tooManySituations, .menu, self[.menu]!.start)]
    }
    return search.graphProblems() + search.owedProblems() + search.knowledgeProblems() + textProblems(graph, search)
  }

  private func structuralProblems() -> [LineProblem] {
    var problems: [LineProblem] = []
    if !isComplete(in: .spanish) { problems.append(LineProblem(.noSpanish, DialogueID("linea"), StepID("idiomas"))) }
    for role in [DialogueID.menu, .person, .languages, .identification, .callback] where self[role] == nil {
      problems.append(LineProblem(.missingRole(role), role, StepID("inicio")))
    }
    for dialogue in dialogues {
      if dialogue[dialogue.start] == nil { problems.append(LineProblem(.missingStep(dialogue.start), dialogue.id, dialogue.start)) }
      for step in dialogue.steps { problems += structuralProblems(step, dialogue) }
    }
    return problems
  }

  private func structuralProblems(_ step: Step, _ dialogue: Dialogue) -> [LineProblem] {
    func problem(_ rule: LineRule, key: Int? = nil) -> LineProblem { LineProblem(rule, dialogue.id, step.id, key: key) }
    var problems = step.references.filter { dialogue[$0.step] == nil }.map { problem(.missingStep($0.step), key: $0.key) }
    switch step.kind {
    case .menu(let menu):
      if menu.options.isEmpty { problems.append(problem(.noOptions)) }
      if menu.options.count > DialogueLimits.options { problems.append(problem(.tooManyOptions(menu.options.count))) }
      for (index, option) in menu.options.enumerated() {
        if !DialogueLimits.keys.contains(option.key) { problems.append(problem(.keyOutOfRange, key: option.key)) }
        if menu.options[..<index].contains(where: { $0.key == option.key }) { problems.append(problem(.repeatedKey, key: option.key)) }
        if option.action == .nextOne, menu.list == nil { problems.append(problem(.nextWithoutList, key: option.key)) }
      }
    case .request(let request):
      problems += request.kind.outcomes.filter { word in !request.ways.contains { $0.word == word } }.map { problem(.missingOutcome($0)) }
    case .guide(let guide, let date):
      if let played = self[guide] {
        if date == nil, played.guide.nodes.contains(where: { $0.disposition?.term != nil }) { problems.append(problem(.guideNeedsDate(guide))) }
      } else {
        problems.append(problem(.missingGuide(guide)))
      }
    case .dialogue(let id, let start, _):
      if let target = self[id] {
        if let start, target[start] == nil { problems.append(problem(.missingStep(start))) }
      } else {
        problems.append(problem(.missingDialogue(id)))
      }
    case .say, .field, .branch, .back, .language, .end: break
    }
    return problems
  }
}
