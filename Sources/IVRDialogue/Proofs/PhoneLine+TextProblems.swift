internal import ClinicDomain
internal import Guidance

extension PhoneLine {
  /// What is wrong with the words, language by language, in the order of the files.
  func textProblems(_ graph: LineGraph, _ search: LineSearch) -> [LineProblem] {
    languages.filter { $0.coverage == .complete }.flatMap { entry in
      commonProblems(entry.language)
        + graph.steps.indices.flatMap { node in
          let stop = graph.stop(node)
          return textRules(graph.steps[node], isFirst: self[stop.dialogue]?.isEntry == true && self[stop.dialogue]?.start == stop.step, entry.language)
            .map { LineProblem($0.rule, stop.dialogue, stop.step, key: $0.key, path: search.path(to: node)) }
        }
    }
  }

  private func commonProblems(_ language: Language) -> [LineProblem] {
    CommonTexts.Name.allCases.flatMap { name in
      let text = texts[name]
      var rules: [LineRule] = text[language] == nil ? [.missingText(language)] : []
      if text[language] != nil { rules += wordRules([text], allowed: DialogueLimits.promptWords, language) }
      let isAboutHelp = [.alerting, .unanswered, .farewell].contains(name)
      if isAboutHelp, text[language] != nil, !saysEmergency(text, language) { rules.append(.emergencyNotSaid(language)) }
      return rules.map { LineProblem($0, DialogueID("linea"), StepID(name.rawValue)) }
    }
  }

  private func textRules(_ step: Step, isFirst: Bool, _ language: Language) -> [(rule: LineRule, key: Int?)] {
    let missing = missingTexts(step, language)
    guard missing.isEmpty else { return missing.map { (.missingText(language), $0) } }
    var rules: [(rule: LineRule, key: Int?)] = []
    switch step.kind {
    case .menu(let menu):
      rules += wordRules([step.text] + menu.options.map(\.text), allowed: DialogueLimits.promptWords, language).map { ($0, nil) }
      rules += menu.options.flatMap { option in keyRules(option, language).map { ($0, option.key) } }
    case .field(let field):
      rules += wordRules([step.text], allowed: DialogueLimits.promptWords, language).map { ($0, nil) }
      rules += wordRules([field.example], allowed: DialogueLimits.promptWords, language, isRead: false).map { ($0, nil) }
    case .say(let emergency, _):
      rules += wordRules([step.text], allowed: isFirst ? DialogueLimits.firstWords : DialogueLimits.promptWords, language).map { ($0, nil) }
      if emergency != nil, !saysEmergency(step.text, language) { rules.append((.emergencyNotSaid(language), nil)) }
    case .request, .end, .guide, .branch, .dialogue, .back, .language:
      rules += wordRules([step.text], allowed: DialogueLimits.promptWords, language).map { ($0, nil) }
    }
    return rules
  }

  /// The keys of what is not there; `nil` for the step's own text.
  private func missingTexts(_ step: Step, _ language: Language) -> [Int?] {
    switch step.kind {
    case .say, .end: step.text[language] == nil ? [nil] : []
    case .menu(let menu):
      (!step.text.isEmpty && step.text[language] == nil ? [nil] : []) + menu.options.filter { $0.text[language] == nil }.map { $0.key }
    case .field(let field): step.text[language] == nil || field.example[language] == nil ? [nil] : []
    case .request: !step.text.isEmpty && step.text[language] == nil ? [nil] : []
    case .guide, .branch, .dialogue, .back, .language: []
    }
  }

  private func keyRules(_ option: Menu.Option, _ language: Language) -> [LineRule] {
    let words = option.text.words(in: language).split { !$0.isLetter && !$0.isNumber }
    guard words.contains("\(option.key)") else { return [.keyNotSpoken(language)] }
    return words.last == "\(option.key)" ? [] : [.keyBeforePurpose]
  }

  /// - Parameter isRead: examples are figures more than sentences: they are not measured for readability.
  private func wordRules(_ texts: [Spoken], allowed: Int, _ language: Language, isRead: Bool = true) -> [LineRule] {
    let pieces = texts.flatMap { $0[language] ?? [] }
    let words = pieces.map { piece in if case .words(let words) = piece { words } else { "" } }.joined(separator: " ")
    let values = pieces.reduce(0) { sum, piece in if case .value(let value) = piece { sum + value.spokenWords } else { sum } }
    let reading = Readability(words)
    guard reading.words > 0 else { return [] }
    var rules: [LineRule] = []
    if reading.words + values > allowed { rules.append(.tooManyWords(language, reading.words + values, allowed: allowed)) }
    guard isRead, language == .spanish else { return rules }
    if reading.longestSentence > DialogueLimits.sentenceWords {
      rules.append(.longSentence(reading.longestSentence, allowed: DialogueLimits.sentenceWords))
    }
    // One or two words have no readability to speak of.
    if reading.words > 4, reading.points < DialogueLimits.readability {
      rules.append(.hardToRead(points: reading.points, needed: DialogueLimits.readability))
    }
    return rules
  }

  private func saysEmergency(_ text: Spoken, _ language: Language) -> Bool {
    let words = text.words(in: language).foldedSpanish.split { !$0.isLetter && !$0.isNumber }
    return words.contains("911") || language == .spanish && words.contains("URGENCIAS")
  }
}
